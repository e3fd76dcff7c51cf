package plan

import (
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
	// near are, of each component in Order, all of which anything may decide its own size:
	// on the same nodes, where it is a stream those that read it, and those that its calls
	// wait for. callers are those that call it, of which it sees less; see changes.seen.
	near, callers [][]int
	counts        []bool    // by component, whether it counts its clients (sizing.Traits.Clients)
	dollars       []float64 // of asIs, by component
}

// Nearby prepares such questions; false where the machines that were chosen do
// not carry the system as it is.
func (p *Plan) Nearby() (*Nearby, bool) {
	n := &Nearby{plan: p, asIs: p.Refit(p.Demand), near: make([][]int, len(p.Order)),
		callers: make([][]int, len(p.Order))}
	if n.asIs.Failed != nil {
		return nil, false
	}
	for i, a := range p.Order {
		n.counts = append(n.counts, traits(a.Component).Clients)
		n.dollars = append(n.dollars, p.dollars(a, n.asIs.Layouts[i]))
		for k, b := range p.Order {
			if i == k {
				continue
			}
			if dependsOn(a.Component, b.Component) || p.waitsFor(a.Component, b.Component) {
				n.near[i] = append(n.near[i], k)
			}
			if asks(b.Component, a.Component) {
				n.callers[i] = append(n.callers[i], k)
			}
		}
	}
	return n, true
}

// dependsOn tells whether the size of a component depends on all that another is: of
// those on the same nodes and, where it is a stream, of those that read it.
func dependsOn(a, b *workload.Component) bool {
	return traits(a).Stream != nil && asks(a, b) || host(a) == host(b)
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

// Dollars is what a refit costs a month on demand, in floats: for comparing many.
func (n *Nearby) Dollars(r Refit) float64 {
	total := 0.0
	for i, l := range r.Layouts {
		if l == n.asIs.Layouts[i] {
			total += n.dollars[i]
		} else {
			total += n.plan.dollars(n.plan.Order[i], l)
		}
	}
	return total
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
	var x *changes
	r := p.refit(d, func(i int, sys *sizing.System) *sizing.Layout {
		if x == nil {
			x = n.compare(sys)
		}
		x.sizedUntil(i, sys)
		if x.touches(i) {
			return nil
		}
		return n.asIs.Layouts[i]
	})
	return r, nil
}

// local tells whether an input belongs to one component alone.
func local(path string) bool { return strings.HasPrefix(path, "components.") }
