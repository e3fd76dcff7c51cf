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
		"service":    "no component bills this service",
		"target":     "the price from region to region is of no named target",
		"tenancy":    "nodes are of shared tenancy; a launch template asks for the t3.medium of $32.19 otherwise",
		"upfront":    "only the hourly part of a reservation is printed, and not the fee",
		"windows":    "nodes run Linux",
		"monitoring": "no component has detailed monitoring",
		"credits":    "no component buys CPU credits: burstable nodes are planned to their baseline",
		"optimized":  "the surcharge of old types for EBS optimization",
		"magnetic":   "magnetic volumes and their I/O, which no component has",
		"snapshots":  "snapshots are not restored fast nor read through an interface",
		"select":     "no component has S3 Select",
		"transition": "objects stay in the class into which they are written",
		"speed":      "objects are restored at the standard speed",
		"class":      "a storage class that objects do not have",
		"unpriced":   "the tables have no price of the item, and the bill names it as missing",
	}
}

// Bills that Infracost prints for its own tests, row by row: quantity × the price of
// the newest tables, through the same code as every bill, to the cent. testdata/infracost.csv
// has all price lines of its golden files (Apache-2.0), with what headroom bills instead or
// why it does not; a row that is said to have no price must have none.
func TestBillsOfInfracost(t *testing.T) {
	data, err := os.ReadFile("testdata/infracost.csv")
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	v, err := testCatalog(t).Vintage("2026-10-04")
	require.NoError(t, err)
	checked, used := 0, map[string]bool{}
	for n, row := range rows[1:] {
		cell := func(name string) string { return row[at[name]] }
		if why := cell("not_covered"); why != "" || cell("billed_as") == "" {
			require.Contains(t, notCovered(), why, "line %d: no reason why it is not covered", n+2)
			used[why] = true
			if why == "unpriced" {
				m, ok := catalog.MeterOf(split(cell("billed_as")))
				require.True(t, ok, "line %d: the program bills no %s", n+2, cell("billed_as"))
				_, ok = regionOf(t, v, cell).Usage(m)
				require.False(t, ok, "line %d: %s has a price by now", n+2, cell("billed_as"))
			}
			continue
		}
		checked++
		got, printed := printedBill(t, v, cell)
		if printed != got {
			t.Errorf("line %d: %s %s: %s printed, %s billed", n+2, cell("region"), cell("billed_as"), printed, got)
		}
	}
	require.Len(t, used, len(notCovered()), "a reason that no row has")
	require.Equal(t, 215, checked)
}

// printedBill is what the tables make of a row, and what it prints: the cost of its
// quantity, or of one unit where it has none.
func printedBill(t *testing.T, v *catalog.Vintage, cell func(string) string) (got, printed string) {
	t.Helper()
	reg := regionOf(t, v, cell)
	service, item := split(cell("billed_as"))
	quantity := func(name string) money.Quantity {
		var q money.Quantity
		require.NoError(t, q.UnmarshalJSON([]byte(cell(name))))
		return q
	}
	one := cell("quantity") == ""
	if service == ServiceNodes {
		return money.NewLine(quantity("quantity"), hourly(t, reg, item)).Total.String(), cell("cost")
	}
	meter, ok := catalog.MeterOf(service, item)
	require.True(t, ok, "%s: the program bills no %s", service, item)
	if one {
		tiers, ok := reg.Usage(meter)
		require.True(t, ok, item)
		rate, printed := tiers[0].Price.Rate.Scale(quantity("units")), money.MustRate(cell("unit_price"))
		if cents := money.NewLine(money.Int(1), rate).Total.String(); cents == cell("unit_price") {
			return cents, cents // dimes and more are printed to the cent
		}
		return rate.String(), printed.String()
	}
	p := &pricer{Tables: &plan.Tables{Vintage: v, Hours: money.Int(730), Regions: []*catalog.RegionPrices{reg}}}
	u := &sizing.Usage{Meter: meter}
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

func regionOf(t *testing.T, v *catalog.Vintage, cell func(string) string) *catalog.RegionPrices {
	t.Helper()
	reg, err := v.Region(cell("region"))
	require.NoError(t, err)
	return reg
}

// split is the service and the item of a row.
func split(billed string) (service, item string) {
	service, item, _ = strings.Cut(billed, "/")
	return service, item
}

// hourly is the price of a type, on demand or for the term that follows it.
func hourly(t *testing.T, reg *catalog.RegionPrices, item string) money.Rate {
	t.Helper()
	typ, term, reserved := strings.Cut(item, " ")
	if !reserved {
		price, ok := reg.OnDemand(typ)
		require.True(t, ok, item)
		return price.Rate
	}
	price, ok := reg.Term(typ, term)
	require.True(t, ok, item)
	_, rate := price.Commitment()
	return rate
}
