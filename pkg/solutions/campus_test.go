package solutions_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/solutions"
	"headroom/pkg/workload"
)

// failure finds what comes of a kind of failure in each solution.
func failure(t *testing.T, c *solutions.Comparison, what remark.Remark) []*solutions.Outcome {
	t.Helper()
	i := slices.IndexFunc(c.Failures, func(f solutions.Failure) bool { return f.What.Equal(what) })
	require.GreaterOrEqual(t, i, 0, what)
	return c.Failures[i].Outcomes
}

func has(list []remark.Remark, key string) bool {
	return slices.ContainsFunc(list, func(r remark.Remark) bool { return r.Key == "solution."+key })
}

// What the proposal says of its three solutions, as far as figures tell it.
func TestCampusSolutions(t *testing.T) {
	inputs := inputsOf(t, "campus-a", "campus-b", "campus-c")
	c := solutions.Compare(inputs)
	first, second, third := &c.Solutions[0], &c.Solutions[1], &c.Solutions[2]
	lost := failure(t, c, remark.New("failure.region", "where", solutions.First))

	// Solution 1: "A failure of Aachen would turn the whole system to be read-only", "A failure of
	// Titan would not affect the system": once a person has removed its DNS record.
	require.Equal(t, resilience.ReadOnly, lost[0].Outcome)
	other := failure(t, c, remark.New("failure.region", "where", solutions.Other))
	require.Equal(t, resilience.Unaffected, other[0].Outcome)
	require.Equal(t, "person", other[0].By)

	// Solution 2: "A failure of Azure AZ would disable our system completely", "No AZ failure
	// protection"; "we don't have our data anywhere".
	require.Equal(t, resilience.Down, lost[1].Outcome)
	require.True(t, lost[1].Loss.All)
	require.Nil(t, other[1])
	require.True(t, has(second.Cons, "only_down"))
	require.True(t, has(second.Cons, "one_region"))
	require.True(t, has(second.Cons, "one_provider"), "Completely dependent on Microsoft")

	// Solution 3: "AZ failure protection", "We also have a version of our data".
	require.Equal(t, resilience.ReadOnly, lost[2].Outcome)
	require.False(t, lost[2].Loss.All)

	// "Same as 1 but changed roles": whichever place has the primary, losing it leaves reads, and
	// losing the other one leaves all.
	require.Equal(t, lost[0].Hand, lost[2].Hand)
	require.Equal(t, other[0].Hand, other[2].Hand)
	require.Equal(t, "region:aachen", lost[0].Scenario)
	require.Equal(t, "region:aachen", other[2].Scenario)

	// Solution 1 is "Cheap, we already have the hardware"; of solution 2, "in case we loose
	// sponsorship we might incur high charges".
	require.True(t, has(first.Pros, "cheapest_without_credits"))
	require.True(t, second.Month.IsZero())
	require.True(t, third.Month.IsZero())
	require.True(t, has(second.Cons, "dearest_without_credits"))

	// Where there is one place, nothing is cut off from it.
	require.False(t, has(second.Pros, "only_meets"))

	// Each is better than each other one in something.
	for _, s := range c.Solutions {
		require.Empty(t, s.DominatedBy)
	}
}

// What the proposal says for and against each solution stands as it is, with where it says so.
func TestCampusSays(t *testing.T) {
	c := solutions.Compare(inputsOf(t, "campus-b"))
	says := c.Solutions[0].Says
	require.Len(t, says.Pros, 2)
	require.Len(t, says.Cons, 2)
	require.Equal(t, "the proposal, solution 2", says.Cons[1].Source)
	require.Empty(t, c.Solutions[0].Pros, "one alone stands out from nothing")
}

// A site with counted hosts shows the machine that would do, what is rented its nodes.
func TestCampusMachines(t *testing.T) {
	c := solutions.Compare(inputsOf(t, "campus-c"))
	places := c.Solutions[0].Places
	require.Len(t, places, 2)
	require.Nil(t, places[0].Least)
	require.Contains(t, places[0].Types, "c6g.medium")
	require.Positive(t, places[0].Max)
	require.Equal(t, "aachen", places[1].Region)
	require.Positive(t, places[1].Least.Number("vcpu"))
}

// Another solution for another demand is refused with each key that differs.
func TestDifferences(t *testing.T) {
	a, b := profileOf(t, "campus-a"), profileOf(t, "campus-b")
	require.Empty(t, solutions.Differences([]*workload.Profile{a, b}))
	b.Peak.Users.V = 2000
	b.Growth.Monthly.V = 0.02
	d := solutions.Differences([]*workload.Profile{a, b})
	require.Equal(t, []solutions.Difference{
		{Key: "peak.users", Values: []string{"2500", "2000"}, Set: "peak.users=2500"},
		{Key: "growth.monthly", Values: []string{"0%", "2%"}, Set: "growth.monthly=0%"},
	}, d)
	require.Equal(t, "peak.users=2000", solutions.Differences([]*workload.Profile{b, a})[0].Set)
}

// How much is written may be said in two ways.
func TestWritesAreTheSameHoweverTheyAreSaid(t *testing.T) {
	a, b := profileOf(t, "campus-a"), profileOf(t, "campus-b")
	b.Peak.WritesPerUser, b.Peak.WriteRatio.V = nil, 0.01
	require.Empty(t, solutions.Differences([]*workload.Profile{a, b}))
	b.Peak.WriteRatio.V = 0.02
	d := solutions.Differences([]*workload.Profile{a, b})
	require.Len(t, d, 1)
	require.Equal(t, []string{"1%", "2%"}, d[0].Values)
	require.Equal(t, "peak.write_ratio", d[0].Key)
}

// The tables, the hours and the curve are of the demand, too.
func TestConditionsAreTheSame(t *testing.T) {
	a, b := profileOf(t, "campus-a"), profileOf(t, "campus-b")
	b.Prices.Vintage, b.Curve.Preset, b.HoursPerMonth.V = "2016-04-18", "flat", 720
	var keys []string
	for _, d := range solutions.Differences([]*workload.Profile{a, b}) {
		keys = append(keys, d.Key)
	}
	require.Equal(t, []string{"hours_per_month", "curve.preset", "prices.vintage"}, keys)
}
