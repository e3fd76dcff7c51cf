package report

import (
	"fmt"

	"pgregory.net/rapid"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/remark"
)

// tame are texts that a table can be read back with.
func tame() []string {
	return []string{"", "plain", "a longer remark that has to be wrapped somewhere", "x.y; z"}
}

// estimates draws consistent estimates: lines are quantity × price, totals are
// sums. Everything else varies: regions, prices, ranges, mirrored or not, what
// has no price.
func estimates(texts []string) *rapid.Generator[bill.Estimate] {
	return rapid.Custom(func(t *rapid.T) bill.Estimate {
		word := rapid.SampledFrom(texts)
		hour := rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("%d.%04d", rapid.IntRange(0, 30).Draw(t, "dollars"),
				rapid.IntRange(0, 9999).Draw(t, "rest"))
		})
		e := bill.Estimate{
			Schema:  bill.SchemaName,
			Profile: bill.Source{Name: "p" + rapid.StringMatching(`[a-z]{0,12}`).Draw(t, "name")},
			Title:   word.Draw(t, "title"), Hours: money.Int(rapid.Int64Range(1, 744).Draw(t, "hours")),
			Purchase: "on-demand", Scope: "all", Prices: bill.PricesUsed{Vintage: "2026-07-20"},
			Headline: rapid.SampledFrom([]string{"expected", maximum}).Draw(t, "headline"),
			Regions:  []string{"us-east-1", "us-west-2", "eu-west-1"}[:rapid.IntRange(1, 3).Draw(t, "regions")],
			Mirrored: rapid.Bool().Draw(t, "mirrored"),
		}
		samePrices := rapid.Bool().Draw(t, "same prices")
		for i := range rapid.IntRange(0, 6).Draw(t, "parts") {
			p := bill.Part{Name: fmt.Sprintf("c%d", i), System: fmt.Sprintf("S%d%s", i, word.Draw(t, "system")),
				Kind: "worker", Machine: rapid.SampledFrom([]string{"m7g.large", "c7g.xlarge", ""}).Draw(t, "machine"),
				Notes: word.Draw(t, "notes")}
			if text := word.Draw(t, "binds"); text != "" {
				p.Binds = whole(text)
			}
			price := hour.Draw(t, "hour")
			low, mid, high := ranges(t, &e)
			for _, r := range e.Regions {
				if !samePrices {
					price = hour.Draw(t, "hour")
				}
				if !e.Mirrored {
					low, mid, high = ranges(t, &e)
				}
				if p.Machine != "" {
					e.Lines = append(e.Lines, nodeLine(e.Hours, p, nodesOf{r, "", low, mid, high}, price))
				}
				for range rapid.IntRange(0, 2).Draw(t, "usage") {
					l := usageLine(t, p, price)
					l.Region, l.Notes = r, word.Draw(t, "line notes")
					e.Lines = append(e.Lines, l)
				}
				if rapid.IntRange(0, 9).Draw(t, "unpriced") == 0 {
					e.Unpriced = append(e.Unpriced,
						bill.Unpriced{Region: r, Component: p.Name, Item: "gp9", Unit: "GB", Quantity: high})
				}
			}
			e.Parts = append(e.Parts, p)
		}
		if rapid.Bool().Draw(t, "bought") {
			buy(t, &e)
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "layers") {
			adjust(t, &e, fmt.Sprintf("L%d%s", i, word.Draw(t, "layer")))
		}
		rest(t, &e, word)
		return e
	})
}

// rest draws quotas, adds up, and draws environments beside production.
func rest(t *rapid.T, e *bill.Estimate, word *rapid.Generator[string]) {
	e.Quotas = quotasOf(e.Regions[0], word.Draw(t, "note"))[:rapid.IntRange(0, 2).Draw(t, "quotas")]
	addUp(e)
	if rapid.Bool().Draw(t, "environments") {
		e.Together = &bill.Together{Total: e.Total.Plus(e.Total), Systems: []bill.EnvironmentCost{
			{Environment: "production", Cost: e.Total}, {Environment: "dev", Cost: e.Total, AtLeast: true}}}
	}
}

// quotasOf are two quotas to ask for, the second with all that there is to say.
func quotasOf(region, note string) []bill.Quota {
	return []bill.Quota{
		{Region: region, Of: bill.QuotaVCPU, Need: 6, Default: 5, Note: note},
		{Region: region, Of: bill.QuotaReservations, Need: 21, AtLeast: true, Default: 20, Zone: 20, Month: 3,
			Environments: []string{"production", "dev"}, NotCounted: []string{"qa"}, AsOf: "2023-05-11", Weak: true},
	}
}

// ranges draws numbers of nodes, with a mean where the estimate shows one.
func ranges(t *rapid.T, e *bill.Estimate) (low, mid, high money.Quantity) {
	a := rapid.Int64Range(0, 9).Draw(t, "min")
	b := a + rapid.SampledFrom([]int64{0, 0, 1, 5}).Draw(t, "more")
	mid = money.Int(b)
	if m, err := money.Float(float64(a+b) / 2 * 1.0001); err == nil && a != b && e.Headline != maximum {
		mid = m
	}
	return money.Int(a), mid, money.Int(b)
}

