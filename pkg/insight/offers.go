package insight

import (
	"headroom/pkg/purchase"
)

// offers lists every way to buy a component's machine, also those without a
// price: a term that is missing is named.
func (w *reasoning) offers() []Offer {
	p, c := w.r.Plan, w.s.Choice
	out := []Offer{}
	if c.Layout.Type == nil || len(c.Layout.Pools) == 0 {
		return out
	}
	spec, all := p.Profile.PurchaseOf(c.Component, ""), purchase.Unbounded() // every way, wanted or not
	region := c.Layout.Pools[0].Region
	if price, ok := p.Tables.Market.Of(c.Layout.Type).Price(region); ok && price.Monthly {
		month := price.Rate.Float64()
		return append(out, Offer{Option: purchase.OnDemand, Kind: purchase.OnDemand, Month: month,
			Region: p.Tables.Regions[region].Name(), Effective: month / p.Tables.Hours.Float64(),
			AsOf: price.AsOf, Source: price.Source, Note: price.Note})
	}
	spotTypes := 1
	if limits, _, err := purchase.FromProfile(&spec); err == nil && p.System != nil {
		spotTypes = limits.SpotTypes
	}
	options, err := purchase.Options(region, p.Alike(c, c.Layout.Type, spotTypes), spotTypes,
		purchase.GivenFor(&spec, c.Layout.Type.Name))
	if err != nil {
		return out
	}
	for i := range options {
		o := &options[i]
		offer := Offer{Option: o.Name, Kind: o.Kind, Years: o.Years, Upfront: o.Upfront,
			Region: p.Tables.Regions[region].Name(),
			AsOf:   o.AsOf, Source: o.Source, Note: o.Note,
			Missing: o.Missing, Assumed: o.Assumed, Spot: o.Spot}
		if o.Missing.IsZero() {
			offer.Effective, offer.Fee = o.Effective(), o.Fee.Cents()
			if options[0].Missing.IsZero() && o.Committed() {
				offer.BreakEven = o.BreakEven(&options[0])
			}
			if c, ok := all.Committed(options); ok && len(o.Spot) > 0 && o.Effective() > 0 {
				offer.SpotBelow = min(1, c/o.Effective())
			}
		}
		out = append(out, offer)
	}
	return out
}
