package solutions

import (
	"cmp"
	"slices"

	"headroom/pkg/remark"
	"headroom/pkg/resilience"
)

// Aim is an aim with what each solution makes of it.
type Aim struct {
	Key   string            `json:"key"`            // aims.outage
	Loss  string            `json:"loss,omitempty"` // of aims.survive: which
	Cells []*resilience.Aim `json:"solutions"`      // nil where the profile has no such aim
}

// What is the aim as a remark.
func (a *Aim) What() remark.Remark { return remark.New("solution.aim", "key", a.Key, "loss", a.Loss) }

// aimOrder are the aims in the order in which they are told.
func aimOrder() []string {
	return []string{"aims.availability", "aims.outage", "aims.data_loss", "aims.disk_failures", "aims.survive",
		"aims.unattended", "aims.point_in_time"}
}

// lossOrder are the losses of aims.survive, likewise.
func lossOrder() []string { return []string{"", "node", "zone", "region", "split", "corruption"} }

// aimsOf are the aims that any solution has, matched by key and loss.
func aimsOf(inputs []Input) []Aim {
	out := []Aim{}
	for i := range inputs {
		a := inputs[i].Assessment
		if a == nil {
			continue
		}
		for k := range a.Aims {
			x := &a.Aims[k]
			at := slices.IndexFunc(out, func(o Aim) bool { return o.Key == x.Key && o.Loss == x.Loss })
			if at < 0 {
				at = len(out)
				out = append(out, Aim{x.Key, x.Loss, make([]*resilience.Aim, len(inputs))})
			}
			out[at].Cells[i] = x
		}
	}
	slices.SortFunc(out, func(a, b Aim) int {
		return cmp.Or(cmp.Compare(rank(aimOrder(), a.Key), rank(aimOrder(), b.Key)),
			cmp.Compare(rank(lossOrder(), a.Loss), rank(lossOrder(), b.Loss)))
	})
	return out
}

// verdicts from good to bad.
func verdicts() []resilience.Verdict {
	return []resilience.Verdict{resilience.Met, resilience.NotEvaluated, resilience.Missed}
}

// order compares the verdicts on two solutions. One that lacks an input may be either; an aim
// that only one of them has says nothing.
func (a *Aim) order(i, k int) order {
	x, y := a.Cells[i], a.Cells[k]
	switch {
	case x == nil && y == nil:
		return equal
	case x == nil || y == nil:
		return unclear
	case x.Verdict == y.Verdict && x.Verdict == resilience.NotEvaluated && !slices.Equal(x.Missing, y.Missing):
		return unclear
	}
	return ordered(slices.Index(verdicts(), x.Verdict) - slices.Index(verdicts(), y.Verdict))
}

// onlyOne tells whether one solution has a verdict, and all others the opposite one.
func (a *Aim) onlyOne(i int, has, others resilience.Verdict) bool {
	for k, x := range a.Cells {
		want := others
		if k == i {
			want = has
		}
		if x == nil || x.Verdict != want {
			return false
		}
	}
	return len(a.Cells) > 1
}
