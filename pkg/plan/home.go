package plan

import (
	"errors"

	"headroom/pkg/sizing"
)

// readHome plans the system again for each store that some region's callers read in another
// one, with read replicas where they are, and keeps that where it costs less to run as a
// whole. Components are chosen one by one, callers first: neither the callers' choice nor
// the store's own could weigh what the way there costs the one against what a replica costs
// the other. err is what became of the plan without: where nothing carries a caller that
// waits so long, a plan with replicas may do.
func (p *Plan) readHome(err error) error {
	var none *Infeasible
	if err != nil && !errors.As(err, &none) {
		return err
	}
	for _, store := range p.System.ReadAway() {
		q := p.withReplicas(store)
		switch failed := q.walk(); {
		case errors.As(failed, &none):
		case failed != nil:
			return failed
		case err != nil || q.running().compare(p.running()) < 0:
			*p, err = *q, nil
		}
	}
	return err
}

// withReplicas is a plan in which nothing is chosen yet, of the system that has a store's
// replicas where it is read.
func (p *Plan) withReplicas(store string) *Plan {
	q, s := *p, *p.search
	s.sys = p.System.ReadHome(store)
	s.sys.Ranking = ranking{&s}
	q.System, q.search, q.Choices, q.Order = s.sys, &s, nil, nil
	return &q
}

// running is what all of the system costs a month to run. What a component's choice
// entails on other components' lines is counted there, once.
func (p *Plan) running() (total cost) {
	for _, c := range p.Order {
		// Without nodes a layout has but usage, all of it on its own lines.
		x := p.search.cost(&candidate{}, &sizing.Layout{Usage: c.Layout.Usage})
		total.unpriced += x.unpriced
		if c.cost == nil {
			total.dollars += x.dollars
			continue
		}
		r := c.Running()
		total.dollars += r.Bill.Float64() - p.search.entailed(c.Layout)
		total.weights += r.Total().Minus(r.Bill).Float64()
	}
	return total
}
