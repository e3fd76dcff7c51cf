package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/whatif"
)

// A sweep names what comes back to machines more than twice, and what holds that.
func TestReturnsAreNamed(t *testing.T) {
	s := &whatif.Sweep{Returns: []whatif.Return{{System: "DB", Times: 3}, {System: "Web", Times: 2},
		{System: "Log", Times: 9}}}
	s.Axes = []whatif.Axis{{Path: "failover"}}
	some := "Some come back to machines that they had left: DB 3 times, Log 9 times. "
	require.Equal(t, some+"Each value by itself has the lowest running cost.", returnsNote(s))
	s.Axes[0].Values = []float64{1, 2}
	require.Equal(t, some+"Each value by itself has the lowest running cost; without --anew they are one system that "+
		"grows.", returnsNote(s))
	s.Growth = &whatif.Growth{}
	require.Equal(t, some+"A greater --leave holds them longer.", returnsNote(s))
	require.Empty(t, returnsNote(&whatif.Sweep{Returns: s.Returns[1:2]}))
}
