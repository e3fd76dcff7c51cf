package plan

import (
	"errors"
	"slices"

	"headroom/pkg/diag"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// walker goes through the components: callers before what they call, a host
// before its guests, and what has no nodes last.
type walker struct {
	p        *Plan
	byName   map[string]*Choice
	later    []*workload.Component
	problems diag.Problems
}

// walk chooses or checks every component, in several rounds where the load of one depends
// on how many nodes all have. Where one finds too few hosts left at a site, all choose once
// more, and the others leave it its own.
func (p *Plan) walk() error {
	for {
		err := p.System.Settle(func() error {
			p.Choices, p.Order = nil, nil
			return p.round()
		})
		if !p.makeWay(err) {
			return err
		}
	}
}

// round chooses or checks every component once.
func (p *Plan) round() error {
	w := &walker{p: p, byName: map[string]*Choice{}}
	for _, l := range p.System.Flow.Loads {
		if err := w.collect(w.visit(l.Component)); err != nil {
			return err
		}
	}
	if err := w.problems.Err(); err != nil {
		return err
	}
	// What has no nodes looks at all that has: disks to boot from, bytes to
	// carry.
	slices.SortStableFunc(w.later, func(a, b *workload.Component) int {
		return sizing.Rank(a.Kind) - sizing.Rank(b.Kind)
	})
	for _, c := range w.later {
		choice, _, err := p.search.component(c, true)
		if err := w.collect(err); err != nil {
			return err
		}
		w.keep(choice)
	}
	for _, e := range p.Profile.Components {
		if c := w.byName[e.Key]; c != nil {
			p.Choices = append(p.Choices, c)
		}
	}
	return w.problems.Err()
}

func (w *walker) keep(c *Choice) {
	if c != nil {
		w.byName[c.Component.Name] = c
		w.p.Order = append(w.p.Order, c)
	}
}

func (w *walker) visit(c *workload.Component) error {
	if w.byName[c.Name] != nil || slices.Contains(w.later, c) {
		return nil
	}
	if c.Colocate != "" && w.byName[c.Colocate] == nil {
		host, _ := w.p.Profile.Component(c.Colocate)
		if err := w.visit(host); err != nil {
			return err
		}
	}
	choice, deferred, err := w.p.search.component(c, false)
	if deferred {
		w.later = append(w.later, c)
		return nil
	}
	if err != nil {
		return err
	}
	w.keep(choice)
	return nil
}

// collect keeps problems, so that all of them are reported at once, and returns
// any other error.
func (w *walker) collect(err error) error {
	if many := diag.Each(err); len(many) > 1 {
		for _, one := range many {
			if err := w.collect(one); err != nil {
				return err
			}
		}
		return nil
	}
	var p *diag.Problem
	if errors.As(err, &p) {
		if !slices.Contains(w.problems, *p) { // a host is tried again for its guests
			w.problems.Add(*p)
		}
		return nil
	}
	return err
}

// withImplicit adds the kinds that every bill has, such as data transfer, to a
// profile that does not mention them: leaving them out would make a total that
// looks complete.
func withImplicit(p *workload.Profile) *workload.Profile {
	q := *p
	q.Components = slices.Clone(p.Components)
	for _, k := range sizing.Kinds() {
		i, ok := k.(sizing.Implicit)
		mentioned := func(e strict.Entry[*workload.Component]) bool { return e.V.Kind == k.Word() }
		if !ok || slices.ContainsFunc(q.Components, mentioned) {
			continue
		}
		c := &workload.Component{Name: k.Word(), Kind: k.Word(), Title: i.ImplicitTitle(), Spec: k.Spec()}
		c.Pos = p.Pos
		q.Components = append(q.Components, strict.Entry[*workload.Component]{Key: c.Name, KeyPos: p.Pos, V: c})
	}
	return &q
}
