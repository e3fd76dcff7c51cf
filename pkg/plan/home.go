package plan

import (
	"errors"
	"slices"

	"headroom/pkg/sizing"
)

// everySet is for how many stores every set of them is planned: eight plans.
const everySet = 3

// readHome plans the system again with read replicas of stores that some region's callers
// read in another one, and keeps the plan that costs least to run as a whole. Components
// are chosen one by one, callers first: neither the callers' choice nor the store's own
// could weigh what the way there costs the one against what a replica costs the other. With
// few stores every set of them is planned, with more one after the other. err is what
// became of the plan without: where nothing carries a caller that waits so long, a plan
// with replicas may do.
func (p *Plan) readHome(err error) error {
	var none *Infeasible
	if err != nil && !errors.As(err, &none) {
		return err
	}
	best := *p
	weigh := func(stores []string) (cheaper bool, _ error) {
		q := p.withReplicas(stores)
		switch failed := q.walk(); {
		case errors.As(failed, &none):
			return false, nil
		case failed != nil:
			return false, failed
		}
		if cheaper = err != nil || q.running().compare(best.running()) < 0; cheaper {
			best, err = *q, nil
		}
		return cheaper, nil
	}
	away := p.System.ReadAway()
	if len(away) > everySet {
		var home []string
		for _, store := range away {
			switch cheaper, failed := weigh(append(slices.Clone(home), store)); {
			case failed != nil:
				return failed
			case cheaper:
				home = append(home, store)
			}
		}
	} else {
		for set := 1; set < 1<<len(away); set++ {
			if _, failed := weigh(chosen(away, set)); failed != nil {
				return failed
			}
		}
	}
	*p = best
	return err
}

// chosen are the names whose bits are set.
func chosen(names []string, bits int) (set []string) {
	for i, name := range names {
		if bits>>i&1 == 1 {
			set = append(set, name)
		}
	}
	return set
}

// withReplicas is a plan in which nothing is chosen yet, of the system that has the
// stores' replicas where they are read.
func (p *Plan) withReplicas(stores []string) *Plan {
	q, s := *p, *p.search
	s.sys = p.System.ReadHome(stores...)
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
