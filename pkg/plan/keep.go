package plan

import (
	"math"

	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
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
	// Free is what would be chosen today; nil where that is the machine itself, and
	// where it was not held.
	Free *Choice
}

// Held tells whether the machine was kept.
func (k *Kept) Held() bool { return k.Why.IsZero() }

// Machines are the machines of the plan by component, as Options.Keep takes them.
func (p *Plan) Machines() map[string]Machine {
	out := map[string]Machine{}
	for _, c := range p.Choices {
		if c.Layout.Type != nil {
			out[c.Component.Name] = c.Machine()
		}
	}
	return out
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

// held replaces a choice by the machine that is kept for its component, if that
// carries it, in whichever structure is cheapest on it.
func (s *search) held(c *sizing.Task, z sizing.Sizer, free *Choice) (*Choice, error) {
	m, ok := s.keep[c.Component.Name]
	if !ok {
		return free, nil
	}
	free.Kept = &Kept{Machine: m}
	if free.Machine() == m {
		return free, nil
	}
	f, why, err := s.on(c, z, m)
	if err != nil || f.best == nil {
		free.Kept.Why = why
		return free, err
	}
	kept, err := f.choice()
	if err != nil {
		return nil, err
	}
	if now, then := kept.Running().Total(), free.Running().Total(); s.leave > 0 &&
		then.Float64() < now.Float64()*(1-s.leave) {
		free.Kept.Why = remark.New("kept.dear", "saves", now.Minus(then).Cents().Float64(), "part", s.leave)
		return free, nil
	}
	kept.Kept = &Kept{Machine: kept.Machine(), Free: free}
	free.Kept = nil
	return kept, nil
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
