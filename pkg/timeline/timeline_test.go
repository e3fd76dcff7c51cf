package timeline

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/plan"
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

// embedded is an embedded profile with other lines.
func embedded(t testing.TB, name string, changes ...string) *workload.Profile {
	t.Helper()
	src, err := os.ReadFile("../../profiles/" + name + ".yaml")
	require.NoError(t, err)
	return parse(t, strings.NewReplacer(changes...).Replace(string(src)))
}

// runAll plans systems over time and holds that everything adds up.
func runAll(ctx context.Context, t testing.TB, p *workload.Profile, list []bill.Request, o Options) *Timeline {
	t.Helper()
	c := testCatalog(t)
	if o.Plan == nil {
		o.Plan = func(p *workload.Profile, r bill.Request) (*bill.Planned, error) { return bill.Search(p, c, r) }
	}
	out, err := Run(ctx, p, list, o)
	require.NoError(t, err)
	requireSums(t, out)
	return out
}

func over(t testing.TB, p *workload.Profile, o Options, list ...bill.Request) *System {
	t.Helper()
	if len(list) == 0 {
		list = []bill.Request{{}}
	}
	return &runAll(context.Background(), t, p, list, o).Systems[0]
}

// requireSums holds that components, events and adjustments add up to the bill of their
// period, the periods to the total of their system, the systems to the total: exactly.
func requireSums(t testing.TB, x *Timeline) {
	t.Helper()
	var all Sums
	for i := range x.Systems {
		s := &x.Systems[i]
		var total Sums
		for k := range s.Periods {
			p := &s.Periods[k]
			sums := Sums{Bill: p.Rented, Cash: p.Rented}
			for j := range p.Components {
				c := &p.Components[j]
				sums = sums.Plus(Sums{Bill: c.Cost, Fees: c.Fees, Upfront: c.Upfront, Cash: c.Cash()})
			}
			for j := range p.Events {
				sums.Rented = sums.Rented.Plus(p.Events[j].Cost)
			}
			requireSame(t, sums, p.Sums)
			require.True(t, p.Bill.Cents().Equal(p.Bill), "whole cents")
			if c := p.Coverage; c != nil {
				require.True(t, *c >= 0 && *c <= 1, "%v", *c)
			}
			for _, h := range p.Held {
				require.True(t, h.Used <= float64(h.Nodes)+1e-9, "%+v", h)
			}
			total = total.Plus(p.Sums)
		}
		requireSame(t, total, s.Total)
		all = all.Plus(total)
	}
	requireSame(t, all, x.Total)
}

func requireSame(t testing.TB, want, have Sums) {
	t.Helper()
	for _, x := range [][2]money.Amount{{want.Bill, have.Bill}, {want.Rented, have.Rented}, {want.Fees, have.Fees},
		{want.Upfront, have.Upfront}, {want.Cash, have.Cash}} {
		require.True(t, x[0].Equal(x[1]), "%+v is not %+v", have, want)
	}
}

// A month is what an estimate of that month is, where nothing is kept from the one before.
func TestMonthIsAnEstimate(t *testing.T) {
	p, c := embedded(t, "medium"), testCatalog(t)
	kept := over(t, p, Options{Periods: 16, Leave: 0.9})
	s := over(t, p, Options{Periods: 16, Anew: true})
	for _, m := range []int{0, 7, 15} {
		r, err := bill.Make(p, c, bill.Request{Situation: workload.Situation{Month: m}})
		require.NoError(t, err)
		require.Equal(t, r.Estimate.Total.Expected.String(), s.Periods[m].Bill.String(), "month %d", m)
		require.Equal(t, r.Estimate.Demand.Users, s.Periods[m].Users)
	}
	require.Equal(t, s.Periods[0].Bill.String(), kept.Periods[0].Bill.String())
	require.NotEqual(t, s.Total.Bill.String(), kept.Total.Bill.String(), "or nothing was kept")
}

