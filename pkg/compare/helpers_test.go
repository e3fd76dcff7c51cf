package compare

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
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

// profileSource is an embedded profile's text.
func profileSource(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile("../../profiles/" + name + ".yaml")
	require.NoError(t, err)
	return string(src)
}

func parseProfile(t testing.TB, src string) *workload.Profile {
	t.Helper()
	p, err := workload.Parse("p.yaml", []byte(src), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	return p
}

func buildSource(t testing.TB, c *catalog.Catalog, src string, o bill.Request) *bill.Result {
	t.Helper()
	r, err := bill.Make(parseProfile(t, src), c, o)
	require.NoError(t, err)
	return r
}

// bought asks for an option for all nodes.
func bought(option string) bill.Request { return bill.Request{Options: plan.Options{Purchase: option}} }
