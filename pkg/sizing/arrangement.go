package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
)

// arrangement is how a region's index lies on its nodes: clusters that are alike,
// and the shards of each. Every copy of a primary shard is on one node, whole.
type arrangement struct {
	clusters  int
	nodes     int // data nodes of a cluster
	primaries int // primary shards of a cluster
	copies    int // of each of them, the primary one included
}

// shards are the primary shards of the region, all of which a query visits.
func (x *arrangement) shards() int { return x.primaries * x.clusters }

// all are the data nodes of the region.
func (x *arrangement) all() int { return x.nodes * x.clusters }

// largest is the most data nodes of a cluster in a region, and no less than must be
// there.
func (s *index) largest(role *capacity.Role) int {
	n := s.clusterNodes
	if role.Zoned && role.Zones > 1 {
		n -= n % role.Zones
	}
	least, _ := role.Least()
	return max(n, least)
}

// primaries is the least number of primary shards of each of so many clusters: what
// the bytes at the horizon ask for, and no fewer than there are already. Of logs each new
// index has shards of its own, as many as are needed then.
func (s *index) primaries(r *indexRegion, clusters int) int {
	already := s.c.Divided[r.Name].Shards
	if s.logs {
		already = 0
	}
	return max(s.filled(r, clusters), (already+clusters-1)/clusters)
}

// filled is how many primary shards of each of so many clusters the bytes at the horizon
// fill.
func (s *index) filled(r *indexRegion, clusters int) int {
	return max(1, capacity.Ceil(float64(r.horizon)/s.shardTarget/float64(clusters)))
}

// arrange finds how a region's index can lie on nodes of a type, with the fewest
// clusters that are no fewer than there are already: one arrangement with the least number
// of copies and, where more copies need fewer nodes, others.
func (s *index) arrange(r *indexRegion, n *indexNode) ([]arrangement, *Rejection) {
	role := s.role(r, nil, s.copies)
	most := s.largest(&role)
	x := arrangement{clusters: 1, copies: s.copies, primaries: s.primaries(r, 1)}
	needs, rej := s.needs(r, n, &x, s.room[:0])
	if rej != nil {
		return nil, rej
	}
	even, by := s.even(r, needs, &x)
	if even > capacity.MaxNodes {
		return nil, tooMany(&by)
	}
	// Shards are placed with less than twice what an even share would be on the
	// busiest node, so twice the clusters do wherever any number does.
	first := max((even+most-1)/most, s.c.Divided[r.Name].Clusters)
	for g := first; g <= 2*first; g++ {
		if g > 1 {
			x.clusters, x.primaries = g, s.primaries(r, g)
			if needs, rej = s.needs(r, n, &x, s.room[:0]); rej != nil {
				continue
			}
		}
		if found := s.inClusters(r, n, needs, x, most); len(found) > 0 {
			return found, nil
		}
	}
	return nil, tooMany(&by)
}

// inClusters finds arrangements in as many clusters as x, which has the fewest copies
// and primary shards and these needs: in clusters of at most so many nodes each.
func (s *index) inClusters(r *indexRegion, n *indexNode, needs []capacity.Need, x arrangement,
	most int) (found []arrangement) {
	for {
		even, _ := s.even(r, needs, &x)
		// Even if all were shared evenly: further copies take no fewer nodes.
		if even > most {
			return found
		}
		if placed := x; s.place(r, n, needs, &placed, span{even, most}) {
			found = append(found, placed)
			most = placed.nodes - 1
		}
		if x.copies++; s.structural(x.copies) > most {
			return found
		}
		// Most often memory alone asks for too many nodes, and no need else is looked at.
		if even, _ = s.even(r, append(s.room[:0], s.memory(r, n, &x)), &x); even > most {
			return found
		}
		needs, _ = s.needs(r, n, &x, s.room[:0]) // it fails for no number of copies, or for any
	}
}

// even is the least number of nodes of a cluster if they shared everything evenly:
// no arrangement of as many copies takes fewer.
func (s *index) even(r *indexRegion, needs []capacity.Need, x *arrangement) (int, capacity.Bound) {
	for i := range needs {
		needs[i].Parts = 0
	}
	role := s.role(r, needs, x.copies)
	n, by := role.Least()
	for i := range needs {
		needs[i].Parts = x.primaries
	}
	return n, by
}

