package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
	"headroom/pkg/words"
)

const socketsProfile = commerce + `
  edge: {kind: balancer, entry: true, calls: {hap: {per_read: 1, per_write: 1}}}
  hap: {kind: proxy, calls: {web: {per_read: 1, per_write: 1}, sockets: {per_read: 0.1}}}
  web: {kind: stateless, cpu: 6ms, calls: {inner: {per_read: 1}}}
  inner: {kind: stateless, cpu: 1ms, needs: [websocket]}
  sockets:
    kind: stateless
    cpu: 1ms
    needs: [websocket, sticky]
`

// A service behind a balancer, and behind a proxy that it calls, has what it needs of the
// connections, or is refused where the profile asks for it. What a service calls has
// connections of its own.
func TestBalancersDoWhatServicesNeed(t *testing.T) {
	for keys, refused := range map[string][]string{
		"":                            nil,
		"type: nlb, ":                 nil,
		"type: nlb, protocol: tls, ":  {`component "sockets" needs sticky`, "type: nlb, protocol: tls", "a cookie"},
		"type: classic, ":             {`component "sockets" needs websocket`, "type: classic", "type: alb", "XHR"},
		"type: classic, for: inner, ": {`component "inner" needs websocket`, `component "sockets" needs websocket`},
	} {
		src := strings.Replace(socketsProfile, "kind: balancer, ", "kind: balancer, "+keys, 1)
		s := testSystem(t, testCatalog(t), src)
		comp, _ := s.Profile.Component("edge")
		sizer, err := balancerKind{}.Prepare(s.Task(comp))
		if refused == nil {
			require.NoError(t, err)
			l, _ := sizer.Fit(nil, Storage{})
			l.Detail()
			require.Equal(t, "does what services behind it need: sticky sessions, WebSocket",
				words.Say(l.Structure[len(l.Structure)-1]))
			continue
		}
		var problems diag.Problems
		require.ErrorAs(t, err, &problems)
		said := ""
		for _, p := range problems {
			require.Positive(t, p.Pos.Line)
			said += p.Summary + "; " + p.Hint + "\n"
		}
		for _, part := range refused {
			require.Contains(t, said, part)
		}
		require.NotContains(t, said, `component "web"`)
	}
}

// A classic balancer bills hours and bytes both ways: 25.6114 GiB an hour as in
// TestBalancerBillsTheLargestDimension.
func TestClassicBalancerBillsBytes(t *testing.T) {
	src := strings.Replace(behindALB, "kind: balancer,", "kind: balancer, type: classic,", 1)
	s := testSystem(t, testCatalog(t), src)
	l := fitNodeless(t, s, "edge")
	require.InDelta(t, 730, usageOf(l, 0, "elb", "classic LB hour"), 1e-9)
	require.InDelta(t, 25.6114*730, usageOf(l, 0, "elb", "classic LB data processed"), 0.05)
	require.InDelta(t, 3*730, usageOf(l, 0, "vpc", "public IPv4 address hour"), 1e-9)
	require.Zero(t, usageOf(l, 0, "elb", "ALB LCU-hour"))
	zoneless := balancerKind{}.Traits(&Balancer{Type: classicLB}).Zoneless
	require.True(t, zoneless, "AWS bills no crossing of zones behind it")
}
