package sizing

import (
	"fmt"
	"strings"
	"testing"

	"headroom/pkg/words"
	"headroom/pkg/workload"

	"github.com/stretchr/testify/require"
)

// Log lines that all components write go to a node of any zone: two of three are in
// another one. Those that an edge brings are billed with it.
func TestSearchLogLinesCrossZones(t *testing.T) {
	const src = `
apiVersion: headroom/v1
name: lines-test
regions: [{name: us-east-1}, {name: us-west-2}]
peak: {users: 6000, requests_per_user: 1/min, write_ratio: 100%%, response: 3KB, session: 30min}
policy: {survive: [node]}
curve: {preset: flat}
components:
  web: {kind: stateless, entry: true, cpu: 6ms%s}
  lines: {kind: search, role: logs, %s}
`
	// 100 requests a second write 500 B each: 50 KB/s, half of it in each region.
	const month = 50e3 * 3600 * 730
	cat := testCatalog(t)
	crossed := func(calls, spec string) map[string]float64 {
		l, rej := fit(t, testSystem(t, cat, fmt.Sprintf(src, calls, spec)), "lines", "r7g.large",
			Storage{Volume: "gp3"})
		require.Nil(t, rej)
		out := map[string]float64{}
		for _, x := range l.Crossings {
			if strings.HasPrefix(x.What, "log lines") {
				out[fmt.Sprintf("%d-%d", x.From, x.To)] += float64(x.Bytes)
			}
		}
		return out
	}
	got := crossed("", "log_per_request: 500B")
	require.Len(t, got, 2)
	require.InEpsilon(t, month/2*2/3, got["0-0"], 1e-9)
	require.InEpsilon(t, month/2*2/3, got["1-1"], 1e-9)
	// Where every region has all lines, half of them come from the other one.
	got = crossed("", "log_per_request: 500B, scope: all")
	require.Len(t, got, 4)
	require.InEpsilon(t, month/2*2/3, got["0-0"], 1e-9)
	require.InEpsilon(t, month/2, got["0-1"], 1e-9)
	require.InEpsilon(t, month/2, got["1-0"], 1e-9)
	require.Empty(t, crossed(", calls: {lines: {per_write: 1, request: 500B, mode: async}}",
		"log_per_request: 500B"), "the edge has them")
}

func TestSearchLogsSentByCallers(t *testing.T) {
	// 41.67 writes/s × 1 MB of the users of each region stay there: 20.83 MB/s
	// × 604,800 s × 1.1 = 13.86 TB: ⌈13.86e12 / 50 GiB⌉ = 259 shards. What a
	// query sends is no log line.
	l := fitSearch(t, commerce+`
  web: {kind: stateless, entry: true, cpu: 6ms, calls: {search: {per_write: 1, request: 1MB},
    other: {per_read: 1, request: 1MB}}}
  other: {kind: stateless, cpu: 1ms}
  search: {kind: search, role: logs}
`, "r7g.4xlarge")
	require.Contains(t, words.Say(l.Structure[0]), "259 primary shards")
}

// Of each further snapshot only what changed is new.
func TestSnapshotsKeepWhatChanged(t *testing.T) {
	s := defaultSnapshotted()
	c := &Task{Component: &workload.Component{Name: "it"}, Profile: &workload.Profile{}}
	rows := s.usage(c, 1, 100*gib, Moment{})
	require.Len(t, rows, 1)
	require.InDelta(t, 130, rows[0].Quantity, 1e-9)
	require.Equal(t, 1, rows[0].Region)
	s.Snapshots.V = 0
	require.Empty(t, s.usage(c, 1, 100*gib, Moment{}))
}
