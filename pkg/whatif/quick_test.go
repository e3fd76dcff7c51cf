package whatif_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/whatif"
)

// A quick search answers in some twenty plans, whatever the range: over five decades and
// more. What it finds meets the goal and the next value does not; where the figure passes
// the bound once, it is what trying every value finds.
func TestQuickGoalSeek(t *testing.T) {
	s := system(t, source(t, "small"))
	for _, x := range []struct {
		goal, solve string
		smallest    bool
		same        bool // the search of every value is quick enough to compare with
	}{
		{"monthly<=1500", "peak.users=10..10k", false, true},
		{"monthly>=1500", "peak.users=100..1k", true, true},
		{"monthly<=5000", "peak.users=1..1M", false, false},
		{"per_user<=3", "peak.users=1..1M", true, false},
		{"headroom>=30%", "peak.users=1..1M", false, false},
		{"p99:phoenix<=20ms", "components.phoenix.cpu", false, false},
		{"monthly<=1", "peak.users=1..1M", false, false},
	} {
		g, err := whatif.ParseGoal(x.goal)
		require.NoError(t, err)
		q, err := s.Search(x.solve, x.smallest)
		require.NoError(t, err)
		q.Quick = true
		got, err := s.Solve(context.Background(), g, q, nil)
		require.NoError(t, err, x.goal)
		require.LessOrEqual(t, got.Planned, 20, x.goal)
		require.Equal(t, whatif.Quick, got.Method)
		require.NotNil(t, got.Fails, x.goal)
		if f := got.Fails.Figure; f != nil {
			require.False(t, g.Meets(*f), x.goal)
		}
		if x.goal == "monthly<=1" {
			require.Nil(t, got.Meets)
			continue
		}
		require.NotNil(t, got.Meets, x.goal)
		require.True(t, g.Meets(*got.Meets.Figure), x.goal)
		if x.same {
			q.Quick = false
			all, err := s.Solve(context.Background(), g, q, nil)
			require.NoError(t, err)
			require.Equal(t, all.Meets.Value, got.Meets.Value, x.goal)
			require.Equal(t, all.Fails.Value, got.Fails.Value, x.goal)
			require.Greater(t, all.Planned, 2*got.Planned, x.goal)
		}
	}
}
