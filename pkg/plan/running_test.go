package plan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/money"
	"headroom/pkg/workload"
)

// Nothing that would do costs less to run than what was chosen, and where nothing is
// weighed the running cost is the bill. What the bill alone would choose is named
// where that is another machine, and is never dearer on the bill.
func TestChoiceHasTheLowestRunningCost(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	others := 0
	eachKind(t, 0.35, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		p, purchase := draw(), ""
		if vary != nil {
			p.Policy.Running = drawRunning(vary)
			purchase = rapid.SampledFrom([]string{"", "optimal", "reserved-1y"}).Draw(vary, "purchase")
		}
		r := searchAny(rt, p, cat, Options{Purchase: purchase})
		if r == nil {
			return false
		}
		survey, err := r.Survey()
		require.NoError(rt, err)
		for i, c := range r.Choices {
			x := &survey[i]
			require.Equal(rt, c.Running(), x.Choice.Running(), kind)
			for _, a := range x.Alternatives {
				atMost(rt, c.Running().Total(), a.Running.Total(), kind)
			}
			if p.Policy.Running.None {
				require.True(rt, c.Running().Total().Equal(c.Cost()), kind)
				require.Nil(rt, x.ByBill, kind)
			}
			if b := x.ByBill; b != nil {
				others++
				atMost(rt, b.Running.Bill, c.Cost(), kind)
				atMost(rt, c.Running().Total(), b.Running.Total(), kind)
			}
		}
		return true
	})
	require.Positive(t, others)
}

// atMost allows for costs that are ranked in floats.
func atMost(t require.TestingT, less, more money.Amount, what string) {
	require.LessOrEqual(t, less.Float64(), more.Float64()*(1+1e-9), what)
}

// The running cost is the bill and each of the three weights.
func TestWeightsAddUp(t *testing.T) {
	cat := testCatalog(t)
	p := fixtureOf(t, "stateless")
	allowOnly(p, "it", "x2gd.medium")
	c := choiceOf(t, searchAny(t, p, cat, Options{}), "it")
	mean := 0.0
	for _, pool := range c.Layout.Pools {
		mean += pool.Mean
	}
	x := c.Running()
	require.InDelta(t, 15*mean, x.Nodes.Float64(), 1e-4)
	require.True(t, x.Shards.IsZero())
	tables := searchAny(t, p, cat, Options{}).Tables
	price, ok := tables.nodeMonth(0, tables.Market.Named("x2gd.medium"))
	require.True(t, ok)
	require.InDelta(t, 0.05*price*mean, x.Family.Float64(), 1e-4, "both regions have the same price")
	require.True(t, x.Total().Equal(x.Bill.Plus(x.Nodes).Plus(x.Family)))

	d := *c.Layout
	d.Shards = 3
	require.Equal(t, "2000.00", c.weights.on(&d, exactCost{}).Shards.String())
}

// A pinned machine is not chosen, but what it costs to run is known.
func TestPinnedMachinesHaveARunningCost(t *testing.T) {
	src := strings.Replace(kindSource(t, "stateless"), "it: {", "it: {pin: {type: m7g.large, count: 40}, ", 1)
	c := choiceOf(t, searchAny(t, parseProfile(t, src), testCatalog(t), Options{}), "it")
	require.True(t, c.Pinned)
	require.Equal(t, "1200.00", c.Running().Nodes.String(), "40 nodes in each of two regions")
	require.True(t, c.Running().Family.IsZero())
	require.Positive(t, c.Cost().Float64())
}
