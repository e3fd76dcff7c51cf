package bill

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
)

// notCovered are the reasons for which a row of Infracost's printed bills is not
// checked.
func notCovered() map[string]string {
	return map[string]string{
		"service":  "no component bills this service",
		"regions":  "the printed bill is of several regions, and does not say which row is of which",
		"target":   "the price from region to region is of no named target",
		"tenancy":  "nodes are of shared tenancy; a t3.medium of $32.19 is at the price of dedicated tenancy",
		"purchase": "reserved and Windows nodes: the row does not name the term, or the tables have Linux only",
		"extra":    "a feature that no component has: detailed monitoring, CPU credits, S3 Select, transitions, I/O",
		"class":    "a storage class that objects do not have",
		"unpriced": "the tables have no price of the item, and the bill names it as missing",
	}
}

// Bills that Infracost prints for its own tests, row by row: quantity × the price of
// the tables, through the same code as every bill, to the cent. testdata/infracost.csv
// has all price lines of its golden files (Apache-2.0), with what headroom bills instead or why it does not.
func TestBillsOfInfracost(t *testing.T) {
	data, err := os.ReadFile("testdata/infracost.csv")
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	v, err := testCatalog(t).Vintage("2026-07-20")
	require.NoError(t, err)
	checked, used := 0, map[string]bool{}
	for n, row := range rows[1:] {
		cell := func(name string) string { return row[at[name]] }
		if why := cell("not_covered"); why != "" || cell("billed_as") == "" {
			require.Contains(t, notCovered(), why, "line %d: no reason why it is not covered", n+2)
			used[why] = true
			continue
		}
		checked++
		got, printed := printedBill(t, v, cell)
		if printed != got {
			t.Errorf("line %d: %s %s: %s printed, %s billed", n+2, cell("region"), cell("billed_as"), printed, got)
		}
	}
	require.Len(t, used, len(notCovered()), "a reason that no row has")
	require.Greater(t, checked, 150)
}

// printedBill is what the tables make of a row, and what it prints: the cost of its
// quantity, or of one unit where it has none.
func printedBill(t *testing.T, v *catalog.Vintage, cell func(string) string) (got, printed string) {
	t.Helper()
	reg, err := v.Region(cell("region"))
	require.NoError(t, err)
	service, item, _ := strings.Cut(cell("billed_as"), "/")
	quantity := func(name string) money.Quantity {
		var q money.Quantity
		require.NoError(t, q.UnmarshalJSON([]byte(cell(name))))
		return q
	}
	one := cell("quantity") == ""
	if service == ServiceNodes {
		price, ok := reg.OnDemand(item)
		require.True(t, ok, item)
		return money.NewLine(quantity("quantity"), price.Rate).Total.String(), cell("cost")
	}
	if one {
		tiers, ok := reg.Usage(service, item)
		require.True(t, ok, item)
		rate, printed := tiers[0].Price.Rate.Scale(quantity("units")), money.MustRate(cell("unit_price"))
		if cents := money.NewLine(money.Int(1), rate).Total.String(); cents == cell("unit_price") {
			return cents, cents // dimes and more are printed to the cent
		}
		return rate.String(), printed.String()
	}
	p := &pricer{Tables: &plan.Tables{Vintage: v, Hours: money.Int(730), Regions: []*catalog.RegionPrices{reg}}}
	u := &sizing.Usage{Service: service, Item: item}
	var total money.Amount
	above := quantity("above")
	for _, l := range p.metered(nil, &Part{}, u, above.Plus(quantity("quantity").Times(quantity("units")))) {
		total = total.Plus(l.Cost.Expected)
	}
	for _, l := range p.metered(nil, &Part{}, u, above) { // the printed row is of one tier
		total = total.Minus(l.Cost.Expected)
	}
	require.Empty(t, p.missing)
	return total.String(), cell("cost")
}
