package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/timeline"
	"headroom/pkg/workload"
	"headroom/pricing"
)

// appWeeks are the weeks of the profile couples-app.
type appWeeks struct {
	weeks []timeline.Period
	cat   *catalog.Catalog
}

func weeksOfTheApp(t *testing.T) *appWeeks {
	t.Helper()
	cat, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	d, err := openCase("couples-app")
	require.NoError(t, err)
	p, err := d.Profile()
	require.NoError(t, err)
	search := func(p *workload.Profile, r bill.Request) (*bill.Planned, error) { return bill.Search(p, cat, r) }
	o := timeline.Options{Periods: 18, Weekly: true, Plan: search}
	all, err := timeline.Run(context.Background(), p, []bill.Request{{}}, o)
	require.NoError(t, err)
	require.Len(t, all.Systems[0].Periods, 18)
	return &appWeeks{all.Systems[0].Periods, cat}
}

// of is a component in a week; nil where there is none.
func (a *appWeeks) of(week int, name string) *timeline.Component {
	return a.weeks[week].Of(bill.Owner{Name: name})
}

func (a *appWeeks) nodes(week int, name string) (n int) {
	for _, pool := range a.of(week, name).Pools {
		n += pool.Max
	}
	return n
}

func (a *appWeeks) vcpu(t *testing.T, week int, name string) int {
	t.Helper()
	machine, ok := a.cat.NodeType(a.of(week, name).Machine)
	require.True(t, ok)
	return machine.VCPU
}

// TestDocumentsFiveStages holds the timeline of couples-app against the five stages of the
// article, in the weeks of the profile.
func TestDocumentsFiveStages(t *testing.T) {
	a := weeksOfTheApp(t)
	for _, x := range []struct {
		says  string
		check func(*testing.T, *appWeeks)
	}{
		{"thirty-fold", thirtyFold},
		{"one of each", oneOfEach},
		{"test-driven changes", testDrivenChanges},
		{"four resizers", fourResizers},
		{"fifteen servers", fifteenServers},
		{"first limit", firstLimit},
		{"a second proxy", secondProxy},
		{"managed balancer", managedBalancer},
		{"sixteen socket servers", sixteenSocketServers},
		{"pools of connections", poolsOfConnections},
		{"going global", goingGlobal},
	} {
		t.Run(x.says, func(t *testing.T) { x.check(t, a) })
	}
}

// Two weeks after the promotion has begun.
func thirtyFold(t *testing.T, a *appWeeks) {
	require.InDelta(t, 30, a.weeks[9].Users/a.weeks[0].Users, 1e-9)
}

func oneOfEach(t *testing.T, a *appWeeks) {
	for _, name := range []string{"frontend", "redis", "mysql", "batch"} {
		require.Equal(t, 1, a.nodes(0, name), name)
	}
	require.Equal(t, 4, a.weeks[0].NodesMax, "and no other")
	require.Equal(t, 1, a.vcpu(t, 0, "frontend"), "its one process uses no more")
}

// One server of each has an end before the promotion's users come.
func firstLimit(t *testing.T, a *appWeeks) {
	r := shipped(t, "couples-app", bill.Request{})
	room := insight.Room(r.Plan)
	require.Greater(t, room.Users, a.weeks[0].Users)
	require.Less(t, room.Users, a.weeks[7].Users)
}

func testDrivenChanges(t *testing.T, a *appWeeks) {
	for _, name := range []string{"tls", "resizer"} {
		require.Nil(t, a.of(4, name), name)
		require.Equal(t, 1, a.nodes(5, name), name)
	}
}

// Beside the ones that the system has in any case; they are given back after two weeks.
func fourResizers(t *testing.T, a *appWeeks) {
	for n := range a.weeks {
		rented := 0
		for _, e := range a.weeks[n].Events {
			for _, x := range e.Nodes {
				require.Equal(t, "resizer", x.Component)
				rented += x.Nodes
			}
		}
		require.Equal(t, n == 7 || n == 8, rented == 4, "week %d: %d", n, rented)
		require.True(t, rented == 0 || rented == 4, "week %d: %d", n, rented)
	}
}

// The article's 15 servers more are 13 here, with what is assumed of requests and their CPU; a
// fifth of the way is no contradiction.
func fifteenServers(t *testing.T, a *appWeeks) {
	for _, n := range []int{9, 10} {
		require.InEpsilon(t, 15, a.weeks[n].NodesMax-a.weeks[0].NodesMax, 0.2, "week %d", n)
	}
}

// Without TLS the two proxies cost less, but by less than the balancer costs.
func managedBalancer(t *testing.T, a *appWeeks) {
	require.Equal(t, 2, a.nodes(11, "tls"))
	saved := a.of(10, "tls").Cost.Minus(a.of(11, "tls").Cost)
	require.Positive(t, saved.Float64())
	require.Positive(t, a.of(11, "elb").Cost.Cmp(saved))
}

// Two machines with a process for each of their eight processors.
func sixteenSocketServers(t *testing.T, a *appWeeks) {
	require.Equal(t, 8, a.vcpu(t, 11, "sockets"))
	require.Equal(t, 16, 8*a.nodes(11, "sockets"))
}

// A second proxy, and nothing else: whatever is restarted, the other one is there.
func secondProxy(t *testing.T, a *appWeeks) {
	require.Equal(t, 1, a.nodes(7, "tls"))
	require.Equal(t, 2, a.nodes(8, "tls"))
	for _, name := range []string{"frontend", "redis", "mysql", "batch", "resizer"} {
		require.Equal(t, a.nodes(7, name), a.nodes(8, name), name)
	}
}

// Five connections for each process instead of one take a machine less.
func poolsOfConnections(t *testing.T, a *appWeeks) {
	require.Equal(t, 2, a.nodes(11, "sockets"))
	require.Equal(t, 1, a.nodes(12, "sockets"))
}

func goingGlobal(t *testing.T, a *appWeeks) {
	var regions []string
	for _, pool := range a.of(15, "sockets").Pools {
		regions = append(regions, pool.Region)
	}
	require.Equal(t, []string{"us-east-1", "eu-west-1"}, regions)
	require.Len(t, a.of(14, "sockets").Pools, 1)
	require.Nil(t, a.of(14, "dns"))
	require.Positive(t, a.of(15, "dns").Cost.Cmp(money.Amount{}), "queries by latency are billed")
}
