package purchase

import (
	"fmt"
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
)

// Lot is the nodes of one type, component and region that are bought together.
type Lot struct {
	Name  string // the component, as --commit names it
	Slots []Slot // slot k runs when the pool has at least k nodes: the most needed first
	// Interruptible says that nodes may be reclaimed at any time: without it
	// spot is never taken.
	Interruptible bool
	// MaxSpot is the most of a month's nodes on spot that the reclaim rule
	// allows (see MaxSpot), month by month; the last month holds for those after
	// it. It counts only where Interruptible.
	MaxSpot []int
}

// Slot is one node of a pool.
type Slot struct {
	// Duty is the part of the hours in which the node is needed, month by
	// month; the last month holds for those after it.
	Duty []float64
}

// maxSlots bounds a pool (sizing bounds it too).
const maxSlots = 1_000_001

func (p *Lot) check() error {
	if len(p.Slots) > maxSlots {
		return fmt.Errorf("pool %s has %d nodes, more than %d", p.Name, len(p.Slots), maxSlots)
	}
	for k, s := range p.Slots {
		if len(s.Duty) == 0 {
			return fmt.Errorf("pool %s: node %d has no duty", p.Name, k+1)
		}
		for m, u := range s.Duty {
			if !(u >= 0 && u <= 1) {
				return fmt.Errorf("pool %s: node %d is needed in %g of the hours of month %d; "+
					"that is a part between 0 and 1", p.Name, k+1, u, m)
			}
			if k > 0 && u > p.Slots[k-1].month(m)+tie {
				return fmt.Errorf("pool %s: node %d is needed in more hours of month %d than node %d; "+
					"the most needed come first", p.Name, k+1, m, k)
			}
		}
	}
	if p.Interruptible && len(p.MaxSpot) == 0 && len(p.Slots) > 0 {
		return fmt.Errorf("pool %s is interruptible, but how much of it may be spot is not known", p.Name)
	}
	return nil
}

// month is the duty in a month.
func (s *Slot) month(m int) float64 { return s.Duty[min(m, len(s.Duty)-1)] }

// Counts are the hours of a week by number of nodes, of a sized pool.
func Counts(p sizing.Pool) []capacity.NodeHours {
	if len(p.ByHour) > 0 {
		return p.ByHour
	}
	if p.Min == p.Max || p.Mean >= float64(p.Max) {
		return []capacity.NodeHours{{Nodes: p.Max, Hours: 168}}
	}
	return nil
}

// Slots numbers the nodes of a pool over a week, or over one week for each
// month. scheduled is the part of the hours in which the pool runs at all (an
// environment that sleeps at night); 1 for production. A month whose hours are
// not known (Counts is nil) counts none.
func Slots(scheduled unit.Fraction, months ...[]capacity.NodeHours) []Slot {
	n := 0
	for _, counts := range months {
		for _, c := range counts {
			n = max(n, c.Nodes)
		}
	}
	n = min(max(n, 0), maxSlots)
	flat := make([]float64, n*len(months))
	slots := make([]Slot, n)
	for k := range slots {
		slots[k].Duty = flat[k*len(months) : (k+1)*len(months) : (k+1)*len(months)]
	}
	for m, counts := range months {
		fewer := func(a, b capacity.NodeHours) int { return b.Nodes - a.Nodes }
		sorted := slices.SortedFunc(slices.Values(counts), fewer)
		total := 0
		for _, c := range sorted {
			total += c.Hours
		}
		if total <= 0 {
			continue
		}
		// From the greatest count down: hours in which at least k nodes run.
		above, i := 0, 0
		for k := n; k >= 1; k-- {
			for ; i < len(sorted) && sorted[i].Nodes >= k; i++ {
				above += sorted[i].Hours
			}
			slots[k-1].Duty[m] = float64(scheduled) * float64(above) / float64(total)
		}
	}
	return slots
}

// Between numbers the nodes of a pool of which only the least, the most and
// the mean number are known: those above the least share the rest evenly.
func Between(scheduled unit.Fraction, least, most int, mean float64) []Slot {
	if most < 1 || most > maxSlots || least < 0 || least > most {
		return nil
	}
	slots := make([]Slot, most)
	for k := range slots {
		u := 1.0
		if k >= least {
			u = math.Min(1, math.Max(0, (mean-float64(least))/float64(most-least)))
		}
		slots[k].Duty = []float64{float64(u * float64(scheduled))}
	}
	return slots
}

// SlotsOf numbers the nodes of a sized pool over a week.
func SlotsOf(scheduled unit.Fraction, p *sizing.Pool) []Slot {
	if counts := Counts(*p); counts != nil {
		return Slots(scheduled, counts)
	}
	return Between(scheduled, p.Min, p.Max, p.Mean)
}

// MaxSpot is the reclaim rule: the most of n nodes that may be spot, spread
// evenly over types and zones, so that when all spot of the largest (type,
// zone) pool vanishes, at least `left` nodes remain. left is the number that
// passes the degraded target (0.85) at peak.
func MaxSpot(n, left, types, zones int) int {
	if n <= left || types < 1 || zones < 1 {
		return 0
	}
	lose := min(n-left, n)
	if lose >= n || types >= n || zones >= n || types*zones >= n {
		return n
	}
	return min(n, lose*types*zones)
}

// group is consecutive slots with the same duty: slots[from:to].
type group struct{ from, to int }

// groups collects slots of equal duty.
func (p *Lot) groups() []group {
	var out []group
	for k := range p.Slots {
		if n := len(out); n > 0 && slices.Equal(p.Slots[k-1].Duty, p.Slots[k].Duty) {
			out[n-1].to = k + 1
			continue
		}
		out = append(out, group{k, k + 1})
	}
	return out
}

// needed is how many nodes run at the peak of a month.
func (p *Lot) needed(m int) int {
	n, _ := slices.BinarySearchFunc(p.Slots, 0, func(s Slot, _ int) int {
		if s.month(m) > 0 {
			return -1
		}
		return 1
	})
	return n
}

// months is how many months are told apart: the last holds for those after it.
func (p *Lot) months() int {
	n := 1
	for k := range p.Slots {
		n = max(n, len(p.Slots[k].Duty))
	}
	if p.Interruptible {
		n = max(n, len(p.MaxSpot))
	}
	return n
}

// maxSpot is the reclaim rule's bound in a month.
func (p *Lot) maxSpot(m int) int {
	if !p.Interruptible {
		return 0
	}
	return p.MaxSpot[min(m, len(p.MaxSpot)-1)]
}

// first is how many nodes the pool has in the first month; all of them where
// none is needed then.
func (p *Lot) first() int {
	if n := p.needed(0); n > 0 {
		return n
	}
	return len(p.Slots)
}

// idle tells whether a slot is needed in no month.
func (s *Slot) idle() bool {
	return !slices.ContainsFunc(s.Duty, func(u float64) bool { return u > 0 })
}
