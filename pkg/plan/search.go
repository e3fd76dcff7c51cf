package plan

import (
	"errors"
	"fmt"
	"math"

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
	keep     map[string]Runs    // machines that are kept while they do, by component
	leave    float64            // part of the running cost for which they are left
	each     perNode
	weights  weights
	own      *sites
	free     map[string]*Choice // what would be chosen in the place of held machines; see Alternatives
	purchase string             // option of the command line
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
		choice, err = s.asGiven(task, z)
	case needs.Nodes:
		choice, err = s.chosen(task, z)
	case c.Colocate == "" && !last:
		return nil, true, nil
	default:
		l, rej := sizing.Fit(z, nil, needs.Storages[0])
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

// structures are the ways in which a component can be built.
func structures(z sizing.Sizer) []sizing.Sizer {
	if x, ok := z.(sizing.Structured); ok {
		return x.Structures()
	}
	return []sizing.Sizer{z}
}

// asGiven checks given machines: in the first structure in which they carry the load.
// Machines that do not in any are planned with, and warned of.
func (s *search) asGiven(c *sizing.Task, z sizing.Sizer) (*Choice, error) {
	var first *Infeasible
	for i, z := range structures(z) {
		choice, err := s.pinned(c, z)
		var none *Infeasible
		switch {
		case err == nil:
			choice.Structure = i
			return choice, nil
		case !errors.As(err, &none):
			return nil, err
		case first == nil:
			first = none
		}
	}
	return s.overwhelmed(c, first), nil
}

// choose finds the layout of all structures with the lowest running cost. It leaves
// out types and storages that are too dear to win; Survey, which leaves out nothing,
// finds the same.
func (s *search) choose(c *sizing.Task, z sizing.Sizer) (*Choice, error) {
	f, err := s.contest(c, z)
	if err != nil {
		return nil, err
	}
	if f.run(f.lastTime()); f.best == nil {
		return nil, f.missed.infeasible(c.Component.Name, f.tried)
	}
	s.won[c.Component.Name] = machineOf(f.best.layout)
	return f.choice()
}

// run lets all structures, types and storages challenge the best so far; begun is the
// layout with which the contest began.
func (f *contest) run(begun *scored) {
	for i := range f.ways {
		if w := &f.ways[i]; len(w.needs.Storages) > 0 { // none where another machine is asked for, see only
			f.runIn(w, begun)
		}
	}
}

func (f *contest) runIn(w *way, begun *scored) {
	if len(w.needs.Storages) == 0 {
		return // nothing holds what it stores
	}
	floor := f.floor(w)
	for i := range f.list {
		k := &f.list[i]
		limit := f.limit()
		if floor.allTooDear(k, limit) {
			break
		}
		if floor.tooDear(k, limit) {
			continue
		}
		bounded := !math.IsInf(limit, 1) // else what no such disk fits on is named with the rest
		for j, st := range w.needs.Storages {
			if bounded && (!st.On(k.t) || floor.tooDearOn(k, j, limit)) || begun.is(w, k, st) {
				continue
			}
			f.tried++
			x, rej := f.try(w, k, st, f.limit())
			if rej != nil {
				f.missed.add(rej)
				continue
			}
			f.challenge(x)
		}
	}
}
