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
	fits, rej := f.fits(&f.list[0], f.ways[0].needs.Storages[0])
	for _, x := range fits {
		f.challenge(x)
	}
	if len(fits) == 0 {
		why = rej.Remark("rejection.short")
	}
	return f, why, nil
}
