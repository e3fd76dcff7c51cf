package resilience

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

func testCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	return c
}

// facts are the times that are known of programs.
func facts(t testing.TB, c *catalog.Catalog) *catalog.Facts {
	t.Helper()
	f, err := c.Facts()
	require.NoError(t, err)
	return f
}

// planned is the plan of a file as it is.
func planned(t testing.TB, c *catalog.Catalog, file string) *plan.Plan {
	t.Helper()
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	return plannedText(t, c, string(src))
}

func plannedText(t testing.TB, c *catalog.Catalog, src string) *plan.Plan {
	t.Helper()
	p, err := workload.Parse("p.yaml", []byte(src), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	d, err := p.In(workload.Situation{})
	require.NoError(t, err)
	out, err := plan.Search(d, c, plan.Options{})
	require.NoError(t, err)
	return out
}

// systemOf is the system of a file's plan.
func systemOf(t testing.TB, c *catalog.Catalog, file string) *outage.System {
	t.Helper()
	s, err := System(planned(t, c, file), facts(t, c))
	require.NoError(t, err)
	return unnamed(s)
}

// unnamed is a system without what its times are called, so that they compare as times.
func unnamed(s *outage.System) *outage.System {
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Slice:
			for i := range v.Len() {
				visit(v.Index(i))
			}
		case reflect.Struct:
			if span, ok := v.Addr().Interface().(*outage.Span); ok {
				span.Terms = nil
				return
			}
			for i := range v.NumField() {
				visit(v.Field(i))
			}
		default:
		}
	}
	visit(reflect.ValueOf(s).Elem())
	return s
}

// shipped are the profiles that come with headroom.
func shipped(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../../profiles/*.yaml")
	require.NoError(t, err)
	return files
}

// nameOf is the name of a file without its folder and ending.
func nameOf(file string) string { return strings.TrimSuffix(filepath.Base(file), ".yaml") }

// partOf is a part by its name.
func partOf(t testing.TB, s *outage.System, name string) *outage.Part {
	t.Helper()
	for i := range s.Parts {
		if s.Parts[i].Name == name {
			return &s.Parts[i]
		}
	}
	require.Fail(t, "no part", name)
	return nil
}

// replaced is a text with others in the place of words of it.
func replaced(text string, oldnew ...string) string {
	return strings.NewReplacer(oldnew...).Replace(text)
}

// System is what can fail of a plan.
func System(p *plan.Plan, times Times) (*outage.System, error) {
	p.Describe()
	b, err := build(p, times)
	if err != nil {
		return nil, err
	}
	return b.out, nil
}
