package plan

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Four nodes that cost what two of twice the price do: the fewer win. Then the
// name decides.
func TestTiesGoToFewerNodesThenToTheName(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	csv := "region,instance_type,on_demand_hourly,as_of,source\n"
	price := map[string]string{"m7g.large": "0.05", "m7g.xlarge": "0.10", "m7gd.xlarge": "0.10"}
	types := []string{"m7g.large", "m7g.xlarge", "m7gd.xlarge"}
	for _, region := range []string{"us-east-1", "us-west-2"} {
		for _, name := range types {
			csv += fmt.Sprintf("%s,%s,%s,2026-07-20,drawn\n", region, name, price[name])
		}
	}
	overlays := []Overlay{{File: "equal.csv", Data: []byte(csv)}}
	draw := func(users float64, types []string) *workload.Profile {
		p := byBillAlone(fixtureOf(t, "stateless"))
		p.Policy.Survive, p.Curve.Preset, p.Prices.Scope = nil, "flat", "compute"
		p.Peak.Users.V = unit.Count(users)
		allowOnly(p, "it", types...)
		return p
	}
	ties := 0
	for users := 100.0; users < 4000; users *= 1.1 {
		sameAsBrute(t, "ties", func() *workload.Profile { return draw(users, types) }, cat, overlays)
		one := func(name string) *Choice {
			return choiceOf(t, searchAny(t, draw(users, []string{name}), cat, Options{Overlays: overlays}), "it")
		}
		small, large := one(types[0]), one(types[1])
		if small.Cost().Equal(large.Cost()) {
			ties++
			require.Greater(t, nodes(small.Layout), nodes(large.Layout))
			require.Equal(t, "m7g.xlarge", choiceOf(t,
				searchAny(t, draw(users, types), cat, Options{Overlays: overlays}), "it").Layout.Type.Name)
		}
	}
	require.Positive(t, ties)
}
