package bill

import (
	"fmt"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
)

// Reprice bills the machines and quantities of an estimate at other prices;
// nothing is sized or chosen again. What the tables lack is a
// catalog.MissingPrices. Estimates that buy other than on demand, or have
// discounts, are refused: the best mix depends on the prices.
func Reprice(e *Estimate, v *catalog.Vintage) (*Estimate, error) {
	v, err := withSitesOf(e, v)
	if err != nil {
		return nil, err
	}
	tables, err := plan.NewTables(v, e.Hours, e.Regions)
	if err != nil {
		return nil, err
	}
	pr := &pricer{Tables: tables}
	out := *e
	out.Lines = []Line{}
	for _, group := range billed(e.Lines) {
		l := group[0]
		if inNoTable(&l, v) {
			out.Lines = append(out.Lines, group...) // no table has it
			continue
		}
		if l.Term != onDemand {
			return nil, diag.Problem{Hint: "make the estimate again with the tables of " + v.Name(),
				Summary: fmt.Sprintf("%s: the line %s (%s) is not priced on demand and cannot be priced again",
					l.System, l.Name(), l.Term)}
		}
		lines, err := pr.again(max(0, slices.Index(e.Regions, l.Region)), group)
		if err != nil {
			return nil, err
		}
		out.Lines = append(out.Lines, lines...)
	}
	if err := pr.err(); err != nil {
		return nil, err
	}
	if len(pr.missing) > 0 {
		return nil, pr.missing
	}
	out.total()
	out.Prices = pr.summary()
	return &out, nil
}

// inNoTable tells whether no table has the price of a line: the profile states it, or it is of
// what a site has. Names and edges, which are of no region, are billed on the first one.
func inNoTable(l *Line, v *catalog.Vintage) bool {
	if l.Category == FixedCategory && (l.Unit != adjustmentUnit || l.Service == market.OwnService) {
		return true
	}
	m, ok := catalog.MeterOf(l.Service, l.Item)
	return v.Site(l.Region) && !(ok && m.Global())
}

// withSitesOf adds the regions of an estimate that no table has: they are sites, of which no
// other tables change a price.
func withSitesOf(e *Estimate, v *catalog.Vintage) (*catalog.Vintage, error) {
	newest, err := v.Catalog().Vintage(v.Catalog().Newest())
	if err != nil {
		return nil, err
	}
	known := newest.Regions()
	var sites []catalog.Site
	for _, r := range e.Regions {
		if !slices.Contains(known, r) {
			sites = append(sites, catalog.Site{Name: r})
		}
	}
	return v.WithSites(sites), nil
}

// billed groups the lines that are tiers of one usage; nodes are alone.
func billed(lines []Line) [][]Line {
	var out [][]Line
	for _, l := range lines {
		if n := len(out); n > 0 && !l.IsNodes() {
			last := out[n-1][0]
			if ComparePurpose(&last, &l) == 0 && last.sameItem(&l) && last.Term == l.Term && last.Notes == l.Notes {
				out[n-1] = append(out[n-1], l)
				continue
			}
		}
		out = append(out, []Line{l})
	}
	return out
}

// again prices a group of lines anew.
func (p *pricer) again(region int, group []Line) ([]Line, error) {
	l := group[0]
	part := Part{Name: l.Component, System: l.System, Kind: l.Kind, Machine: l.Item}
	if l.IsNodes() && l.PriceNote == purchase.GivenNote {
		return []Line{l}, nil // no table has it, so that no other table changes it
	}
	if l.IsNodes() {
		m := p.Market.Named(l.Item)
		if m.Service() != l.Service {
			return []Line{l}, nil // nor has it the machines of other sellers
		}
		price, ok := m.Price(region)
		if !ok {
			p.lackNodes(&part, l.Item, region, l.Quantity)
			return nil, nil
		}
		p.used = append(p.used, price.Price)
		rate := price.Rate
		l.HourPrice, l.Price = &rate, price.Month(p.Hours)
		l.AsOf, l.Source, l.PriceNote = price.AsOf, price.Source, price.Note
		l.Cost = l.costAt(l.Price)
		return []Line{l}, nil
	}
	var q money.Quantity
	for _, tier := range group {
		q = q.Plus(tier.Quantity)
	}
	meter, ok := catalog.MeterOf(l.Service, l.Item)
	if !ok {
		return nil, diag.Problem{Hint: "make the estimate again",
			Summary: fmt.Sprintf("%s: %s is not a usage that the tables price", l.Component, l.Item)}
	}
	u := sizing.Usage{Region: region, Meter: meter, Category: l.Category, Label: l.Notes}
	if l.OfMonth != nil {
		u.Of = sizing.Moment{Grows: true, Month: *l.OfMonth, Mean: l.MeanOfMonth}
	}
	return p.metered(nil, &part, &u, q.Plus(p.free(&u))), nil
}

// free is the quantity of a usage below the first step that has a price, which is on
// no line of the bill: the operations that a volume's own price contains.
func (p *pricer) free(u *sizing.Usage) money.Quantity {
	tiers, ok := p.Regions[u.Region].Usage(u.Meter)
	if !ok || len(tiers) == 0 {
		return money.Quantity{}
	}
	return tiers[0].Tier.From
}
