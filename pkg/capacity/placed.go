package capacity

import "math"

// This file places parts that cannot be divided, such as shards and partitions.
// They lie on the nodes as evenly as whole parts can: with 7 parts on 3 nodes one
// of them has 3, and this one decides.

// ceilDiv is ⌈a/b⌉.
func ceilDiv(a, b int) int { return (a + b - 1) / b }

// zoned tells whether nodes and copies are kept even over the zones.
func (r *Role) zoned() bool { return r.Zoned && r.Zones > 1 }

// Whole is the least number of nodes, n at least, that the zones share evenly, or that is
// odd, where it has to be.
func (r *Role) Whole(n int) int {
	switch {
	case r.Odd:
		return n | 1
	case !r.zoned():
		return n
	}
	return ceilDiv(n, r.Zones) * r.Zones
}

// weakest is the zone with the fewest nodes that is left in a state: how many
// nodes it has of n, and how many of c copies of each part it must hold, as no
// other zone takes more than an even share of them. Where the nodes need not be
// even over zones, or where nothing of the zone is left, it must hold none. Of a
// number of nodes that the zones do not share evenly it may have to hold more.
func (r *Role) weakest(s State, n, c int) (nodes, copies int) {
	zones := r.Zones
	nodes = n / max(1, zones)
	switch {
	case r.Replaced:
	case s == NodeLost:
		nodes--
	case s == ZoneLost:
		zones--
	}
	if !r.zoned() || nodes <= 0 {
		return 0, 0
	}
	return nodes, c - (zones-1)*ceilDiv(c, zones)
}

// Most is how many parts of a need the node with the most of them has, of those
// that are left of n nodes in a state. What was on lost nodes is on the others by
// then. It is 0 where nodes share the need evenly, or where none is left.
func (r *Role) Most(need *Need, s State, n int) int {
	m := r.Left(s, n)
	if need.Parts <= 0 || m <= 0 {
		return 0
	}
	c := need.copies(m)
	most := ceilDiv(need.Parts*c, m)
	if nodes, copies := r.weakest(s, n, c); copies > 0 {
		most = max(most, ceilDiv(need.Parts*copies, nodes))
	}
	return most
}

// busiest is the part of a need that the busiest node has of those left of n.
func (r *Role) busiest(need *Need, s State, n int) float64 {
	m := max(1, r.Left(s, n))
	if most := r.Most(need, s, n); most > 0 {
		return float64(most) / float64(need.Parts*need.copies(m))
	}
	return 1 / float64(m)
}

// places is how many of the parts of all its copies one node may have, where all
// together are an amount x: all of them at most, none where one is too much.
func (n *Need) places(s State, x float64) int {
	all := n.Parts * n.copies(n.Copies)
	if x <= 0 {
		return all
	}
	return int(math.Min(float64(all), n.In[s].allowed()*float64(all)/x*(1+1e-9)))
}

// carriers is the least number of nodes that carry an amount x of all copies, where
// there are at least as many nodes as copies.
func (n *Need) carriers(s State, x float64) int {
	b := n.In[s].carriers(x)
	if n.Parts <= 0 || b == 0 || b > MaxNodes {
		return b
	}
	places := n.places(s, x)
	if places < 1 {
		return MaxNodes + 1
	}
	return ceilDiv(n.Parts*n.copies(n.Copies), places)
}

// inZones is the least number of nodes, n at least, whose weakest zone carries its
// part of a need.
func (r *Role) inZones(need *Need, s State, h *Hour, n int) int {
	m := r.Left(s, n)
	if need.Parts <= 0 || m <= need.Copies { // each node that is left has a part of every one, in whatever zone
		return n
	}
	nodes, copies := r.weakest(s, n, need.copies(m))
	if copies <= 0 {
		return n
	}
	least := ceilDiv(need.Parts*copies, need.places(s, need.amount(s, h, m)))
	return n + max(0, least-nodes)*r.Zones
}
