package plan

import (
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
)

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
// carries it with no more splits than the choice.
func (s *search) held(c *sizing.Task, z sizing.Sizer, free *Choice) (*Choice, error) {
	m, ok := s.keep[c.Component.Name]
	if !ok {
		return free, nil
	}
	kept := &Kept{Machine: m}
	free.Kept = kept
	if free.Machine() == m {
		return free, nil
	}
	for splits := 0; z != nil && splits <= free.Splits; splits++ {
		why, f, err := s.on(c, z, m)
		if err != nil {
			return nil, err
		}
		if f.best != nil {
			return f.instead(free, splits)
		}
		if splits == 0 {
			kept.Why = why
		}
		z = splitFurther(z)
	}
	return free, nil
}

// instead is the machine that is held, in the place of what would be chosen.
func (f *contest) instead(free *Choice, splits int) (*Choice, error) {
	c, err := f.choice()
	if err != nil {
		return nil, err
	}
	if c.Splits = splits; splits > 0 {
		c.SplitFor = free.SplitFor
	}
	c.Kept = &Kept{Machine: c.Machine(), Free: free}
	free.Kept = nil
	return c, nil
}

// on sizes a component on one machine; why says why that does not do.
func (s *search) on(c *sizing.Task, z sizing.Sizer, m Machine) (why remark.Remark, f *contest, err error) {
	if f, err = s.contest(c, z); err != nil {
		return why, nil, err
	}
	f.only(m, f.list)
	switch {
	case len(f.list) == 0:
		return remark.New("kept.not_allowed"), f, nil
	case len(f.needs.Storages) == 0:
		return remark.New("kept.no_storage", "storage", m.Storage), f, nil
	}
	var rej *sizing.Rejection
	if f.best, rej = f.try(&f.list[0], f.needs.Storages[0]); rej != nil {
		return rej.Remark("rejection.short"), f, nil
	}
	return why, f, nil
}
