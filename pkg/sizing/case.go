package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/workload"
)

// Case is one component to be sized: its spec, its load in every region and
// hour, the policy it is held to and the layouts of what was sized before it
// (its callers, and what they call).
type Case struct {
	Component *workload.Component
	Profile   *workload.Profile
	Flow      *workload.Flow
	Load      *workload.Load
	Catalog   *catalog.Catalog
	Vintage   *catalog.Vintage // says what is priced, never what it costs
	Policy    Policy
	Regions   []Region // where the component runs
	Growth    float64  // demand at the horizon / demand now, for what cannot be resized easily
	// NetworkKnown is false in vintages whose types have no network baseline:
	// network is then not checked, and the report says so.
	NetworkKnown bool
	// Sized holds the layouts of components sized before this one, by name.
	Sized  map[string]*Layout
	Speeds *catalog.Speeds
	Limits *catalog.Limits

	system *System
	late   string // see catchUpWhy
}

// Policy is the component's policy in plain numbers (docs/model.md section 4).
type Policy struct {
	Own, Degraded, Connections, Memory, Disk float64
	capacity.Survive
	SLO, SLODegraded SLO
}

// SLO is a component's aims for its response times, all of which must hold; the
// zero SLO is none. Percentile and Within are the highest percentile that is
// given.
type SLO struct {
	Percentile, Within float64
	// Lower are the other percentiles, from high to low; zero is none. Their
	// times are kept as differences to Within: what a request waits for in any
	// case, such as a commit's round trip, is taken off Within once, for all.
	Lower [4]LowerAim
}

// LowerAim is an aim below an SLO's highest percentile.
type LowerAim struct {
	Percentile float64
	Sooner     float64 // its time is the SLO's Within less this
}

// aims appends the aims one by one, the highest percentile first.
func (s *SLO) aims(to []queueing.SLO) []queueing.SLO {
	if s.Percentile == 0 {
		return to
	}
	to = append(to, queueing.SLO{Percentile: s.Percentile, Within: s.Within})
	for _, l := range s.Lower {
		if l.Percentile == 0 {
			break
		}
		to = append(to, queueing.SLO{Percentile: l.Percentile, Within: s.Within - l.Sooner})
	}
	return to
}

// with adds an aim below all that there are.
func (s SLO) with(percentile, within float64) SLO {
	if s.Percentile == 0 {
		return SLO{Percentile: percentile, Within: within}
	}
	for i := range s.Lower {
		if l := &s.Lower[i]; l.Percentile == 0 {
			*l = LowerAim{percentile, s.Within - within}
			break
		}
	}
	return s
}

// Region is a region where the component runs.
type Region struct {
	Index int // into Demand.Regions
	Name  string
	Zones int
	Warm  float64 // part of the full size at which a passive region runs
	// Peak are the greatest multipliers over the week.
	Peak capacity.Hour
	// Mean are the mean multipliers over the week.
	Mean capacity.Hour
	// Groups are the distinct multipliers over the hours of the week; see
	// (*Case).scaled for pools that follow the load with a lag.
	Groups []capacity.Hour
	// LostFrom is the region whose loss brings the most load here.
	LostFrom string
}

// Linear is short for capacity.Linear.
type Linear = capacity.Linear

// Need evaluates a figure of the load, such as requests per second, that is
// linear in it.
func (c *Case) Need(f func(*workload.Vec) float64) Linear {
	return Linear{Local: f(&c.Load.Local), Global: f(&c.Load.Global)}
}

// PeakOwn is the greatest need over the week in the normal state.
func (r *Region) PeakOwn(l Linear) float64 {
	top := 0.0
	for _, g := range r.Groups {
		top = math.Max(top, l.Own(g))
	}
	return top
}

// PeakLost is the greatest need over the week with the worst other region
// lost; at least PeakOwn.
func (r *Region) PeakLost(l Linear) float64 {
	top := 0.0
	for _, g := range r.Groups {
		top = math.Max(top, math.Max(l.Own(g), l.Lost(g)))
	}
	return top
}

