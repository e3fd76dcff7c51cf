package plan

import (
	"math"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
)

// fixed: what the profile says is paid once for all regions, whatever the load. The cents
// of the months are counted up from the first that is paid for.
func (a *auditor) fixed(c *Choice) {
	spec := c.Component.Spec.(*sizing.FixedCost)
	require.Empty(a.t, c.Layout.Usage)
	require.Empty(a.t, c.Layout.Crossings)
	if spec.Price == nil {
		require.Len(a.t, c.Layout.Stated, 1)
		require.Equal(a.t, spec.Share, c.Layout.Stated[0].Share.Steps)
		return
	}
	cents := math.Round(spec.Price.V.Float64() * 100)
	parts, month := 1, a.r.Demand.Month-int(spec.From.V)
	switch spec.Every.V {
	case "year":
		parts, month = 12, month%12
	case "month", "hour":
		month = 0
	case "once":
		if spec.Spread != nil {
			parts = int(spec.Spread.V)
		}
	}
	due, before := 0.0, 0.0
	for m := range parts {
		before, due = due, math.Round(cents*float64(m+1)/float64(parts))
		if m == month {
			break
		}
	}
	if a.p.Copy || month >= parts || a.r.Demand.Month < int(spec.From.V) {
		require.Empty(a.t, c.Layout.Stated)
		return
	}
	require.Len(a.t, c.Layout.Stated, 1, "%s: once for all regions", a.name)
	s := c.Layout.Stated[0]
	require.Zero(a.t, s.Region)
	require.InDelta(a.t, due-before, s.Price.Float64()*100, 1e-6, a.name)
	require.InDelta(a.t, float64(spec.Count.V), s.Number, 0)
}
