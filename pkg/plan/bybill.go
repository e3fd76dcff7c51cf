package plan

import (
	"maps"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// byBill is the search as it would be without policy.running.
type byBill struct {
	s       *search
	weights *weights // of the real one
}

func (s *search) byBill(d *workload.Demand) *byBill {
	if s.weights.none() {
		return nil
	}
	q, e := *d, *d.Profile
	e.Policy.Running.None = true
	q.Profile = &e
	t := *s
	t.sys, t.weights, t.keep = s.sys.Again(&q), weights{generations: s.weights.generations}, nil
	t.sys.Ranking = ranking{&t}
	return &byBill{&t, &s.weights}
}

// instead is what would be chosen in the place of a choice beside the components
// that are sized; nil where that is the same.
func (b *byBill) instead(c *Choice, sized map[string]*sizing.Layout) (*Alternative, error) {
	if b == nil || c.Pinned || c.Layout.Type == nil {
		return nil, nil
	}
	maps.Copy(b.s.sys.Sized, sized)
	component, _ := b.s.sys.Profile.Component(c.Component.Name)
	x, _, err := b.s.component(component, true)
	if err != nil || x.Machine() == c.Machine() && x.Cost().Equal(c.Cost()) {
		return nil, err
	}
	x.Layout.Detail()
	x.weights = b.weights
	return &Alternative{x.Layout, x.Running(), b.s.transfer(x.Layout)}, nil
}
