package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
	"headroom/pkg/purchase"
)

// Every line of a bought system is quantity × price, and its lines add up to
// what the mixes say.
func TestBuyingAddsUp(t *testing.T) {
	c := testCatalog(t)
	for _, mode := range []string{"optimal", "reserved-1y", "reserved-3y"} {
		e := buildSource(t, c, profileSource(t, "medium"), Options{Purchase: mode}).Estimate
		require.Equal(t, mode, e.Purchase)
		require.NotNil(t, e.Buying, mode)
		var nodes money.Amount
		for _, l := range e.Lines {
			require.True(t, money.NewLine(l.Quantity, l.Price).Total.Equal(l.Cost.Expected), "%+v", l)
			require.LessOrEqual(t, l.Cost.Min.Cmp(l.Cost.Expected), 0, "%+v", l)
			require.LessOrEqual(t, l.Cost.Expected.Cmp(l.Cost.Max), 0, "%+v", l)
			if l.Category == "compute" {
				nodes = nodes.Plus(l.Cost.Expected)
			}
		}
		require.InDelta(t, e.Buying.Effective.Float64(), nodes.Float64(), 0.05, mode)
		require.Less(t, e.Buying.Effective.Float64(), e.Buying.OnDemand.Float64(), mode)
		require.Greater(t, e.Buying.Coverage, 0.5, mode)
	}
}

func TestOptimalIsNeverDearerThanOnDemand(t *testing.T) {
	c := testCatalog(t)
	for _, size := range []string{"small", "medium", "large"} {
		src := profileSource(t, size)
		demand := buildSource(t, c, src, Options{}).Estimate.Total.Expected
		best := buildSource(t, c, src, Options{Purchase: "optimal"}).Estimate.Total.Expected
		one := buildSource(t, c, src, Options{Purchase: "reserved-1y"}).Estimate.Total.Expected
		require.Less(t, best.Float64(), one.Float64()+0.05, size)
		require.Less(t, one.Float64(), demand.Float64(), size)
	}
}

func TestCommitPricesTheUsersOwn(t *testing.T) {
	c := testCatalog(t)
	commits, err := purchase.ParseCommit("db=1xreserved-1y-none")
	require.NoError(t, err)
	e := buildSource(t, c, profileSource(t, "medium"), Options{Commit: commits}).Estimate
	terms := map[string]int{}
	for _, l := range e.Lines {
		if l.Component == "db" && l.Category == "compute" {
			terms[l.Term]++
		} else if l.Category == "compute" {
			require.Equal(t, "on-demand", l.Term, "%+v", l)
		}
	}
	require.Equal(t, map[string]int{"reserved-1y-none": 2}, terms, "one in each region")
	require.NotNil(t, e.Buying.Optimum)

	commits, err = purchase.ParseCommit("dbb=1xreserved-1y-none")
	require.NoError(t, err)
	_, err = Build(parseProfile(t, profileSource(t, "medium")), c, Options{Commit: commits})
	require.ErrorContains(t, err, `"dbb"`)
}

// A month of the reference at its least counts, all reserved, against on
// demand: the document's "up to 50 %" (2016 tables).
func TestReferenceReserved(t *testing.T) {
	c := testCatalog(t)
	for _, x := range []struct {
		option string
		saving float64
	}{
		{"reserved-1y-none", 0.4187}, {"reserved-1y-partial", 0.4985}, {"reserved-1y-all", 0.5088}, {"reserved-3y-all", 0.6961},
	} {
		r := buildSource(t, c, profileSource(t, "reference-medium"), Options{})
		var demand, reserved float64
		for _, choice := range r.Choices {
			reg := r.pricer.regions[0]
			options, err := purchase.Options(reg, []string{choice.Layout.Type.Name}, 1, nil)
			require.NoError(t, err)
			for i := range options {
				n := float64(choice.Layout.Pools[0].Min)
				switch options[i].Name {
				case "on-demand":
					demand += n * options[i].Effective()
				case x.option:
					reserved += n * options[i].Effective()
				}
			}
		}
		require.InDelta(t, x.saving, 1-reserved/demand, 0.00005, x.option)
	}
}

// Layers apply in order, each to what is left: 10 % off compute, a credit, then
// tax on all of it.
func TestAdjustmentsApplyInOrderAndOnce(t *testing.T) {
	c := testCatalog(t)
	src := profileSource(t, "reference-small")
	base := buildSource(t, c, src, Options{}).Estimate
	adjusted := src + `
adjustments:
  - {name: Agreement, kind: discount, on: [compute], part: 10%}
  - {name: Grant, kind: credit, amount: $500}
  - {name: VAT, kind: tax, part: 20%}
`
	e := buildSource(t, c, adjusted, Options{}).Estimate
	var names []string
	for _, l := range e.Lines[len(base.Lines):] {
		names = append(names, l.Region+" "+l.System+" "+l.Cost.Expected.String())
		require.True(t, money.NewLine(l.Quantity, l.Price).Total.Equal(l.Cost.Expected))
	}
	// Each region costs 1767.60 at its largest: − 176.76, then the first region
	// takes the whole credit, then 20 % of 1090.84 and of 1590.84.
	require.Equal(t, []string{
		"us-east-1 Agreement -176.76", "us-west-2 Agreement -176.76",
		"us-east-1 Grant -500.00",
		"us-east-1 VAT 218.17", "us-west-2 VAT 318.17",
	}, names)
	require.Equal(t, "3218.02", e.Total.Expected.String())
	require.Equal(t, e.Total.Expected, e.PerRegion[0].Cost.Expected.Plus(e.PerRegion[1].Cost.Expected))
}

// An environment that runs a part of the week stays on demand: commitments are
// paid in all hours, and its month has fewer.
func TestPartTimeEnvironmentsStayOnDemand(t *testing.T) {
	c := testCatalog(t)
	src := profileSource(t, "medium") + "environments:\n  dev: {scale: 10%, hours_per_week: 50}\n  qa: {scale: 10%}\n"
	for name, bought := range map[string]bool{"dev": false, "qa": true} {
		p, err := parseProfile(t, src).Environment(name)
		require.NoError(t, err)
		r, err := Build(p, c, Options{Purchase: "optimal"})
		require.NoError(t, err)
		require.Equal(t, bought, r.Estimate.Buying != nil, name)
		for _, l := range r.Estimate.Lines {
			require.True(t, bought || l.Term == "on-demand", "%+v", l)
		}
	}
}
