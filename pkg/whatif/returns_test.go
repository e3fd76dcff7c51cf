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
	count := func(anew bool) (total int) {
		out, err := s.Sweep(context.Background(), []whatif.Axis{axis}, anew, nil)
		require.NoError(t, err)
		for _, r := range out.Returns {
			require.Equal(t, comesBack(machinesOf(out, r.Component)), r.Times, r.Component)
			total += r.Times
		}
		return total
	}
	require.Greater(t, count(true), 10)
	require.LessOrEqual(t, count(false), 4)
}

// Returns are counted in the order of the values, not in that in which they are given.
func TestReturnsAreCountedInTheOrderOfTheValues(t *testing.T) {
	s := system(t, source(t, "medium"))
	count := func(values string) []whatif.Return {
		axis, err := s.Axis("peak.users=" + values)
		require.NoError(t, err)
		out, err := s.Sweep(context.Background(), []whatif.Axis{axis}, true, nil)
		require.NoError(t, err)
		return out.Returns
	}
	inOrder := count("4k,5k,6k,7k,8k,9k,10k,12k")
	require.NotEmpty(t, inOrder)
	require.Equal(t, inOrder, count("9k,4k,12k,5k,10k,6k,8k,7k"))
}

// machinesOf are the machines of a component from point to point.
func machinesOf(s *whatif.Sweep, component string) (list []string) {
	for i := range s.Points {
		for _, c := range s.Points[i].Figures.Components {
			if c.Name == component {
				list = append(list, c.Machine)
			}
		}
	}
	return list
}

// comesBack looks, point by point, for machines that a component has again.
func comesBack(machines []string) (n int) {
	for i := 2; i < len(machines); i++ {
		for k := range i - 1 {
			if machines[i] != machines[i-1] && machines[k] == machines[i] {
				n++
				break
			}
		}
	}
	return n
}
