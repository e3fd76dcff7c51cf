package insight

import (
	"cmp"
	"fmt"
	"strings"

	"headroom/pkg/purchase"
	"headroom/pkg/words"
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
	reg := p.Tables.Regions[c.Layout.Pools[0].Region]
	spotTypes := 1
	if limits, _, err := purchase.FromProfile(&spec); err == nil && p.System != nil {
		spotTypes = limits.SpotTypes
	}
	options, err := purchase.Options(reg, p.Alike(c, spotTypes), spotTypes,
		purchase.GivenFor(&spec, c.Layout.Type.Name))
	if err != nil {
		return out
	}
	for i := range options {
		o := &options[i]
		offer := Offer{Option: o.Name, Region: reg.Name(), AsOf: o.AsOf, Source: o.Source, Remark: o.Assumed}
		if !o.Missing.IsZero() {
			offer.Remark = words.Say(o.Missing)
		} else {
			offer.Effective, offer.Fee = o.Effective(), o.Fee.Cents().String()
			if options[0].Missing.IsZero() && o.Committed() {
				offer.BreakEven = o.BreakEven(&options[0])
			}
			if len(o.Spot) > 0 {
				offer.Remark = spotRemark(o)
				if c, ok := all.Committed(options); ok && o.Effective() > 0 {
					offer.Remark += fmt.Sprintf("; cheaper than the best commitment below %.0f %% of hours",
						min(100, 100*c/o.Effective()))
				}
			}
		}
		out = append(out, offer)
	}
	return out
}

// spotRemark is what is known of the spot prices of an option's types.
func spotRemark(o *purchase.Option) string {
	var parts []string
	for _, q := range o.Spot {
		s := fmt.Sprintf("list %s; advisor %s; interruptions %s", known(q.HasPrice, q.Price.String(), q.PriceAsOf),
			known(q.HasAdvisor, q.Advisor.String(), q.AdvisorAsOf), cmp.Or(q.Band, "not known"))
		if len(o.Spot) > 1 {
			s = q.Type + ": " + s
		}
		parts = append(parts, s)
	}
	if o.Note != "" {
		parts = append(parts, o.Note)
	}
	return strings.Join(parts, " | ")
}

func known(ok bool, text, asOf string) string {
	if !ok {
		return "not known"
	}
	return text + " of " + asOf
}
