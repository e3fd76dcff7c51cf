package report

import (
	"fmt"

	"pgregory.net/rapid"

	"headroom/pkg/money"
	"headroom/pkg/plan"
)

// tame are texts that a table can be read back with.
func tame() []string {
	return []string{"", "plain", "a longer remark that has to be wrapped somewhere", "x.y; z"}
}

// estimates draws consistent estimates: lines are quantity × price, totals are
// sums. Everything else varies: regions, prices, ranges, mirrored or not, what
// has no price.
func estimates(texts []string) *rapid.Generator[plan.Estimate] {
	return rapid.Custom(func(t *rapid.T) plan.Estimate {
		word := rapid.SampledFrom(texts)
		hour := rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("%d.%04d", rapid.IntRange(0, 30).Draw(t, "dollars"), rapid.IntRange(0, 9999).Draw(t, "rest"))
		})
		e := plan.Estimate{
			Schema: plan.SchemaName, Profile: plan.Source{Name: "p" + rapid.StringMatching(`[a-z]{0,12}`).Draw(t, "name")},
			Title: word.Draw(t, "title"), Hours: money.Int(rapid.Int64Range(1, 744).Draw(t, "hours")),
			Purchase: "on-demand", Scope: "all", Prices: plan.Prices{Vintage: "2026-07-20"},
			Headline: rapid.SampledFrom([]string{"expected", maximum}).Draw(t, "headline"),
			Regions:  []string{"us-east-1", "us-west-2", "eu-west-1"}[:rapid.IntRange(1, 3).Draw(t, "regions")],
			Mirrored: rapid.Bool().Draw(t, "mirrored"),
		}
		samePrices := rapid.Bool().Draw(t, "same prices")
		ranges := func(mean bool) (low, mid, high money.Quantity) {
			a := rapid.Int64Range(0, 9).Draw(t, "min")
			b := a + rapid.SampledFrom([]int64{0, 0, 1, 5}).Draw(t, "more")
			mid = money.Int(b)
			if m, err := money.Float(float64(a+b) / 2 * 1.0001); err == nil && mean && a != b && e.Headline != maximum {
				mid = m
			}
			return money.Int(a), mid, money.Int(b)
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "parts") {
			p := plan.Part{Name: fmt.Sprintf("c%d", i), System: fmt.Sprintf("S%d%s", i, word.Draw(t, "system")), Kind: "worker",
				Machine: rapid.SampledFrom([]string{"m7g.large", "c7g.xlarge", ""}).Draw(t, "machine"),
				Binds:   word.Draw(t, "binds"), Notes: word.Draw(t, "notes")}
			price := hour.Draw(t, "hour")
			low, mid, high := ranges(true)
			for _, r := range e.Regions {
				if !samePrices {
					price = hour.Draw(t, "hour")
				}
				if !e.Mirrored {
					low, mid, high = ranges(true)
				}
				if p.Machine != "" {
					e.Lines = append(e.Lines, nodeLine(e.Hours, p, r, "", price, low, mid, high))
				}
				for range rapid.IntRange(0, 2).Draw(t, "usage") {
					q, err := money.Float(rapid.Float64Range(0, 5000).Draw(t, "quantity"))
					if err != nil {
						t.Fatal(err)
					}
					e.Lines = append(e.Lines, priced(plan.Line{Region: r, Component: p.Name, System: p.System, Kind: p.Kind,
						Category: rapid.SampledFrom([]string{"storage", "network", "other"}).Draw(t, "category"),
						Item:     rapid.SampledFrom([]string{"gp3", "io2", "egress"}).Draw(t, "item"), Unit: "GB",
						Min: q, Quantity: q, Max: q, Price: money.MustRate(price), Notes: word.Draw(t, "line notes")}))
				}
				if rapid.IntRange(0, 9).Draw(t, "unpriced") == 0 {
					e.Unpriced = append(e.Unpriced, plan.Unpriced{Region: r, Component: p.Name, Item: "gp9", Unit: "GB", Quantity: high})
				}
			}
			e.Parts = append(e.Parts, p)
		}
		addUp(&e)
		return e
	})
}
