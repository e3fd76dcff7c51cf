package bill

import (
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// pricer turns nodes and usage into lines of the bill. What has no price is
// collected, so that all of it is reported at once.
type pricer struct {
	*plan.Tables
	profile *workload.Profile // whose rates replace the tables'; nil for none
	missing catalog.MissingPrices
	unknown []Unpriced
	used    []catalog.Price
}

// err is the first damage met in the tables.
func (p *pricer) err() error {
	for _, r := range p.Regions {
		if err := r.Err(); err != nil {
			return err
		}
	}
	return nil
}

// lackNodes notes that a type has no price.
func (p *pricer) lackNodes(part *Part, machine string, region int, q money.Quantity) {
	m := p.Market.Named(machine)
	lack := m.Missing(region, part.Name)
	p.missing = append(p.missing, lack)
	p.unknown = append(p.unknown, Unpriced{Region: lack.Region, Component: part.Name, Service: m.Service(),
		Item: machine, Quantity: q})
}

// lackUsage notes that a usage has no price.
func (p *pricer) lackUsage(part *Part, u *sizing.Usage, q money.Quantity) {
	r := p.Regions[u.Region]
	lack := r.MissingUsage(u.Meter, part.Name)
	p.missing = append(p.missing, lack)
	p.unknown = append(p.unknown, Unpriced{Region: r.Name(), Component: part.Name, Service: lack.Service,
		Item: lack.Item, Unit: lack.Unit, Quantity: q})
}

// onDemand is what a component's node costs without any commitment: by the profile's
// rates, where they have it, else by whoever has the machine. Rates are of hours, so
// they change nothing of a machine by the month.
func (p *pricer) onDemand(component string, m market.Machine, region int) (market.Price, bool) {
	price, ok := m.Price(region)
	if p.profile != nil && !price.Monthly {
		if c, ok := p.profile.Components.Get(component); ok {
			spec := p.profile.PurchaseOf(c, "")
			given := purchase.GivenFor(&spec, m.Name)
			for _, g := range slices.Backward(given) { // later ones win
				if g.Name == purchase.OnDemand {
					price.Price = catalog.Price{Rate: g.Hourly, Source: g.Source, Note: purchase.GivenNote}
					return price, true
				}
			}
		}
	}
	return price, ok
}

// nodes is the line of one pool: nodes × the price of a month of one node.
func (p *pricer) nodes(part *Part, pool *NodePool, region int) (Line, bool) {
	reg, machine := p.Regions[region], part.MachineOf(pool)
	m := p.Market.Named(machine)
	price, ok := p.onDemand(part.Name, m, region)
	if !ok {
		p.lackNodes(part, machine, region, pool.Mean)
		return Line{}, false
	}
	p.used = append(p.used, price.Price)
	month := price.Month(p.Hours)
	lo, hi := money.Int(int64(pool.Min)), money.Int(int64(pool.Max))
	var hour *money.Rate
	if !price.Monthly {
		hour = &price.Rate
	}
	return Line{
		Region: reg.Name(), Component: part.Name, System: part.System, Kind: part.Kind, Role: pool.Role,
		Category: "compute", Service: m.Service(), Item: machine, Unit: nodeUnit,
		Min: lo, Quantity: pool.Mean, Max: hi,
		HourPrice: hour, Price: month, Term: onDemand, AsOf: price.AsOf, Source: price.Source, PriceNote: price.Note,
		Cost: Cost{
			Expected: money.NewLine(pool.Mean, month).Total,
			Min:      money.NewLine(lo, month).Total,
			Max:      money.NewLine(hi, month).Total,
		},
		Notes: part.Notes,
	}, true
}

// usage appends the lines of one usage: one for each tier that it reaches.
func (p *pricer) usage(lines []Line, part *Part, u *sizing.Usage) ([]Line, error) {
	q, err := money.Float(u.Quantity)
	if err != nil {
		return nil, p.absurd(part, u, err)
	}
	return p.metered(lines, part, u, q), nil
}

// absurd is the problem of a quantity that no bill can have: some input is out of
// all proportion. Which of them it is cannot be told here, but whose.
func (p *pricer) absurd(part *Part, u *sizing.Usage, err error) error {
	var ps diag.Problems
	at := diag.Pos{}
	if p.profile != nil {
		at = p.profile.Pos
		if c, ok := p.profile.Component(part.Name); ok {
			at = c.Pos
		}
	}
	ps.Addf(at, "check the digits and units of what it is sized from", "component %s, %s: %v", part.Name,
		u.Meter, err)
	return ps
}

// metered appends the lines of a usage's billed quantity, exactly.
func (p *pricer) metered(lines []Line, part *Part, u *sizing.Usage, q money.Quantity) []Line {
	reg := p.Regions[u.Region]
	tiers, ok := reg.Usage(u.Meter)
	if !ok {
		p.lackUsage(part, u, q)
		return lines
	}
	service, item := u.Meter.Service(), u.Meter.Item()
	priced, rest := money.Tiered(q, catalog.Tiers(tiers))
	for i, l := range priced {
		t := tiers[i]
		p.used = append(p.used, t.Price)
		lines = append(lines, Line{
			Region: reg.Name(), Component: part.Name, System: part.System, Kind: part.Kind,
			Category: u.Category, Service: service, Item: item, Unit: t.Unit,
			Min: l.Quantity, Quantity: l.Quantity, Max: l.Quantity,
			Price: l.Rate, Cost: Cost{l.Total, l.Total, l.Total}, Term: onDemand,
			AsOf: t.Price.AsOf, Source: t.Price.Source, PriceNote: t.Price.Note, Notes: u.Label,
		})
		if x := &lines[len(lines)-1]; u.Of.Grows {
			x.OfMonth, x.MeanOfMonth = &u.Of.Month, u.Of.Mean
		}
	}
	if !rest.IsZero() {
		last := tiers[len(tiers)-1]
		top := *last.Tier.To
		lack := reg.MissingUsage(u.Meter, part.Name)
		lack.Unit, lack.TierFrom = last.Unit, top.String()
		p.missing = append(p.missing, lack)
		p.unknown = append(p.unknown, Unpriced{Region: reg.Name(), Component: part.Name, Service: service,
			Item: item, AboveTier: &top, Unit: last.Unit, Quantity: rest})
	}
	return lines
}

// summary names the tables and the dates of what was used.
func (p *pricer) summary() PricesUsed {
	out := PricesUsed{Vintage: p.Vintage.Name(), Digest: p.Vintage.Digest(), Overlays: p.Vintage.Overlays(),
		Sources: []string{}}
	type row struct{ asOf, source, note string }
	seen := map[row]bool{}
	for _, u := range p.used {
		if u.AsOf != "" && (out.OldestUsed == "" || u.AsOf < out.OldestUsed) {
			out.OldestUsed = u.AsOf
		}
		out.NewestUsed = max(out.NewestUsed, u.AsOf)
		if u.Source != "" && !slices.Contains(out.Sources, u.Source) {
			out.Sources = append(out.Sources, u.Source)
		}
		if !u.SingleSource() && !u.ByHand() {
			continue
		}
		if r := (row{u.Rate.String() + u.AsOf, u.Source, u.Note}); !seen[r] {
			seen[r] = true
			if u.SingleSource() {
				out.SingleSource++
			}
			if u.ByHand() {
				out.ByHand++
			}
		}
	}
	slices.Sort(out.Sources)
	return out
}
