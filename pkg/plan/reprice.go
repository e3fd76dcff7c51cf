package plan

import (
	"fmt"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
)

// Tables opens a vintage with overlays on top; the name "" is the newest.
func Tables(cat *catalog.Catalog, vintage string, overlays []Overlay) (*catalog.Vintage, error) {
	v, err := cat.Vintage(vintage)
	if err != nil {
		return nil, diag.Problem{Summary: err.Error()}
	}
	for _, ov := range overlays {
		if v, err = v.WithOverlay(ov.File, ov.Data); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// Reprice bills the machines and quantities of an estimate at other prices;
// nothing is sized or chosen again. What the tables lack is a
// catalog.MissingPrices. Estimates that buy other than on demand, or have
// discounts, are refused: the best mix depends on the prices.
func Reprice(e *Estimate, v *catalog.Vintage, overlays []Overlay) (*Estimate, error) {
	pr, err := newPricer(v, e.Hours, e.Regions)
	if err != nil {
		return nil, err
	}
	out := *e
	out.Lines = []Line{}
	for _, group := range billed(e.Lines) {
		l := group[0]
		if l.Term != onDemand {
			return nil, diag.Problem{Summary: fmt.Sprintf("%s: the line %s (%s) is not priced on demand and cannot be priced again", l.System, l.Item, l.Term),
				Hint: "make the estimate again with the tables of " + v.Name()}
		}
		region := 0
		for i, name := range e.Regions {
			if name == l.Region {
				region = i
			}
		}
		lines, err := pr.again(region, group)
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
	out.Total, out.PerRegion = Cost{}, nil
	out.total()
	out.Prices = pr.summary(overlays)
	return &out, nil
}

const onDemand = "on-demand"

// billed groups the lines that are tiers of one usage; nodes are alone.
func billed(lines []Line) [][]Line {
	var out [][]Line
	for _, l := range lines {
		if n := len(out); n > 0 && !isNodeLine(&l) {
			if last := out[n-1][0]; purpose(&last, &l) == 0 && last.Item == l.Item && last.Term == l.Term && last.Notes == l.Notes {
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
	if isNodeLine(&l) {
		price, ok := p.regions[region].OnDemand(l.Item)
		if !ok {
			p.lack(region, "ec2", l.Item, "", &part, l.Quantity)
			return nil, nil
		}
		p.used = append(p.used, price)
		rate := price.Rate
		l.HourPrice, l.Price = &rate, rate.PerMonth(p.hours)
		l.AsOf, l.Source, l.PriceNote = price.AsOf, price.Source, price.Note
		l.Cost = Cost{Expected: money.NewLine(l.Quantity, l.Price).Total, Min: money.NewLine(l.Min, l.Price).Total, Max: money.NewLine(l.Max, l.Price).Total}
		return []Line{l}, nil
	}
	var q money.Quantity
	for _, tier := range group {
		q = q.Plus(tier.Quantity)
	}
	service, item, ok := strings.Cut(l.Item, " ")
	if !ok {
		return nil, diag.Problem{Summary: fmt.Sprintf("%s: %s is not a usage that the tables price", l.Component, l.Item), Hint: "make the estimate again"}
	}
	return p.metered(&part, region, service, item, l.Category, l.Notes, q), nil
}