// Where no machine is left, the first month is bought as an estimate buys it.
func TestFirstMonthIsBoughtAsInAnEstimate(t *testing.T) {
	p, c := embedded(t, "small", "monthly: {value: 2%,", "monthly: {value: 0%,"), testCatalog(t)
	for _, option := range []string{"optimal", "reserved"} {
		r := bill.Request{}
		r.Purchase = option
		want, err := bill.Make(p, c, r)
		require.NoError(t, err)
		s := over(t, p, Options{Periods: 3}, r)
		require.Empty(t, s.Periods[0].Changes)
		require.Equal(t, want.Estimate.Total.Expected.String(), s.Periods[0].Bill.String(), option)
		require.Equal(t, want.Estimate.Buying.Upfront.String(), s.Periods[0].Upfront.String(), option)
		require.NotNil(t, s.Periods[0].Coverage)
	}
}

// A commitment lasts for its term, also when the machine is left: the fees of a year add up
// to what was paid.
func TestCommitmentsLast(t *testing.T) {
	r := bill.Request{}
	r.Purchase = "optimal"
	s := over(t, embedded(t, "medium"), Options{Periods: 24}, r)
	type term struct{ component, region, role, machine, option string }
	fees, paid, ended := map[term]money.Amount{}, map[term]money.Amount{}, false
	for i := range s.Periods {
		for _, h := range s.Periods[i].Held {
			k := term{h.Component, h.Region, h.Role, h.Machine, h.Option}
			fees[k], paid[k] = fees[k].Plus(h.Fee), paid[k].Plus(h.Upfront)
			ended = ended || h.Used == 0 && h.Nodes > 0
		}
	}
	require.True(t, ended, "no machine under commitment was left")
	require.Positive(t, s.Periods[0].Upfront.Float64())
	for k, a := range fees {
		require.True(t, a.Cmp(paid[k]) <= 0, "%v: %s of %s", k, a, paid[k])
	}
	require.NotEmpty(t, s.Inexact)
}

const shop = `apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1}]
hours_per_month: 730
curve: {preset: flat}
peak: {users: 1000, requests_per_user: 60/min, write_ratio: 0%, response: 1KB, request: 100B}
data: {dataset: 10GB}
growth: {GROWTH}
policy: {survive: [node], running: none}
components:
  web: {kind: stateless, entry: true, cpu: 4ms, allow: {types: [c7g.large]}, calls: {
    db: {per_read: 6}, resize: {per_read: 0.1}}}
  resize: {kind: stateless, cpu: 20ms, allow: {types: [m7g.large]}}
  db: {kind: database, cpu_read: 0.3ms, cpu_write: 1ms, allow: {types: [m6g.xlarge]}}
environments: {dev: {scale: 10%, hours_per_week: 50}}
adjustments: [{name: VAT, kind: tax, part: 19%}]
`

func growing(t testing.TB, growth string) *workload.Profile {
	return parse(t, strings.Replace(shop, "GROWTH", growth, 1))
}

// What an event rents is paid for its hours, at the price of its nodes and nothing else, and
// what the rest of the system costs does not change.
func TestEventsAreRentedForTheirHours(t *testing.T) {
	const event = "events: [{name: promotion, START, duration: 48h, multiplier: 4, components: [resize]}]"
	none := over(t, growing(t, ""), Options{Periods: 3})
	for _, c := range []struct {
		start  string
		weekly bool
		at     int
	}{{"month: 1", false, 1}, {"week: 5", false, 1}, {"week: 5", true, 5}} {
		p := growing(t, strings.Replace(event, "START", c.start, 1))
		s := over(t, p, Options{Periods: 8, Weekly: c.weekly})
		for i := range s.Periods {
			if i != c.at {
				require.Empty(t, s.Periods[i].Events)
			}
		}
		x := s.Periods[c.at].Events[0]
		require.InDelta(t, 48, x.Hours, 1e-9)
		require.Len(t, x.Nodes, 1)
		require.Equal(t, "m7g.large", x.Nodes[0].Machine)
		price, ok := testCatalogPrice(t, "m7g.large")
		require.True(t, ok)
		nodes := float64(x.Nodes[0].Nodes) * 48 * price
		require.Greater(t, x.Cost.Float64(), nodes-0.01)
		boot := float64(x.Nodes[0].Nodes) * 20 * 0.08 * 48 / 730
		require.InDelta(t, nodes+boot, x.Cost.Float64(), 0.05)
		if !c.weekly {
			require.Equal(t, none.Periods[0].Bill.String(), s.Periods[0].Bill.String())
			tax := x.Cost.Float64() * 0.19
			require.InDelta(t, none.Periods[1].Bill.Float64()+x.Cost.Float64()+tax, s.Periods[1].Bill.Float64(), 0.02)
		}
	}
}

