package insight

import (
	"testing"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/workload"
)

// BenchmarkEstimate makes the three default estimates with their remarks, tables
// already read. BenchmarkBill is the same without remarks.
func BenchmarkEstimate(b *testing.B) { benchmark(b, remarked) }

func BenchmarkBill(b *testing.B) { benchmark(b, bill.Make) }

func benchmark(b *testing.B, estimate func(*workload.Profile, *catalog.Catalog, bill.Request) (*bill.Result, error)) {
	c := testCatalog(b)
	for _, size := range []string{"small", "medium", "large"} {
		p := parseProfile(b, profileSource(b, size))
		b.Run(size, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := estimate(p, c, bill.Request{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
