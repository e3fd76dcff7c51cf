package whatif_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/whatif"
)

// A sweep says which components come back to a machine that they had left, and of one
// system that grows that it hardly does.
func TestSweepCountsReturns(t *testing.T) {
	s := system(t, source(t, "medium"))
	axis, err := s.Axis("peak.users=500..100k:log:60")
	require.NoError(t, err)
	count := func(grows bool) (total int) {
		out, err := s.Sweep(context.Background(), []whatif.Axis{axis}, grows, nil)
		require.NoError(t, err)
		for _, r := range out.Returns {
			require.Equal(t, comesBack(out, r.Component), r.Times, r.Component)
			total += r.Times
		}
		return total
	}
	free, grown := count(false), count(true)
	require.Greater(t, free, 10)
	require.LessOrEqual(t, grown, 4)
}

// comesBack looks, point by point, for machines that a component has again.
func comesBack(s *whatif.Sweep, component string) (n int) {
	machine := func(i int) string {
		for _, c := range s.Points[i].Figures.Components {
			if c.Name == component {
				return c.Machine
			}
		}
		return ""
	}
	for i := 2; i < len(s.Points); i++ {
		for k := range i - 1 {
			if machine(i) != machine(i-1) && machine(k) == machine(i) {
				n++
				break
			}
		}
	}
	return n
}
