package bill

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A cost sheet of London from AWS's price list of September 2026 prints $149.17 a
// month for two t3.medium, an application balancer with one capacity unit, its three
// public addresses, a NAT gateway with its address, and 40 GB of gp3:
//
//	2 × 0.0472 × 730 = 68.91, 0.02646 × 730 = 19.32, 0.0084 × 730 = 6.13,
//	0.05 × 730 = 36.50, 4 × 0.005 × 730 = 14.60, 40 × 0.0928 = 3.71
//
// What the sheet has no row for is switched off: bytes through the gateway and
// between zones, transfer. 10 requests/s that evaluate 110 rules each, of which 10
// are free, are the 1,000 rule evaluations a second of one capacity unit; in a session
// without end no first page comes in addition.
func TestBillOfLondon(t *testing.T) {
	r := buildSource(t, testCatalog(t), `
apiVersion: headroom/v1
name: london
regions: [{name: eu-west-2, zones: 3}]
peak: {users: 1, requests_per_user: 10/s, request: 0B, response: 0B, session: 1000000h}
curve: {preset: flat}
policy: {survive: []}
components:
  edge: {kind: balancer, entry: true, rules: 110, calls: {web: {per_read: 1, per_write: 1}}}
  web: {kind: stateless, cpu: 1ms, pin: {type: t3.medium, count: 2}}
  gate: {kind: nat, bytes: 0B}
  boot: {kind: boot, size: 20GiB}
`, Request{})
	lines := map[string]string{}
	for _, l := range r.Estimate.Lines {
		lines[l.Component+": "+l.Item] = l.Quantity.String() + " " + l.Cost.Expected.String()
	}
	require.Equal(t, map[string]string{
		"web: t3.medium": "2 68.91", "edge: ALB hour": "730 19.32", "edge: ALB LCU-hour": "730 6.13",
		"edge: public IPv4 address hour": "2190 10.95", "gate: hour": "730 36.50",
		"gate: public IPv4 address hour": "730 3.65", "boot: gp3 storage": "40 3.71",
	}, lines)
	require.Equal(t, "149.17", r.Estimate.Total.Expected.String())
}
