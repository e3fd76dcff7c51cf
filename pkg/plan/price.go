package plan

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
)

// pricer turns nodes and usage into lines of the bill. What has no price is
// collected, so that all of it is reported at once.
type pricer struct {
	v       *catalog.Vintage
	hours   money.Quantity
	regions []*catalog.Region // in the order of the demand's regions
	missing catalog.MissingPrices
	unknown []Unpriced
	used    []catalog.Price
}

func newPricer(v *catalog.Vintage, h money.Quantity, names []string) (*pricer, error) {
	p := &pricer{v: v, hours: h}
	for _, name := range names {
		r, err := v.Region(name)
		if err != nil {
			return nil, diag.Problem{Summary: err.Error(), Hint: "headroom prices list shows the regions of every vintage"}
		}
		p.regions = append(p.regions, r)
	}
	return p, nil
}

// err is the first damage met in the tables.
func (p *pricer) err() error {
	for _, r := range p.regions {
		if err := r.Err(); err != nil {
			return err
		}
	}
	return nil
}

// lack notes a missing price.
func (p *pricer) lack(region int, table, item, unit string, part *Part, q money.Quantity) {
	p.missing = append(p.missing, p.regions[region].Missing(table, item, unit, part.Name))
	p.unknown = append(p.unknown, Unpriced{Region: p.regions[region].Name(), Component: part.Name, Item: item, Unit: unit, Quantity: q})
}

// nodes is the line of one pool: nodes × the price of a month of one node.
func (p *pricer) nodes(part *Part, pool Pool, region int) (Line, bool) {
	reg := p.regions[region]
	price, ok := reg.OnDemand(part.Machine)
	if !ok {
		p.lack(region, "ec2", part.Machine, "", part, pool.Mean)
		return Line{}, false
	}
	p.used = append(p.used, price)
	month := price.Rate.PerMonth(p.hours)
	lo, hi := money.Int(int64(pool.Min)), money.Int(int64(pool.Max))
	rate := price.Rate
	return Line{
		Region: reg.Name(), Component: part.Name, System: part.System, Kind: part.Kind, Role: pool.Role,
		Category: "compute", Item: part.Machine, Unit: "node-month", Min: lo, Quantity: pool.Mean, Max: hi,
		HourPrice: &rate, Price: month, Term: "on-demand", AsOf: price.AsOf, Source: price.Source, PriceNote: price.Note,
		Cost: Cost{
			Expected: money.NewLine(pool.Mean, month).Total,
			Min:      money.NewLine(lo, month).Total,
			Max:      money.NewLine(hi, month).Total,
		},
		Notes: part.Notes,
	}, true
}

// usage is the lines of one usage: one for each tier that it reaches.
func (p *pricer) usage(part *Part, u sizing.Usage) ([]Line, error) {
	q, err := money.Float(u.Quantity)
	if err != nil {
		return nil, fmt.Errorf("%s, %s %s: %w", part.Name, u.Service, u.Item, err)
	}
	return p.metered(part, u.Region, u.Service, u.Item, u.Category, u.Label, q), nil
}

// metered is the lines of a billed quantity.
func (p *pricer) metered(part *Part, region int, service, item, category, label string, q money.Quantity) []Line {
	reg := p.regions[region]
	tiers, ok := reg.Usage(service, item)
	if !ok {
		p.lack(region, "usage", service+"/"+item, "", part, q)
		return nil
	}
	priced, rest := money.Tiered(q, catalog.Tiers(tiers))
	var lines []Line
	for i, l := range priced {
		t := tiers[i]
		p.used = append(p.used, t.Price)
		lines = append(lines, Line{
			Region: reg.Name(), Component: part.Name, System: part.System, Kind: part.Kind,
			Category: category, Item: service + " " + item, Unit: t.Unit, Min: l.Quantity, Quantity: l.Quantity, Max: l.Quantity,
			Price: l.Rate, Cost: Cost{l.Total, l.Total, l.Total}, Term: "on-demand",
			AsOf: t.Price.AsOf, Source: t.Price.Source, PriceNote: t.Price.Note, Notes: label,
		})
	}
	if !rest.IsZero() {
		last := tiers[len(tiers)-1]
		p.missing = append(p.missing, catalog.Missing{Vintage: p.v.Name(), Region: reg.Name(), Table: "usage",
			Item: service + "/" + item, Unit: last.Unit, TierFrom: last.Tier.To.String(), For: part.Name})
		p.unknown = append(p.unknown, Unpriced{Region: reg.Name(), Component: part.Name,
			Item: service + " " + item + " above " + last.Tier.To.String(), Unit: last.Unit, Quantity: rest})
	}
	return lines
}

// summary names the tables and the dates of what was used.
func (p *pricer) summary(overlays []Overlay) Prices {
	out := Prices{Vintage: p.v.Name(), Digest: p.v.Digest(), Overlays: []string{}, Sources: []string{}}
	for _, o := range overlays {
		out.Overlays = append(out.Overlays, o.File)
	}
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
		if r := (row{u.Rate.String() + u.AsOf, u.Source, u.Note}); !seen[r] {
			seen[r] = true
			if strings.Contains(u.Note, "single source") {
				out.SingleSource++
			}
		}
	}
	slices.Sort(out.Sources)
	return out
}