// span is a range of numbers of nodes, its ends included.
type span struct{ least, most int }

// place finds the number of primary shards with which a cluster takes the fewest
// nodes within a span, and of those the fewest shards: at least
// what the bytes ask for, and at most as many more as there are nodes, so that
// copies can come out even. The needs are those of x.
func (s *index) place(r *indexRegion, n *indexNode, needs []capacity.Need, x *arrangement,
	nodes span) (found bool) {
	most := nodes.most
	try, fewest := *x, x.primaries
	role := s.role(r, needs, x.copies)
	for more := 0; more <= most; more++ {
		try.primaries = fewest + more
		if more > 0 && s.divide(needs, n, &try) != nil {
			return found // a query of yet more shards takes yet longer
		}
		try.nodes, _ = role.Least()
		if try.nodes > most || more > try.nodes {
			continue
		}
		*x, found = try, true
		if try.nodes == nodes.least {
			return true
		}
		most = try.nodes - 1
	}
	return found
}

// more are an arrangement and those with more primary shards on as many nodes on
// which less lies on the disks of the busiest one: of the 80 copies of 40 shards 14 are
// on one of six nodes, of the 84 of 42 shards as many, and so a twentieth less. What
// another one has in all of it is left out.
func (s *index) more(r *indexRegion, n *indexNode, x *arrangement) []indexPool {
	out := []indexPool{s.onDisks(r, x)}
	if n.st.Volume == VolumeLocal {
		return out // there are as many disks whatever lies on them
	}
	role := s.role(r, nil, x.copies)
	least := x.parts(&role) // of the last one that is listed
	for try := *x; try.primaries < s.primaries(r, x.clusters)+x.nodes; {
		try.primaries++
		// As all that lies on disks goes by these parts, no other figure need be looked at.
		parts := try.parts(&role)
		if !less(&parts, &least) {
			continue
		}
		p := s.onDisks(r, &try)
		if slices.ContainsFunc(out, func(other indexPool) bool { return other.noMoreThan(&p) }) {
			continue
		}
		if role.Needs == nil {
			role.Needs, _ = s.needs(r, n, x, s.room[:0]) // it fitted before, so it is not rejected now
		}
		if s.divide(role.Needs, n, &try) != nil {
			break // a query of yet more shards takes yet longer
		}
		if nodes, _ := role.Least(); nodes == x.nodes {
			out, least = append(out, p), parts
		}
	}
	return out
}

// parts are the parts of all copies that the busiest node of a cluster has, by state.
func (x *arrangement) parts(role *capacity.Role) (out [capacity.States]float64) {
	need := capacity.Need{Copies: x.copies, Parts: x.primaries}
	for state := range capacity.State(capacity.States) {
		if role.Checks(state) {
			out[state] = float64(role.Most(&need, state, x.nodes)) / float64(x.primaries)
		}
	}
	return out
}

// less tells whether a has less than b in any state.
func less(a, b *[capacity.States]float64) bool {
	for state := range a {
		if a[state] < b[state] {
			return true
		}
	}
	return false
}

// alike tells whether two arrangements have the same nodes and copies.
func (x *arrangement) alike(o *arrangement) bool {
	return x.clusters == o.clusters && x.nodes == o.nodes && x.copies == o.copies
}

// given is how a region's index lies on a given number of nodes: where its busiest
// node is least busy.
func (s *index) given(r *indexRegion, n *indexNode, nodes int) arrangement {
	role := s.role(r, nil, s.copies)
	most := s.largest(&role)
	x := arrangement{clusters: max(1, (nodes+most-1)/most), copies: s.copies}
	x.nodes, x.primaries = nodes/x.clusters, s.primaries(r, x.clusters)
	best, least := x, math.Inf(1)
	for range x.nodes + 1 {
		if needs, rej := s.needs(r, n, &x, s.room[:0]); rej == nil {
			worst := 0.0
			role := s.role(r, needs, x.copies)
			for _, l := range role.Check(x.nodes) {
				worst = math.Max(worst, 1-l.Slack())
			}
			if worst < least*(1-1e-9) {
				best, least = x, worst
			}
		}
		x.primaries++
	}
	return best
}
