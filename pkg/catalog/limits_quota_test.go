package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Figures of limits/quotas.csv.
func TestQuotas(t *testing.T) {
	q := limits(t).Quotas
	require.Equal(t, Quota{Most: 5, AsOf: "2023-04-06", Source: "VPC23"}, q.Addresses)
	require.Equal(t, Quota{Most: 5, AsOf: "2023-04-06", Source: "VPC23"}, q.Gateways)
	require.Equal(t, Quota{Most: 20, AsOf: "2023-05-11", Source: "EC223"}, q.RegionReservations)
	require.Equal(t, q.RegionReservations, q.ZoneReservations)
	require.EqualValues(t, 5, q.StandardVCPU.Most)
	require.Empty(t, q.StandardVCPU.AsOf)
	require.True(t, q.StandardVCPU.Weak())
	require.False(t, q.Addresses.Weak())
}

// Only the standard families share the quota of vCPUs.
func TestStandardFamilies(t *testing.T) {
	for _, family := range []string{"a1", "c7gn", "d3en", "h1", "i4i", "im4gn", "is4gen", "m7g", "r8g", "t4g", "z1d"} {
		require.True(t, (&NodeType{Family: family}).Standard(), family)
	}
	for _, family := range []string{"hpc7g", "mac2", "inf2", "trn1", "dl1", "g5", "p4d", "x2gd", "u-6tb1", "f1",
		"vt1"} {
		require.False(t, (&NodeType{Family: family}).Standard(), family)
	}
}
