package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Figures of limits/quotas.csv.
func TestQuotas(t *testing.T) {
	require.Equal(t, Quotas{Addresses: 5, Gateways: 5, RegionReservations: 20, ZoneReservations: 20, StandardVCPU: 5},
		limits(t).Quotas)
}

// Only the standard families share the quota of vCPUs.
func TestStandardFamilies(t *testing.T) {
	for _, family := range []string{"a1", "c7gn", "d3en", "h1", "i4i", "im4gn", "is4gen", "m7g", "r8g", "t4g", "z1d"} {
		require.True(t, (&NodeType{Family: family}).Standard(), family)
	}
	for _, family := range []string{"hpc7g", "mac2", "inf2", "trn1", "dl1", "g5", "p4d", "x2gd", "u-6tb1", "f1", "vt1"} {
		require.False(t, (&NodeType{Family: family}).Standard(), family)
	}
}
