package bill

import (
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// Edge is what one component asks of another, in all regions together at the peak of
// all users.
type Edge struct {
	From string `json:"from"` // component; "" for the users
	To   string `json:"to"`
	Mode string `json:"mode"` // sync, or async where nobody waits for the answer
	// Reads and Writes are calls per second; the users' are requests, of which first
	// pages are none.
	Reads  float64 `json:"reads_per_s"`
	Writes float64 `json:"writes_per_s"`
}

// edgesOf are the calls of a plan: those of the users, then those of every component in
// the order of the flow. There are none without a workload.
func edgesOf(p *plan.Plan) []Edge {
	if p.System == nil {
		return nil
	}
	flow := p.System.Flow
	var out []Edge
	at := map[string]int{}
	for _, c := range flow.Demand.Classes {
		if c.Entry == "" || flow.Of(c.Entry) == nil {
			continue
		}
		i, seen := at[c.Entry]
		if !seen {
			i = len(out)
			at[c.Entry] = i
			out = append(out, Edge{To: c.Entry, Mode: "sync"})
		}
		out[i].Reads += float64(c.Reads)
		out[i].Writes += float64(c.Writes)
	}
	peak := 0
	for h := range flow.Demand.Total {
		if flow.Demand.Total[h] > flow.Demand.Total[peak] {
			peak = h
		}
	}
	for _, l := range flow.Loads {
		local, global := multipliers(flow, l, peak)
		for i := range l.Edges {
			e := &l.Edges[i]
			out = append(out, Edge{From: e.From, To: e.To, Mode: e.Mode,
				Reads:  float64(e.Local.Reads*local) + float64(e.Global.Reads*global),
				Writes: float64(e.Local.Writes*local) + float64(e.Global.Writes*global)})
		}
	}
	return out
}

// multipliers are those of a load in an hour, all regions together.
func multipliers(flow *workload.Flow, l *workload.Load, hour int) (local, global float64) {
	for _, r := range l.Regions {
		s, all := flow.Multipliers(l, r, hour, false)
		local, global = local+s, global+all
	}
	return local, global
}
