package workload

import (
	"math"

	"headroom/pkg/unit"
)

// Demand is what users ask of the whole system in a situation, derived from a
// profile (docs/model.md section 1).
type Demand struct {
	Profile *Profile // as it is in the situation
	// Situation is what the profile does not show of it: the time, a surge and the
	// region lost.
	Situation Situation

	Users    unit.Count     // active users at the peak, all regions
	Requests unit.EventRate // λ = U·r
	Writes   unit.EventRate // λw
	Reads    unit.EventRate // λr = λ − λw
	Pages    unit.EventRate // first pages: U/T
	Egress   unit.ByteRate  // λ·R + (U/T)·P0, logical bytes to users
	Ingress  unit.ByteRate  // λ·Q
	Stored   unit.ByteRate  // λw·b at the peak, logical

	Classes []ClassDemand  // at least one
	Regions []RegionDemand // in the order of the profile

	Curve     Series  // in local time, maximum 1
	Total     Series  // Σ over regions of their multipliers, UTC; maximum 1
	PeakTotal float64 // maximum of Total: 1, or 0 without regions
	MeanTotal float64 // mean of Total
	Intra     float64 // worst minutes / mean of the worst hour
	Hours     float64 // hours a month
	Growth    float64 // greatest demand up to the horizon / demand now
	Months    float64 // horizon in months
	Lead      float64 // greatest demand up to the lead month / demand now
	LeadMonth int     // the last month, from the start, for which stores are sized
	Month     int     // months from the start that are now
	Factor    float64 // demand now / demand as the profile states it: growth up to Month

	byMonth []float64 // Growth.AtMonth, which many ask for again and again
}

// AtMonth is Growth.AtMonth of the profile.
func (d *Demand) AtMonth(m int) float64 {
	if m < len(d.byMonth) {
		return d.byMonth[m]
	}
	return d.Profile.Growth.AtMonth(m)
}

// ClassDemand is one request class at the peak of all users.
type ClassDemand struct {
	Name     string
	Share    float64
	Reads    unit.EventRate
	Writes   unit.EventRate
	Request  unit.Bytes
	Response unit.Bytes
	Stored   unit.Bytes // per write
	Entry    string     // component where it enters
}

// RegionDemand is a region's part of the users.
type RegionDemand struct {
	Name  string
	Share float64
	Zones int
	Warm  float64 // part of the full size at which it runs while passive; 1 = hot
	// Own is the region's load as a multiple of the peak of all users, per UTC
	// hour; Lost the same when another region is lost and its users come here,
	// in each hour the one whose loss is worst in that hour (equal to Own where
	// nobody comes).
	Own, Lost Series
	// LostFrom names the region whose loss brings the most load here in any hour.
	LostFrom string
}

// Monthly turns a rate at the peak of all users into a monthly volume: the
// worst minutes are not the mean of their hour, nor is that the mean of the
// week. mean is the mean multiplier over the week.
func (d *Demand) Monthly(peakRate, mean float64) float64 {
	return float64(peakRate / d.Intra * mean * 3600 * d.Hours)
}

// noRegion is the index of no region.
const noRegion = -1

// demand derives what users ask of the system at the time of a situation, with a region lost
// or noRegion.
func (p *Profile) demand(s Situation, lost int, like *Demand) *Demand {
	d := &Demand{
		Profile: p,
		Intra:   float64(p.Peak.IntraHour.V),
		Hours:   float64(p.HoursPerMonth.V),
		Months:  float64(p.Horizon.V),
		Month:   s.Month,
		Factor:  p.Growth.at(s),
	}
	d.Users = unit.Count(float64(p.Peak.Users.V) * d.Factor)
	k := &p.Peak
	d.Requests = unit.EventRate(float64(d.Users) * float64(k.RequestsPerUser.V))
	d.Pages = unit.EventRate(float64(d.Users) / float64(k.Session.V))
	p.classes(d)
	for _, c := range d.Classes {
		d.Reads += c.Reads
		d.Writes += c.Writes
		all := float64(c.Reads) + float64(c.Writes)
		d.Egress += unit.ByteRate(all * float64(c.Response))
		d.Ingress += unit.ByteRate(all * float64(c.Request))
		d.Stored += unit.ByteRate(float64(c.Writes) * float64(c.Stored))
	}
	d.Egress += unit.ByteRate(float64(d.Pages) * float64(k.FirstPage.V))
	if lost == noRegion && like.spreads(p) {
		d.Curve, d.Regions, d.Total = like.Curve, like.Regions, like.Total
		d.PeakTotal, d.MeanTotal = like.PeakTotal, like.MeanTotal
	} else {
		p.regions(d, lost)
	}
	p.grow(d, like)
	return d
}

