package plan

import (
	"slices"

	"headroom/pkg/sizing"
)

// changes are what another number changes in a system, component by component in the
// order of Plan.Order, as far as it is sized.
type changes struct {
	n    *Nearby
	is   []bool // the component itself
	load []bool // what arrives, or what a caller sends
	// seen is what all those see that the component calls: what arrives at it, and what they
	// may know of its kind. sized is what of its layout those see that count their clients.
	seen, sized []bool
	layout      []bool // anything of the layout
	// public says that those without nodes, who look at all others, see another system
	// before anything is sized.
	public bool
}

// compare finds what is another in a system before anything of it is sized.
func (n *Nearby) compare(sys *sizing.System) *changes {
	order := n.plan.Order
	all := make([]bool, 5*len(order))
	part := func(i int) []bool { return all[i*len(order) : (i+1)*len(order)] }
	x := &changes{n: n, is: part(0), load: part(1), seen: part(2), sized: part(3), layout: part(4)}
	before := n.asIs.system.Flow
	for i, c := range order {
		name := c.Component.Name
		was, now := before.Of(name), sys.Flow.Of(name)
		x.is[i] = was.Component != now.Component
		x.load[i] = x.load[i] || !was.Arrives(now)
		x.seen[i] = !was.Arrives(now)
		if x.is[i] {
			a, b := traits(was.Component), traits(now.Component)
			x.seen[i] = x.seen[i] || !a.SeenAlike(&b)
			x.public = x.public || was.Component.Spec == now.Component.Spec || !a.Plain() || !b.Plain()
		}
		x.public = x.public || x.seen[i]
		for k := range now.Edges {
			if e := &now.Edges[k]; k >= len(was.Edges) || was.Edges[k] != *e {
				x.public = true
				to := slices.IndexFunc(order, func(c *Choice) bool { return c.Component.Name == e.To })
				x.load[i], x.load[to] = true, true
			}
		}
	}
	return x
}

// sizedUntil looks at the layouts of the components before the i-th, which are there by now.
func (x *changes) sizedUntil(i int, sys *sizing.System) {
	for k := range i {
		was, now := x.n.asIs.Layouts[k], sys.Sized[x.n.plan.Order[k].Component.Name]
		if was != now {
			x.sized[k] = x.sized[k] || !seenAlike(was, now)
			x.layout[k] = x.layout[k] || x.seen[k] || x.sized[k] || !slices.Equal(was.Usage, now.Usage) ||
				!slices.Equal(was.Crossings, now.Crossings) || !slices.Equal(was.Holds, now.Holds)
		}
	}
}

// touches tells whether the i-th component has to be sized anew.
func (x *changes) touches(i int) bool {
	c := x.n.plan.Order[i]
	if c.Layout.Type == nil && c.Component.Colocate == "" {
		return x.public || x.is[i] || slices.Contains(x.layout, true)
	}
	counts := x.n.counts[i]
	return x.is[i] || x.load[i] ||
		slices.ContainsFunc(x.n.callers[i], func(k int) bool { return x.seen[k] || counts && x.sized[k] }) ||
		slices.ContainsFunc(x.n.near[i], func(k int) bool { return x.is[k] || x.load[k] || x.seen[k] || x.sized[k] })
}

// seenAlike tells whether two layouts of a component are the same for those that
// it calls, and that share its nodes.
func seenAlike(a, b *sizing.Layout) bool {
	return a.Offers == b.Offers && a.Type == b.Type && slices.EqualFunc(a.Pools, b.Pools, func(x, y sizing.Pool) bool {
		return x.Region == y.Region && x.Role == y.Role && x.Type == y.Type &&
			x.Min == y.Min && x.Max == y.Max && x.Mean == y.Mean
	})
}
