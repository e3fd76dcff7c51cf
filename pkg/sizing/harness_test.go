package sizing

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/workload"
)

// testCatalog opens the project's own tables.
func testCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	return c
}

// testSystem parses a profile and prepares its system with the tables of 2026.
func testSystem(t testing.TB, c *catalog.Catalog, src string) *System {
	t.Helper()
	p, err := workload.Parse("test.yaml", []byte(src), Specs(), os.ReadFile)
	require.NoError(t, err)
	v, err := c.Vintage("2026-07-20")
	require.NoError(t, err)
	s, err := NewSystem(p.Demand(), v)
	require.NoError(t, err)
	return s
}

// prepare makes the sizer of one component.
func prepare(t testing.TB, s *System, name string) (*Task, Sizer) {
	t.Helper()
	comp, ok := s.Profile.Component(name)
	require.True(t, ok, name)
	k, ok := Find(comp.Kind)
	require.True(t, ok, comp.Kind)
	c := s.Task(comp)
	sizer, err := k.Prepare(c)
	require.NoError(t, err)
	return c, sizer
}

// fit sizes one component on a named type.
func fit(t testing.TB, s *System, name, nodeType string, st Storage) (*Layout, *Rejection) {
	t.Helper()
	_, sizer := prepare(t, s, name)
	var nt *catalog.NodeType
	if nodeType != "" {
		var ok bool
		nt, ok = s.Catalog.NodeType(nodeType)
		require.True(t, ok, nodeType)
	}
	l, rej := sizer.Fit(nt, st)
	if l != nil {
		s.Sized[name] = l
	}
	return l, rej
}
