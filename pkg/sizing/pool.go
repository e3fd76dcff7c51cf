package sizing

import (
	"math"
	"slices"

	"headroom/pkg/unit"
)

// Resource is one thing that the nodes of a pool share evenly: the pool's need
// against what one node has.
type Resource struct {
	Name string
	Unit string
	Need Linear // of the whole pool
	// Backlog is what comes in addition while workers catch up after an outage.
	// Together with Need it may take all of Have.
	Backlog Linear
	Have    float64 // of one node, at full utilisation
	// Own and Degraded are what one node may carry in the normal state and
	// while a node, zone or region is lost: Have × the policy's target, or less
	// where an SLO asks for it.
	Own, Degraded float64
	Why           string // where a figure is assumed, or an SLO lowers it
}

// resource is a Resource at the policy's targets.
func (c *Case) resource(name, unitName string, need Linear, have float64) Resource {
	return Resource{Name: name, Unit: unitName, Need: need, Have: have,
		Own: have * c.Policy.Own, Degraded: have * c.Policy.Degraded}
}

// resourceAt is a Resource with one target for all states (connections,
// memory, disk bytes).
func resourceAt(name, unitName string, need Linear, have, target float64) Resource {
	return Resource{Name: name, Unit: unitName, Need: need, Have: have, Own: have * target, Degraded: have * target}
}

// maxNodes bounds a pool: more than any region has of one type. It keeps an
// absurd load from overflowing.
const maxNodes = 1_000_000

// ceil is ⌈x·(1−1e-9)⌉ (docs/model.md section 0), bounded by maxNodes+1.
func ceil(x float64) int {
	if !(x < maxNodes) {
		return maxNodes + 1
	}
	n, err := unit.CeilCount(math.Max(0, x))
	if err != nil {
		return maxNodes + 1
	}
	return n
}

// afterZone is the least n of which ⌈n/Z⌉ may be lost and m are left.
func afterZone(m, zones int) int {
	if m == 0 {
		return 0
	}
	return m + (m+zones-2)/(zones-1)
}

// structural is the least number of nodes whatever the load: one, or what
// leaves one when a node or a zone is lost.
func (p Policy) structural(zones int) int {
	n := 1
	if p.Node {
		n = 2
	}
	if p.Zone && zones > 1 {
		n = max(n, afterZone(1, zones))
	}
	return n
}

// checkZones rejects what cannot survive the loss of its only zone.
func (p Policy) checkZones(r Region) *Rejection {
	if p.Zone && r.Zones < 2 {
		return &Rejection{Resource: "zones", Need: 2, Have: float64(r.Zones), Detail: r.Name + " has one zone, so its loss takes everything"}
	}
	return nil
}

// least is the least number of nodes that passes every resource in every state
// at the given multipliers, and which one decides (index, state).
func (c *Case) least(res []Resource, m Mult, zones int) (n, which int, state string) {
	n, which, state = c.Policy.structural(zones), -1, StateAlways
	for i := range res {
		r := &res[i]
		own, lost := r.Need.Own(m), 0.0
		if c.Policy.Region {
			lost = r.Need.Lost(m)
		}
		raise := func(k int, s string) {
			if k > n {
				n, which, state = k, i, s
			}
		}
		if own > 0 {
			raise(ceil(own/r.Own), StateOwn)
			left := ceil(own / r.Degraded)
			if c.Policy.Node {
				raise(left+1, StateNode)
			}
			if c.Policy.Zone && zones > 1 {
				raise(afterZone(left, zones), StateZone)
			}
		}
		if lost > 0 {
			raise(ceil(lost/r.Degraded), StateRegion)
		}
		if late := r.Backlog.Own(m); late > 0 {
			raise(ceil((own+late)/r.Have), StateCatchUp)
		}
	}
	return n, which, state
}

// fewest is least for a search that asks for the number only, thousands of
// times: rounding up keeps the order, so that one rounding of the greatest
// quotient is the greatest of all roundings.
func (c *Case) fewest(res []Resource, m Mult, zones int) int {
	own, degraded, lost := 0.0, 0.0, 0.0
	for i := range res {
		r := &res[i]
		if x := r.Need.Own(m); x > 0 {
			own, degraded = max(own, x/r.Own), max(degraded, x/r.Degraded)
		}
		if x := r.Backlog.Own(m); x > 0 {
			own = max(own, (r.Need.Own(m)+x)/r.Have) // on all nodes, as the own load
		}
		if x := r.Need.Lost(m); x > 0 && c.Policy.Region {
			lost = max(lost, x/r.Degraded)
		}
	}
	n := c.Policy.structural(zones)
	if own > 0 {
		n = max(n, ceil(own))
		left := ceil(degraded)
		if c.Policy.Node {
			n = max(n, left+1)
		}
		if c.Policy.Zone && zones > 1 {
			n = max(n, afterZone(left, zones))
		}
	}
	if lost > 0 {
		n = max(n, ceil(lost))
	}
	return n
}

