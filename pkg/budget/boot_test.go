package budget

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// A component costs a budget what it costs in every report: with its share of the boot
// volumes, in a region and in all. The volumes themselves are all of them.
func TestARuleHasTheOnePriceOfAComponent(t *testing.T) {
	e := estimate()
	cost := func(s string) bill.Cost {
		a := money.MustAmount(s)
		return bill.Cost{Expected: a, Min: a, Max: a}
	}
	pool := func(region string, n int) bill.NodePool {
		return bill.NodePool{Region: region, Min: n, Max: n, Mean: money.Int(int64(n))}
	}
	e.Parts = []bill.Part{
		{Name: "web", Kind: "stateless", Machine: "m7g.large",
			Pools: []bill.NodePool{pool("us-east-1", 2), pool("us-west-2", 2)}},
		{Name: "db", Kind: "database", Machine: "m7g.large", Pools: []bill.NodePool{pool("us-east-1", 1)}},
		{Name: "disks", Kind: "boot"}}
	for _, region := range e.Regions {
		e.Lines = append(e.Lines, bill.Line{Region: region, Component: "disks", Kind: "boot", Category: "storage",
			Cost: cost("6.00")})
	}
	for rule, want := range map[string]string{
		"component: db": "52.00", "kind: database": "52.00", "component: web": "210.00",
		"component: web, region: us-east-1": "104.00", "component: disks": "12.00", "kind: boot": "12.00",
		"match: '*'": "262.00", "region: us-west-2": "106.00",
	} {
		b, err := Parse("b.yaml", []byte("apiVersion: headroom/v1\nrules: {r: {"+rule+", monthly: 1}}\n"))
		require.NoError(t, err)
		v, err := b.Check([]Subject{{Name: "shop", Estimate: e}}, "2026-08-01", bill.Program{})
		require.NoError(t, err, rule)
		require.Equal(t, want, v.Results[0].Actual.String(), rule)
	}
	for _, c := range bill.ComponentCosts(e) {
		if c.Component == "db" {
			require.Equal(t, "52.00", c.Total.Expected.String())
		}
	}
}
