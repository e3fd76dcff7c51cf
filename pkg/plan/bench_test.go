package plan

import (
	"slices"
	"testing"

	"headroom/pkg/sizing"
)

// BenchmarkSearch plans the three default systems, tables already read: alone,
// and as one of many.
func BenchmarkSearch(b *testing.B) {
	c := testCatalog(b)
	for _, size := range []string{"small", "medium", "large"} {
		p := parseProfile(b, profileSource(b, size))
		run := func(name string, reuse *Reuse) {
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := searchProfile(p, c, Options{Reuse: reuse}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		run(size, nil)
		run(size+"/reused", &Reuse{})
	}
}

// BenchmarkKinds sizes the medium system's component of every kind on the
// machine that was chosen for it: what the search does some hundred times.
func BenchmarkKinds(b *testing.B) {
	c := testCatalog(b)
	r, err := searchProfile(parseProfile(b, profileSource(b, "medium")), c, Options{})
	if err != nil {
		b.Fatal(err)
	}
	for _, k := range sizing.Kinds() {
		i := slices.IndexFunc(r.Choices, func(c *Choice) bool { return c.Component.Kind == k.Word() })
		if i < 0 {
			b.Fatalf("the medium system has no component of kind %s", k.Word())
		}
		choice := r.Choices[i]
		sys := r.System
		b.Run(k.Word()+"/prepare", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := k.Prepare(sys.Task(choice.Component)); err != nil {
					b.Fatal(err)
				}
			}
		})
		z, err := k.Prepare(sys.Task(choice.Component))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(k.Word()+"/fit", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, rej := z.Fit(choice.Layout.Type, choice.Layout.Storage); rej != nil {
					b.Fatal(rej)
				}
			}
		})
	}
}
