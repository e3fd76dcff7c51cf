package bill

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What web nodes load from S3 is reached in the region, not in a zone: of their
// calls only those to api are billed for crossing zones.
//
// 100 requests/s × (1 KB + 9 KB) × 2,628,000 s a month are 2.628e12 bytes between
// web and api, of 2^30 each 2,447.5157. In three zones two thirds of them cross,
// 1,631.6772, at $0.01 on either side: $16.32 each. (With the 1 MB that each
// request loads from images it would be a hundred times as much.)
func TestObjectsDoNotCrossZones(t *testing.T) {
	r := buildSource(t, testCatalog(t), `
apiVersion: headroom/v1
name: pictures
regions: [{name: us-east-1, zones: 3}]
peak: {users: 100, requests_per_user: 1/s, write_ratio: 0%, session: 30min}
curve: {preset: flat}
policy: {survive: []}
components:
  web:
    kind: stateless
    entry: true
    cpu: 1ms
    calls:
      images: {per_read: 1, request: 1KB, response: 1MB}
      api: {per_read: 1, request: 1KB, response: 9KB}
  api: {kind: stateless, cpu: 1ms}
  images: {kind: objects}
  move: {kind: transfer}
`, Request{})
	moved := map[string]string{}
	for _, l := range r.Estimate.Lines {
		if l.Component == "move" {
			moved[l.Name()] = l.Quantity.String() + " " + l.Unit + " " + l.Cost.Expected.String()
		}
	}
	const crossed = "1631.677151 GB 16.32"
	want := map[string]string{"data-transfer between AZs, out": crossed, "data-transfer between AZs, in": crossed}
	require.Equal(t, want, moved)
}

// A passive region that is kept warm never has fewer nodes than its own load
// needs.
//
// 1,000 requests/s × 24 ms are 24 vCPU of the reference, m7g.xlarge, which has
// four. 40 % of the users are in us-west-2: 9.6 vCPU at 60 % of a node's four
// are 4 nodes. Of the 24 vCPU that it takes over, at 85 %, 24/3.4 = 7.06, so 8
// nodes, 10 % is one node: too few for its own users. Of 60 % it has ⌈4.8⌉ = 5.
// us-east-1 takes over the same and is not passive: 8 nodes.
func TestWarmRegionCarriesItsOwnLoad(t *testing.T) {
	for warm, want := range map[string]string{"10%": "4", "60%": "5", "100%": "8"} {
		r := buildSource(t, testCatalog(t), `
apiVersion: headroom/v1
name: warm
regions: [{name: us-east-1, share: 60%}, {name: us-west-2, share: 40%, warm_fraction: `+warm+`}]
failover: active-passive
peak: {users: 1000, requests_per_user: 1/s, session: 30min}
curve: {preset: flat}
policy: {survive: [region], reserve: {cpu: 0}}
components:
  web: {kind: stateless, entry: true, cpu: 24ms, scalability: {sigma: 0}, allow: {types: [m7g.xlarge]}}
`, Request{})
		nodes := map[string]string{}
		for _, l := range r.Estimate.Lines {
			if l.Item == "m7g.xlarge" {
				require.Empty(t, nodes[l.Region])
				nodes[l.Region] = l.Quantity.String()
			}
		}
		require.Equal(t, map[string]string{"us-east-1": "8", "us-west-2": want}, nodes, "kept at %s", warm)
	}
}
