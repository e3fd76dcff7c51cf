package bill

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
	"headroom/pkg/workload"
)

// Hosts that there are cost the same, used or not: six at $200 are $1,200 a month. What
// leaves the site costs nothing there, and what leaves the region of the tables is billed
// with all that leaves it.
func TestHostsArePaidForUsedOrNot(t *testing.T) {
	c := testCatalog(t)
	src, err := os.ReadFile("../../testdata/effects/site.yaml")
	require.NoError(t, err)
	for _, users := range []float64{100, 2500, 5000} {
		p := parseProfile(t, string(src))
		r, err := Make(p, c, Request{Situation: workload.Situation{
			Inputs: []workload.Override{{Path: "peak.users", Value: users}}}})
		require.NoError(t, err)
		var here money.Amount
		for _, l := range r.Estimate.Lines {
			if l.Region == "aachen" {
				here = here.Plus(l.Cost.Expected)
				require.NotEqual(t, "ebs", l.Service)
			}
		}
		require.Equal(t, "1200.00", here.String(), "%v users", users)
		quotas, err := r.Quotas()
		require.NoError(t, err)
		require.Empty(t, quotas, "EC2 counts no machines of one's own")
	}
}
