package insight

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
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

// remarked plans and bills a profile and adds the remarks.
func remarked(p *workload.Profile, c *catalog.Catalog, r bill.Request) (*bill.Result, error) {
	out, err := bill.Make(p, c, r)
	if err == nil {
		err = Remark(out)
	}
	return out, err
}
