package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/unit"
)

// A machine that the tables do not have is as fast as the type that it names, thread by
// thread, and does as much as it has vCPUs.
func TestSpeedOfAMachineBesideTheTables(t *testing.T) {
	c := openTables(t)
	s, err := c.Speeds()
	require.NoError(t, err)
	like, _ := c.NodeType("m7i.xlarge")
	ref, _ := c.NodeType("m7g.large")
	host := &NodeType{Name: "host", Family: "host", VCPU: 24, Memory: unit.Bytes(64 << 30), SpeedOf: like.Name}
	for class := range WorkClass(len(ClassNames())) {
		want, err := s.Speed(like, class, ref)
		require.NoError(t, err)
		got, err := s.Speed(host, class, ref)
		require.NoError(t, err)
		require.Equal(t, want.PerVCPU, got.PerVCPU, class)
		if class == ClassRedis { // one thread
			require.Equal(t, want.RefVCPUs, got.RefVCPUs)
			continue
		}
		require.InEpsilon(t, 24.0/4*want.RefVCPUs, got.RefVCPUs, 1e-12, class)
	}
	host.SpeedOf = "no.such"
	_, err = s.Speed(host, ClassHTTP, ref)
	require.ErrorContains(t, err, `node type "host" is not in`)
}
