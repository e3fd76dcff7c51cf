package outage

import (
	"slices"
	"testing"

	"headroom/pkg/drawn"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Where nothing happens nothing is lost and nothing changes.
func TestIntact(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		o := outcomeOf(rt, drawSystem(rt), Scenario{})
		require.Empty(rt, o.Losses)
		require.False(rt, o.Split)
		require.False(rt, more(o.Hand, o.Now), "%+v", o)
		require.Zero(rt, o.Down)
	})
}

// What happens before the first is repaired does not give data back (but for a region that
// comes back with its disks).
func TestFurtherEventsLoseNoLess(t *testing.T) {
	drawn.CheckMost(t, 0.5, func(rt *rapid.T) bool {
		s := drawSystem(rt)
		first, further := drawScenario(rt, s), drawScenario(rt, s)
		both := first.Then(further)
		back := slices.ContainsFunc(both.Steps, func(events []Event) bool {
			return slices.ContainsFunc(events, func(e Event) bool { return e.Kind == Failback })
		})
		if back || s.Check(both) != nil {
			return false
		}
		one, two := outcomeOf(rt, s, first), outcomeOf(rt, s, both)
		require.False(rt, above(one.lost(), two.lost()), "%s\n%+v\n%+v", both, one, two)
		return true
	})
}

// Who has nothing behind web that differs by region is served no better after more has gone.
func TestFurtherEventsServeNoMore(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		s := drawSystem(rt)
		sameBehindWeb(s)
		first := drawScenario(rt, s)
		one := outcomeOf(rt, s, first)
		lost := s.Regions[upTo(rt, 0, len(s.Regions)-1, "lost")].Name
		two := outcomeOf(rt, s, first.Then(Of(Event{Kind: RegionLost, Region: lost})))
		require.False(rt, more(two.Hand, one.Hand), "%s\n%+v\n%+v", two.Scenario, one, two)
	})
}
