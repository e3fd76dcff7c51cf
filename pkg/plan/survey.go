package plan

import (
	"math"
	"slices"

	"headroom/pkg/money"
	"headroom/pkg/sizing"
)

// Surveyed is a component with all that could have been chosen for it.
type Surveyed struct {
	Choice *Choice // what the search chose, with its derivation
	// Transfer is what the chosen nodes send each other between zones and regions a month,
	// unrounded: billed as data transfer, but part of what machines are chosen by.
	Transfer     money.Amount
	Feasible     int // layouts that carry the load
	Alternatives []Alternative
	// Structures are the cheapest layouts of each structure (sizing.Structured), in their
	// order; where nothing carries one it is left out.
	Structures []Alternative
	// ByBill is what the bill alone would choose for the component, the others being
	// as they are; nil where that is the choice.
	ByBill   *Alternative
	Rejected []*sizing.Rejection // layouts that do not, or that cannot be bought as wanted
}

// Alternative is another layout that would do.
type Alternative struct {
	Layout   *sizing.Layout
	Running  RunningCost  // at the wanted purchase
	Transfer money.Amount // of its bill, as Surveyed has it
}

// Survey sizes every component on every allowed type, also on those that are too
// dear to win, so that each has a cost or a reason; in the order of Choices. What
// it chooses is what Search chose.
func (p *Plan) Survey() ([]Surveyed, error) {
	if p.System == nil {
		out := make([]Surveyed, len(p.Choices))
		for i, c := range p.Choices {
			out[i].Choice = c
		}
		return out, nil
	}
	s := *p.search
	s.sys = p.System.Again(p.Demand)
	byBill := s.byBill(p.Demand)
	out := make([]Surveyed, len(p.Choices))
	for _, c := range p.Order {
		x, err := s.survey(c)
		if err != nil {
			return nil, err
		}
		if x.ByBill, err = byBill.instead(x.Choice, s.sys.Sized); err != nil {
			return nil, err
		}
		x.Transfer = s.transfer(x.Choice.Layout)
		s.sys.Sized[c.Component.Name] = x.Choice.Layout
		out[slices.Index(p.Choices, c)] = x
	}
	for i := range out {
		out[i].Choice.Layout.Detail()
	}
	return out, nil
}

func (s *search) survey(c *Choice) (Surveyed, error) {
	again := *c
	x := Surveyed{Choice: &again}
	task := s.sys.Task(c.Component)
	if !c.Pinned && c.Layout.Type != nil {
		k, _ := sizing.Find(c.Component.Kind)
		z, err := k.Prepare(task)
		if err == nil {
			err = s.all(&x, task, z)
		}
		if c.Kept != nil && c.Kept.Held() {
			x.Choice = &again // held, whatever would be better
		}
		return x, err
	}
	z, _ := c.prepare(s.sys)
	switch {
	case z == nil: // given machines that cannot carry their load
	case c.Pinned:
		if l, err := s.needed(task, z); err == nil {
			checkPin(l, c.Component.Pin.Count.V, s.sys.Flow.Demand.Regions)
			again.Layout = l
		}
	default:
		again.Layout, _ = z.Fit(nil, z.Needs().Storages[0])
	}
	return x, nil
}

// all sizes a component on every type and storage.
func (s *search) all(x *Surveyed, c *sizing.Task, z sizing.Sizer) error {
	f, err := s.contest(c, z)
	if err != nil {
		return err
	}
	families, ways := map[string]*scored{}, make([]*scored, len(f.ways))
	for i := range f.list {
		for _, st := range f.ways[0].needs.Storages {
			limit := math.Inf(1) // of its family only the best is reported
			if old := families[f.list[i].t.Family]; old != nil {
				limit = old.cost.running()
			}
			fits, rej := f.fits(&f.list[i], st, limit)
			for _, y := range fits {
				if old := families[f.list[i].t.Family]; old == nil || s.better(y, old) {
					families[f.list[i].t.Family] = y
				}
				if old := ways[y.structure]; old == nil || s.better(y, old) {
					ways[y.structure] = y
				}
				f.challenge(y)
			}
			x.Feasible += len(fits)
			if len(fits) == 0 {
				x.Rejected = append(x.Rejected, rej)
			}
		}
	}
	if x.Choice, err = f.choice(); err != nil {
		return err
	}
	if x.Alternatives, err = f.alternatives(families); err != nil {
		return err
	}
	x.Structures, err = f.costed(ways)
	return err
}

// fits are the layouts of all structures on a candidate and a storage, which all
// structures may have, and why the simplest does not do; limit is as for try.
func (f *contest) fits(k *candidate, st sizing.Storage, limit float64) (fits []*scored, rej *sizing.Rejection) {
	for i := range f.ways {
		y, no := f.try(&f.ways[i], k, st, limit)
		switch {
		case no == nil:
			fits = append(fits, y)
		case rej == nil:
			rej = no
		}
	}
	return fits, rej
}

// mostAlternatives is how many families beside the winner's are reported.
const mostAlternatives = 5

// alternatives are the best of other families, lowest running cost first.
func (f *contest) alternatives(families map[string]*scored) ([]Alternative, error) {
	var list []*scored
	for family, x := range families {
		if family != f.best.layout.Type.Family {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b *scored) int {
		if f.s.better(a, b) {
			return -1
		}
		return 1
	})
	return f.costed(list[:min(len(list), mostAlternatives)])
}

// costed are layouts with what they cost; nil ones are left out.
func (f *contest) costed(list []*scored) ([]Alternative, error) {
	var out []Alternative
	for _, x := range list {
		if x == nil {
			continue
		}
		x.layout.Detail()
		cost, err := f.costOf(x)
		if err != nil {
			return nil, err
		}
		out = append(out, Alternative{x.layout, f.s.weights.on(x.layout, cost()), f.s.transfer(x.layout)})
	}
	return out, nil
}