func testCatalogPrice(t testing.TB, machine string) (float64, bool) {
	t.Helper()
	v, err := testCatalog(t).Vintage("")
	require.NoError(t, err)
	r, err := v.Region("us-east-1")
	require.NoError(t, err)
	p, ok := r.OnDemand(machine)
	return p.Rate.Float64(), ok
}

// An event over the end of a month has its hours in both, and all of them together.
func TestEventOverTheEndOfAMonth(t *testing.T) {
	p := growing(t, "events: [{name: long, month: 1, duration: 1000h, multiplier: 2}]")
	s := over(t, p, Options{Periods: 4})
	require.InDelta(t, 730, s.Periods[1].Events[0].Hours, 1e-9)
	require.InDelta(t, 270, s.Periods[2].Events[0].Hours, 1e-9)
	require.Empty(t, s.Periods[3].Events)
	names := map[string]bool{}
	for _, n := range s.Periods[1].Events[0].Nodes {
		names[n.Component] = true
	}
	require.True(t, names["web"] && names["resize"], "%v", names)
	over(t, p, Options{Periods: 12, Weekly: true})
}

// What no machine carries is said of the event, and the rest is planned.
func TestEventThatNothingCarries(t *testing.T) {
	p := growing(t, "events: [{month: 1, duration: 2d, multiplier: 5000}]")
	x := over(t, p, Options{Periods: 2}).Periods[1].Events[0]
	require.Contains(t, x.Failure, "db")
	require.True(t, x.Cost.IsZero())
}

// A week is 12 of 52 parts of its month, and a phase may begin in one.
func TestWeeks(t *testing.T) {
	p := growing(t, "monthly: 4%, phases: [{week: 6, multiplier: 3, name: press}, {month: 2, multiplier: 2}]")
	months := over(t, p, Options{Periods: 4, Anew: true})
	weeks := over(t, p, Options{Periods: 14, Weekly: true, Anew: true})
	require.InDelta(t, 3.12, months.Periods[1].Growth, 1e-9, "a month has the phases that begin in it")
	for w, month := range []int{0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3} {
		x := &weeks.Periods[w]
		require.Equal(t, month, x.Month)
		if w == 5 {
			require.InDelta(t, 1.04, x.Growth, 1e-9)
			continue
		}
		m := &months.Periods[month]
		require.InDelta(t, m.Growth, x.Growth, 1e-9, "week %d", w)
		require.InDelta(t, m.Bill.Float64()*12/52, x.Bill.Float64(), 0.2, "week %d", w)
	}
	require.Equal(t, []string{"press"}, weeks.Periods[6].Phases)
	require.Equal(t, []string{"press"}, months.Periods[1].Phases)
	require.Equal(t, []string{"phase"}, weeks.Periods[9].Phases)
}

// Changes come with the limit, or the phase, that causes them.
func TestChangesHaveTheirStimulus(t *testing.T) {
	p := growing(t, "phases: [{month: 5, multiplier: 12, name: press}]")
	s := over(t, p, Options{Periods: 7})
	var db, web *Change
	for i := range s.Periods {
		for k := range s.Periods[i].Changes {
			switch c := &s.Periods[i].Changes[k]; c.Component {
			case "db":
				db = c
			case "web":
				web = c
			}
		}
	}
	require.NotNil(t, web)
	require.Equal(t, OfNodes, web.What)
	require.Equal(t, 5, web.Period)
	require.Equal(t, Stimulus{Resource: "cpu", Month: 5, Phase: "press"}, web.Because)
	require.NotNil(t, db)
	require.Equal(t, 2, db.Period, "stores are sized for three months ahead")
	require.Equal(t, 5, db.Because.Month)
	require.Equal(t, "press", db.Because.Phase)
	require.NotEmpty(t, db.Because.Resource)
}

