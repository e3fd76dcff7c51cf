package cli

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/pricing"
	"headroom/profiles"
)

// A region that `prices list` calls complete really prices the default system,
// and one that lacks balancer units does not pretend to.
func TestCompleteRegionsPriceTheDefaultSystem(t *testing.T) {
	cat, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	v, err := cat.Vintage("")
	require.NoError(t, err)
	src, err := fs.ReadFile(profiles.FS, "medium.yaml")
	require.NoError(t, err)
	p, err := workload.Parse("medium.yaml", src, sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	complete := 0
	for _, name := range v.Regions() {
		c, err := cover(v, name)
		require.NoError(t, err)
		other := "us-east-1"
		if name == other {
			other = "us-west-2"
		}
		_, err = bill.Make(p, cat, bill.Request{Settings: workload.Settings{Regions: []string{name, other}}})
		if c.complete() {
			complete++
			require.NoError(t, err, name)
			continue
		}
		var missing catalog.MissingPrices
		var none *plan.Infeasible
		require.True(t, errors.As(err, &missing) || errors.As(err, &none), "%s lacks %v, yet: %v",
			name, c.missingText(), err)
	}
	require.Positive(t, complete)
}
