package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// stored is how many logical bytes a component keeps: at the end of the month at
// hand, and the most at any time up to the end of the lead month and of the
// horizon. atPeak is new data in logical bytes/s at the peak of all users, mean the
// mean multiplier of the load over the week (docs/model.md section 1, "Growth").
//
// What existed at the start (data.dataset) stays; what is written is kept for
// data.retention, without it for ever.
func (c *Task) stored(atPeak, mean float64) (now, lead, horizon float64) {
	start := float64(c.Profile.Data.Dataset.V)
	d := c.Flow.Demand
	by := func(month int) float64 { return start + c.written(atPeak, mean, month+1) }
	now, lead = by(d.Month), by(d.LeadMonth)
	return now, lead, math.Max(lead, by(int(d.Months)))
}

// written is the most new data kept at any time in so many months from the
// start; atPeak is of now.
func (c *Task) written(atPeak, mean float64, months int) float64 {
	g := c.growing(atPeak, mean, months, c.Profile.Data.Retention)
	return g.most()
}

// keeps is how many bytes a component keeps in a region that starts with so many, in the
// mean of the month at hand, and at the end of the lead month and of the horizon; part is
// how much it keeps of what is written.
func (c *Task) keeps(r *Location, start, part float64) (now, lead, horizon float64) {
	if !r.carries(c.Load) && !c.Policy.Region {
		return 0, 0, 0
	}
	data := c.Need((*workload.Vec).Data).Scale(part)
	mean := 0.0
	for h := range workload.Hours {
		local, global := c.Flow.Multipliers(c.Load, r.Index, h, !r.carries(c.Load))
		mean += data.Own(capacity.Hour{Local: local, Global: global}) / workload.Hours
	}
	d := c.Flow.Demand
	by := func(month int) float64 { return start + c.written(1, mean, month+1) }
	now, lead = start+c.meanKept(1, mean, c.Profile.Data.Retention), by(d.LeadMonth)
	return now, lead, math.Max(lead, by(int(d.Months)))
}

// sizedFor says of volumes that grow that they are as large as the lead month asks.
// adds tells whether what is written stays beside what is there; a log keeps the
// writes of a fixed time.
func (c *Task) sizedFor(volumes []Usage, adds bool) []Usage {
	d := c.Flow.Demand
	adds = adds && c.Load.Local.Data()+c.Load.Global.Data() > 0
	if d.LeadMonth == d.Month || d.Lead <= 1 && !adds {
		return volumes
	}
	for i := range volumes {
		volumes[i].Of = Moment{Grows: true, Month: d.LeadMonth}
	}
	return volumes
}

// meanNow says of a volume that it is the mean of the month at hand.
func (c *Task) meanNow(grows bool) Moment {
	if !grows {
		return Moment{}
	}
	return Moment{Grows: true, Month: c.Flow.Demand.Month, Mean: true}
}

// growing is the new data of a component over the months from the start.
type growing struct {
	written []float64 // until the end of month i, the first being 0
	window  float64   // months for which it is kept; +Inf for ever
}

// growing is what is written in so many months, and kept for a time or, without
// one, for ever; atPeak is of now.
func (c *Task) growing(atPeak, mean float64, months int, kept *strict.Value[unit.Duration]) growing {
	d := c.Flow.Demand
	monthly := d.Monthly(atPeak, mean)
	if d.Factor > 0 {
		monthly /= d.Factor // as the profile states it
	}
	g := growing{written: make([]float64, months+1), window: math.Inf(1)}
	for m := range months {
		g.written[m+1] = g.written[m] + float64(monthly*(d.AtMonth(m)+c.events(m)))
	}
	if kept != nil {
		g.window = float64(kept.V) / (3600 * d.Hours)
	}
	return g
}

// until is what was written from the start to a time, in months.
func (g *growing) until(m float64) float64 {
	if m <= 0 {
		return 0
	}
	i := int(m)
	if i >= len(g.written)-1 {
		return g.written[len(g.written)-1]
	}
	return g.written[i] + float64((m-float64(i))*(g.written[i+1]-g.written[i]))
}

// kept is what is there of it at a time.
func (g *growing) kept(m float64) float64 { return g.until(m) - g.until(m-g.window) }

