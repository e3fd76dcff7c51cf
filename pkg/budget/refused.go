package budget

import (
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
)

// Refused is the verdict of a check whose input cannot be used: each problem is a
// finding. Without it the reports of the run before would stand there as if they were
// of this one. The hint says what to do about what has no advice of its own.
func Refused(err error, hint string, of bill.Source, today string, program bill.Program) *Verdict {
	v := &Verdict{Schema: VerdictSchema, Program: program, Budget: of, Today: today, Systems: []CheckedEstimate{}}
	ps := diag.Of(err)
	if ps == nil {
		ps = diag.Problems{{Summary: strings.Join(strings.Fields(err.Error()), " ")}}
	}
	for _, p := range ps {
		if p.Hint == "" {
			p.Hint = hint
		}
		f := Finding{Rule: "input", Limit: "valid", Allowed: "0", Actual: "1", Unit: "problems", Status: Invalid,
			Failure: p.Summary, Reason: p.Hint, At: placeOf(p.Pos)}
		if f.At.File == "" {
			f.At.File = of.File
		}
		f.Budget = f.At
		v.Results = append(v.Results, f)
	}
	v.Outcome = v.outcome()
	return v
}
