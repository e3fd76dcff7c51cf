package insight

import (
	"slices"

	"headroom/pkg/plan"
	"headroom/pkg/remark"
)

// apart says that the functional partitions of a profile are on one primary, and what the
// cheapest way would cost to have them apart; zero where there are none, or they are apart.
func (w *reasoning) apart() remark.Remark {
	c := w.s.Choice
	at := slices.IndexFunc(c.Layout.Structure, func(r remark.Remark) bool { return r.Key == "database.together" })
	if at < 0 {
		return remark.Remark{}
	}
	out := remark.New("why.apart", "partitions", c.Layout.Structure[at].List("partitions"))
	var best *plan.Alternative
	for i := range w.s.Structures {
		x := &w.s.Structures[i]
		divided := len(x.Layout.Divided) > 0 && x.Layout.Divided[0].Partitions > 0
		if divided && (best == nil || x.Running.Total().Cmp(best.Running.Total()) < 0) {
			best = x
		}
	}
	switch {
	case best != nil:
	case c.Pinned:
		return out.With("given", true)
	default:
		return out
	}
	x, now := w.other(best), runningCost(w.onBill(), c.Running())
	nodes := 0
	for _, p := range x.Pools {
		nodes += p.Max
	}
	return out.With("machine", x.Machine, "nodes", nodes, "month", x.Running.Bill.Float64(),
		"running", x.Running.Total.Float64(), "now", now.Bill.Float64(), "now_running", now.Total.Float64())
}
