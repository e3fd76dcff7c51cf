package resilience

import (
	"math"
	"slices"

	"headroom/pkg/availability"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// The three figures, which are never mixed (MODEL section 9).
const (
	Contract = "contract" // products of service level agreements
	History  = "history"  // public outages of the regions
	Own      = "own"      // rates that the profile states
)

// Availability is how much of a year requests of one class are answered, by one of the three
// figures.
type Availability struct {
	Figure string `json:"figure"`
	Class  string `json:"class"`
	Writes bool   `json:"writes"`
	// Part is with people who act at once, and Users as users see it who nobody helps; nil
	// where an input is missing.
	Part  *float64 `json:"part"`
	Users *float64 `json:"part_unattended"`
	// Down is seconds of a year of Part, DownUsers of Users.
	Down      *float64 `json:"down_per_year"`
	DownUsers *float64 `json:"down_per_year_unattended"`
	Missing   []string `json:"missing,omitempty"`
	Basis     []Basis  `json:"basis,omitempty"` // of each region
}

// Basis is the figure of one region, and what it is the product of.
type Basis struct {
	Region string   `json:"region"`
	Part   float64  `json:"part"`
	Of     []string `json:"of"`

	factors []float64     // in the order of Of; nil where it is no product
	nodes   []remark.Step // to factors that are of nodes
	past    past          // where it is none
}

// rates are how much of the year each region is there; missing names what is not known.
type rates struct {
	basis   []Basis
	global  Basis // of what has no region; without figures a part of 0, which is none
	missing []string
}

// all are the figures of the regions, and behind them of what has none.
func (r *rates) all() []Basis {
	if len(r.global.Of) == 0 {
		return r.basis
	}
	return append(slices.Clip(r.basis), r.global)
}

// availability is a row for each figure and each kind of request.
func (a *assessor) availability() ([]Availability, error) {
	out := []Availability{}
	for _, f := range []struct {
		name  string
		rates rates
	}{{Contract, a.contract()}, {History, a.history()}, {Own, a.own()}} {
		rows, err := a.figures(f.name, f.rates)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// figures are the rows of one figure: every set of regions that may be lost, with its
// probability, times what is answered then.
func (a *assessor) figures(name string, r rates) ([]Availability, error) {
	var out []Availability
	for i := range a.system.Journeys {
		j := &a.system.Journeys[i]
		out = append(out, Availability{Figure: name, Class: j.Class, Writes: j.Writes, Missing: r.missing,
			Basis: r.all()})
	}
	if len(r.missing) > 0 {
		return out, nil
	}
	parts, users := make([]float64, len(out)), make([]float64, len(out))
	err := a.sets(r.basis, func(chance float64, _ []int, o *outage.Outcome) {
		for i := range out {
			parts[i] += float64(chance * (1 - o.Journeys[i].Hand))
			users[i] += float64(chance * (1 - o.Journeys[i].Auto))
		}
	})
	if err != nil {
		return nil, err
	}
	whole := 1.0
	if len(r.global.Of) > 0 {
		whole = r.global.Part
	}
	for i := range out {
		out[i].Part, out[i].Down = answered(1 - float64(whole*(1-parts[i])))
		out[i].Users, out[i].DownUsers = answered(1 - float64(whole*(1-users[i])))
	}
	return out, nil
}

// sets visits every set of regions that may be lost together, with its probability and what
// comes of it.
func (a *assessor) sets(basis []Basis, visit func(chance float64, lost []int, o *outage.Outcome)) error {
	for set := range 1 << len(basis) {
		chance, x := 1.0, outage.Scenario{}
		var events []outage.Event
		var lost []int
		for i := range basis {
			if set>>i&1 == 1 {
				chance = float64(chance * (1 - basis[i].Part))
				lost = append(lost, i)
				events = append(events, outage.Event{Kind: outage.RegionLost, Region: basis[i].Region})
			} else {
				chance = float64(chance * basis[i].Part)
			}
		}
		if len(events) > 0 {
			x = outage.Of(events...)
		}
		if chance == 0 {
			continue
		}
		o, err := a.run(x)
		if err != nil {
			return err
		}
		visit(chance, lost, o)
	}
	return nil
}

// answered is the part that is answered where another part is not, and seconds of a year of it.
func answered(failing float64) (part, down *float64) {
	p := 1 - failing
	d := availability.DownPerYear(p)
	return &p, &d
}

// own are the rates of the profile: a region is there while it is there itself and enough nodes
// of each component whose failures are stated.
func (a *assessor) own() rates {
	var r rates
	for i := range a.profile.Regions {
		q := &a.profile.Regions[i]
		if q.Availability == nil {
			r.missing = append(r.missing, "regions[].availability")
			return r
		}
		b := Basis{Region: q.Name, Part: 1}
		b.times(promise{float64(q.Availability.V), "regions[].availability"})
		for k := range a.system.Parts {
			a.grouped(&b, k, i)
		}
		r.basis = append(r.basis, b)
	}
	return r
}

// grouped takes into a region's figure whether enough nodes of a part are there, where the
// profile says how often they fail. Where nodes are replaced by themselves that happens to all
// that are lost at once; people repair one after the other.
func (a *assessor) grouped(b *Basis, part, region int) {
	p := &a.system.Parts[part]
	c, ok := a.profile.Components.Get(p.Name)
	n := nodesIn(p, region)
	if !ok || c.Failures == nil || n == 0 {
		return
	}
	every, repair := float64(c.Failures.Every.V), float64(c.Failures.Repair.V)
	k, repairs := a.needed(part, region), availability.SerialRepair
	up, err := availability.Repairable(n, n-k, every, repair, repairs)
	if a.system.Regions[region].Launches {
		repairs = availability.ParallelRepair
		var node float64
		node, err = availability.OfRates(every, repair)
		up = availability.KofN(k, n, node) // whatever the distribution of the times
	}
	lasts, bad := availability.Loss(n, n-k, every, repair, repairs)
	if err != nil || bad != nil {
		return // the profile was checked
	}
	b.times(promise{up, "components." + p.Name + ".failures"})
	b.nodes = append(b.nodes, remark.Derive("enough nodes of {component} in {region}", modelSection,
		unit.RoughPart(up, digits), "").Naming("component", p.Name, "region", b.Region).
		Noting("step.k_of_n", "k", k, "n", n, "every", every, "repair", repair,
			"together", repairs == availability.ParallelRepair, "lasts", lasts))
}

// needed is the least number of nodes of a part with which a region still answers all.
func (a *assessor) needed(part, region int) int {
	p := &a.system.Parts[part]
	n := nodesIn(p, region)
	switch p.Rule {
	case outage.Voted:
		return n/2 + 1
	case outage.Led:
		return 1
	case outage.Copied:
		return max(1, n-max(0, p.Copies-max(1, p.Acks)))
	}
	if a.system.Carry == nil {
		return 1
	}
	for m := n; m > 1; m-- {
		if a.system.Carry(a.leaving(part, region, m-1)).Part < 1 {
			return m
		}
	}
	return 1
}

// leaving asks what m nodes of a part carry in a region.
func (a *assessor) leaving(part, region, m int) outage.Ask {
	p := &a.system.Parts[part]
	ask := outage.Ask{Part: part, Region: region, Left: make([]int, len(p.Pools)), Load: 1,
		Lost: make([]bool, len(a.system.Regions))}
	rest := nodesIn(p, region) - m
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Region == region {
			gone := min(rest, x.Nodes)
			ask.Left[k], rest = x.Nodes-gone, rest-gone
		}
	}
	return ask
}

func nodesIn(p *outage.Part, region int) int {
	n := 0
	for k := range p.Pools {
		if p.Pools[k].Region == region {
			n += p.Pools[k].Nodes
		}
	}
	return n
}

// history is what the public list of outages says of the regions: events of a span of years,
// as long as those of known length were on average. It is a lower bound of what was down.
func (a *assessor) history() rates {
	var r rates
	for i := range a.system.Regions {
		name := a.system.Regions[i].Name
		h, ok := pastOf(a.facts, name)
		if !ok {
			r.missing = append(r.missing, "public outages of "+name)
			continue
		}
		down := float64(float64(h.events)*h.meanHours) / float64(h.years*hoursAYear)
		r.basis = append(r.basis, Basis{Region: name, Part: 1 - math.Min(1, down), Of: h.of, past: h})
	}
	return r
}

// hoursAYear is of a year with its part of a leap day.
const hoursAYear = 8766

// contract is what agreements of the provider promise together: of each region the product of
// those of the services that its requests pass, and beside it of those that have no region.
func (a *assessor) contract() rates {
	r := rates{global: Basis{Part: 1}}
	for i := range a.system.Regions {
		b := Basis{Region: a.system.Regions[i].Name, Part: 1}
		services, own := a.services(i)
		if len(own) > 0 {
			r.missing = append(r.missing, "an agreement for "+b.Region)
			continue
		}
		for _, s := range services {
			x, ok := promiseOf(a.facts, s.name, s.zones)
			switch {
			case !ok:
				r.missing = append(r.missing, "an agreement for "+s.name)
			case !s.global:
				b.times(x)
			case !slices.Contains(r.global.Of, x.of):
				r.global.times(x)
			}
		}
		r.basis = append(r.basis, b)
	}
	slices.Sort(r.missing)
	r.missing = slices.Compact(r.missing)
	return r
}

// times takes a promise into the product.
func (b *Basis) times(x promise) {
	b.Part = availability.Series(b.Part, x.part)
	b.Of, b.factors = append(b.Of, x.of), append(b.factors, x.part)
}

// availabilityAim is the worst of all requests by the profile's own rates.
func (a *assessor) availabilityAim(want float64) Aim {
	aim := Aim{Key: "aims.availability", Unit: "part", Want: want, Verdict: NotEvaluated}
	rows, err := a.figures(Own, a.own())
	if err != nil || len(rows) == 0 || rows[0].Part == nil {
		aim.Missing = a.own().missing
		return aim
	}
	for i := range rows {
		if got := *rows[i].Users; aim.Got == nil || got < *aim.Got {
			aim.Got = &got
		}
	}
	aim.Verdict = Met
	if *aim.Got < want {
		aim.Verdict = Missed
	}
	return aim
}
