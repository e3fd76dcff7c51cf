package purchase

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/workload"
)

// Whatever a profile may allow names options.
func TestEveryModeNamesOptions(t *testing.T) {
	modes := new(workload.Purchase).KeyEnum("allow")
	require.Len(t, modes, len(workload.PurchaseModes())-1, "all but optimal")
	for _, name := range modes {
		c := Constraints{Allow: []string{name}}
		require.NoError(t, c.check(), name)
	}
}

func TestLackingNamesKindsAndTermsAsAWhole(t *testing.T) {
	require.Equal(t, []string{"reserved-3y-none", "convertible", "sp-ec2", "sp-compute", Spot},
		Lacking([]string{OnDemand, "reserved-1y-none", "reserved-1y-partial", "reserved-1y-all", "reserved-3y-partial",
			"reserved-3y-all"}))
	require.Equal(t, []string{"reserved-1y", "sp-ec2-3y-all", "sp-compute"},
		Lacking([]string{OnDemand, "reserved-3y-none", "reserved-3y-partial", "reserved-3y-all",
			"convertible-1y-none", "convertible-1y-partial", "convertible-1y-all", "convertible-3y-none",
			"convertible-3y-partial", "convertible-3y-all",
			"sp-ec2-1y-none", "sp-ec2-1y-partial", "sp-ec2-1y-all", "sp-ec2-3y-none", "sp-ec2-3y-partial", Spot}))
	require.Empty(t, Lacking(workload.PurchaseOptions()))
}
