package plan

import (
	"errors"
	"fmt"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// Planned is a result with the options that led to it.
type Planned struct {
	Result  *Result
	Options Options
}

// Attribute splits the difference of two planned systems into the effects of
// workload, model, machines, purchase and unit prices (docs/model.md section 12):
// the head's take the place of the base's in this order, and each time the
// system is planned again. A step that cannot be planned has no effect of its
// own; what it would have done is then part of the next one, and a note says
// so.
func Attribute(cat *catalog.Catalog, base, head Planned) (Attribution, error) {
	s := substitution{cat: cat, base: base, head: head}
	b, h := base.Result.Estimate, head.Result.Estimate
	causes := []string{CauseWorkload, CauseModel, CauseMachines, CausePurchase, CausePrices}
	steps := []func() (*Estimate, error){s.workload, s.model, s.machines, s.purchase}
	stages := []stage{stageOf(b.Lines)}
	for i, step := range steps {
		e, err := step()
		var missing catalog.MissingPrices
		switch {
		case errors.As(err, &missing), err == nil && e == nil:
			s.note(fmt.Sprintf("%s: the base's tables cannot price it; its effect is part of %s", causes[i], causes[i+1]))
		case err != nil:
			s.note(fmt.Sprintf("%s: %s; its effect is part of %s", causes[i], oneLine(err), causes[i+1]))
		}
		if e == nil || err != nil {
			stages = append(stages, stages[len(stages)-1])
			continue
		}
		stages = append(stages, stageOf(e.Lines))
	}
	stages = append(stages, stageOf(h.Lines))
	return attribution(BySubstitution, b, h, causes, stages, s.notes), nil
}

// substitution plans the systems between the base and the head.
type substitution struct {
	cat        *catalog.Catalog
	base, head Planned
	notes      []string
}

func (s *substitution) note(text string) {
	if !slices.Contains(s.notes, text) {
		s.notes = append(s.notes, text)
	}
}

// workload is the base under the head's workload.
func (s *substitution) workload() (*Estimate, error) {
	p, err := s.base.Result.Profile.WithWorkload(s.head.Result.Profile)
	if err != nil {
		return nil, err
	}
	return s.build(CauseWorkload, p, s.base.Options, s.machinesOf(s.base, s.base), s.machinesOf(s.base, s.head))
}

// model is the head's profile with the base's machines, purchase and prices.
// What the base does not have gets the head's machines.
func (s *substitution) model() (*Estimate, error) {
	heads := s.machinesOf(s.head, s.head)
	return s.build(CauseModel, s.withPurchase(s.withPins()), s.base.Options, s.machinesOf(s.head, s.base), heads)
}

// machines is the head with the base's purchase and prices.
func (s *substitution) machines() (*Estimate, error) {
	heads := s.machinesOf(s.head, s.head)
	return s.build(CauseMachines, s.withPurchase(s.head.Result.Profile), s.base.Options, heads, nil)
}

// purchase is the head at the base's prices.
func (s *substitution) purchase() (*Estimate, error) {
	return s.build(CausePurchase, s.head.Result.Profile, s.head.Options, s.machinesOf(s.head, s.head), nil)
}

// machinesOf are the machines, in the system of one result, that the other has
// for the same components; where it has none, its own.
func (s *substitution) machinesOf(system, from Planned) map[string]Machine {
	out := map[string]Machine{}
	for _, r := range []*Result{system.Result, from.Result} {
		for _, c := range r.Choices {
			_, known := out[c.Component.Name]
			if c.Layout.Type != nil && (known || r == system.Result) {
				out[c.Component.Name] = Machine{c.Layout.Type.Name, c.Layout.Storage.String()}
			}
		}
	}
	return out
}

// withPins is the head's profile with given machines of the base's type.
func (s *substitution) withPins() *workload.Profile {
	machines := s.machinesOf(s.head, s.base)
	return changed(s.head.Result.Profile, func(c *workload.Component) {
		if m, ok := machines[c.Name]; ok && c.Pin != nil {
			pin := *c.Pin
			pin.Type.V = m.Type
			c.Pin = &pin
		}
	})
}

// withPurchase gives a profile the purchase of the base's.
func (s *substitution) withPurchase(p *workload.Profile) *workload.Profile {
	base := s.base.Result.Profile
	q := changed(p, func(c *workload.Component) {
		if b, ok := base.Component(c.Name); ok {
			c.Purchase = b.Purchase
		}
	})
	q.Purchase = base.Purchase
	return q
}

// changed is a copy of a profile with changed copies of its components.
func changed(p *workload.Profile, do func(*workload.Component)) *workload.Profile {
	q := *p
	q.Components = make(strict.Map[*workload.Component], len(p.Components))
	for i, e := range p.Components {
		c := *e.V
		do(&c)
		e.V = &c
		q.Components[i] = e
	}
	return &q
}

// build plans a system with the base's tables and given machines. A machine
// that cannot carry its component is replaced by the second choice, and then
// by a free one.
func (s *substitution) build(cause string, p *workload.Profile, o Options, first, second map[string]Machine) (*Estimate, error) {
	vintage := s.base.Result.pricer.v.Name()
	q := *p
	q.Prices.Vintage = vintage
	// Discounts and the like are what is agreed on prices.
	q.Adjustments, o.Adjustments = s.base.Result.Profile.Adjustments, s.base.Options.Adjustments
	// The profile has been adjusted already; how it is bought stays an option.
	o.Vintage, o.Regions, o.Hours, o.Scope, o.Environment, o.Exhaustive = vintage, nil, 0, "", "", false
	o.Overlays, o.Force, o.Lean, o.Reuse = slices.Clone(s.base.Options.Overlays), first, true, nil
	o.ShowUnpriced = s.base.Options.ShowUnpriced || s.head.Options.ShowUnpriced
	own := o.Overlays
	lacks := s.lacking()
	for tries := 3*len(first) + 10; tries > 0; tries-- {
		if rows := lacks.overlay(); len(rows) > 0 {
			o.Overlays = append(slices.Clone(own), Overlay{File: "prices of the head", Data: rows})
			s.note("prices that the base's tables lack are taken from the head's")
		}
		r, err := Build(&q, s.cat, o)
		if err == nil {
			return r.Estimate, nil
		}
		var missing catalog.MissingPrices
		if errors.As(err, &missing) && lacks.add(missing) {
			continue
		}
		var none *Infeasible
		if !errors.As(err, &none) {
			return nil, err
		}
		forced, ok := o.Force[none.Component]
		if !ok {
			return nil, err
		}
		if m, other := second[none.Component]; other && m != forced {
			o.Force[none.Component] = m
		} else {
			delete(o.Force, none.Component)
		}
		s.note(fmt.Sprintf("%s: %s cannot be %s there; the change of its machine is part of %s", none.Component, none.Component, forced.Type, cause))
	}
	return nil, errors.New("no machines of the base or the head carry it")
}
