package cli

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/diag"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// renew plans a saved baseline anew from the inputs and prices that it keeps, so that
// what another version of the model does is not taken for a change of the system. It
// does so whatever the versions say: the same version gives the same estimate.
func (a *app) renew(base *side, h side, s *budget.Subject) {
	if base.planned != nil || base.profile != nil {
		return
	}
	e := base.estimate
	m := &budget.ModelEffect{Was: e.Program.Model, Is: h.estimate.Program.Model, Saved: e.Total.Expected}
	switch {
	case h.planned == nil && m.Was == m.Is:
		return // both are saved, by the same model
	case h.planned == nil:
		m.Why = "what is checked is a saved estimate, which may be of another model than this program"
	case e.From == nil:
		m.Why = "the file does not keep its inputs"
	default:
		r, err := a.again(e)
		if err != nil {
			m.Why = oneLine(err)
			break
		}
		m.Effect = r.Estimate.Total.Expected.Minus(e.Total.Expected)
		m.Tables = e.Prices.Digest != r.Estimate.Prices.Digest
		base.estimate, base.planned = r.Estimate, r
	}
	if m.Was != m.Is || !m.Effect.IsZero() || m.Tables || m.Why != "" {
		s.Model = m
	}
}

// oneLine is the first problem of an error, on one line.
func oneLine(err error) string {
	var ps diag.Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		err = ps[0]
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// again makes a saved estimate again, from what it keeps.
func (a *app) again(e *bill.Estimate) (*bill.Result, error) {
	cat, err := a.catalog()
	if err != nil {
		return nil, err
	}
	files := e.From.Files
	p, err := workload.Parse(files[0].Name, []byte(files[0].Text), sizing.Specs(), func(name string) ([]byte, error) {
		i := slices.IndexFunc(files, func(f bill.File) bool { return f.Name == name })
		if i < 0 {
			return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(files[i].Text), nil
	})
	if err != nil {
		return nil, err
	}
	r := e.From.Request(e.Prices.Vintage)
	r.Program = a.program()
	if r.Commit, err = parseCommit(r.CommitText); err != nil {
		return nil, err
	}
	if r.AdjustmentsFile != nil {
		if r.Adjustments, err = readAdjustments(r.AdjustmentsFile); err != nil {
			return nil, err
		}
	}
	return bill.Make(p, cat, r)
}
