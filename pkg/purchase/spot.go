package purchase

import (
	"fmt"
	"math"
	"slices"

	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/remark"
)

// SpotQuote is what is known of the spot price of a type: the two sources, with
// their dates, and the price that is used.
type SpotQuote struct {
	Type     string     `json:"type"`
	Rate     money.Rate `json:"rate"` // the greater of what is known, at most on demand
	OnDemand money.Rate `json:"on_demand"`

	HasPrice    bool       `json:"has_price"`
	Price       money.Rate `json:"price"` // of the price list
	PriceAsOf   string     `json:"price_as_of,omitempty"`
	PriceSource string     `json:"price_source,omitempty"`

	HasAdvisor    bool       `json:"has_advisor"`
	Advisor       money.Rate `json:"advisor"` // the list price on demand × (1 − the advisor's saving)
	SavingsPct    int        `json:"savings_pct"`
	AdvisorAsOf   string     `json:"advisor_as_of,omitempty"`
	AdvisorSource string     `json:"advisor_source,omitempty"`

	Band         string  `json:"band,omitempty"` // monthly interruption frequency; "" where not known
	Interruption float64 `json:"interruption"`   // midpoint of the band, a node and month
	Rework       float64 `json:"rework"`         // 1 + Interruption × 0.25 h / 730 h
}

// Saving is the part of the on-demand price that spot saves.
func (q *SpotQuote) Saving() float64 {
	if p := q.OnDemand.Float64(); p > 0 {
		return 1 - q.Rate.Float64()*q.Rework/p
	}
	return 0
}

// reworkHours is the work lost at an interruption (docs/model.md section 7).
const reworkHours = 0.25

// interruption is the midpoint of a band of the spot advisor; what is above
// 20 %, or not known, counts as 0.25 (docs/model.md section 7).
func interruption(band string) float64 {
	switch band {
	case "<5%":
		return 0.025
	case "5-10%":
		return 0.075
	case "10-15%":
		return 0.125
	case "15-20%":
		return 0.175
	}
	return 0.25
}

// QuoteSpot is the spot price of a machine in a region: the greater of the price list's and
// what the advisor's saving leaves of the list price on demand, and never above
// what the type costs on demand. missing says why there is none, where there is none.
func QuoteSpot(m market.Machine, region int) (q SpotQuote, missing remark.Remark, err error) {
	od, ok := m.Price(region)
	if !ok {
		return q, noPrice(m, region, "unpriced.term"), m.Err(region)
	}
	s, ok := m.Spot(region)
	if !ok || !s.HasPrice && !s.HasSaving {
		return q, noPrice(m, region, "unpriced.spot"), m.Err(region)
	}
	q = SpotQuote{Type: m.Name, OnDemand: od.Rate, Band: s.Band, HasPrice: s.HasPrice, HasAdvisor: s.HasSaving}
	if s.HasPrice {
		q.Price, q.PriceAsOf, q.PriceSource = s.Rate, s.AsOf, s.Source
		q.Rate = s.Rate
	}
	if s.HasSaving {
		q.SavingsPct, q.AdvisorAsOf, q.AdvisorSource = s.SavingsPct, s.AdvisorAsOf, s.AdvisorSource
		if q.Advisor, err = s.AdvisorPrice(s.List.Rate); err != nil {
			return q, missing, fmt.Errorf("%s: spot advisor's saving: %w", m.Name, err)
		}
		if q.Advisor.Cmp(q.Rate) > 0 {
			q.Rate = q.Advisor
		}
	}
	if q.Rate.Cmp(od.Rate) > 0 {
		q.Rate = od.Rate
	}
	q.Interruption = interruption(s.Band)
	q.Rework = 1 + q.Interruption*reworkHours/HoursPerMonth
	return q, missing, m.Err(region)
}

// spread makes the spot option over the cheapest d of the types. Nodes are
// spread evenly over them; all are counted at the dearest, which is never too
// little.
func (o *Option) spread(region int, types []market.Machine, d int) error {
	d = max(d, 1)
	var quotes []SpotQuote
	var why remark.Remark
	for i, t := range types {
		if slices.ContainsFunc(types[:i], func(o market.Machine) bool { return o.Name == t.Name }) {
			continue
		}
		q, missing, err := QuoteSpot(t, region)
		if err != nil {
			return err
		}
		if missing.IsZero() {
			quotes = append(quotes, q)
		} else if why.IsZero() {
			why = missing
		}
	}
	if len(quotes) < d {
		if o.Missing = why; len(quotes) > 0 || why.IsZero() {
			o.Missing = remark.New("unpriced.spread", "types", d, "priced", len(quotes))
		}
		return nil
	}
	slices.SortStableFunc(quotes, func(a, b SpotQuote) int { return a.Rate.Cmp(b.Rate) })
	quotes = quotes[:d]
	last := quotes[d-1]
	o.Hourly, o.Spot = last.Rate, quotes
	for _, q := range quotes {
		o.Rework = math.Max(o.Rework, q.Rework)
		if q.Band == "" {
			o.Assumed = remark.New("assumed.worst_band", "type", q.Type)
		}
	}
	o.AsOf, o.Source = last.PriceAsOf, last.PriceSource
	if !last.HasPrice || last.HasAdvisor && last.Advisor.Cmp(last.Price) > 0 {
		o.AsOf, o.Source = last.AdvisorAsOf, last.AdvisorSource
	}
	return nil
}

// interrupted gives a spot price that the user states what the tables know of
// interruptions; where that is nothing, the worst band.
func (o *Option) interrupted(region int, typ market.Machine, known Option) error {
	o.Spot, o.Rework = known.Spot, known.Rework
	if len(o.Spot) > 0 {
		return nil
	}
	q, missing, err := QuoteSpot(typ, region)
	if !missing.IsZero() {
		q = SpotQuote{Type: typ.Name, Interruption: interruption("")}
		q.Rework = 1 + q.Interruption*reworkHours/HoursPerMonth
		o.Assumed = remark.New("assumed.worst_band", "type", typ.Name)
	}
	o.Spot, o.Rework = []SpotQuote{q}, q.Rework
	return err
}

// SpotRisk is what spot means for some nodes: at most so many interruptions a
// month, and so many hours of work done twice.
type SpotRisk struct {
	Types         []string
	Interruptions float64
	Hours         float64
}

// Risk is what spot means for so many nodes; false for other options.
func (o *Option) Risk(nodes int) (SpotRisk, bool) {
	if len(o.Spot) == 0 || nodes == 0 {
		return SpotRisk{}, false
	}
	var r SpotRisk
	worst := 0.0
	for _, q := range o.Spot {
		r.Types = append(r.Types, q.Type)
		worst = math.Max(worst, q.Interruption)
	}
	r.Interruptions = worst * float64(nodes)
	r.Hours = r.Interruptions * reworkHours
	return r, true
}
