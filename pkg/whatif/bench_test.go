package whatif_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/whatif"
)

// BenchmarkSweep plans the medium system at 1,000 numbers of users, as one system that
// grows and each by itself. The aim is less than a second on two processors.
func BenchmarkSweep(b *testing.B) {
	for name, anew := range map[string]bool{"grown": false, "anew": true} {
		b.Run(name, func(b *testing.B) {
			s := system(b, source(b, "medium"))
			axis, err := s.Axis("peak.users=1k..20k:log:1000")
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				out, err := s.Sweep(context.Background(), []whatif.Axis{axis}, anew, nil)
				require.NoError(b, err)
				require.Len(b, out.Points, 1000)
			}
		})
	}
}
