package insight

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// planned is a system with a support plan, which is a part of the bill.
const planned = `apiVersion: headroom/v1
name: planned
regions: [{name: us-east-1}]
peak: {users: 100, requests_per_user: 1/s}
environments: {dev: {scale: 50%}}
components:
  web: {kind: stateless, entry: true, cpu: 1ms}
  plan: {kind: fixed, FIXED}
`

// A part of the bill that the total contains is not among what it does not contain. In an
// environment its steps begin anew, which its explanation says.
func TestASupportPlanIsInTheTotal(t *testing.T) {
	cat := testCatalog(t)
	is := func(fixed, environment string) *bill.Estimate {
		p := parseProfile(t, strings.Replace(planned, "FIXED", fixed, 1))
		r, err := remarked(p, cat, bill.Request{Situation: workload.Situation{Environment: environment}})
		require.NoError(t, err)
		return r.Estimate
	}
	layers := func(e *bill.Estimate) []string {
		k := slices.IndexFunc(e.Excluded, func(r remark.Remark) bool { return r.Key == "excluded.layers" })
		require.GreaterOrEqual(t, k, 0)
		return e.Excluded[k].List("layers")
	}
	require.Equal(t, []string{"tax", "credit", "discount", "support"}, layers(is("price: $1, every: month", "")))
	require.Equal(t, []string{"tax", "credit", "discount"}, layers(is("share: [{part: 10%}]", "")))
	require.Contains(t, layers(is("share: [{part: 10%}], from: 3", "")), "support")

	said := func(environment string) (keys []string) {
		for _, part := range is("share: [{part: 10%}]", environment).Parts {
			if part.Name == "plan" {
				for _, r := range part.Detail {
					keys = append(keys, r.Key)
				}
			}
		}
		return keys
	}
	require.Equal(t, []string{"fixed.share"}, said(""))
	require.Equal(t, []string{"fixed.share", "fixed.share_anew"}, said("dev"))
}
