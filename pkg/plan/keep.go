package plan

import (
	"math"
	"slices"

	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// WorthMoving is the part of a component's running cost that pays for moving it, while
// a system grows. It is judged, and fitted to one case: of 10, 15, 20, 25 and 30 % the
// least with which no component of medium comes back to a type more than twice between
// 500 and 100,000 users.
const WorthMoving = 0.25

// Kept is what became of a machine that runs today.
type Kept struct {
	Machine Machine
	// Why says why it could not be held; zero where it was.
	Why remark.Remark
	// Free is what would be chosen today, once Plan.Alternatives has found it; nil where
	// that is the machine itself, and where it was not held.
	Free *Choice
}

// Held tells whether the machine was kept.
func (k *Kept) Held() bool { return k.Why.IsZero() }

// Equal tells whether two run the same.
func (r Runs) Equal(o Runs) bool { return r.Machine == o.Machine && r.Divided.Equal(o.Divided) }

// Runs is what runs of the plan, by component, as Options.Keep takes it.
func (p *Plan) Runs() map[string]Runs {
	out := map[string]Runs{}
	for _, c := range p.Choices {
		if c.Layout.Type != nil {
			c.Layout.Detail()
			out[c.Component.Name] = Runs{c.Machine(), c.Layout.DividedIn(p.Demand.Regions)}
		}
	}
	return out
}

// divided is how the data of components is divided already; given machines are taken as
// they are given.
func divided(p *workload.Profile, keep map[string]Runs) map[string]sizing.Divided {
	out := map[string]sizing.Divided{}
	for _, e := range p.Components {
		if r := keep[e.Key]; len(r.Divided) > 0 && e.V.Pin == nil {
			out[e.Key] = r.Divided
		}
	}
	return out
}

// Left names the components that left the machines which were to be kept for them.
func (p *Plan) Left() (names []string) {
	for _, c := range p.Choices {
		if c.Kept != nil && !c.Kept.Held() {
			names = append(names, c.Component.Name)
		}
	}
	return names
}

// Saves is what leaving a held machine for what would be chosen today takes off
// the monthly bill, and off the running cost. The bill may rise where the running
// cost falls.
func (c *Choice) Saves() (bill, running money.Amount) {
	if c.Kept == nil || c.Kept.Free == nil {
		return bill, running
	}
	now, then := c.Running(), c.Kept.Free.Running()
	return now.Bill.Minus(then.Bill), now.Total().Minus(then.Total())
}

// chosen is the machine that is kept for a component while it carries that, in whichever
// structure is cheapest on it, or else what has the lowest running cost.
func (s *search) chosen(c *sizing.Task, z sizing.Sizer) (*Choice, error) {
	runs, ok := s.keep[c.Component.Name]
	if !ok {
		return s.choose(c, z)
	}
	m := runs.Machine
	f, why, err := s.on(c, z, m)
	if err != nil {
		return nil, err
	}
	if f.best == nil {
		free, err := s.choose(c, z)
		if err == nil {
			free.Kept = &Kept{Machine: m, Why: why}
		}
		return free, err
	}
	kept, err := f.choice()
	if err != nil {
		return nil, err
	}
	kept.Kept = &Kept{Machine: m}
	if left, err := s.left(c, z, kept, f.best); left != nil || err != nil {
		return left, err
	}
	if s.free != nil {
		s.free[c.Component.Name], err = s.choose(c, z)
	}
	return kept, err
}

// left is what a kept machine is left for; nil where nothing saves as much. It looks only for
// what is cheap enough.
func (s *search) left(c *sizing.Task, z sizing.Sizer, kept *Choice, now *scored) (*Choice, error) {
	if s.leave == 0 {
		return nil, nil
	}
	others, err := s.contest(c, z)
	if err != nil {
		return nil, err
	}
	if now.cost.unpriced == 0 {
		others.ceiling = now.cost.running() * (1 - s.leave) * (1 + 1e-6) // leaves compares exactly
	}
	others.run(nil)
	if x := others.best; x == nil || x.cost.unpriced > now.cost.unpriced || x.cost.running() > others.ceiling {
		return nil, nil
	}
	free, err := others.choice()
	if err != nil || !s.leaves(kept, free) {
		return nil, err
	}
	return free, nil
}

// Alternatives finds what would be chosen today in the place of each machine that is held,
// with all others as they are: the last round of the search once more. It is for reports of a
// single plan.
func (p *Plan) Alternatives() error {
	held := func(c *Choice) bool { return c.Kept != nil && c.Kept.Held() }
	if p.search == nil || !slices.ContainsFunc(p.Choices, held) {
		return nil
	}
	s := *p.search
	s.sys, s.free = p.System.Again(p.Demand), map[string]*Choice{}
	s.sys.Ranking = ranking{&s}
	again := *p
	again.System, again.search, again.Choices, again.Order = s.sys, &s, nil, nil
	if err := again.round(); err != nil {
		return err
	}
	for _, c := range p.Choices {
		if free := s.free[c.Component.Name]; held(c) && free != nil && free.Machine() != c.Machine() {
			c.Kept.Free = free
		}
	}
	return nil
}

// leaves tells whether another machine saves enough of the running cost to leave a kept
// one for, and says so in what becomes of that.
func (s *search) leaves(kept, free *Choice) bool {
	now, then := kept.Running().Total(), free.Running().Total()
	if s.leave == 0 || then.Float64() >= now.Float64()*(1-s.leave) {
		return false
	}
	why := remark.New("kept.dear", "saves", now.Minus(then).Cents().Float64(), "part", s.leave)
	kept.Layout.Detail()
	if x, ok := Binding(kept.Layout); ok {
		why = why.With("resource", x.Of.Name)
	}
	free.Kept = &Kept{Machine: kept.Machine(), Why: why}
	return true
}

// on sizes a component on one machine; why says why that does not do.
func (s *search) on(c *sizing.Task, z sizing.Sizer, m Machine) (f *contest, why remark.Remark, err error) {
	if f, err = s.contest(c, z); err != nil {
		return nil, why, err
	}
	f.only(m, f.list)
	switch {
	case len(f.list) == 0:
		return f, remark.New("kept.not_allowed"), nil
	case len(f.ways[0].needs.Storages) == 0:
		return f, remark.New("kept.no_storage", "storage", m.Storage), nil
	}
	fits, rej := f.fits(&f.list[0], f.ways[0].needs.Storages[0], math.Inf(1))
	for _, x := range fits {
		f.challenge(x)
	}
	if len(fits) == 0 {
		why = rej.Remark("rejection.short")
	}
	return f, why, nil
}
