package insight

import (
	"headroom/pkg/bill"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// assumed lists the inputs that nobody measured or sourced: those that the
// profile gives and the defaults that it leaves. given counts the profile's own.
func assumed(inputs []workload.Input) (list []bill.Assumption, given int) {
	list = []bill.Assumption{}
	for _, in := range inputs {
		if in.Set {
			given++
		}
		if in.Assumed != "" {
			list = append(list, bill.Assumption{Path: in.Path, Value: in.Value, Number: in.Number(),
				Reason: in.Assumed,
				File:   in.Pos.File, Line: in.Pos.Line, Default: !in.Set})
		}
	}
	return list, given
}

// mostAssumed counts what is assumed and names what of it matters most.
func mostAssumed(r *bill.Result, inputs []workload.Input) remark.Remark {
	defaults := 0
	for _, a := range r.Estimate.Assumed {
		if a.Default {
			defaults++
		}
	}
	f := remark.New("fact.assumed", "assumed", len(r.Estimate.Assumed)-defaults, "inputs", r.Estimate.Inputs,
		"defaults", defaults)
	if w, ok := widest(r, inputs); ok {
		f = f.With("input", w.input.Path, "value", w.input.Value, "change", swingBy, "down", w.down, "up", w.up)
	}
	return f
}
