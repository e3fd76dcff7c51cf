package insight

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/workload"
)

// In every hour the nodes that run carry the load, and as many of them are bought in
// some way as the bill counts.
func TestBackingSaysWhatTheBillSays(t *testing.T) {
	cat := testCatalog(t)
	for _, name := range []string{"small", "medium", "large"} {
		for _, option := range []string{"", "optimal"} {
			request := bill.Request{}
			request.Purchase = option
			r, err := bill.Make(parseProfile(t, profileSource(t, name)), cat, request)
			require.NoError(t, err)
			b := Back(r)
			require.Len(t, b.Week, 2)
			for _, w := range b.Week {
				require.Len(t, w.Load, workload.Hours)
				varies := false
				for h := range w.Load {
					require.GreaterOrEqual(t, w.Capacity[h], w.Load[h]*(1-1e-6), "%s, %s, hour %d", name, w.Region, h)
					varies = varies || w.Capacity[h] != w.Capacity[0]
				}
				require.True(t, varies, "some nodes follow the load")
			}
			billed, running, all := map[string]float64{}, 0.0, 0.0
			for i := range r.Estimate.Lines {
				if l := &r.Estimate.Lines[i]; l.IsNodes() {
					billed[l.Term] += l.Quantity.Float64()
				}
			}
			for i := range r.Estimate.Parts {
				for _, pool := range r.Estimate.Parts[i].Pools {
					if r.Estimate.Parts[i].Machine != "" {
						running += pool.Mean.Float64()
					}
				}
			}
			for _, x := range b.Bought {
				mean := 0.0
				for _, n := range x.Nodes {
					mean += n / workload.Hours
				}
				all += mean
				if x.Option == onDemand { // what is committed is billed in all hours
					require.InDelta(t, billed[x.Option], mean, 1e-6, name)
				}
			}
			require.InDelta(t, running, all, 1e-6, "%s %s", name, option)
			require.Equal(t, option == "", len(b.Bought) == 1)
			require.GreaterOrEqual(t, len(b.Inputs), r.Estimate.Inputs)
		}
	}
}
