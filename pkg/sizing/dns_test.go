package sizing

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/workload"
)

const named = commerce + `
  names: {kind: dns}
  web: {kind: stateless, entry: true, cpu: 6ms}
`

// 2,500 users × 100/min for half an hour each: 1.389 sessions/s begin with a query, and of
// 4,166.67 requests/s one in 1 + 100/min × 60 s = 101 asks again, for two types of address.
func TestQueriesFollowSessionsAndTTL(t *testing.T) {
	s := testSystem(t, testCatalog(t), named)
	l := fitNodeless(t, s, "names")
	requirePriced(t, s, l)
	want := 2 * (2500.0/1800 + 2500*100.0/60/101) * 730 * 3600 / 1e6
	require.InEpsilon(t, want, usageOf(l, 0, "route53", "latency queries"), 1e-9)
	require.Zero(t, usageOf(l, 1, "route53", "latency queries"), "there is one for all regions")
	require.Equal(t, 1.0, usageOf(l, 0, "route53", "hosted zone"))
	require.Zero(t, usageOf(l, 0, "route53", "health check, AWS endpoint"), "the first 50 are free")
	require.Equal(t, 2.0, usageOf(l, 0, "route53", "health check option, AWS endpoint"), "HTTPS, one a region")
}

// How queries are answered follows from the regions that users are served in, whether they
// are billed from where users enter.
func TestRoutingOfNames(t *testing.T) {
	for _, c := range []struct{ what, components, item string }{
		{"failover: active-passive", "names: {kind: dns}\n  web: {kind: stateless, entry: true, cpu: 6ms}",
			"standard queries"},
		{"failover: active-active", "names: {kind: dns, routing: geolocation}\n" +
			"  web: {kind: stateless, entry: true, cpu: 6ms}", "geolocation queries"},
		{"failover: active-active", "names: {kind: dns}\n" +
			"  lb: {kind: balancer, entry: true, calls: {web: {per_read: 1}}}\n" +
			"  web: {kind: stateless, cpu: 6ms}", ""},
		{"failover: active-active", "names: {kind: dns, alias: false}\n" +
			"  lb: {kind: balancer, entry: true, calls: {web: {per_read: 1}}}\n  web: {kind: stateless, cpu: 6ms}",
			"latency queries"},
	} {
		s := testSystem(t, testCatalog(t), commerce+"  "+c.components+"\n"+c.what+"\n")
		l := fitNodeless(t, s, "names")
		items := map[string]bool{}
		for _, u := range l.Usage {
			items[u.Meter.Item()] = true
		}
		want := map[string]bool{"hosted zone": true, "health check option, AWS endpoint": true, c.item: true}
		if c.item == "" {
			want = map[string]bool{"hosted zone": true} // aliases: free, and checked by their targets
		}
		require.Equal(t, want, items, c.components)
	}
}

// Checks of what is not in AWS have a price of their own and none free.
func TestHealthChecksElsewhere(t *testing.T) {
	s := testSystem(t, testCatalog(t), commerce+"  names: {kind: dns, endpoints: other, health_checks: 3}\n"+
		"  web: {kind: stateless, entry: true, cpu: 6ms}\n")
	l := fitNodeless(t, s, "names")
	requirePriced(t, s, l)
	require.Equal(t, 3.0, usageOf(l, 0, "route53", "health check, non-AWS endpoint"))
	s = testSystem(t, testCatalog(t), commerce+"  names: {kind: dns, health_checks: 53}\n"+
		"  web: {kind: stateless, entry: true, cpu: 6ms}\n")
	require.Equal(t, 3.0, usageOf(fitNodeless(t, s, "names"), 0, "route53", "health check, AWS endpoint"))
}

// A site has no latency that Route 53 knows, and is checked from outside of AWS, unless the
// profile says otherwise.
func TestNamesOfASite(t *testing.T) {
	cat := testCatalog(t)
	v, err := cat.Vintage("")
	require.NoError(t, err)
	for keys, want := range map[string][3]string{
		"":                                     {"aachen", "standard queries", "health check, non-AWS endpoint"},
		", endpoints: aws, health_checks: 51":  {"aachen", "standard queries", "health check, AWS endpoint"},
		", routing: latency":                   {"aachen", "latency queries", "health check, non-AWS endpoint"},
		", endpoints: other, health_checks: 1": {"us-west-2", "latency queries", "health check, non-AWS endpoint"},
	} {
		source := strings.NewReplacer("us-west-2", want[0], "kind: dns", "kind: dns"+keys).Replace(named)
		p, err := workload.Parse("test.yaml", []byte(source+"failover: active-active\n"), Specs(), os.ReadFile)
		require.NoError(t, err)
		s, err := NewSystem(p.Demand(), v.WithSites([]catalog.Site{{Name: "aachen"}}))
		require.NoError(t, err)
		l := fitNodeless(t, s, "names")
		require.Positive(t, usageOf(l, 0, "route53", want[1]), keys)
		require.Positive(t, usageOf(l, 0, "route53", want[2]), keys)
	}
}
