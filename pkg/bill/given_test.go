package bill

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/plan"
	"headroom/pkg/purchase"
)

const givenSource = `
apiVersion: headroom/v1
name: given
prices: {scope: compute}
regions: [{name: us-east-1}]
peak: {users: 3000, requests_per_user: 60/min, response: 3KB}
horizon: 0
policy: {running: none}
components:
  web:
    kind: stateless
    entry: true
    cpu: 4ms
    allow: {types: [m7g.large, m7g.xlarge, m6i.large]}
`

// A rate of the user's own for on demand is the price on demand: of the bill, and of
// the machines that are compared, without any option to be asked for.
func TestGivenRateOnDemand(t *testing.T) {
	c := testCatalog(t)
	list := buildSource(t, c, givenSource, Request{}).Estimate
	rates := func(text string) string {
		return strings.Replace(givenSource, "    kind:", "    purchase: {rates: ["+text+"]}\n    kind:", 1)
	}
	const dear = "{option: on-demand, type: m6i.large, hourly: 0.01, source: contract 17}"
	r := buildSource(t, c, rates(dear), Request{})
	won := r.Estimate.Lines[0]
	require.NotEqual(t, "m6i.large", list.Lines[0].Item)
	require.Equal(t, "m6i.large", won.Item, "the cheapest by the rate")
	require.Equal(t, []string{"0.01", "contract 17", purchase.GivenNote, onDemand},
		[]string{won.HourPrice.String(), won.Source, won.PriceNote, won.Term})
	require.Equal(t, onDemand, r.Estimate.Purchase)
	require.InDelta(t, r.Estimate.Total.Expected.Float64(), r.Plan.Choices[0].Cost().Float64(), 0.01)

	// Without a type it is that of whatever is chosen; a component's own wins.
	all := strings.Replace(rates(dear), "regions:",
		"purchase: {rates: [{option: on-demand, hourly: 5, source: all}]}\nregions:", 1)
	require.Equal(t, "m6i.large", buildSource(t, c, all, Request{}).Estimate.Lines[0].Item)
	all = strings.Replace(all, "type: m6i.large", "type: c7g.large", 1)
	require.Equal(t, "5.00", buildSource(t, c, all, Request{}).Estimate.Lines[0].HourPrice.String())

	// The same is the base of other ways to buy, and stays where tables change.
	mix := buildSource(t, c, rates(dear), Request{Options: plan.Options{Purchase: "optimal"}}).Estimate
	require.Equal(t, "0.01", mix.Lines[0].HourPrice.String(), "no commitment is cheaper")
	again, err := Reprice(r.Estimate, r.Plan.Tables.Vintage)
	require.NoError(t, err)
	require.Equal(t, r.Estimate.Total, again.Total)
}
