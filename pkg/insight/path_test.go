package insight

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/queueing"
)

const pathProfile = `
apiVersion: headroom/v1
name: path
regions: [{name: us-east-1}, {name: us-west-2}]
peak: {users: 600, requests_per_user: 60/min, write_ratio: 10%, response: 3KB, session: 30min}
curve: {preset: flat}
data: {dataset: 1GB}
policy: {survive: [region]}
components:
  web:
    kind: stateless
    entry: true
    cpu: 6ms
    calls:
      db: {per_read: 2, per_write: 1, reads_per_write: 3}
      log: {per_write: 1, mode: async}
      store: {per_read: 0.1}
  db: {kind: database, cpu_read: 0.4ms, cpu_write: 2ms, reads: primary, replication: sync, on_loss: degrade}
  log: {kind: log}
  store: {kind: objects, regions: [us-east-1]}
`

// The round trip between the two regions is 64.419 ms (hardware/region_latency.csv).
// A read from the region without the primary waits for it twice and once in ten
// calls more; a write four times, and each of its commits once.
func TestPathsPayRoundTrips(t *testing.T) {
	r, err := bill.Make(parseProfile(t, pathProfile), testCatalog(t), bill.Request{})
	require.NoError(t, err)
	paths, err := Paths(r.Plan, "web")
	require.NoError(t, err)
	require.Len(t, paths, 4)
	const trip = 0.064419
	for i, x := range []struct{ away, commits float64 }{{0, 0}, {0, 1}, {2.1, 0}, {4, 1}} {
		p := &paths[i]
		require.Equal(t, i%2 == 1, p.Write)
		require.Equal(t, i/2, p.Region)
		require.InDelta(t, x.away*trip, p.Away, 1e-12)
		require.Empty(t, p.Late)
		web, late, modelled := (&walk{r.Plan}).residence("web", p.Region, p.Write)
		require.True(t, modelled && !late)
		db, _, _ := (&walk{r.Plan}).residence("db", 0, false)
		reads, writes := 2.0, 0.0
		if p.Write {
			reads, writes = 3, 1
		}
		want := web.Plus(db.Times(reads + writes)).Plus(queueing.Moments{Mean: (x.away + x.commits) * trip})
		require.InDelta(t, want.Mean, p.Time.Mean, 1e-12)
		require.InDelta(t, want.Variance, p.Time.Variance, 1e-15)
		if p.Write {
			require.Empty(t, p.Unknown, "nobody waits for the log")
		} else {
			require.Equal(t, []string{"store"}, p.Unknown)
		}
	}
	none, err := Paths(r.Plan, "db")
	require.NoError(t, err)
	require.Empty(t, none, "nothing of the users enters there")
}
