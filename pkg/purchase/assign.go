package purchase

import (
	"math"
	"slices"
)

// Classes of options, whose shares of a pool are bounded.
const (
	byDemand = iota
	committed
	bySpot
	classes
)

func (o *Option) class() int {
	switch {
	case o.Committed():
		return committed
	case o.Kind == Spot:
		return bySpot
	}
	return byDemand
}

// tie is the relative difference below which costs count as equal: then the
// option that binds less is taken (docs/model.md section 0).
const tie = 1e-9

// prices is what one slot of a group costs by class, +Inf where it has none,
// and the option that is cheapest in the class.
type prices struct {
	cost   [classes]float64
	option [classes]int
}

// cheapest finds the best option of each class for a group.
func cheapest(g *dutyGroup, opts []Option, d *discounts, minSpotSaving float64) prices {
	p := prices{cost: [classes]float64{math.Inf(1), math.Inf(1), math.Inf(1)}}
	for i := range opts {
		c, v := opts[i].class(), d.presentValue(g, &opts[i])
		if v < p.cost[c]-float64(tie*math.Abs(p.cost[c])) || math.IsInf(p.cost[c], 1) {
			p.cost[c], p.option[c] = v, i
		}
	}
	p.settle(minSpotSaving)
	return p
}

// settle leaves spot out where it saves less than it must, and makes costs that
// are equal within the tie equal.
func (p *prices) settle(minSpotSaving float64) {
	without := math.Min(p.cost[byDemand], p.cost[committed])
	if p.cost[bySpot] > without*(1-minSpotSaving)*(1+tie) {
		p.cost[bySpot] = math.Inf(1)
	}
	least := math.Min(without, p.cost[bySpot])
	for c := range p.cost {
		if p.cost[c] <= least*(1+tie) {
			p.cost[c] = least
		}
	}
}

// bounds are the least and most slots of each class.
type bounds struct{ lo, hi [classes]int }

// problem is slots to be assigned to classes: so many of every group, which
// cost as much as prices says, with bounds on the classes' shares of the groups
// of the first stage, of the first two, and so on. Groups stand in the order of
// their stages.
type problem struct {
	prices []prices
	sizes  []int
	stage  []int
	bounds []bounds // by stage
}

// assignment is a flow of slots to classes, of classes from stage to stage, and
// from the last to a sink. Node s·classes + c is class c in stage s.
type assignment struct {
	*problem
	count  [][classes]int // of group g in class c
	flow   [][classes]int // out of a class in a stage: all slots in it up to there
	excess []int          // by node
	sink   int
}

// solve finds the cheapest assignment within the bounds, or false where there
// is none. count[g][c] slots of group g are in class c.
//
// Without bounds every slot takes the cheapest class. With them the problem is
// a minimum-cost flow from slots to classes, along the stages to a sink, with
// the bounds on the arcs that leave a stage: the unbounded optimum, with those
// arcs clamped to their bounds, has no negative cycle in its residual network,
// and augmenting along the cheapest path from a node with too much to one with
// too little keeps it so (successive shortest paths; Ahuja, Magnanti, Orlin,
// Network Flows, 1993, section 9.7). When nothing is left to move, the flow is
// optimal.
func (p *problem) solve() ([][classes]int, bool) {
	stages := len(p.bounds)
	a := assignment{problem: p, count: make([][classes]int, len(p.prices)), flow: make([][classes]int, stages),
		sink: stages * classes}
	a.excess = make([]int, a.sink+1)
	inside := make([][classes]int, stages) // slots that enter a class in a stage
	for g := range p.prices {
		best := byDemand
		for c := range classes {
			if p.prices[g].cost[c] < p.prices[g].cost[best] {
				best = c
			}
		}
		a.count[g][best] = p.sizes[g]
		inside[p.stage[g]][best] += p.sizes[g]
		a.excess[a.sink] -= p.sizes[g]
	}
	var all [classes]int // up to the stage
	for s, b := range p.bounds {
		for c := range classes {
			if b.lo[c] > b.hi[c] {
				return nil, false
			}
			all[c] += inside[s][c]
			a.flow[s][c] = min(max(all[c], b.lo[c]), b.hi[c])
			in := inside[s][c]
			if s > 0 {
				in += a.flow[s-1][c]
			}
			a.excess[s*classes+c] = in - a.flow[s][c]
			if s == stages-1 {
				a.excess[a.sink] += a.flow[s][c]
			}
		}
	}
	for from := range a.excess {
		for a.excess[from] > 0 {
			if !a.augment(from) {
				return nil, false
			}
		}
	}
	return a.count, true
}

// arc is a residual arc: its cost, how much it takes, and the group of which
// slots move; -1 where it leads from stage to stage.
type arc struct {
	from, to    int
	cost        float64
	room, group int
}