// grow looks ahead: to the lead month for stores, and to the horizon for what
// cannot be changed without a rebuild. That keeps its size once it has it; after
// the horizon it grows with demand.
func (p *Profile) grow(d, like *Demand) {
	d.LeadMonth = d.Month + int(min(p.Lead.V, p.Horizon.V))
	last := max(int(d.Months), d.LeadMonth)
	if like != nil && len(like.byMonth) > last && like.Profile.Growth.grows(&p.Growth) {
		d.byMonth = like.byMonth[:last+1]
	} else {
		d.byMonth = make([]float64, last+1)
		for m := range d.byMonth {
			d.byMonth[m] = p.Growth.AtMonth(m)
		}
	}
	d.Lead, d.Growth = 1, 1
	if d.Factor <= 0 {
		return
	}
	for m := d.Month; m <= d.LeadMonth; m++ {
		d.Lead = max(d.Lead, d.byMonth[m]/d.Factor)
	}
	top := 1.0
	for m := 0; m <= max(int(d.Months), d.Month); m++ {
		top = max(top, d.byMonth[m])
	}
	d.Growth = max(d.Lead, top/d.Factor)
}

// classes splits the requests; without classes there is one, "all".
func (p *Profile) classes(d *Demand) {
	k := &p.Peak
	ratio := float64(k.WriteRatio.V)
	if k.WritesPerUser != nil && k.RequestsPerUser.V > 0 {
		ratio = float64(k.WritesPerUser.V) / float64(k.RequestsPerUser.V)
	}
	entry := ""
	for _, e := range p.Components {
		if e.V.Entry {
			entry = e.Key
			break
		}
	}
	// add fills in the rates of a class from its share and its part of writes.
	add := func(c ClassDemand, ratio float64) {
		rate := float64(float64(d.Requests) * c.Share)
		w := float64(rate * ratio)
		c.Reads, c.Writes = unit.EventRate(rate-w), unit.EventRate(w)
		d.Classes = append(d.Classes, c)
	}
	whole := ClassDemand{Name: "all", Share: 1, Request: k.Request.V, Response: k.Response.V,
		Stored: k.StoredPerWrite.V, Entry: entry}
	if len(p.Classes) == 0 {
		add(whole, ratio)
		return
	}
	for _, e := range p.Classes {
		c := &e.V
		own, r := whole, ratio
		own.Name, own.Share = e.Key, float64(c.Share.V)
		if c.WriteRatio != nil {
			r = float64(c.WriteRatio.V)
		}
		if c.Request != nil {
			own.Request = c.Request.V
		}
		if c.Response != nil {
			own.Response = c.Response.V
		}
		if c.Stored != nil {
			own.Stored = c.Stored.V
		}
		if c.Entry != "" {
			own.Entry = c.Entry
		}
		add(own, r)
	}
}

// spreads tells whether a profile, of which the demand's is another version, spreads users
// over the regions and the hours as the demand does.
func (d *Demand) spreads(p *Profile) bool {
	if d == nil || d.Situation.Lost != "" || len(p.Regions) == 0 {
		return false
	}
	q := d.Profile
	return len(q.Regions) == len(p.Regions) && &q.Regions[0] == &p.Regions[0] && q.Curve == p.Curve &&
		q.Failover == p.Failover
}

