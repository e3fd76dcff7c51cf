package plan

import (
	"errors"
	"fmt"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// search chooses the machines of a system with a workload.
type search struct {
	sys    *sizing.System
	tables *Tables
	hours  float64 // that are billed a month
	whole  float64 // of a month under commitment
	nodeTypes
	storage bool // whether anything but nodes is priced
	*priceCache
	force    map[string]Machine // machines that are not chosen, by component
	keep     map[string]Machine // machines that are kept while they do, by component
	each     perNode
	weights  weights
	purchase string // option of the command line
}

// component sizes one component. One without nodes is deferred until all that
// has nodes is sized.
func (s *search) component(c *workload.Component, last bool) (_ *Choice, deferred bool, _ error) {
	k, ok := sizing.Find(c.Kind)
	if !ok {
		return nil, false, fmt.Errorf("component %s has the unknown kind %q", c.Name, c.Kind)
	}
	task := s.sys.Task(c)
	z, err := k.Prepare(task)
	if err != nil {
		var rej *sizing.Rejection
		if errors.As(err, &rej) {
			return nil, false, &Infeasible{Component: c.Name, Nearest: rej, Failing: 1, Tried: 1}
		}
		return nil, false, err
	}
	needs := z.Needs()
	var choice *Choice
	switch {
	case c.Pin != nil:
		choice, err = s.escalate(task, z, s.pinned)
	case needs.Nodes:
		if choice, err = s.escalate(task, z, s.choose); err == nil {
			choice, err = s.held(task, z, choice)
		}
	case c.Colocate == "" && !last:
		return nil, true, nil
	default:
		l, rej := z.Fit(nil, needs.Storages[0])
		if rej != nil {
			return nil, false, &Infeasible{Component: c.Name, Nearest: rej, Failing: 1, Tried: 1}
		}
		choice = &Choice{Component: c, Layout: l}
	}
	if err != nil {
		return nil, false, err
	}
	s.sys.Sized[c.Name] = choice.Layout
	return choice, false, nil
}

// escalate sizes a component, and where nothing carries it as it is, splits it
// further until something does (docs/model.md section 5: no feasible single
// primary). Given machines that cannot carry it even so are planned with, and
// warned of.
func (s *search) escalate(c *sizing.Task, z sizing.Sizer,
	try func(*sizing.Task, sizing.Sizer) (*Choice, error)) (*Choice, error) {
	first := error(nil)
	for splits := 0; ; splits++ {
		choice, err := try(c, z)
		var none *Infeasible
		if err == nil {
			if choice.Splits = splits; first != nil {
				choice.SplitFor = first.Error()
			}
			return choice, nil
		}
		if !errors.As(err, &none) {
			return nil, err
		}
		if first == nil {
			first = err
		}
		if next := splitFurther(z); next != nil {
			z = next
			continue
		}
		if c.Component.Pin != nil {
			return s.overwhelmed(c, none), nil
		}
		return nil, err
	}
}

// splitFurther is the component split once more; nil where it cannot be.
func splitFurther(z sizing.Sizer) sizing.Sizer {
	if e, ok := z.(sizing.Escalator); ok {
		return e.Escalate()
	}
	return nil
}

// choose finds the layout with the lowest running cost. It leaves out types and storages that are
// too dear to win; Survey, which leaves out nothing, finds the same.
func (s *search) choose(c *sizing.Task, z sizing.Sizer) (*Choice, error) {
	f, err := s.contest(c, z)
	if err != nil {
		return nil, err
	}
	begun := f.lastTime()
	floor := s.floorOf(z, f.needs, f.wanted)
	tried := 0
	for i := range f.list {
		k := &f.list[i]
		prune := f.best != nil && f.best.cost.unpriced == 0
		if prune && floor.allTooDear(k, f.best.cost.running()) {
			break
		}
		if prune && floor.tooDear(k, f.best.cost.running()) {
			continue
		}
		for j, st := range f.needs.Storages {
			if prune && (!st.On(k.t) || floor.tooDearOn(j, f.best.cost.running())) || begun.is(k, st) {
				continue
			}
			tried++
			x, rej := f.try(k, st)
			if rej != nil {
				f.missed.add(rej)
				continue
			}
			f.challenge(x)
		}
	}
	if f.best == nil {
		return nil, f.missed.infeasible(c.Component.Name, tried)
	}
	s.won[c.Component.Name] = machineOf(f.best.layout)
	return f.choice()
}
