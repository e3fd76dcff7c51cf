package unit

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQuantity(t *testing.T) {
	for _, x := range []struct {
		v          float64
		unit, want string
	}{
		{4 << 30, "B", "4 GiB"}, {2.5e6, "B/s", "2.5 MB/s"}, {1500, "/s", "1,500/s"}, {0.25, "s", "250 ms"},
		{3, "", "3"}, {6, "vCPU", "6 vCPU"},
	} {
		require.Equal(t, x.want, Quantity(x.v, x.unit))
	}
}
