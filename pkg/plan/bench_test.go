package plan

import "testing"

// BenchmarkBuild plans the three default systems, tables already read.
func BenchmarkBuild(b *testing.B) {
	c := testCatalog(b)
	for _, size := range []string{"small", "medium", "large"} {
		p := parseProfile(b, profileSource(b, size))
		b.Run(size, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Build(p, c, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
