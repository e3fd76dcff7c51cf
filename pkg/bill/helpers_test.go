package bill

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
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

func buildSource(t testing.TB, c *catalog.Catalog, src string, o Request) *Result {
	t.Helper()
	r, err := Make(parseProfile(t, src), c, o)
	require.NoError(t, err)
	return r
}

// buildAny plans a profile; a system that nothing carries gives nil.
func buildAny(t require.TestingT, p *workload.Profile, c *catalog.Catalog, o Request) *Result {
	r, err := Make(p, c, o)
	var none *plan.Infeasible
	if errors.As(err, &none) {
		return nil
	}
	require.NoError(t, err)
	return r
}

// unrounded is the month's bill before anything is rounded, of one component
// or, without a name, of all: quantity × price, added up exactly.
func unrounded(r *Result, component string) money.Amount {
	var t money.Amount
	for _, l := range r.Estimate.Lines {
		if component == "" || l.Component == component {
			t = t.Plus(l.Price.Times(l.Quantity))
		}
	}
	return t
}

// inWords is a choice in a few words.
func inWords(c *plan.Choice) string {
	var b strings.Builder
	if c.Layout.Type != nil {
		b.WriteString(c.Layout.Type.Name + " " + c.Layout.Storage.String())
	}
	for _, p := range c.Layout.Pools {
		fmt.Fprintf(&b, " %d:%s:%d..%d(%.3f)", p.Region, p.Role, p.Min, p.Max, p.Mean)
	}
	return b.String()
}

// byBillAlone takes the weights of running machines out of a profile.
func byBillAlone(p *workload.Profile) *workload.Profile {
	p.Policy.Running.None = true
	return p
}

// machinesOf are the machines of a plan by component.
func machinesOf(r *Result) map[string]plan.Machine {
	out := map[string]plan.Machine{}
	for _, c := range r.Plan.Choices {
		if c.Layout.Type != nil {
			out[c.Component.Name] = c.Machine()
		}
	}
	return out
}
