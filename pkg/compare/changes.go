package compare

import (
	"cmp"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
)

// What of a component can be another than before.
const (
	OfKind      = "kind"
	OfMachine   = "machine"
	OfStorage   = "storage"
	OfNodes     = "nodes"
	OfStructure = "structure" // in a few words
	OfDetails   = "details"   // the structure at length, where the few words are the same
	OfBinds     = "binds"     // the limit that decides the size
	OfBought    = "bought"    // how its nodes are bought
)

// Change is one thing about a component that is another than before.
type Change struct {
	What string `json:"what"`
	// Was and Is are of the type that fits to What: []bill.Pool for nodes,
	// *bill.Bind for the limit that binds, remark.Remark for the structure and
	// []remark.Remark for its details, string for the rest. How nodes are bought is
	// []bill.Mix in a difference, each mix of the pools once, and []string of terms
	// in a what-if.
	Was any `json:"was"`
	Is  any `json:"is"`
}

// partChanges lists what differs in a component beside its lines.
func partChanges(p, q *bill.Part) []Change {
	var out []Change
	add := func(what, was, is string) {
		if was != is {
			out = append(out, Change{what, was, is})
		}
	}
	add(OfKind, p.Kind, q.Kind)
	add(OfMachine, p.Machine, q.Machine)
	add(OfStorage, p.Storage, q.Storage)
	out = append(out, poolChanges(p.Pools, q.Pools)...)
	switch {
	case !p.Brief.Equal(q.Brief):
		out = append(out, Change{OfStructure, p.Brief, q.Brief})
	case !slices.EqualFunc(p.Detail, q.Detail, remark.Remark.Equal):
		out = append(out, Change{OfDetails, p.Detail, q.Detail})
	}
	return out
}

// poolChanges pairs the pools of a component by region and role.
func poolChanges(base, head []bill.NodePool) []Change {
	var out []Change
	was, is := slices.Clone(base), slices.Clone(head)
	slices.SortFunc(was, comparePools)
	slices.SortFunc(is, comparePools)
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(was) == 0 || len(is) > 0 && poolOrder(is[0], was[0]) < 0:
			out = append(out, Change{OfNodes, []bill.NodePool{}, is[:1]})
			is = is[1:]
		case len(is) == 0 || poolOrder(was[0], is[0]) < 0:
			out = append(out, Change{OfNodes, was[:1], []bill.NodePool{}})
			was = was[1:]
		default:
			if !sameNodes(was[0], is[0]) {
				out = append(out, Change{OfNodes, was[:1], is[:1]})
			}
			was, is = was[1:], is[1:]
		}
	}
	return out
}

// sameNodes tells whether two pools have as many nodes, of the same own type: a
// mean is of interest only where the number varies.
func sameNodes(a, b bill.NodePool) bool {
	return a.Machine == b.Machine && a.Min == b.Min && a.Max == b.Max && (a.Min == a.Max || a.Mean.Cmp(b.Mean) == 0)
}

// poolOrder orders pools by region and role; comparePools by all.
func poolOrder(a, b bill.NodePool) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Role, b.Role))
}

func comparePools(a, b bill.NodePool) int {
	return cmp.Or(poolOrder(a, b), a.Max-b.Max, a.Min-b.Min, a.Mean.Cmp(b.Mean))
}

// whole lists what there is to say of a component that only one of the two
// estimates has: all that it is, as what it was or is.
func whole(p *bill.Part, change string) []Change {
	var out []Change
	add := func(what string, x, none any) {
		if change == Added {
			out = append(out, Change{what, none, x})
		} else {
			out = append(out, Change{what, x, none})
		}
	}
	if p.Machine != "" {
		add(OfMachine, p.Machine, "")
	}
	if p.Storage != "" {
		add(OfStorage, p.Storage, "")
	}
	for i := range p.Pools {
		add(OfNodes, p.Pools[i:i+1], []bill.NodePool{})
	}
	return out
}

// mixesOf is how the nodes of a component are bought: each mix of its pools once.
// An empty mix is all on demand.
func mixesOf(e *bill.Estimate, component string) []bill.Purchases {
	var mixes []bill.Purchases
	if e.Buying != nil {
		for _, p := range e.Buying.Pools {
			if p.Component == component && !slices.ContainsFunc(mixes, p.Mix.Equal) {
				mixes = append(mixes, p.Mix)
			}
		}
	}
	if len(mixes) == 0 {
		return []bill.Purchases{{}}
	}
	return mixes
}
