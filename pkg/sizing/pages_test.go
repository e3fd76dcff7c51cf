package sizing

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What memory does not answer waits for disks, which an aim for response times sees;
// with all data in memory it is the queue alone.
func TestDatabaseDisksWithinSLO(t *testing.T) {
	small := func(db string) string {
		return strings.NewReplacer("users: 2500", "users: 100").Replace(dbSource("", "pages_per_read: 4\n"+db))
	}
	_, rej, _ := fitDB(t, small("slo: {p99: 4ms}"), "r7g.xlarge", gp3)
	require.Equal(t, "response time", rej.Resource, "4 pages of 1 ms, a third missed")
	_, rej, _ = fitDB(t, small("slo: {p99: 4ms}\ndisk_latency: {gp: 0.1ms}"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	l, rej, _ := fitDB(t, small("slo: {p99: 4ms}"), "r7g.12xlarge", gp3)
	require.Nil(t, rej, "all in memory")
	require.Zero(t, l.Queue.Beside)
	l, rej, s := fitDB(t, small("slo: {p99: 20ms}"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	cache := 0.85*32*gib - s.connections.open*9531392
	m := 1 - math.Pow(cache/s.lead.stored, math.Log(0.8)/math.Log(0.2))
	require.InEpsilon(t, 4*m*1e-3, l.Queue.Beside.Mean, 1e-9)
	require.InEpsilon(t, 4*(2*m-m*m)*1e-6, l.Queue.Beside.Variance, 1e-9)
}

// A cache of a fifth of the data answers 80 % of the reads where 80 % of them go to a
// fifth; one of all data, or of data that must be in memory, answers all.
func TestPagesMissed(t *testing.T) {
	spec := defaultPaged()
	pages := newPaging(&spec)
	require.InEpsilon(t, 0.2, pages.missed(20, 100), 1e-12)
	require.InEpsilon(t, 0.36, pages.missed(4, 100), 1e-12, "a fifth of a fifth")
	require.Zero(t, pages.missed(100, 100))
	require.InEpsilon(t, 1.0, pages.missed(-1, 100), 1e-12)
	spec.InMemory.V = true
	require.Zero(t, pages.missed(1, 100))
	l := &primaryLoad{writes: 10, data: 1000, stored: 500, table: 60}
	require.Equal(t, diskLoad{Reads: 2 * 7 * 0.5, Writes: 15, Appends: 5, In: 1500}, pages.disk(l, 0.5, 0.5, 7))
	require.InDelta(t, 60+250, pages.inMemory(l, 0.5, 3), 1e-9, "room for a table, and half of the data")
}
