package workload

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A region is not given more zones than it has; left out, it has three or as many as
// there are.
func TestZonesOfARegion(t *testing.T) {
	src := func(region string) string { return strings.Replace(fanOutProfile, "{name: us-east-1}", region, 1) }
	src6 := strings.Replace(src("{name: eu-west-3, zones: 6}"), "FAN", "mode: async", 1)
	problem(t, src6, "p.yaml:4:36", "region eu-west-3 has 3 zones, not 6")
	p := parse(t, strings.Replace(src("{name: us-west-1}"), "FAN", "mode: async", 1))
	require.EqualValues(t, 2, p.Regions[0].Zones.V)
	q, err := p.With(Settings{Regions: []string{"us-east-1"}})
	require.NoError(t, err)
	require.EqualValues(t, 3, q.Regions[0].Zones.V)
	p = parse(t, strings.Replace(src("{name: us-east-1, zones: 5}"), "FAN", "mode: async", 1))
	_, err = p.With(Settings{Regions: []string{"us-west-2"}})
	require.ErrorContains(t, err, "region us-west-2 has 4 zones, not 5")
}
