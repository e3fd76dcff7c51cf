package sizing

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
)

const proxyProfile = `
apiVersion: headroom/v1
name: proxy
regions: [{name: us-east-1}, {name: us-west-2}]
peak: {users: 36000, requests_per_user: 60/min, write_ratio: 10%, request: 500B, response: 1500B, session: 30min}
curve: {preset: flat}
policy: {survive: []}
components:
  edge:
    kind: proxy
    entry: true
    connections_per_user: 1
    calls:
      web: {per_read: 1, request: 500B, response: 1500B}
      writer: {per_write: 1, request: 500B, response: 1500B}
  web: {kind: stateless, cpu: 1ms}
  writer: {kind: stateless, scope: primary, cpu: 1ms}
`

// proxyOn sizes the proxies of a profile with other keys.
func proxyOn(t *testing.T, keys string) *Layout {
	t.Helper()
	s := testSystem(t, testCatalog(t), strings.Replace(proxyProfile, "kind: proxy", "kind: proxy\n    "+keys, 1))
	l, rej := fit(t, s, "edge", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	l.Detail()
	return l
}

// needAt is what a region needs of a resource with its own load.
func needAt(t *testing.T, l *Layout, of string) float64 {
	t.Helper()
	for _, x := range l.Limits {
		if x.Of.Name == of && x.State == capacity.Own && x.Region == 0 {
			return x.Need
		}
	}
	require.Fail(t, "nothing is needed of "+of)
	return 0
}

// Each region has 18,000 of the 36,000 users, who start 10 sessions a second there: 18,000
// requests/s and 10 first pages of 30 us, and 2,000 B both ways at 2.12 ms a MB, are
// 0.5403 + 0.0763 vCPU, 10 handshakes of 2.339 ms 0.0234. Who has one connection asks once a second on it, so that
// within 60 s all are kept alive, and 18,000 + 10 × 60 are open.
func TestProxyCountsHandshakesBytesAndRequests(t *testing.T) {
	l := proxyOn(t, "memory: 256MiB")
	require.InDelta(t, 0.5403+0.07632+0.02339, needAt(t, l, "cpu"), 1e-5)
	require.InDelta(t, 18600, needAt(t, l, "clients"), 1e-6)
	require.InDelta(t, 18600*64<<10, needAt(t, l, "memory"), 1)
	require.Equal(t, 730.0, l.Usage[0].Quantity, "one public address in each region")
	require.Len(t, l.Usage, 2)
}

// A request finds its connection closed after keep_alive with e^(−λK) of a chance.
func TestConnectionsThatIdleAreOpenedAgain(t *testing.T) {
	base := needAt(t, proxyOn(t, "memory: 256MiB"), "cpu")
	short := needAt(t, proxyOn(t, "keep_alive: 2s"), "cpu")
	require.InDelta(t, 18000*math.Exp(-2)*2.339e-3, short-base, 1e-4)
	resumed := needAt(t, proxyOn(t, "keep_alive: 2s\n    resumed: 100%"), "cpu")
	require.InDelta(t, (18000*math.Exp(-2)+10)*(2.31e-3-0.25e-3), short-resumed, 1e-4, "0.25 ms instead of 2.31")
	plain := needAt(t, proxyOn(t, "keep_alive: 2s\n    tls: false"), "cpu")
	require.InDelta(t, 0.5403+0.01656+(18000*math.Exp(-2)+10)*29e-6, plain, 1e-4, "no handshakes")
}

// While a node reloads the others carry its load: there is one more, as where the loss of
// a node must be survived.
func TestReloadIsAnOutageOfANode(t *testing.T) {
	require.Equal(t, 1, proxyOn(t, "reload: 0s").Pools[0].Max)
	l := proxyOn(t, "reload: 3s")
	require.Equal(t, 2, l.Pools[0].Max)
	require.Equal(t, "proxy.reload", l.Structure[1].Key)
}

// Reads stay in their region; the second one's writes, 1,800/s with 500 B, go to the
// first, and 1,500 B come back.
func TestProxyRoutesByMethod(t *testing.T) {
	s := testSystem(t, testCatalog(t), proxyProfile)
	web, _ := s.Profile.Component("web")
	bill := &transferBill{c: s.Task(web), spec: &Transfer{}, lost: nothing}
	edge := s.Flow.Of("edge")
	for i := range edge.Edges {
		bill.edge(edge, &edge.Edges[i])
	}
	month := 730 * 3600.0
	for _, m := range bill.moves {
		switch {
		case m.from == 1 && m.to == 0:
			require.InEpsilon(t, 1800*500*month, m.bytes, 1e-9)
		case m.from == 0 && m.to == 1:
			require.InEpsilon(t, 1800*1500*month, m.bytes, 1e-9)
		default:
			require.Equal(t, m.from, m.to, "all else stays in its region")
		}
	}
}

// A network balancer that does not end TLS hands on the users' connections; an
// application balancer has connections of its own to the proxies.
func TestConnectionsThroughBalancers(t *testing.T) {
	for balancer, want := range map[string]float64{"type: nlb": 18600, "type: nlb, protocol: tls": 0, "type: alb": 0} {
		src := strings.Replace(proxyProfile, "    entry: true\n", "", 1)
		src = strings.Replace(src, "components:", "components:\n  lb: {kind: balancer, "+balancer+
			", entry: true, calls: {edge: {per_read: 1, per_write: 1}}}", 1)
		l, rej := fit(t, testSystem(t, testCatalog(t), src), "edge", "m7g.xlarge", Storage{})
		require.Nil(t, rej)
		l.Detail()
		require.InDelta(t, want, needAt(t, l, "clients"), 1e-6, balancer)
	}
}
