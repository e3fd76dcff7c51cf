package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/diag"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// alike brings a baseline and what is checked to one model and one set of prices, so
// that the change of the profile is all that is between them. What the model and the
// prices do is told apart in the subject.
func (a *app) alike(base, h *side, reprice bool, s *budget.Subject) error {
	if base.planned == nil && h.planned == nil && sameModel(base.estimate, h.estimate) &&
		samePrices(base.estimate, h.estimate) {
		return nil // as they were saved
	}
	if err := a.embedded(base, h, reprice); err != nil {
		return err
	}
	why := a.renew(base, h, s)
	if samePrices(base.estimate, h.estimate) {
		return nil
	}
	return a.atOnePrice(base, h, s, reprice, why)
}

// sameModel tells whether two estimates say that they are of the same model. What is
// older than its versions is so only where it is of the same program.
func sameModel(x, y *bill.Estimate) bool {
	return x.Program.Model == y.Program.Model && (x.Program.Model != 0 || x.Program.Version == y.Program.Version)
}

func samePrices(x, y *bill.Estimate) bool {
	return x.Prices.Vintage == y.Prices.Vintage && x.Prices.Digest == y.Prices.Digest
}

// renew plans what is saved anew from the inputs and prices that it keeps, so that
// what another version of the model does is not taken for a change of the system. It
// does so whatever the versions say: the same version gives the same estimate. Where
// one of two saved ones cannot be planned anew, both stay as they are; why says why.
func (a *app) renew(base, h *side, s *budget.Subject) (why string) {
	unlike := !sameModel(base.estimate, h.estimate) || h.planned != nil
	was, err := a.anew(base)
	is, headErr := a.anew(h)
	switch {
	case err != nil:
		if unlike {
			s.Model = a.asSaved(base, err)
		}
		return oneLine(err)
	case headErr != nil:
		if unlike {
			s.HeadModel = a.asSaved(h, headErr)
		}
		return h.label + " cannot: " + oneLine(headErr)
	}
	s.Model, s.HeadModel = base.become(was), h.become(is)
	if is != nil {
		h.measure()
	}
	return ""
}

// asSaved is about a saved estimate that cannot be planned anew.
func (a *app) asSaved(x *side, why error) *budget.ModelEffect {
	return &budget.ModelEffect{Was: x.estimate.Program.Model, Is: a.program().Model,
		Saved: x.estimate.Total.Expected, Why: oneLine(why)}
}

// become puts a saved estimate's new plan in its place and tells what the model does
// to it; nil where it is the same, or nothing was planned anew.
func (x *side) become(r *bill.Result) *budget.ModelEffect {
	if r == nil {
		return nil
	}
	e := x.estimate
	m := &budget.ModelEffect{Was: e.Program.Model, Is: r.Estimate.Program.Model, Saved: e.Total.Expected,
		Effect: r.Estimate.Total.Expected.Minus(e.Total.Expected), Tables: e.Prices.Digest != r.Estimate.Prices.Digest}
	r.Estimate.Edited = e.Edited
	x.estimate, x.planned = r.Estimate, r
	if m.Was == m.Is && m.Effect.IsZero() && !m.Tables {
		return nil
	}
	return m
}

// anew plans a saved estimate as it was asked for; nil for what was planned here.
func (a *app) anew(x *side) (*bill.Result, error) {
	switch {
	case x.planned != nil:
		return nil, nil
	case x.estimate.From == nil:
		return nil, errors.New("the file does not keep its inputs")
	}
	return a.again(x.estimate, x.estimate.From.Request(x.estimate.Prices.Vintage))
}

// embedded refuses a saved estimate of a vintage that is no longer there, without which
// the effect of the prices cannot be told. --reprice bills the baseline without it.
func (a *app) embedded(base, h *side, reprice bool) error {
	cat, err := a.catalog()
	if err != nil {
		return err
	}
	for _, x := range []struct {
		*side
		what, hint string
		allowed    bool
	}{
		{base, "the baseline ",
			"Make the baseline again, or add --reprice to bill its machines at the profile's prices.", reprice},
		{h, "", "Check the profile instead of a saved estimate, or make that again.", false},
	} {
		vintage := x.estimate.Prices.Vintage
		if _, err := cat.Vintage(vintage); err != nil && !x.allowed {
			var have []string
			for _, v := range cat.Vintages() {
				have = append(have, v.Name)
			}
			return hinted{invalidError{fmt.Errorf("%s%s is at the prices of %s, which this version of headroom does "+
				"not have (it has those of %s)", x.what, x.label, vintage, strings.Join(have, ", "))}, x.hint}
		}
	}
	return nil
}

// oneLine is the first problem of an error, on one line.
func oneLine(err error) string {
	var ps diag.Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		err = ps[0]
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// again makes a saved estimate again by a request of what it keeps.
func (a *app) again(e *bill.Estimate, r bill.Request) (*bill.Result, error) {
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
