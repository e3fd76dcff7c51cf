package workload

import (
	"math"

	"headroom/pkg/portable"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// A year has 52 weeks and 12 months here, so that a month is 52/12 weeks.
const (
	WeeksAYear  = 52
	MonthsAYear = 12
)

// MonthOfWeek is the month in which a week begins, both counted from 0.
func MonthOfWeek(week int) int { return week * MonthsAYear / WeeksAYear }

// FirstWeek is the first week that begins in a month, both counted from 0.
func FirstWeek(month int) int { return (month*WeeksAYear + MonthsAYear - 1) / MonthsAYear }

// AtMonth is the demand in a month as a multiple of what the profile states: compound
// growth and phases. Events are not in it; they are added where a component cannot be resized
// for their length. A phase that begins in month 0 counts from the start, and one that begins
// in a week of the month counts in all of it.
func (g *Growth) AtMonth(m int) float64 {
	f := portable.Pow(1+float64(g.Monthly.V), float64(m))
	for i := range g.Phases {
		if m >= g.Phases[i].StartMonth() {
			f = float64(f * float64(g.Phases[i].Multiplier.V))
		}
	}
	return f
}

// grows tells whether another version of the profile grows in the same way.
func (g *Growth) grows(o *Growth) bool {
	same := len(g.Phases) == len(o.Phases) && (len(g.Phases) == 0 || &g.Phases[0] == &o.Phases[0])
	return same && g.Monthly.V == o.Monthly.V
}

// at is the demand at the time of a situation, as a multiple of what the profile states:
// of its week, where it names one, else of its month.
func (g *Growth) at(s Situation) float64 {
	f := g.AtMonth(s.Month)
	if s.Week != nil {
		f = portable.Pow(1+float64(g.Monthly.V), float64(s.Month))
		for i := range g.Phases {
			if *s.Week >= g.Phases[i].StartWeek() {
				f = float64(f * float64(g.Phases[i].Multiplier.V))
			}
		}
	}
	if s.Surge > 0 {
		f = float64(f * s.Surge)
	}
	return f
}

// StartMonth is the month in which the phase begins.
func (p *Phase) StartMonth() int { return startMonth(p.Month, p.Week) }

// StartWeek is the first week of the phase.
func (p *Phase) StartWeek() int { return startWeek(p.Month, p.Week) }

// startMonth is the month in which something begins that has a month or a week.
func startMonth(month, week strict.Value[unit.Count]) int {
	if week.Set {
		return MonthOfWeek(int(week.V))
	}
	return int(month.V)
}

// startWeek is the first week of something that has a month or a week.
func startWeek(month, week strict.Value[unit.Count]) int {
	if week.Set {
		return int(week.V)
	}
	return FirstWeek(int(month.V))
}

// Check wants one start.
func (p *Phase) Check(c *strict.Checker) { oneStart(c, "phase "+p.Name, p.Month.Set, p.Week.Set) }

// Check wants one start.
func (e *Event) Check(c *strict.Checker) { oneStart(c, "event "+e.Name, e.Month.Set, e.Week.Set) }

func oneStart(c *strict.Checker, what string, month, week bool) {
	if month == week {
		c.Errorf(c.At("month"), "write month: 3, or week: 13", "%s must start in a month or in a week", what)
	}
}

// Hours is for how many hours the event lasts between two times, which are counted in
// months from the start; hours are those of a month.
func (e *Event) Hours(from, to, hours float64) float64 {
	start := float64(float64(e.Month.V) * hours)
	if e.Week.Set {
		start = float64(float64(e.Week.V) * MonthsAYear / WeeksAYear * hours)
	}
	from, to = float64(from*hours), float64(to*hours)
	length := float64(e.Duration.V) / 3600
	if start >= from && start+length <= to {
		return length
	}
	return math.Max(0, math.Min(start+length, to)-math.Max(start, from))
}
