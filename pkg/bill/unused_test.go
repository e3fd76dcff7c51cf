package bill

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// The overlay that is printed for missing prices is complete: with prices, dates
// and sources filled in, the same plan has a bill.
func TestMissingPricesFilledIn(t *testing.T) {
	cat := testCatalog(t)
	for _, name := range []string{"small", "large"} {
		for _, regions := range []string{"ca-west-1", "us-gov-east-1", "us-east-1,mx-central-1"} {
			o := Request{Settings: workload.Settings{Regions: strings.Split(regions, ",")}}
			p := parseProfile(t, profileSource(t, name))
			_, err := Make(p, cat, o)
			var missing catalog.MissingPrices
			require.ErrorAs(t, err, &missing, "%s in %s", name, regions)
			filled := strings.ReplaceAll(missing.Overlay(), ",,,\n", ",0.05,2026-08-01,a bill\n")
			o.Overlays = []plan.Overlay{{File: "filled.csv", Data: []byte(filled), Today: "2026-11-29"}}
			r, err := Make(p, cat, o)
			require.NoError(t, err, "%s in %s:\n%s", name, regions, filled)
			require.Empty(t, r.UnusedOverlays(), "%s in %s", name, regions)
		}
	}
}

// Rows that no line of the bill is of are named, with their place.
func TestUnusedOverlays(t *testing.T) {
	cat := testCatalog(t)
	const rows = `region,instance_type,on_demand_hourly,ri_1y_no_upfront,as_of,source
us-east-1,m7g.large,,0.04,2026-08-01,us
us-west-2,m7g.large,0.05,,2026-08-01,us

region,service,item,unit,tier_from,tier_to,price_usd,as_of,source
us-east-1,elb,ALB hour,hour,,,0.02,2026-08-01,us
`
	const src = `apiVersion: headroom/v1
name: a
prices: {scope: compute}
regions: [{name: us-east-1}]
components: {web: {kind: stateless, pin: {type: m7g.large, count: 2}}}
`
	o := Request{Options: plan.Options{Overlays: []plan.Overlay{{File: "us.csv", Data: []byte(rows)}}}}
	var named []string
	for _, row := range buildSource(t, cat, src, o).UnusedOverlays() {
		named = append(named, fmt.Sprintf("%s %s", row.Pos, row.Name()))
	}
	require.Equal(t, []string{"us.csv:2 us-east-1 m7g.large", "us.csv:3 us-west-2 m7g.large",
		"us.csv:6 us-east-1 elb/ALB hour"}, named)
	west := buildSource(t, cat, strings.Replace(src, "us-east-1", "us-west-2", 1), o)
	both := UnusedByAll([][]catalog.OverlayRow{buildSource(t, cat, src, o).UnusedOverlays(), west.UnusedOverlays()})
	require.Len(t, both, 2)
	require.Equal(t, []int{2, 6}, []int{both[0].Pos.Line, both[1].Pos.Line})
}
