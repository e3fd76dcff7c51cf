package plan

import (
	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// ranking tells kinds what is cheaper, ranked as the search ranks.
type ranking struct{ s *search }

var _ sizing.Ranking = ranking{}

// Cheapest compares one node in every region of the component.
func (m ranking) Cheapest(c *sizing.Task, ok func(*catalog.NodeType) bool) *catalog.NodeType {
	w, err := m.s.wantedOf(c.Component)
	if err != nil {
		return nil // the search itself says why
	}
	var best *scored
	list := m.s.candidates(c)
	for i := range list {
		k := &list[i]
		if best != nil && w == nil && k.least*float64(len(c.Regions)) > best.cost.running()*(1+1e-9) {
			break // nor is any after it cheaper
		}
		if !ok(k.t) {
			continue
		}
		l := &sizing.Layout{Type: k.t}
		for _, r := range c.Regions {
			l.Pools = append(l.Pools, sizing.Fixed(r.Index, "", 1))
		}
		if x, rej := m.s.score(w, k, l); rej == nil && (best == nil || m.s.better(x, best)) {
			best = x
		}
	}
	if best == nil {
		return nil
	}
	return best.layout.Type
}

func (m ranking) Cheaper(c *sizing.Task, a, b *sizing.Layout) bool {
	w, err := m.s.wantedOf(c.Component)
	if err != nil {
		return false
	}
	list := m.s.priced(c.Regions)
	of := func(l *sizing.Layout) *scored {
		for i := range list {
			if list[i].t == l.Type {
				x, _ := m.s.score(w, &list[i], l)
				return x
			}
		}
		return nil
	}
	x, y := of(a), of(b)
	return x != nil && (y == nil || m.s.better(x, y))
}