// usageLine draws what a component uses beside nodes.
func usageLine(t *rapid.T, p bill.Part, price string) bill.Line {
	q, err := money.Float(rapid.Float64Range(0, 5000).Draw(t, "quantity"))
	if err != nil {
		t.Fatal(err)
	}
	var month *int
	mean := false
	if rapid.Bool().Draw(t, "grows") {
		m := rapid.IntRange(0, 120).Draw(t, "of month")
		month, mean = &m, rapid.Bool().Draw(t, "in its mean")
	}
	return priced(bill.Line{Component: p.Name, System: p.System, Kind: p.Kind, OfMonth: month, MeanOfMonth: mean,
		Category: rapid.SampledFrom([]string{"storage", "network", "other"}).Draw(t, "category"),
		Item:     rapid.SampledFrom([]string{"gp3", "io2", "egress"}).Draw(t, "item"),
		Unit:     "GB", Min: q, Quantity: q, Max: q, Price: money.MustRate(price)})
}

// buy puts some nodes under commitments, with shares of what was paid upfront,
// and says how.
func buy(t *rapid.T, e *bill.Estimate) {
	amount := rapid.Custom(func(t *rapid.T) money.Amount {
		return money.MustAmount(fmt.Sprintf("%d.%02d", rapid.IntRange(0, 99999).Draw(t, "dollars"),
			rapid.IntRange(0, 99).Draw(t, "cents")))
	})
	b := &bill.Buying{OnDemand: amount.Draw(t, "on demand"), Effective: amount.Draw(t, "effective"),
		Upfront: amount.Draw(t, "upfront"), Uncovered: amount.Draw(t, "uncovered"),
		BreakEven: rapid.IntRange(0, 36).Draw(t, "break-even"), Horizon: 36,
		PV: amount.Draw(t, "pv"), PVOnDemand: amount.Draw(t, "pv on demand"), Residual: amount.Draw(t, "residual"),
		Coverage:    rapid.Float64Range(0, 1).Draw(t, "coverage"),
		Utilisation: rapid.Float64Range(0, 1).Draw(t, "utilisation"),
		AtRisk:      []bill.RiskFall{{Fall: 0.25, Monthly: amount.Draw(t, "at risk")}}, Unpriced: []bill.UnpricedTerm{},
		Risks: []remark.Remark{}, Pools: []bill.PoolBuying{}}
	if rapid.Bool().Draw(t, "of this version") {
		dollars, rate := b.Coverage/2, b.Coverage-0.5
		b.CoverageInDollars, b.SavingsRate, b.Inexact = &dollars, &rate, []string{"DB"}
		b.NotTaken = []remark.Remark{remark.New("not_taken.bounds", "asked", []string{"spot"},
			"components", []string{"DB"})}
		b.Plans = []bill.PlanGap{{Kind: "sp-ec2", Region: "us-east-1", Machine: "m7g.large"}}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "months") {
		b.Months = append(b.Months, purchase.Month{Reservations: i, Spot: i, Upfront: amount.Draw(t, "fee"),
			Hourly: amount.Draw(t, "hourly")})
	}
	var lines []bill.Line
	for _, l := range e.Lines {
		if !isNode(l) || !rapid.Bool().Draw(t, "committed") {
			lines = append(lines, l)
			continue
		}
		l.Term = "reserved-1y-partial"
		share := l
		one := money.Int(1)
		share.Unit, share.HourPrice, share.Price = "upfront share", nil,
			money.MustRate("12.34")
		share.Min, share.Quantity, share.Max = one, one, one
		lines = append(lines, l, priced(share))
		p := bill.PoolBuying{Component: l.Component, Region: l.Region, Role: l.Role, Machine: l.Item,
			Mix: bill.Purchases{{Option: "reserved-1y-partial", Nodes: 2}}}
		p.Unused = rapid.IntRange(0, 2).Draw(t, "unused")
		if rapid.Bool().Draw(t, "later") {
			p.Later = []bill.Later{{Option: "reserved-3y-all", Nodes: 2, From: 3, To: 30}}
			p.Horizon = &bill.PoolHorizon{PV: b.PV, AtRisk: b.AtRisk}
		}
		b.Pools = append(b.Pools, p)
	}
	e.Lines, e.Purchase, e.Buying = lines, "optimal", b
}

// adjust adds a layer: a line in each region, of so many dollars × a part.
func adjust(t *rapid.T, e *bill.Estimate, name string) {
	part := rapid.SampledFrom([]string{"-0.1", "-1", "0.19"}).Draw(t, "part")
	for _, r := range e.Regions {
		a := rapid.Int64Range(0, 500).Draw(t, "base")
		b := a + rapid.SampledFrom([]int64{0, 7}).Draw(t, "more")
		low, high := money.Int(a), money.Int(b)
		e.Lines = append(e.Lines, priced(bill.Line{Region: r, System: name, Kind: "adjustment", Category: "other",
			Item: "discount", Unit: "USD", Term: bill.AdjustmentTerm, Min: low, Quantity: high, Max: high,
			Price: money.RateOf(money.MustAmount(part)), Notes: "of it"}))
	}
}
