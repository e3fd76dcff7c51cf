package cli

import (
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/report"
	"headroom/pkg/unit"
)

func newPricesShowCmd(a *app) *cobra.Command {
	var o listOutput
	cmd := &cobra.Command{
		Use:   "show TYPE|SERVICE…",
		Short: "Show what an instance type or a service costs, by vintage and region",
		Long: `Shows every price of an instance type that the tables hold: on demand, reserved,
savings plan and spot, with the date and source of each, and the hardware. Of a
service (nat-gateway, elb, s3, vpc, data-transfer, ebs …) it shows the prices of
use, with a row for each tier.

Without --regions these are us-east-1 and us-west-2; --regions all shows every
region. Without --prices these are all vintages. The column "vs on demand"
compares the cost of the whole term, upfront payment included, with running on
demand all the time.`,
		Example: "  headroom prices show m7g.large\n" +
			"  headroom prices show nat-gateway elb s3 --regions eu-west-2\n" +
			"  headroom prices show m4.large --prices 2016-04-18 --regions all\n" +
			"  headroom prices show m7g.large r7g.large --format csv",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.typeNames,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.list(o, func() (listing, error) { return a.priceList(args) })
		},
	}
	o.addFlags(a, cmd)
	a.addSettings(cmd, "prices", "overlay", "regions")
	return cmd
}

// priceList has one row per type, vintage, region and term.
func (a *app) priceList(types []string) (listing, error) {
	vintages, err := a.vintages()
	if err != nil {
		return listing{}, err
	}
	regions, err := a.chosenRegions(vintages, "us-east-1", "us-west-2")
	if err != nil {
		return listing{}, err
	}
	l := listing{schema: "headroom.prices.show/v1", cols: []listCol{
		{key: "type"}, {key: "vintage"}, {key: "region"}, {key: "term", head: "Term"},
		{key: "rate_usd", head: "USD", align: report.Decimal}, {key: "basis", head: "per"},
		{key: "vs_on_demand", head: "vs on demand", align: report.Right},
		{key: "as_of", head: "As of"}, {key: "source", head: "Source"}, {key: "overlay"}, {key: "note", head: "Note"},
		{key: "tier_from"},
	}}
	var without unpricedTerms
	for _, name := range types {
		if err := typeRows(&l, &without, name, vintages, regions); err != nil {
			return listing{}, err
		}
	}
	without.fact(&l)
	return l, nil
}

// typeRows adds the rows of one type, and notes what it lacks. A type that is
// neither in the hardware table nor priced is an error with the nearest name.
func typeRows(l *listing, without *unpricedTerms, name string, vintages []*catalog.Vintage, regions []string) error {
	cat := vintages[0].Catalog()
	hardware, known := cat.NodeType(name)
	if known {
		l.lead = append(l.lead, hardwareLine(hardware))
	}
	before := len(l.rows)
	for _, v := range vintages {
		for _, region := range regions {
			if !hasRegion(v, region) {
				continue
			}
			r, err := v.Region(region)
			if err != nil {
				return invalidError{err}
			}
			l.regionRows(name, r)
			l.usageRows(name, r)
			if err := r.Err(); err != nil {
				return invalidError{err}
			}
			without.add(name, r)
		}
	}
	switch {
	case len(l.rows) > before:
		return nil
	case known:
		return hinted{invalidError{fmt.Errorf("%s has no price in %s%s", name, strings.Join(regions, ", "),
			vintageText(vintages))}, "Try --regions all, or another vintage; headroom prices list shows them."}
	}
	if _, err := cat.NodeTypes(); err != nil {
		return err
	}
	return hinted{invalidError{fmt.Errorf("unknown instance type %q%s", name, maybe(cat.SuggestType(name)))},
		"Types are written as AWS does, for example m7g.large."}
}

func vintageText(vintages []*catalog.Vintage) string {
	if len(vintages) == 1 {
		return " of the vintage " + vintages[0].Name()
	}
	return " of any vintage"
}