// count is the number of nodes in a region at some hour. A passive region that
// is kept warm runs at a part of the size that it needs after the failover,
// but never below what its own load needs.
func (c *Case) count(r *Region, res []Resource, m Mult) int {
	n := c.fewest(res, m, r.Zones)
	if r.Warm >= 1 || n > maxNodes {
		return n
	}
	m.LostLocal, m.LostGlobal = m.Local, m.Global
	own := c.fewest(res, m, r.Zones)
	return max(own, ceil(float64(n)*r.Warm))
}

// scale sizes a pool for every hour of the week: n(h) is the least that passes
// in that hour (docs/model.md section 4).
func (c *Case) scale(r *Region, res []Resource, atLeast int) (Pool, *Rejection) {
	p := Pool{Region: r.Index}
	counts := make([]HourCount, 0, 16)
	for _, g := range r.Groups {
		n := max(c.count(r, res, g), atLeast)
		if n > maxNodes {
			return p, tooMany(res, g)
		}
		i, found := slices.BinarySearchFunc(counts, n, func(h HourCount, n int) int { return h.Nodes - n })
		if !found {
			counts = slices.Insert(counts, i, HourCount{Nodes: n})
		}
		counts[i].Hours += g.Hours
	}
	p.Min, p.Max = counts[0].Nodes, counts[len(counts)-1].Nodes
	sum := 0
	for _, h := range counts {
		sum += h.Nodes * h.Hours
	}
	p.Mean = float64(sum) / 168
	if p.Min != p.Max {
		p.ByHour = counts
	}
	return p, nil
}

// tooMany is the rejection of a load that no number of nodes carries.
func tooMany(res []Resource, m Mult) *Rejection {
	for i := range res {
		r := &res[i]
		if need := math.Max(r.Need.Own(m), r.Need.Lost(m)); ceil(need/r.Degraded) > maxNodes || ceil(need/r.Own) > maxNodes {
			return &Rejection{Resource: r.Name, Need: need, Have: r.Degraded * maxNodes, Unit: r.Unit, Detail: "on a million nodes"}
		}
		if need := r.Need.Plus(r.Backlog).Own(m); ceil(need/r.Have) > maxNodes {
			return &Rejection{Resource: r.Name, Need: need, Have: r.Have * maxNodes, Unit: r.Unit, Detail: "on a million nodes, while workers catch up"}
		}
	}
	return &Rejection{Resource: "nodes", Need: maxNodes + 1, Have: maxNodes}
}

// limits records every constraint of a pool at its greatest load, and marks
// the one that decided.
func (c *Case) limits(r *Region, role string, res []Resource, n int) []Limit {
	var out []Limit
	best, bestNodes := -1, 0
	left := 0 // of the resource at hand
	add := func(i int, state string, need, have, target float64, nodes int) {
		if nodes > bestNodes {
			best, bestNodes = len(out), nodes
		}
		out = append(out, Limit{Resource: res[i].Name, State: state, Region: r.Index, Role: role, Need: need,
			Have: have, Target: target, Unit: res[i].Unit, Nodes: nodes, Left: left, Why: res[i].Why})
	}
	structural := c.Policy.structural(r.Zones)
	for i := range res {
		q := &res[i]
		own, lost := r.PeakOwn(q.Need), 0.0
		if c.Policy.Region {
			for _, g := range r.Groups {
				lost = math.Max(lost, q.Need.Lost(g))
			}
		}
		tOwn, tDeg := q.Own/q.Have, q.Degraded/q.Have
		left = ceil(own / q.Degraded)
		add(i, StateOwn, own, float64(n)*q.Have, tOwn, ceil(own/q.Own))
		if c.Policy.Node {
			add(i, StateNode, own, float64(n-1)*q.Have, tDeg, left+1)
		}
		if c.Policy.Zone && r.Zones > 1 {
			add(i, StateZone, own, float64(n-(n+r.Zones-1)/r.Zones)*q.Have, tDeg, afterZone(left, r.Zones))
		}
		if lost > 0 {
			add(i, StateRegion, lost, float64(n)*q.Have, tDeg, ceil(lost/q.Degraded))
		}
		if r.PeakOwn(q.Backlog) > 0 {
			late := r.PeakOwn(q.Need.Plus(q.Backlog))
			add(i, StateCatchUp, late, float64(n)*q.Have, 1, ceil(late/q.Have))
			out[len(out)-1].Why = c.catchUpWhy()
		}
	}
	if bestNodes <= structural && n == structural {
		out = append(out, Limit{Resource: "nodes", State: StateAlways, Region: r.Index, Role: role,
			Need: float64(structural), Have: float64(n), Target: 1, Nodes: structural, Binding: true, Why: structuralWhy(c.Policy)})
	} else if best >= 0 && bestNodes == n {
		out[best].Binding = true
	}
	return out
}

func structuralWhy(p Policy) string {
	switch {
	case p.Zone:
		return "one node must be left when a zone is lost"
	case p.Node:
		return "one node must be left when a node is lost"
	}
	return "at least one node"
}
