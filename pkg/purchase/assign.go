package purchase

import (
	"math"
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
func cheapest(g *group, opts []Option, d *discounts, minSpotSaving float64) prices {
	p := prices{cost: [classes]float64{math.Inf(1), math.Inf(1), math.Inf(1)}}
	for i := range opts {
		c, v := opts[i].class(), d.presentValue(g, &opts[i])
		if v < p.cost[c]-tie*math.Abs(p.cost[c]) || math.IsInf(p.cost[c], 1) {
			p.cost[c], p.option[c] = v, i
		}
	}
	without := math.Min(p.cost[byDemand], p.cost[committed])
	if p.cost[bySpot] > without*(1-minSpotSaving)*(1+tie) {
		p.cost[bySpot] = math.Inf(1)
	}
	// Equal within the tie is equal.
	least := math.Min(without, p.cost[bySpot])
	for c := range p.cost {
		if p.cost[c] <= least*(1+tie) {
			p.cost[c] = least
		}
	}
	return p
}

// bounds are the least and most slots of each class.
type bounds struct{ lo, hi [classes]int }

// sink is the node at which the bounds of the classes meet.
const sink = classes

// assignment is a flow of slots to classes to the sink. The slots of a group
// are alike, so only their number in each class matters.
type assignment struct {
	prices []prices
	count  [][classes]int // of group g in class c
	flow   [classes]int   // from class c to the sink, within the bounds
	excess [classes + 1]int
	bounds bounds
}

// assign finds the cheapest assignment of slots to classes within the bounds,
// or false where there is none. count[g][c] slots of group g are in class c.
//
// Without bounds every slot takes the cheapest class. With them the problem is
// a minimum-cost flow from slots to classes to a sink, with the bounds on the
// arcs to the sink: the unbounded optimum, with those arcs clamped to their
// bounds, has no negative cycle in its residual network, and augmenting along
// the cheapest path from a class with too much to one with too little keeps it
// so (successive shortest paths; Ahuja, Magnanti, Orlin, Network Flows, 1993,
// section 9.7). When nothing is left to move, the flow is optimal.
func assign(ps []prices, sizes []int, b bounds) ([][classes]int, bool) {
	a := assignment{prices: ps, count: make([][classes]int, len(ps)), bounds: b}
	var n [classes]int
	for g := range ps {
		best := byDemand
		for c := range classes {
			if ps[g].cost[c] < ps[g].cost[best] {
				best = c
			}
		}
		a.count[g][best] = sizes[g]
		n[best] += sizes[g]
	}
	for c := range classes {
		if b.lo[c] > b.hi[c] {
			return nil, false
		}
		a.flow[c] = min(max(n[c], b.lo[c]), b.hi[c])
		a.excess[c] = n[c] - a.flow[c]
		a.excess[sink] -= a.excess[c]
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

// arc is a residual arc between two nodes: its cost, how much it takes, and
// the group of which slots move (between classes).
type arc struct {
	cost  float64
	room  int
	group int
}

// arcs is the cheapest residual arc between any two nodes.
func (a *assignment) arcs() [classes + 1][classes + 1]arc {
	var out [classes + 1][classes + 1]arc
	for i := range out {
		for j := range out[i] {
			out[i][j].cost = math.Inf(1)
		}
	}
	for c := range classes {
		if room := a.bounds.hi[c] - a.flow[c]; room > 0 {
			out[c][sink] = arc{room: room}
		}
		if room := a.flow[c] - a.bounds.lo[c]; room > 0 {
			out[sink][c] = arc{room: room}
		}
	}
	for g := range a.prices {
		p := &a.prices[g]
		for from := range classes {
			if a.count[g][from] == 0 {
				continue
			}
			for to := range classes {
				if d := p.cost[to] - p.cost[from]; to != from && d < out[from][to].cost {
					out[from][to] = arc{d, a.count[g][from], g}
				}
			}
		}
	}
	return out
}

// augment moves as much as it can along the cheapest path from a node with an
// excess to one with a deficit. Four nodes have few simple paths: all are
// tried.
func (a *assignment) augment(from int) bool {
	arcs := a.arcs()
	best, bestCost := []int(nil), math.Inf(1)
	path := make([]int, 1, classes+1)
	path[0] = from
	var walk func(cost float64)
	walk = func(cost float64) {
		at := path[len(path)-1]
		if a.excess[at] < 0 && cost < bestCost {
			best, bestCost = append(best[:0:0], path...), cost
		}
		for to := range arcs[at] {
			onPath := false
			for _, v := range path {
				onPath = onPath || v == to
			}
			if !onPath && !math.IsInf(arcs[at][to].cost, 1) {
				path = append(path, to)
				walk(cost + arcs[at][to].cost)
				path = path[:len(path)-1]
			}
		}
	}
	walk(0)
	if best == nil {
		return false
	}
	last := best[len(best)-1]
	move := min(a.excess[from], -a.excess[last])
	for i := range len(best) - 1 {
		move = min(move, arcs[best[i]][best[i+1]].room)
	}
	for i := range len(best) - 1 {
		u, v := best[i], best[i+1]
		switch {
		case v == sink:
			a.flow[u] += move
		case u == sink:
			a.flow[v] -= move
		default:
			g := arcs[u][v].group
			a.count[g][u] -= move
			a.count[g][v] += move
		}
	}
	a.excess[from] -= move
	a.excess[last] += move
	return true
}
