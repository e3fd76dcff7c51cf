package timeline

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

func testCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	return c
}

func parse(t testing.TB, src string) *workload.Profile {
	t.Helper()
	p, err := workload.Parse("p.yaml", []byte(src), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	return p
}

func named(t testing.TB, name string) *workload.Profile {
	t.Helper()
	src, err := os.ReadFile("../../profiles/" + name + ".yaml")
	require.NoError(t, err)
	return parse(t, string(src))
}

// over plans a profile over time.
func over(t testing.TB, p *workload.Profile, r bill.Request, o Options) *Timeline {
	t.Helper()
	c := testCatalog(t)
	o.Plan = func(p *workload.Profile, r bill.Request) (*bill.Planned, error) { return bill.Search(p, c, r) }
	out, err := Run(context.Background(), p, []bill.Request{r}, o)
	require.NoError(t, err)
	requireSums(t, out)
	return out
}

// requireSums holds that everything adds up exactly.
func requireSums(t testing.TB, x *Timeline) {
	t.Helper()
	var all Sums
	for i := range x.Systems {
		s := &x.Systems[i]
		var total Sums
		for k := range s.Periods {
			p := &s.Periods[k]
			var of, fees, upfront, events, cash money.Amount
			for j := range p.Components {
				c := &p.Components[j]
				of, fees, upfront = of.Plus(c.Cost), fees.Plus(c.Fees), upfront.Plus(c.Upfront)
				cash = cash.Plus(c.Cash())
			}
			for j := range p.Events {
				events = events.Plus(p.Events[j].Cost)
			}
			require.True(t, of.Plus(events).Equal(p.Bill), "%d: %s + %s is not %s", k, of, events, p.Bill)
			require.True(t, events.Equal(p.Sums.Events))
			require.True(t, fees.Equal(p.Fees) && upfront.Equal(p.Upfront), "%d", k)
			require.True(t, cash.Plus(events).Equal(p.Cash), "%d: %s is not %s", k, cash, p.Cash)
			require.True(t, p.Bill.Cents().Equal(p.Bill), "whole cents")
			total = total.Plus(p.Sums)
		}
		require.Equal(t, total.Bill.String(), s.Total.Bill.String())
		require.Equal(t, total.Cash.String(), s.Total.Cash.String())
		all = all.Plus(total)
	}
	require.True(t, all.Bill.Equal(x.Total.Bill) && all.Cash.Equal(x.Total.Cash))
}

func TestLook(t *testing.T) {
	r := bill.Request{}
	r.Purchase = os.Getenv("BUY")
	x := over(t, named(t, os.Getenv("WHO")), r, Options{Periods: 24, Weekly: os.Getenv("WEEKLY") != ""})
	s := x.Systems[0]
	for _, p := range s.Periods {
		cov := -1.0
		if p.Coverage != nil {
			cov = *p.Coverage
		}
		t.Log(p.Number, p.Month, p.Users, p.Bill, p.Cash, p.NodesMin, p.NodesMax, cov, p.Idle(), p.Sums.Events)
		for _, c := range p.Changes {
			t.Logf("   %+v", c)
		}
	}
	t.Logf("%+v %v", s.Total, s.Inexact)
}
