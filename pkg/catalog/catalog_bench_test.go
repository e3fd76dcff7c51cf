package catalog

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// memFS holds the CSV files in memory.
func memFS(b *testing.B) fstest.MapFS {
	out := fstest.MapFS{}
	c, err := Open(tablesFS())
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range c.Files() {
		data, err := c.read(f)
		if err != nil {
			b.Fatal(err)
		}
		out[f.Path] = &fstest.MapFile{Data: data}
	}
	for _, name := range []string{ManifestName, VintagesName} {
		data, err := fs.ReadFile(tablesFS(), name)
		if err != nil {
			b.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

func benchRegion(b *testing.B, files fstest.MapFS) *RegionPrices {
	c, err := Open(files)
	if err != nil {
		b.Fatal(err)
	}
	v, err := c.Vintage("")
	if err != nil {
		b.Fatal(err)
	}
	r, err := v.Region("us-east-1")
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func BenchmarkOpen(b *testing.B) {
	files := memFS(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(files); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenRegion is the start of the program: manifest and one EC2 table.
func BenchmarkOpenRegion(b *testing.B) {
	files := memFS(b)
	b.ReportAllocs()
	for b.Loop() {
		benchRegion(b, files)
	}
}

func BenchmarkUsageLoad(b *testing.B) {
	files := memFS(b)
	b.ReportAllocs()
	for b.Loop() {
		r := benchRegion(b, files)
		if _, ok := r.usageNamed("ebs", "gp3 storage"); !ok {
			b.Fatal("no price")
		}
	}
}

func BenchmarkOnDemand(b *testing.B) {
	r := benchRegion(b, memFS(b))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := r.OnDemand("m7g.large"); !ok {
			b.Fatal("no price")
		}
	}
}

func BenchmarkTerms(b *testing.B) {
	r := benchRegion(b, memFS(b))
	b.ReportAllocs()
	for b.Loop() {
		if len(r.Terms("m7g.large")) == 0 {
			b.Fatal("no terms")
		}
	}
}
