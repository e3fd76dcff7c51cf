package plan

import (
	"slices"
	"strings"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Nearby refits a plan where one number of a component is another. Many such
// questions are asked one after the other, and most components have nothing to do
// with the number: they keep the layout that they have as it is.
type Nearby struct {
	plan *Plan
	asIs Refit
	near [][]int // of each component in Order, all whose specs or layouts its own size depends on
}

// Nearby prepares such questions; false where the machines that were chosen do
// not carry the system as it is.
func (p *Plan) Nearby() (*Nearby, bool) {
	n := &Nearby{plan: p, asIs: p.Refit(p.Demand), near: make([][]int, len(p.Order))}
	if n.asIs.Failed != nil {
		return nil, false
	}
	for i, c := range p.Order {
		for k, o := range p.Order {
			if i != k && (dependsOn(c.Component, o.Component) || p.waitsFor(c.Component, o.Component)) {
				n.near[i] = append(n.near[i], k)
			}
		}
	}
	return n, true
}

// dependsOn tells whether the size of a component depends on the spec or the size
// of another: of those that call it, of those on the same nodes and, where it is
// a stream, of those that read it. (What has no nodes of its own looks at all
// others, and is sized anew each time.)
func dependsOn(a, b *workload.Component) bool {
	return asks(b, a) || traits(a).Stream != nil && asks(a, b) || host(a) == host(b)
}

// waitsFor tells whether the calls of a component, or of one on the same nodes,
// wait for another or for what that one calls: the pools of connections depend on
// how long these take (sizing.Traits.Residence).
func (p *Plan) waitsFor(a, b *workload.Component) bool {
	for _, c := range p.Order {
		x := c.Component
		if host(x) == host(a) && asks(x, b) && traits(b).Residence != nil {
			return true
		}
		if asks(a, x) && traits(x).Residence != nil && p.waitsFor(x, b) {
			return true
		}
	}
	return false
}

// asks tells whether a component calls another.
func asks(from, to *workload.Component) bool {
	_, ok := from.Calls.Get(to.Name)
	return ok
}

// host names the component on whose nodes one runs.
func host(c *workload.Component) string {
	if c.Colocate != "" {
		return c.Colocate
	}
	return c.Name
}

func traits(c *workload.Component) sizing.Traits {
	k, ok := sizing.Find(c.Kind)
	if !ok {
		return sizing.Traits{}
	}
	return k.Traits(c.Spec)
}

// AsIs is the plan on its machines without any change.
func (n *Nearby) AsIs() Refit { return n.asIs }

// With is Refit with another number.
func (n *Nearby) With(o workload.Override) (Refit, error) {
	p := n.plan
	s := p.Demand.Situation
	s.Inputs = []workload.Override{o}
	d, err := p.Demand.In(s)
	if err != nil {
		return Refit{}, err
	}
	if !local(o.Path) || p.System.CountsNodes() { // whose load follows what all others have
		return p.Refit(d), nil
	}
	other := n.touched(d.Profile, o.Path) // whose spec or load, or what others see of its layout, is another
	spec := slices.Clone(other)
	r := p.refit(d, func(i int, sys *sizing.System) *sizing.Layout {
		for k := range i { // what is sized already
			if spec[k] || other[k] {
				continue
			}
			was, now := n.asIs.Layouts[k], sys.Sized[p.Order[k].Component.Name]
			other[k] = was != now && !seenAlike(was, now)
		}
		near := slices.ContainsFunc(n.near[i], func(k int) bool { return other[k] })
		if p.Order[i].Layout.Type == nil || spec[i] || near {
			return nil
		}
		return n.asIs.Layouts[i]
	})
	return r, nil
}

// local tells whether an input belongs to one component alone.
func local(path string) bool { return strings.HasPrefix(path, "components.") }

// touched are the components whose spec or load is another in a profile with
// another number at a path: the one that has it and, where it is of its calls, all
// that these reach.
func (n *Nearby) touched(now *workload.Profile, path string) []bool {
	out := make([]bool, len(n.plan.Order))
	for i, c := range n.plan.Order {
		was, _ := n.plan.Profile.Component(c.Component.Name)
		is, _ := now.Component(c.Component.Name)
		out[i] = is != was
	}
	if !strings.Contains(path, ".calls.") {
		return out
	}
	for again := true; again; {
		again = false
		for i, from := range n.plan.Order {
			for k, to := range n.plan.Order {
				if _, calls := from.Component.Calls.Get(to.Component.Name); calls && out[i] && !out[k] {
					out[k], again = true, true
				}
			}
		}
	}
	return out
}

// seenAlike tells whether two layouts of a component are the same for those that
// it calls, and that share its nodes.
func seenAlike(a, b *sizing.Layout) bool {
	return a.Offers == b.Offers && a.Type == b.Type && slices.EqualFunc(a.Pools, b.Pools, func(x, y sizing.Pool) bool {
		return x.Region == y.Region && x.Role == y.Role && x.Type == y.Type &&
			x.Min == y.Min && x.Max == y.Max && x.Mean == y.Mean
	})
}