// arcs are the residual arcs that may be on a cheapest path: between two
// classes of a stage only the cheapest.
func (a *assignment) arcs() []arc {
	var out []arc
	for s, b := range a.bounds {
		for c := range classes {
			node, next := s*classes+c, (s+1)*classes+c
			if s == len(a.bounds)-1 {
				next = a.sink
			}
			if room := b.hi[c] - a.flow[s][c]; room > 0 {
				out = append(out, arc{node, next, 0, room, -1})
			}
			if room := a.flow[s][c] - b.lo[c]; room > 0 {
				out = append(out, arc{next, node, 0, room, -1})
			}
		}
	}
	between := make([][classes][classes]arc, len(a.bounds))
	for g := range a.prices {
		s := a.stage[g]
		for from := range classes {
			if a.count[g][from] == 0 {
				continue
			}
			for to := range classes {
				d := a.prices[g].cost[to] - a.prices[g].cost[from]
				if x := &between[s][from][to]; to != from && !math.IsInf(d, 1) && (x.room == 0 || d < x.cost) {
					*x = arc{s*classes + from, s*classes + to, d, a.count[g][from], g}
				}
			}
		}
	}
	for s := range between {
		for from := range classes {
			for _, x := range between[s][from] {
				if x.room > 0 {
					out = append(out, x)
				}
			}
		}
	}
	return out
}

// augment moves as much as it can along the cheapest path from a node with an
// excess to one with a deficit (Bellman and Ford: arcs may have negative costs,
// but no cycle has).
func (a *assignment) augment(from int) bool {
	arcs := a.arcs()
	cost := make([]float64, len(a.excess))
	by := make([]int, len(a.excess)) // the arc that leads to a node
	scale := 0.0
	for _, x := range arcs {
		scale = math.Max(scale, math.Abs(x.cost))
	}
	for i := range cost {
		cost[i], by[i] = math.Inf(1), -1
	}
	cost[from] = 0
	for changed := true; changed; {
		changed = false
		for i, x := range arcs {
			// Rounding must not make a cycle look cheaper than nothing.
			if c := cost[x.from] + x.cost; c < cost[x.to]-float64(1e-12*scale) || c < cost[x.to] && math.IsInf(cost[x.to], 1) {
				cost[x.to], by[x.to], changed = c, i, true
			}
		}
	}
	to := -1
	for i, e := range a.excess {
		if e < 0 && !math.IsInf(cost[i], 1) && (to < 0 || cost[i] < cost[to]) {
			to = i
		}
	}
	if to < 0 {
		return false
	}
	move := min(a.excess[from], -a.excess[to])
	for at := to; at != from; at = arcs[by[at]].from {
		move = min(move, arcs[by[at]].room)
	}
	for at := to; at != from; at = arcs[by[at]].from {
		x := &arcs[by[at]]
		switch {
		case x.group >= 0:
			a.count[x.group][x.from%classes] -= move
			a.count[x.group][x.to%classes] += move
		case x.from < x.to:
			a.flow[x.from/classes][x.from%classes] += move
		default:
			a.flow[x.to/classes][x.to%classes] -= move
		}
	}
	a.excess[from] -= move
	a.excess[to] += move
	return true
}

// spread is solve where spot is either not taken or spread over at least so
// many types, one node each. Where the best has fewer nodes on spot in some
// stage, those with none before each stage and enough from it on are tried.
func (p *problem) spread(types int) ([][classes]int, bool) {
	best, ok := p.solve()
	if !ok || !p.few(best, types) {
		return best, ok
	}
	best, ok = nil, false
	for first := len(p.bounds); first >= 0; first-- {
		q := *p
		q.bounds = slices.Clone(p.bounds)
		for s := range q.bounds {
			if s < first {
				q.bounds[s].hi[bySpot] = 0
			} else {
				q.bounds[s].lo[bySpot] = max(q.bounds[s].lo[bySpot], types)
			}
		}
		count, feasible := q.solve()
		if feasible && (!ok || p.value(count) < p.value(best)*(1-tie)) {
			best, ok = count, true
		}
	}
	return best, ok
}

// few tells whether in some stage there is spot, but on fewer nodes than types.
func (p *problem) few(count [][classes]int, types int) bool {
	spot := 0
	for g := range count {
		spot += count[g][bySpot]
		last := g == len(count)-1 || p.stage[g+1] > p.stage[g]
		if last && spot > 0 && spot < types {
			return true
		}
	}
	return false
}

// value is what an assignment costs.
func (p *problem) value(count [][classes]int) float64 {
	v := 0.0
	for g, n := range count {
		for c := range n {
			if n[c] > 0 {
				v += float64(float64(n[c]) * p.prices[g].cost[c])
			}
		}
	}
	return v
}