// MeanOwn is the mean need over the week in the normal state.
func (r *Region) MeanOwn(l Linear) float64 {
	t := 0.0
	for _, g := range r.Groups {
		t += l.Own(g) * float64(g.Hours)
	}
	return t / workload.Hours
}

// regions lists where a component runs, with the multipliers of its load.
// Pools that scale look lag hours ahead: capacity ordered now must carry the
// greatest load until it has come.
func regions(f *workload.Flow, l *workload.Load, lag int) []Region {
	d := f.Demand
	out := make([]Region, 0, len(l.Regions))
	for _, i := range l.Regions {
		rd := &d.Regions[i]
		r := Region{Index: i, Name: rd.Name, Zones: rd.Zones, Warm: rd.Warm, LostFrom: rd.LostFrom}
		r.Groups = group(ahead(hoursOf(f, l, i), lag))
		for _, g := range r.Groups {
			r.Peak.Local = math.Max(r.Peak.Local, g.Local)
			r.Peak.Global = math.Max(r.Peak.Global, g.Global)
			r.Peak.LostLocal = math.Max(r.Peak.LostLocal, g.LostLocal)
			r.Peak.LostGlobal = math.Max(r.Peak.LostGlobal, g.LostGlobal)
			part := float64(g.Hours) / workload.Hours
			r.Mean.Local += float64(g.Local * part)
			r.Mean.Global += float64(g.Global * part)
			r.Mean.LostLocal += float64(g.LostLocal * part)
			r.Mean.LostGlobal += float64(g.LostGlobal * part)
		}
		out = append(out, r)
	}
	return out
}

// hoursOf are the multipliers of a load in a region in every hour of the week.
func hoursOf(f *workload.Flow, l *workload.Load, region int) *[workload.Hours]capacity.Hour {
	var hours [workload.Hours]capacity.Hour
	for h := range hours {
		m := &hours[h]
		m.Local, m.Global = f.Multipliers(l, region, h, false)
		m.LostLocal, m.LostGlobal = f.Multipliers(l, region, h, true)
	}
	return &hours
}

// ahead replaces every hour by the greatest multipliers from it to lag hours
// later, cyclic over the week.
func ahead(hours *[workload.Hours]capacity.Hour, lag int) *[workload.Hours]capacity.Hour {
	if lag <= 0 {
		return hours
	}
	var out [workload.Hours]capacity.Hour
	for h := range hours {
		m := hours[h]
		for k := 1; k <= lag && k < workload.Hours; k++ {
			o := &hours[(h+k)%workload.Hours]
			m.Local, m.Global = math.Max(m.Local, o.Local), math.Max(m.Global, o.Global)
			m.LostLocal, m.LostGlobal = math.Max(m.LostLocal, o.LostLocal), math.Max(m.LostGlobal, o.LostGlobal)
		}
		out[h] = m
	}
	return &out
}

// group joins hours with the same multipliers, in the order of the week. Most
// hours equal the same hour of the day before: it is asked first.
func group(hours *[workload.Hours]capacity.Hour) []capacity.Hour {
	out := make([]capacity.Hour, 0, 64)
	var at [workload.Hours]int
	for h, m := range hours {
		m.Hours = 0
		i := -1
		if h >= 24 && same(out[at[h-24]], m) {
			i = at[h-24]
		} else {
			i = slices.IndexFunc(out, func(o capacity.Hour) bool { return same(o, m) })
		}
		if i < 0 {
			i = len(out)
			out = append(out, m)
		}
		out[i].Hours++
		at[h] = i
	}
	return out
}

// same compares multipliers, whatever their hours.
func same(m, o capacity.Hour) bool {
	o.Hours = m.Hours
	return m == o
}

// Scaled are the component's regions as a pool sees them that follows the load
// with a lag of so many hours.
func (c *Case) Scaled(lag int) []Region { return c.system.regionsOf(c.Load, lag) }
