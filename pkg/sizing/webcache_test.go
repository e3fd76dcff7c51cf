package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each region has 18,000 of 36,000 requests/s, and of 16,200 reads/s half go on: with the
// writes 9,900/s of 500 B and 1,500 B come and go on the far side, 19.8 MB/s, on the near side
// 36 MB/s.
const webCacheProfile = `
apiVersion: headroom/v1
name: pages
regions: [{name: us-east-1}, {name: us-west-2}]
peak: {users: 36000, requests_per_user: 60/min, write_ratio: 10%, request: 500B, response: 1500B, session: 30min}
curve: {preset: flat}
policy: {survive: []}
components:
  pages:
    kind: web-cache
    entry: true
    items: 1M
    keep: 10%
    hit_ratio: 50%
    memory: 512MiB
    calls: {web: {per_read: 1, per_write: 1, request: 500B, response: 1500B}}
  web: {kind: stateless, cpu: 1ms}
`

// The first pages, 10 sessions a second, are requests without bytes here. Of 1M items 100,000
// are kept, each of 30,000 + 100 + 1,024 B by 5/4, on every node.
func TestWebCacheKeepsAllOnEachNode(t *testing.T) {
	s := testSystem(t, testCatalog(t), webCacheProfile)
	l, rej := fit(t, s, "pages", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	l.Detail()
	require.InDelta(t, 18010*14e-6+55.8*0.23e-3, needAt(t, l, "cpu"), 1e-6)
	kept := 100000 * 31124 * 1.25
	found := false
	for _, x := range l.Limits {
		if x.Of.Name == "memory" && x.Region == 0 {
			found = true
			require.InDelta(t, kept+512<<20, x.Need, 1)
		}
	}
	require.True(t, found)
	require.Equal(t, 730.0, usageOf(l, 0, "vpc", "public IPv4 address hour"), "users come to it")
	require.InDelta(t, 8100+1800, s.Flow.Of("web").Local.Requests()/2, 1e-6)
	_, rej = fit(t, s, "pages", "c7g.large", Storage{})
	require.NotNil(t, rej, "4 GiB are too little")
	require.Equal(t, "memory", rej.Resource)
}

// What a cache before it finds, it would find too: both together find no more than it alone.
func TestWebCacheBehindCallersThatKeep(t *testing.T) {
	src := strings.Replace(webCacheProfile, "    entry: true\n", "", 1)
	src = strings.Replace(src, "    hit_ratio: 50%\n", "", 1)
	src += "  front: {kind: web-cache, entry: true, items: 1M, keep: 1%, calls: {pages: {per_read: 1, per_write: 1}}}\n"
	s := testSystem(t, testCatalog(t), src)
	alone := testSystem(t, testCatalog(t), strings.Replace(webCacheProfile, "    hit_ratio: 50%\n", "", 1))
	require.InEpsilon(t, alone.Flow.Of("web").Local.Read(), s.Flow.Of("web").Local.Read(), 1e-9)
	l, rej := fit(t, s, "pages", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	l.Detail()
	require.Zero(t, usageOf(l, 0, "vpc", "public IPv4 address hour"), "users do not come to it")
}
