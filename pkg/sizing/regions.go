package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/workload"
)

// Location is a region where the component runs.
type Location struct {
	Index int // into Demand.Regions
	Name  string
	Zones int
	Warm  float64 // part of the full size at which a passive region runs
	// Peak are the greatest multipliers over the week.
	Peak capacity.Hour
	// Mean are the mean multipliers over the week.
	Mean capacity.Hour
	// Groups are the distinct multipliers over the hours of the week; see
	// (*Task).Scaled for pools that follow the load with a lag.
	Groups []capacity.Hour
	// Peaks are capacity.Peaks of Groups.
	Peaks []capacity.Hour
	// LostFrom is the region whose loss brings the most load here.
	LostFrom string
}

// PeakOwn is the greatest need over the week in the normal state.
func (r *Location) PeakOwn(l Linear) float64 {
	top := 0.0
	for _, g := range r.peaksOf(l) {
		top = max(top, l.Own(g))
	}
	return top
}

// PeakLost is the greatest need over the week with the worst other region
// lost; at least PeakOwn.
func (r *Location) PeakLost(l Linear) float64 {
	top := 0.0
	for _, g := range r.peaksOf(l) {
		top = max(top, l.Own(g), l.Lost(g))
	}
	return top
}

// peaksOf are hours in one of which a need is greatest.
func (r *Location) peaksOf(l Linear) []capacity.Hour {
	if l.Grows() {
		return r.Peaks
	}
	return r.Groups
}

// peak is the greatest need over the week: with another region's users where its loss
// must be survived.
func (p *Rules) peak(r *Location, l Linear) float64 {
	if p.Region {
		return r.PeakLost(l)
	}
	return r.PeakOwn(l)
}

// MeanOwn is the mean need over the week in the normal state.
func (r *Location) MeanOwn(l Linear) float64 {
	t := 0.0
	for _, g := range r.Groups {
		t += float64(l.Own(g) * float64(g.Hours))
	}
	return t / workload.Hours
}

// elsewhere is the part of random pairs of nodes that are in different zones.
func (r *Location) elsewhere() float64 { return 1 - 1/float64(r.Zones) }

// regions lists where a component runs, with the multipliers of its load.
// Pools that scale look lag hours ahead: capacity ordered now must carry the
// greatest load until it has come.
func regions(f *workload.Flow, l *workload.Load, lag int) []Location {
	d := f.Demand
	out := make([]Location, 0, len(l.Regions))
	for _, i := range l.Regions {
		rd := &d.Regions[i]
		r := Location{Index: i, Name: rd.Name, Zones: rd.Zones, Warm: rd.Warm, LostFrom: rd.LostFrom}
		r.Groups = group(ahead(hoursOf(f, l, i), lag))
		r.Peaks = capacity.Peaks(r.Groups)
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

// steady are the regions as a pool sees them that does not follow the load:
// one group of hours at the greatest multipliers, in passive regions too.
func steady(rs []Location) []Location {
	out := make([]Location, len(rs))
	for i, r := range rs {
		r.Groups, r.Warm = []capacity.Hour{peakOf(r)}, 1
		r.Peaks = r.Groups
		out[i] = r
	}
	return out
}

// peakOf is one group for the whole week with the greatest multipliers.
func peakOf(r Location) capacity.Hour {
	m := r.Peak
	m.Hours = workload.Hours
	return m
}

// meanOf is the mean of a need over the week, in the normal state and with a
// region lost.
func meanOf(r *Location, l Linear) (own, lost float64) {
	for _, g := range r.Groups {
		own += float64(l.Own(g) * float64(g.Hours))
		lost += float64(l.Lost(g) * float64(g.Hours))
	}
	return own / workload.Hours, lost / workload.Hours
}

// carries tells whether a load is carried in the region in the normal state:
// of scope primary it is in the first one only.
func (r *Location) carries(l *workload.Load) bool {
	return l.Scope != workload.ScopePrimary || len(l.Regions) > 0 && l.Regions[0] == r.Index
}

// runs tells whether a load is carried in a region.
func runs(l *workload.Load, region int) bool { return slices.Contains(l.Regions, region) }
