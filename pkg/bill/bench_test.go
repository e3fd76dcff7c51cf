package bill

import (
	"testing"

	"headroom/pkg/plan"
)

// BenchmarkMake plans and bills the three default systems, tables already read:
// alone, and as one of many.
func BenchmarkMake(b *testing.B) {
	c := testCatalog(b)
	for _, size := range []string{"small", "medium", "large"} {
		p := parseProfile(b, profileSource(b, size))
		run := func(name string, r Request) {
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Make(p, c, r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		run(size, Request{})
		run(size+"/reused", Request{Options: plan.Options{Reuse: &plan.Reuse{}}})
	}
}
