package compare

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/workload"
)

// Whatever is asked of a plan, the profile that was given and that of the plan
// stay as they are: headroom, swings of inputs, later months, alternatives,
// another purchase, differences.
func TestQuestionsWriteNothing(t *testing.T) {
	cat := testCatalog(t)
	src := strings.Replace(profileSource(t, "medium"), "\n  phoenix:\n",
		"\n  phoenix:\n    purchase: {interruptible: true}\n", 1)
	given, untouched := parseProfile(t, src), parseProfile(t, src)
	for _, request := range []bill.Request{{}, bought("optimal"),
		{Situation: workload.Situation{Month: 7, Lost: "us-west-2"}}} {
		r, err := bill.Make(given, cat, request)
		require.NoError(t, err)
		planned, err := bill.Make(parseProfile(t, src), cat, request)
		require.NoError(t, err)

		require.NoError(t, insight.Remark(r))
		require.NotNil(t, insight.Room(r.Plan))
		require.NotEmpty(t, insight.Responses(r.Plan, 0.99))
		_, err = insight.Explain(r, "")
		require.NoError(t, err)
		_, err = r.Plan.Courses(36)
		require.NoError(t, err)
		other, err := bill.Make(parseProfile(t, profileSource(t, "small")), cat, request)
		require.NoError(t, err)
		Attribute(r, other)
		Attribute(other, r)

		require.Equal(t, untouched, given)
		require.Equal(t, planned.Plan.Profile, r.Plan.Profile)
		require.Equal(t, request.Situation, r.Plan.Demand.Situation)
	}
}

// What is bought as demand grows is counted from the month of the plan: where
// the growth lies behind, nothing more is bought.
func TestPurchasesOfALaterMonth(t *testing.T) {
	cat := testCatalog(t)
	p := parseProfile(t, `
apiVersion: headroom/v1
name: grow
prices: {scope: compute}
regions: [{name: us-east-1}]
peak: {users: 20000, requests_per_user: 60/min, response: 3KB}
horizon: 12
purchase: {option: optimal, allow: [reserved-1y-none]}
growth: {phases: [{month: 12, multiplier: 2}]}
components:
  web: {kind: stateless, entry: true, cpu: 2ms, allow: {types: [m7g.large]}}
`)
	later := func(month int) bill.PoolBuying {
		r, err := bill.Make(p, cat, bill.Request{Situation: workload.Situation{Month: month}})
		require.NoError(t, err)
		return r.Estimate.Buying.Pools[0]
	}
	require.Equal(t, 12, later(0).Later[0].From)
	require.Equal(t, 7, later(5).Later[0].From)
	require.Empty(t, later(12).Later)
	require.Positive(t, later(12).OnDemand.Cmp(later(0).OnDemand), "twice the users")
}
