package workload

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

func countOf(x float64) strict.Value[unit.Count] {
	return strict.Value[unit.Count]{V: unit.Count(x), Set: true}
}

// A year has 52 weeks: a quarter has 13, of which 5, 4 and 4 begin in its months.
func TestWeeksOfMonths(t *testing.T) {
	for week, month := range []int{0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3} {
		require.Equal(t, month, MonthOfWeek(week), "week %d", week)
		require.GreaterOrEqual(t, week, FirstWeek(month))
	}
	for month, week := range map[int]int{0: 0, 1: 5, 2: 9, 3: 13, 12: 52} {
		require.Equal(t, week, FirstWeek(month))
	}
}

// A phase that begins in a week counts from this week on, and in the whole of its month for
// who asks for months.
func TestPhasesThatBeginInAWeek(t *testing.T) {
	g := Growth{Monthly: strict.Value[unit.Fraction]{V: 0.1}}
	g.Phases = []Phase{{Week: countOf(6), Multiplier: countOf(3)}, {Month: countOf(2), Multiplier: countOf(2)}}
	require.InDelta(t, 1, g.AtMonth(0), 1e-12)
	require.InDelta(t, 3.3, g.AtMonth(1), 1e-12)
	require.InDelta(t, 1.21*6, g.AtMonth(2), 1e-12)
	at := func(week int) float64 { return g.at(Situation{Month: MonthOfWeek(week), Week: &week}) }
	require.InDelta(t, 1, at(4), 1e-12)
	require.InDelta(t, 1.1, at(5), 1e-12)
	require.InDelta(t, 3.3, at(6), 1e-12)
	require.InDelta(t, 3.3, at(8), 1e-12)
	require.InDelta(t, 1.21*6, at(9), 1e-12)
	require.InDelta(t, 4*3.3, g.at(Situation{Month: 1, Surge: 4}), 1e-12)
}

// The hours of an event are within the time that is asked for, and all of them together.
func TestHoursOfAnEvent(t *testing.T) {
	e := Event{Month: countOf(3), Duration: strict.Value[unit.Duration]{V: 48 * 3600}}
	require.Zero(t, e.Hours(0, 3, 730))
	require.InDelta(t, 48, e.Hours(3, 4, 730), 0)
	require.Zero(t, e.Hours(4, 5, 730))
	e.Duration.V = 1000 * 3600
	require.InDelta(t, 730, e.Hours(3, 4, 730), 1e-9)
	require.InDelta(t, 270, e.Hours(4, 5, 730), 1e-9)
	e = Event{Week: countOf(6), Duration: e.Duration}
	sum := 0.0
	for week := range 30 {
		sum += e.Hours(float64(week)*12/52, float64(week+1)*12/52, 730)
	}
	require.InDelta(t, 1000, sum, 1e-9)
	require.Zero(t, e.Hours(0, 6.0*12/52, 730))
}

// A surge is more load for a while: what is stored and what lies ahead stay as they are.
func TestSurge(t *testing.T) {
	p, err := Parse("p.yaml", []byte(`apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1}]
peak: {users: 100, requests_per_user: 60/min}
growth: {monthly: 10%}
components: {web: {kind: service, entry: true}}
`), testKinds(), nil)
	require.NoError(t, err)
	now, err := p.In(Situation{Month: 2})
	require.NoError(t, err)
	surge, err := p.In(Situation{Month: 2, Surge: 5})
	require.NoError(t, err)
	require.InDelta(t, 5*float64(now.Users), float64(surge.Users), 1e-9)
	require.InDelta(t, float64(now.Users)*now.Growth, max(float64(surge.Users)/5, float64(now.Users)*now.Growth), 1e-9)
	require.InDelta(t, 1, surge.Lead, 0, "five times now is more than what comes in the lead")
	require.InDelta(t, 1.1*1.1*5, surge.Factor, 1e-9)
}

// A phase and an event have one start.
func TestOneStart(t *testing.T) {
	for text, fine := range map[string]bool{
		"phases: [{month: 1, multiplier: 2}]": true, "phases: [{week: 6, multiplier: 2}]": true,
		"phases: [{multiplier: 2}]": false, "phases: [{month: 1, week: 6, multiplier: 2}]": false,
		"events: [{duration: 1d, multiplier: 2}]": false, "events: [{week: 1, duration: 1d, multiplier: 2}]": true,
	} {
		_, err := Parse("p.yaml", []byte("apiVersion: headroom/v1\nname: shop\nregions: [{name: us-east-1}]\n"+
			"peak: {users: 1, requests_per_user: 1/min}\ngrowth: {"+
			text+"}\ncomponents: {web: {kind: service, entry: true}}\n"), testKinds(), nil)
		if fine {
			require.NoError(t, err, text)
			continue
		}
		require.ErrorContains(t, err, "must start in a month or in a week", text)
	}
}