// most is the most of it at any time.
func (g *growing) most() float64 {
	most, end := 0.0, float64(len(g.written)-1)
	// What is kept is linear between the ends of months and the times at which
	// a month's first writes expire.
	for m := range g.written {
		for _, x := range [2]float64{float64(m), math.Min(float64(m)+g.window, end)} {
			most = math.Max(most, g.kept(x))
		}
	}
	return most
}

// mean is the mean of it over a month, which is what stores bill that have no
// size of their own. In between it is bent once at most, where the first writes of a
// month expire.
func (g *growing) mean(month int) float64 {
	from := float64(month)
	to, bend := from+1, from
	if first := math.Ceil(from - g.window); first >= 0 && first+g.window < to {
		bend = first + g.window
	}
	between := func(a, b float64) float64 { return float64((b - a) * (g.kept(a) + g.kept(b)) / 2) }
	return between(from, bend) + between(bend, to)
}

// meanKept is the new data of a component that is kept, in the mean of the month at hand;
// the rest as in growing.
func (c *Task) meanKept(atPeak, mean float64, kept *strict.Value[unit.Duration]) float64 {
	m := c.Flow.Demand.Month
	g := c.growing(atPeak, mean, m+1, kept)
	return g.mean(m)
}

// events is what growth.events add to a month's volume, as a multiple of the
// volume of month 0.
func (c *Task) events(month int) float64 {
	g, d, t := &c.Profile.Growth, c.Flow.Demand, 0.0
	for i := range g.Events {
		e := &g.Events[i]
		part := e.Hours(float64(month), float64(month)+1, d.Hours) / d.Hours
		if part == 0 || e.Multiplier.V <= 1 ||
			len(e.Components) > 0 && !slices.Contains(e.Components, c.Component.Name) {
			continue
		}
		t += float64(d.AtMonth(month) * (float64(e.Multiplier.V) - 1) * part)
	}
	return t
}

// monthly is a month's volume in a region, now, of what flows at a rate linear
// in the load; units are those of the rate times seconds.
func (c *Task) monthly(r *Location, rate Linear) float64 {
	return c.Flow.Demand.Monthly(1, r.MeanOwn(rate))
}

// sentFrom is a month's volume, now, that comes from the users of one of the demand's
// regions.
func (c *Task) sentFrom(region int, rate Linear) float64 {
	d := c.Flow.Demand
	return d.Monthly(rate.Local+rate.Global, d.Regions[region].Own.Mean())
}

// window is the most that flows into a region in any stretch of so many
// seconds, in the month at hand: what a store keeps that deletes after that time.
// rate is linear in the load, such as logical bytes/s.
func (c *Task) window(r *Location, rate Linear, seconds float64) float64 {
	d := c.Flow.Demand
	var cum [2*workload.Hours + 1]float64
	for h := range 2 * workload.Hours {
		local, global := c.Flow.Multipliers(c.Load, r.Index, h%workload.Hours, false)
		cum[h+1] = cum[h] + float64(rate.Own(capacity.Hour{Local: local, Global: global})/d.Intra*3600)
	}
	hours := seconds / 3600
	weeks := math.Floor(hours / workload.Hours)
	rest := hours - float64(weeks*workload.Hours)
	at := func(h float64) float64 {
		i := int(h)
		if i >= 2*workload.Hours {
			return cum[2*workload.Hours]
		}
		return cum[i] + float64((h-float64(i))*(cum[i+1]-cum[i]))
	}
	most := 0.0
	// The greatest stretch begins or ends on an hour.
	for h := range workload.Hours {
		end := float64(h + workload.Hours)
		most = math.Max(most, math.Max(at(float64(h)+rest)-cum[h], at(end)-at(end-rest)))
	}
	if hours < 1 {
		// The worst minutes lie within the worst hour, and make no more of it.
		peak := r.PeakOwn(rate)
		most = math.Min(peak*seconds, peak/d.Intra*3600)
	}
	return float64(weeks*cum[workload.Hours]) + most
}

// volumesOnly refuses, for a kind that keeps its data on volumes whatever the storage, a machine
// that has none, and one of which it is not known what it exchanges with them.
func volumesOnly(t *catalog.NodeType) *Rejection {
	switch bandwidth := t.EBS.BaselineThroughput; {
	case t.Own:
		return &Rejection{Resource: "storage", Why: remark.New("disks.volumes_only")}
	case !bandwidth.OK:
		return &Rejection{Resource: "EBS bandwidth", Why: known(bandwidth)}
	}
	return nil
}
