package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/whatif"
)

// A sweep names what comes back to machines more than twice, unless it holds them.
func TestReturnsAreNamed(t *testing.T) {
	s := &whatif.Sweep{Returns: []whatif.Return{{System: "DB", Times: 3}, {System: "Web", Times: 2},
		{System: "Log", Times: 9}}}
	require.Equal(t, "Some come back to machines that they had left: DB 3 times, Log 9 times. Each value by itself "+
		"has the lowest running cost; --grow plans them as one system that grows.", returnsNote(s))
	s.Grows = true
	require.Empty(t, returnsNote(s))
	require.Empty(t, returnsNote(&whatif.Sweep{Returns: s.Returns[1:2]}))
}
