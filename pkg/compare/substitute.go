package compare

import (
	"errors"
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// Attribute splits the difference of two planned systems into the effects of
// workload, model, machines, purchase and unit prices (docs/model.md section 12):
// the head's take the place of the base's in this order, and each time the
// system is planned again. A step that cannot be planned has no effect of its
// own; what it would have done is then part of the next one, and a note says
// so.
func Attribute(base, head *bill.Result) Attribution {
	s := substitution{base: base, head: head}
	b, h := base.Estimate, head.Estimate
	causes := []string{CauseWorkload, CauseModel, CauseMachines, CausePurchase, CausePrices}
	steps := []func() (*bill.Estimate, error){s.workload, s.model, s.machines, s.purchase}
	stages := []stage{stageOf(b)}
	for i, step := range steps {
		e, err := step()
		var missing catalog.MissingPrices
		switch {
		case errors.As(err, &missing), err == nil && e == nil:
			s.note(remark.New("diff.unpriced_step", "cause", causes[i], "part_of", causes[i+1]))
		case err != nil:
			s.note(remark.New("diff.failed_step", "cause", causes[i], "error", first(err).Error(),
				"part_of", causes[i+1]))
		}
		if e == nil || err != nil {
			stages = append(stages, stages[len(stages)-1])
			continue
		}
		stages = append(stages, stageOf(e))
	}
	stages = append(stages, stageOf(h))
	return split{BySubstitution, b, h, causes, stages, s.notes}.attribution()
}

// first is the first problem of an error that has several.
func first(err error) error {
	var problems diag.Problems
	if errors.As(err, &problems) && len(problems) > 0 {
		return problems[0]
	}
	return err
}

// substitution plans the systems between the base and the head.
type substitution struct {
	base, head *bill.Result
	notes      []remark.Remark
}

// note keeps a remark, once.
func (s *substitution) note(r remark.Remark) {
	if !slices.ContainsFunc(s.notes, r.Equal) {
		s.notes = append(s.notes, r)
	}
}

// workload is the base under the head's workload.
func (s *substitution) workload() (*bill.Estimate, error) {
	p, err := s.base.Plan.Profile.WithWorkload(s.head.Plan.Profile)
	if err != nil {
		return nil, err
	}
	return s.build(CauseWorkload, p, s.base.Request, machinesOf(s.base, s.base), machinesOf(s.base, s.head))
}

// model is the head's profile with the base's machines, purchase and prices.
// What the base does not have gets the head's machines.
func (s *substitution) model() (*bill.Estimate, error) {
	heads := machinesOf(s.head, s.head)
	return s.build(CauseModel, s.withPurchase(s.withPins()), s.base.Request, machinesOf(s.head, s.base), heads)
}

// machines is the head with the base's purchase and prices.
func (s *substitution) machines() (*bill.Estimate, error) {
	heads := machinesOf(s.head, s.head)
	return s.build(CauseMachines, s.withPurchase(s.head.Plan.Profile), s.base.Request, heads, nil)
}

// purchase is the head at the base's prices.
func (s *substitution) purchase() (*bill.Estimate, error) {
	return s.build(CausePurchase, s.head.Plan.Profile, s.head.Request, machinesOf(s.head, s.head), nil)
}

// machinesOf are the machines, in the system of one result, that the other has
// for the same components; where it has none, its own.
func machinesOf(system, from *bill.Result) map[string]plan.Machine {
	out := map[string]plan.Machine{}
	for _, r := range []*bill.Result{system, from} {
		for _, c := range r.Plan.Choices {
			_, known := out[c.Component.Name]
			if c.Layout.Type != nil && (known || r == system) {
				out[c.Component.Name] = c.Machine()
			}
		}
	}
	return out
}

// withPins is the head's profile with given machines of the base's type.
func (s *substitution) withPins() *workload.Profile {
	machines := machinesOf(s.head, s.base)
	return s.head.Plan.Profile.Changed(func(c *workload.Component) {
		if m, ok := machines[c.Name]; ok && c.Pin != nil {
			pin := *c.Pin
			pin.Type.V = m.Type
			c.Pin = &pin
		}
	})
}

// withPurchase gives a profile the purchase of the base's.
func (s *substitution) withPurchase(p *workload.Profile) *workload.Profile {
	base := s.base.Plan.Profile
	q := p.Changed(func(c *workload.Component) {
		if b, ok := base.Component(c.Name); ok {
			c.Purchase = b.Purchase
		}
	})
	q.Purchase = base.Purchase
	return q
}

// build plans a system with the base's tables and given machines. A machine
// that cannot carry its component is replaced by the second choice, and then
// by a free one.
func (s *substitution) build(cause string, p *workload.Profile, r bill.Request,
	first, second map[string]plan.Machine) (*bill.Estimate, error) {
	d, err := s.demand(p)
	if err != nil {
		return nil, err
	}
	r.Overlays, r.Force, r.Reuse = slices.Clone(s.base.Request.Overlays), first, nil
	// Discounts and the like are what is agreed on prices.
	r.Adjustments = s.base.Request.Adjustments
	r.ShowUnpriced = s.base.Request.ShowUnpriced || s.head.Request.ShowUnpriced
	own := r.Overlays
	lacks := s.lacking()
	for tries := 3*len(first) + 10; tries > 0; tries-- {
		if rows := lacks.overlay(); len(rows) > 0 {
			r.Overlays = append(slices.Clone(own), plan.Overlay{File: "prices of the head", Data: rows})
			s.note(remark.New("diff.prices_of_head"))
		}
		out, err := r.Again(d, s.base.Catalog)
		if err == nil {
			return out.Estimate, nil
		}
		var missing catalog.MissingPrices
		if errors.As(err, &missing) && lacks.add(missing) {
			continue
		}
		var none *plan.Infeasible
		if !errors.As(err, &none) {
			return nil, err
		}
		forced, ok := r.Force[none.Component]
		if !ok {
			return nil, err
		}
		if m, other := second[none.Component]; other && m != forced {
			r.Force[none.Component] = m
		} else {
			delete(r.Force, none.Component)
		}
		s.note(remark.New("diff.other_machine", "component", none.Component, "machine", forced.Type, "part_of", cause))
	}
	return nil, errors.New("no machines of the base or the head carry it")
}

// demand is that of a profile at the base's tables and with its adjustments, in
// the head's situation: all steps have the head's workload.
func (s *substitution) demand(p *workload.Profile) (*workload.Demand, error) {
	q := *p
	q.Prices.Vintage = s.base.Plan.Tables.Vintage.Name()
	q.Adjustments = s.base.Plan.Profile.Adjustments
	return q.In(s.head.Plan.Demand.Situation)
}
