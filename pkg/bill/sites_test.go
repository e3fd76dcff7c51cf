package bill

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/workload"
)

// Hosts that there are cost the same, used or not: six at $200 are $1,200 a month. What
// leaves the site costs nothing there, and what leaves the region of the tables is billed
// with all that leaves it.
func TestHostsArePaidForUsedOrNot(t *testing.T) {
	c := testCatalog(t)
	src, err := os.ReadFile("../../testdata/effects/site.yaml")
	require.NoError(t, err)
	for _, users := range []float64{100, 2500, 5000} {
		p := parseProfile(t, string(src))
		r, err := Make(p, c, Request{Situation: workload.Situation{
			Inputs: []workload.Override{{Path: "peak.users", Value: users}}}})
		require.NoError(t, err)
		var here money.Amount
		for _, l := range r.Estimate.Lines {
			if l.Region == "aachen" {
				here = here.Plus(l.Cost.Expected)
				require.NotEqual(t, "ebs", l.Service)
			}
		}
		require.Equal(t, "1200.00", here.String(), "%v users", users)
		quotas, err := r.Quotas()
		require.NoError(t, err)
		require.Empty(t, quotas, "EC2 counts no machines of one's own")
	}
}

// What stands at a site costs the same under other tables; the rest is priced anew.
func TestRepricedBesideASite(t *testing.T) {
	c := testCatalog(t)
	src, err := os.ReadFile("../../testdata/effects/site.yaml")
	require.NoError(t, err)
	is := buildAny(t, parseProfile(t, string(src)), c, Request{}).Estimate
	older, err := c.Vintage("2026-07-20")
	require.NoError(t, err)
	was, err := Reprice(is, older)
	require.NoError(t, err)
	var here money.Amount
	for _, l := range was.Lines {
		if l.Region == "aachen" {
			here = here.Plus(l.Cost.Expected)
		}
	}
	require.Equal(t, "1200.00", here.String())
	require.Equal(t, "2026-07-20", was.Prices.Vintage)

	odd := *is
	odd.Regions = []string{"aachen", "eu-south-2"}
	oldest, err := c.Vintage("2016-04-18")
	require.NoError(t, err)
	_, err = Reprice(&odd, oldest)
	require.ErrorContains(t, err, "eu-south-2", "a region of other tables is no site")
}

// originAtHome is a site that answers what the edges of a CDN do not have.
const originAtHome = `apiVersion: headroom/v1
name: origin
regions: [{name: home, zones: 1}]
peak: {users: 1000, requests_per_user: 20/min, response: 30KB, first_page: 2MB, session: 10min}
policy: {survive: []}
components:
  cdn: {kind: cdn, entry: true, edges: {eu: 100%}, calls: {web: {per_read: 1, per_write: 1}}}
  web: {kind: stateless, cpu: 5ms}
  home: {kind: site, regions: [home], includes: [INCLUDED], machines: {box: {vcpu: 16, memory: 64GiB,
    like: m6i.xlarge, price: $100, every: month}}}
`

// What the edges fetch from a site leaves it at its price: none where it is included, and an
// error where nothing says what it is.
func TestWhatEdgesFetchFromASiteHasAPrice(t *testing.T) {
	made := func(included string) (*Result, error) {
		src := strings.Replace(originAtHome, "INCLUDED", included, 1)
		return Make(parseProfile(t, src), testCatalog(t), Request{})
	}
	r, err := made("egress")
	require.NoError(t, err)
	k := slices.IndexFunc(r.Estimate.Lines, func(l Line) bool {
		return l.Item == "out to internet" && l.Region == "home" &&
			l.Service == "data-transfer"
	})
	require.GreaterOrEqual(t, k, 0)
	require.True(t, r.Estimate.Lines[k].Cost.Expected.IsZero())
	_, err = made("addresses")
	require.ErrorAs(t, err, &catalog.MissingPrices{})
	require.ErrorContains(t, err, "home usage: data-transfer/out to internet")
}
