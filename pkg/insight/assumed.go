package insight

import (
	"fmt"

	"headroom/pkg/bill"
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
			list = append(list, bill.Assumption{Path: in.Path, Value: in.Value, Reason: in.Assumed,
				File: in.Pos.File, Line: in.Pos.Line, Default: !in.Set})
		}
	}
	return list, given
}

// assumedText counts what is assumed and names what of it matters most.
func assumedText(r *bill.Result, inputs []workload.Input) string {
	defaults := 0
	for _, a := range r.Estimate.Assumed {
		if a.Default {
			defaults++
		}
	}
	s := fmt.Sprintf("%d of %d inputs, and %d defaults", len(r.Estimate.Assumed)-defaults, r.Estimate.Inputs, defaults)
	if w, ok := widest(r, inputs); ok {
		s += fmt.Sprintf("; %s %s ±50 %% → %s/%s", w.input.Path, w.input.Value, signed(w.down), signed(w.up))
	}
	return s
}