// Small steps of what grows by itself are not told one by one; together they are.
func TestSmallStepsAreToldTogether(t *testing.T) {
	require.False(t, notable(10, 11))
	require.True(t, notable(10, 12))
	require.True(t, notable(10, 8))
	require.True(t, notable(0, 1))
	s := over(t, growing(t, "monthly: 4%"), Options{Periods: 16})
	var was, is any
	told := 0
	for i := range s.Periods {
		for _, c := range s.Periods[i].Changes {
			if c.Component == "web" {
				if told > 0 {
					require.Equal(t, is, c.Was, "what was told last")
				}
				was, is = c.Was, c.Is
				told++
			}
		}
	}
	require.Less(t, was, is)
	require.Greater(t, told, 1)
	require.Less(t, told, 6)
}

// A system that can no longer be carried ends there, with the reason.
func TestTheEndOfAPlan(t *testing.T) {
	s := over(t, growing(t, "phases: [{month: 6, multiplier: 5000}]"), Options{Periods: 12})
	require.Len(t, s.Periods, 6)
	require.Contains(t, s.Failure, "component db: connections: needs ") // of the only layout: shards on the only type
}

// Environments stand side by side, and add up.
func TestEnvironments(t *testing.T) {
	dev := bill.Request{}
	dev.Environment = "dev"
	x := runAll(context.Background(), t, growing(t, "monthly: 4%"), []bill.Request{{}, dev}, Options{Periods: 3})
	require.Len(t, x.Systems, 2)
	require.Equal(t, "shop/dev", x.Systems[1].Profile.Name)

	beside := runAll(context.Background(), t, growing(t, "monthly: 4%"), []bill.Request{{}},
		Options{Periods: 3, Beside: []bill.Request{dev}})
	require.Len(t, beside.Systems, 1)
	require.Equal(t, []EnvironmentSums{{"production", x.Systems[0].Total, false}, {"dev", x.Systems[1].Total, false}},
		beside.Together.Systems)
	require.Equal(t, x.Total, beside.Together.Total)
	require.Nil(t, x.Together, "they are among the systems")
	lost := runAll(context.Background(), t, growing(t, "monthly: 4%"), []bill.Request{{}},
		Options{Periods: 3, Beside: []bill.Request{dev}, Plan: func(p *workload.Profile, r bill.Request) (*bill.Planned,
			error) {
			if r.Environment == "dev" && r.Month == 2 {
				return nil, &plan.Infeasible{Component: "db"}
			}
			return bill.Search(p, testCatalog(t), r)
		}})
	require.Equal(t, []string{"dev"}, lost.Together.NotCounted)
	require.Equal(t, lost.Total, lost.Together.Total)
	dev.Purchase = "optimal"
	runAll(context.Background(), t, growing(t, "monthly: 4%"), []bill.Request{dev}, Options{Periods: 3})
}

// The same inputs give the same bytes, and what is stopped is marked.
func TestSameAgainAndStopped(t *testing.T) {
	p := growing(t, "monthly: 9%, events: [{month: 1, duration: 2d, multiplier: 2}]")
	r := bill.Request{}
	r.Purchase = "optimal"
	text := func() string {
		x := runAll(context.Background(), t, p, []bill.Request{r}, Options{Periods: 6})
		require.False(t, x.Partial)
		b, err := json.Marshal(x)
		require.NoError(t, err)
		return string(b)
	}
	require.Equal(t, text(), text())

	ctx, stop := context.WithCancel(context.Background())
	x := runAll(ctx, t, p, []bill.Request{r, r}, Options{Periods: 6, Progress: func(done, of int) {
		require.Equal(t, 12, of)
		if done == 2 {
			stop()
		}
	}})
	require.True(t, x.Partial)
	require.Len(t, x.Systems, 1)
	require.Len(t, x.Systems[0].Periods, 2)
}
