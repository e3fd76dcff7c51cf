package plan

import (
	"errors"
	"math/big"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

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

// searchProfile plans a profile as it is, and describes the plan.
func searchProfile(p *workload.Profile, c *catalog.Catalog, o Options) (*Plan, error) {
	d, err := p.In(workload.Situation{})
	if err != nil {
		return nil, err
	}
	return described(Search(d, c, o))
}

// described is a plan whose layouts are described, where there is one.
func described(p *Plan, err error) (*Plan, error) {
	if err == nil {
		p.Describe()
	}
	return p, err
}

// searchAny plans a profile; a system that nothing carries gives nil.
func searchAny(t require.TestingT, p *workload.Profile, c *catalog.Catalog, o Options) *Plan {
	r, err := searchProfile(p, c, o)
	var none *Infeasible
	if errors.As(err, &none) {
		return nil
	}
	require.NoError(t, err)
	require.NoError(t, r.Alternatives())
	return r
}

// rational is a decimal number, exactly.
func rational(t require.TestingT, s string) *big.Rat {
	x, ok := new(big.Rat).SetString(s)
	require.True(t, ok, s)
	return x
}
