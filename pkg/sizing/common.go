package sizing

import (
	"fmt"
	"headroom/pkg/capacity"
	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// This file is what the kinds on nodes share before and beside the sizing: the
// regions as they see them, the traffic of a component, what they refuse.

// peakOf is one group for the whole week with the greatest multipliers.
func peakOf(r Region) capacity.Hour {
	m := r.Peak
	m.Hours = workload.Hours
	return m
}

// unknownReference is the problem of a type that is in no table.
func unknownReference(c *Case, v strict.Value[string]) *diag.Problem {
	hint := "name an EC2 instance type"
	if near := c.Catalog.SuggestType(v.V); near != "" {
		hint = "did you mean " + near + "?"
	}
	pos := v.Pos
	if pos.Line == 0 {
		pos = c.Component.Pos
	}
	return &diag.Problem{Pos: pos, Summary: fmt.Sprintf("reference type %q is not known", v.V), Hint: hint}
}

// messages is what arrives, without the first pages of an entry.
func messages(v *workload.Vec) float64 { return v.Read() + v.Write() }

// steady are the regions as a pool sees them that does not follow the load:
// one group of hours at the greatest multipliers.
func steady(rs []Region) []Region {
	out := make([]Region, len(rs))
	for i, r := range rs {
		r.Groups = []capacity.Hour{peakOf(r)}
		out[i] = r
	}
	return out
}

// noSLO refuses an aim for response times where a kind's load does not wait
// for it or its response times are not modelled.
func noSLO(c *Case) error {
	if c.Component.SLO == nil {
		return nil
	}
	const text = "component %q has an slo, but response times are not computed for kind %q"
	return &diag.Problem{Pos: c.Component.Pos, Summary: fmt.Sprintf(text, c.Component.Name, c.Component.Kind),
		Hint: "remove slo; the policy's utilisations bound the waiting"}
}

// traffic is what a component's nodes receive and send, bytes per second: the
// calls that arrive and those that it makes.
func traffic(l *workload.Load) (in, out Linear) {
	in, out = Linear{Local: l.Local.In, Global: l.Global.In}, Linear{Local: l.Local.Out, Global: l.Global.Out}
	for i := range l.Edges {
		e := &l.Edges[i]
		in = in.Plus(Linear{Local: e.Local.Response, Global: e.Global.Response})
		out = out.Plus(Linear{Local: e.Local.Request, Global: e.Global.Request})
	}
	return in, out
}

// minNodes is the structural minimum of every region of the profile.
func (c *Case) minNodes(rs []Region) []float64 {
	out := make([]float64, len(c.Flow.Demand.Regions))
	for i := range rs {
		out[rs[i].Index] = float64(c.Policy.Structural(rs[i].Zones))
	}
	return out
}

// fixed is a limit that more nodes do not help, checked before the pool is
// sized.
func (c *Case) fixed(r *Region, resource, unitName string, need, have, target float64, why string) Limit {
	return r.beside(capacity.Limit{Of: capacity.Resource{Name: resource, Unit: unitName},
		Need: need, Have: have, Target: target, Why: why})
}