// regionRows adds what a region's tables say of a type.
func (l *listing) regionRows(name string, r *catalog.RegionPrices) {
	vintage, region := r.Vintage().Name(), r.Name()
	row := func(term string, rate, versus report.Cell, basis catalog.PriceForm, p catalog.Price) {
		l.add(plain(name), plain(vintage), plain(region), plain(term), rate, cell(perText(basis), string(basis)),
			versus, plain(p.AsOf), plain(p.Source), plain(p.Overlay), plain(p.Note), report.Cell{})
		l.rows[len(l.rows)-1].group = name + " in " + region + ", " + vintage
	}
	base, hasBase := r.OnDemand(name)
	if hasBase {
		row("on-demand", rateCell(base.Rate), report.Cell{}, catalog.Hourly, base)
	}
	for _, t := range r.Terms(name) {
		versus := report.Cell{}
		if hasBase {
			versus = termCell(t, base.Rate)
		}
		row(t.Term, rateCell(t.Rate), versus, t.Basis, t.Price)
	}
	spot, ok := r.Spot(name)
	if !ok || !hasBase || !spot.HasSaving && spot.Band == "" {
		return
	}
	var advice []string
	rate, versus := report.Cell{}, report.Cell{}
	if spot.HasSaving {
		list, _ := r.ListOnDemand(name)
		if p, err := spot.AdvisorPrice(list.Rate); err == nil {
			rate = rateCell(p)
		}
		versus = percentCell(-float64(spot.SavingsPct) / 100)
		advice = append(advice, "computed from the saving")
	}
	if spot.Band != "" {
		advice = append(advice, spot.Band+" interrupted a month")
	}
	row("spot-advisor", rate, versus, catalog.Hourly,
		catalog.Price{AsOf: spot.AdvisorAsOf, Source: spot.AdvisorSource, Note: strings.Join(advice, "; ")})
}

// usageRows adds what a region's tables say of a service: the items of use.
func (l *listing) usageRows(service string, r *catalog.RegionPrices) {
	for _, k := range r.UsageItems() {
		if k.Service != service {
			continue
		}
		for i := range k.Tiers {
			t := &k.Tiers[i]
			item, from := k.Item, report.Cell{}
			if !t.Tier.From.IsZero() {
				from = cell(t.Tier.From.String(), t.Tier.From)
				item += ", from " + from.Text
			}
			l.add(plain(service), plain(r.Vintage().Name()), plain(r.Name()), cell(item, k.Item),
				rateCell(t.Price.Rate), plain(k.Unit), report.Cell{}, plain(t.Price.AsOf), plain(t.Price.Source),
				plain(t.Price.Overlay), plain(t.Price.Note), from)
			l.rows[len(l.rows)-1].group = service + " in " + r.Name() + ", " + r.Vintage().Name()
		}
	}
}

// unpricedTerms are the ways to buy a type that have no price, and where.
type unpricedTerms struct {
	terms  []string // in the order of finding
	places map[string][]string
}

// add notes what a region's tables lack for a type that they have on demand.
func (k *unpricedTerms) add(name string, r *catalog.RegionPrices) {
	if _, ok := r.OnDemand(name); !ok {
		return
	}
	have := []string{purchase.OnDemand}
	for _, t := range r.Terms(name) {
		have = append(have, t.Term)
	}
	if s, ok := r.Spot(name); ok && (s.HasPrice || s.HasSaving) {
		have = append(have, purchase.Spot)
	}
	text := strings.Join(purchase.Lacking(have), ", ")
	if text == "" {
		return
	}
	if k.places == nil {
		k.places = map[string][]string{}
	}
	if k.places[text] == nil {
		k.terms = append(k.terms, text)
	}
	k.places[text] = append(k.places[text], name+" in "+r.Name()+", "+r.Vintage().Name())
}

// mostPlaces is how many places a fact names.
const mostPlaces = 3

// fact says it in one line, as a listing has every fact once.
func (k *unpricedTerms) fact(l *listing) {
	var all []string
	for _, text := range k.terms {
		where := k.places[text]
		more := ""
		if len(where) > mostPlaces {
			more = fmt.Sprintf(" and %d more", len(where)-mostPlaces)
		}
		all = append(all, text+" ("+strings.Join(where[:min(len(where), mostPlaces)], "; ")+more+")")
	}
	if len(all) > 0 {
		l.fact("no_price", "No price", strings.Join(all, " | "))
	}
}

func rateCell(r money.Rate) report.Cell { return cell(r.String(), r) }

// perText is the basis of an EC2 price for people: those tables state no
// upfront fee on its own.
func perText(basis catalog.PriceForm) string {
	switch basis {
	case catalog.Hourly:
		return "hour"
	case catalog.Effective:
		return "hour, with upfront"
	case catalog.Annual:
		return "year, all upfront"
	}
	return string(basis)
}

// termCell compares the cost of a whole term with on demand all the time; a
// ratio for the reader, so a float.
func termCell(t catalog.TermPrice, onDemand money.Rate) report.Cell {
	base := onDemand.Float64()
	if base <= 0 {
		return report.Cell{}
	}
	fee, hourly := t.Commitment()
	each := hourly.Float64()
	if t.Years > 0 {
		each += fee.Float64() / float64(t.Years*catalog.HoursPerYear)
	}
	return percentCell(each/base - 1)
}

// percentCell is a change in percent, to a tenth.
func percentCell(x float64) report.Cell {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return report.Cell{}
	}
	tenths := math.Round(x * 1000)
	s := unit.SignedPercent(tenths, 1000, 1)
	if tenths == 0 {
		s = unit.Percent(0, 1)
	}
	return cell(s, tenths/1000)
}
