package insight

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/words"
)

// A day's total as the rate of the worst minutes gets a hint of what it is there.
func TestDailyTotalAtThePeakGetsAHint(t *testing.T) {
	const src = `
apiVersion: headroom/v1
name: x
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 240/day, intra_hour_peak: 2}
curve: {preset: office-hours}
components:
  web: {kind: stateless, entry: true, cpu: 1ms}
`
	said := func(src string) string {
		r, err := remarked(parseProfile(t, src), testCatalog(t), bill.Request{})
		require.NoError(t, err)
		var out []string
		for _, f := range r.Estimate.Facts {
			if f.Key == "fact.slow_peak" {
				out = append(out, words.Say(f))
			}
		}
		return strings.Join(out, "\n")
	}
	// The mean of the curve is 0.337: 10/h ÷ 0.337 × 2.
	require.Equal(t, "requests_per_user 240/day is taken as the rate in the worst minutes; if it is what a user does "+
		"in all, the load curve makes 59.3/h of it at the peak", said(src))
	require.Empty(t, said(strings.Replace(src, "240/day", "10/h", 1)))
	require.Contains(t, said(strings.Replace(src, "240/day", "240/h, writes_per_user: 20/month", 1)), "writes_per_user")
}