// regions spreads the users over the regions and the hours.
func (p *Profile) regions(d *Demand, lost int) {
	d.Curve = presetCurve(p.Curve.Preset)
	if p.Curve.measured != nil {
		d.Curve = *p.Curve.measured
	}
	n := len(p.Regions)
	d.Regions = make([]RegionDemand, 0, n)
	for i := range p.Regions {
		r := &p.Regions[i]
		rd := RegionDemand{Name: r.Name, Share: 1 / float64(n), Zones: int(r.Zones.V), Warm: 1}
		if r.Share.Set {
			rd.Share = float64(r.Share.V)
		}
		if p.Failover == "active-passive" && !r.Share.Set {
			rd.Share = 0
			if i == 0 {
				rd.Share = 1
			}
		}
		if r.WarmFraction != nil {
			rd.Warm = float64(r.WarmFraction.V)
		}
		local := d.Curve
		if p.Curve.measured == nil || p.Curve.Clock == clockLocal {
			local = d.Curve.shifted(r.TZ.V)
		}
		for h := range local {
			rd.Own[h] = float64(rd.Share * local[h])
		}
		d.Regions = append(d.Regions, rd)
	}
	d.addUp()
	// peak.users is the peak of the total. Regions in other time zones do not
	// peak together, so their own peaks add up to more than it.
	if top := d.Total.Max(); top > 0 {
		for h := range d.Total {
			d.Total[h] = d.Total[h] / top
			for i := range d.Regions {
				d.Regions[i].Own[h] = d.Regions[i].Own[h] / top
			}
		}
	}
	if lost != noRegion {
		d.lose(lost, p.Failover)
	}
	d.PeakTotal, d.MeanTotal = d.Total.Max(), d.Total.Mean()
	for i := range d.Regions {
		r := &d.Regions[i]
		if r.Lost = r.Own; lost == noRegion {
			r.takeOver(d.Regions, p.Failover)
		}
	}
}

// addUp sums the regions' multipliers in every hour.
func (d *Demand) addUp() {
	d.Total = Series{}
	for h := range d.Total {
		for i := range d.Regions {
			d.Total[h] += d.Regions[i].Own[h]
		}
	}
}

// lose takes a region's users to the others in every hour, spread as takeOver
// spreads them. Under independent failover nobody serves them.
func (d *Demand) lose(lost int, failover string) {
	gone := d.Regions[lost]
	for i := range d.Regions {
		r := &d.Regions[i]
		if i == lost || failover == Independent {
			continue
		}
		part := r.partOf(&gone, len(d.Regions))
		r.Share += float64(part * gone.Share)
		for h := range r.Own {
			r.Own[h] += float64(part * gone.Own[h])
		}
	}
	d.Regions[lost].Own, d.Regions[lost].Share = Series{}, 0
	d.addUp()
}

// Independent is the failover that moves nobody.
const Independent = "independent"

// partOf is the part of a lost region's users that come to this one, of so many
// regions: by share, or evenly where the rest has no users of its own.
func (r *RegionDemand) partOf(lost *RegionDemand, regions int) float64 {
	if rest := 1 - lost.Share; rest > 1e-12 {
		return r.Share / rest
	}
	return 1 / float64(regions-1)
}

// Surviving is a region's load in an hour, as Own, while another one is lost and its users
// are spread over the rest (see partOf): what Lost has of the worst of them. Under
// independent failover, and where the situation has lost a region already, nobody moves.
func (d *Demand) Surviving(region, lost, hour int) float64 {
	r, gone := &d.Regions[region], &d.Regions[lost]
	if d.Profile.Failover == Independent || d.Situation.Lost != "" {
		return r.Own[hour]
	}
	return r.Own[hour] + float64(r.partOf(gone, len(d.Regions))*gone.Own[hour])
}

// takeOver raises Lost, which is Own, to the load of this region when another
// one is lost and its users are spread over the rest (see partOf). Regions in
// other time zones do not peak together, so which loss is worst changes with the
// hour: Lost[h] = max over lost regions i of own[h] + part(i)·own(i)[h], as a pool
// that follows the load must pass in every hour (docs/model.md section 4). Under
// independent failover nobody moves.
func (r *RegionDemand) takeOver(all []RegionDemand, failover string) {
	if failover == Independent {
		return
	}
	worst := 0.0
	for i := range all {
		lost := &all[i]
		if lost.Name == r.Name {
			continue
		}
		part := r.partOf(lost, len(all))
		top := 0.0
		for h := range r.Lost {
			s := r.Own[h] + float64(part*lost.Own[h])
			r.Lost[h], top = math.Max(r.Lost[h], s), math.Max(top, s)
		}
		if top > worst {
			worst, r.LostFrom = top, lost.Name
		}
	}
}
