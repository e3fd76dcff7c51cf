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

// BenchmarkKinds sizes a component of every kind on the machine that was chosen for
// it: what the search does some hundred times. It is that of the medium system, or of
// the kind's own fixture where the medium system has none.
func BenchmarkKinds(b *testing.B) {
	c := testCatalog(b)
	medium, err := searchProfile(parseProfile(b, profileSource(b, "medium")), c, Options{})
	if err != nil {
		b.Fatal(err)
	}
	for _, k := range sizing.Kinds() {
		of := func(c *Choice) bool { return c.Component.Kind == k.Word() }
		r, i := medium, slices.IndexFunc(medium.Choices, of)
		if i < 0 {
			if r, err = searchProfile(fixtureOf(b, k.Word()), c, Options{}); err != nil {
				b.Fatal(err)
			}
			i = slices.IndexFunc(r.Choices, of)
		}
		benchmarkKind(b, k, r.System, r.Choices[i])
	}
}

func benchmarkKind(b *testing.B, k sizing.Kind, sys *sizing.System, choice *Choice) {
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
