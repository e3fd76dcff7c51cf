package sizing

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/words"
)

// Where read replicas answer all reads, they are as many as CPU asks for when one or
// a zone of them is lost.
func TestDatabaseReplicas(t *testing.T) {
	// 4,125 reads × 4 ms = 16.5 vCPU at replicas, and 41.67 × 2 ms × 0.05 = 0.0042
	// of replay at each: 16.5/(4·0.6 − 0.0042) = 6.89, 7 nodes; with one lost
	// 16.5/(4·0.85 − 0.0042) = 4.86, 5 + 1; with a zone of three lost 5 of
	// ⌈3/2·5⌉ = 8. In the other region a node lost leaves 5 of 6, a zone 5 of 8.
	src := strings.Replace(dbSource("", "failover: region\npages_per_read: 0\nreads: replicas"), "cpu_read: 0.4ms",
		"cpu_read: 4ms", 1)
	l, rej, _ := fitDB(t, src, "r7g.xlarge", gp3)
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "primary", 1), Fixed(0, "replica", 8), Fixed(1, "failover", 1),
		Fixed(1, "replica", 5)}, l.Pools)
	b := bindings(l, "replica")
	require.Len(t, b, 2)
	require.Equal(t, capacity.ZoneLost, b[0].State)
	require.Equal(t, capacity.RegionLost, b[1].State)
	// Recomputed: three of eight lost, five carry 16.5 vCPU beside the replay.
	require.LessOrEqual(t, 16.5/5+0.0042, 4*0.85)
	require.Greater(t, 16.5/4+0.0042, 4*0.85)
	// Journal: eight copies within the first region, six to the other one;
	// cascading sends one, and five go on there.
	bytes := func(l *Layout) (within, across, there float64) {
		for _, f := range l.Crossings {
			switch {
			case f.From != f.To:
				across += float64(f.Bytes)
			case f.From == 0:
				within += float64(f.Bytes)
			default:
				there += float64(f.Bytes)
			}
		}
		return within / 657e9, across / 657e9, there / 657e9
	}
	within, across, there := bytes(l)
	require.InDeltaSlice(t, []float64{8, 6, 0}, []float64{within, across, there}, 1e-9)
	l, rej, _ = fitDB(t, strings.Replace(src, "reads: replicas", "reads: replicas\n    cascade: true", 1), "r7g.xlarge",
		gp3)
	require.Nil(t, rej)
	within, across, there = bytes(l)
	require.InDeltaSlice(t, []float64{8, 1, 5}, []float64{within, across, there}, 1e-9)
}

// By itself a database answers reads where they come from, at what stands there
// anyway, and gets read replicas only where that does not do.
func TestDatabaseReadsByThemselves(t *testing.T) {
	size := func(cpu, db string) *Layout {
		src := strings.Replace(dbSource("", "pages_per_read: 0\n"+db), "cpu_read: 0.4ms", "cpu_read: "+cpu, 1)
		l, rej, _ := fitDB(t, src, "r7g.xlarge", gp3)
		require.Nil(t, rej)
		return l
	}
	cpu := func(l *Layout, state capacity.State, role string) float64 {
		return limit(t, l, "cpu", state, role).Need
	}
	// 4,125 reads: half of the users are in the other region. A standby shares the
	// work of the primary, beside 5 % of 0.0833 vCPU of writes.
	l := size("0.4ms", "survive: [node, region]")
	require.Len(t, l.Pools, 3)
	require.InDelta(t, 0.825+0.08333*1.05, cpu(l, capacity.Own, "primary"), 1e-4)
	require.InDelta(t, 0.825+0.08333, cpu(l, capacity.NodeLost, "primary"), 1e-4)
	require.InDelta(t, 1.65+0.08333*1.05, cpu(l, capacity.RegionLost, "primary"), 1e-4)
	require.InDelta(t, 0.825+0.08333*0.05, cpu(l, capacity.Own, "failover"), 1e-4)
	require.InDelta(t, 1.65+0.08333, cpu(l, capacity.RegionLost, "failover"), 1e-4)
	// 4 ms: 8.25 vCPU of reads, 2 zones of 3 must carry 8.33 at 3.4 a node: 3 of 5.
	// After the loss of the other region 16.6 at 3.4: 5 nodes; there as well.
	l = size("4ms", "")
	require.Equal(t, []Pool{Fixed(0, "primary", 1), Fixed(0, "standby", 1), Fixed(0, "replica", 3),
		Fixed(1, "failover", 1), Fixed(1, "replica", 4)}, l.Pools)
	require.Equal(t, capacity.RegionLost, bindings(l, "replica")[1].State)
	said := strings.Join(words.SayAll(l.Structure), "\n")
	require.Contains(t, said, "3 read replicas of each primary in us-east-1, as many as carry the reads")
	require.Contains(t, said, "the primary and its standby and read replicas")
	// Reads that must not be stale are the primary's.
	_, rej, _ := fitDB(t, strings.Replace(dbSource("", "stale_reads: false"), "cpu_read: 0.4ms", "cpu_read: 4ms", 1),
		"r7g.xlarge", gp3)
	require.Equal(t, "cpu", rej.Resource)
}

// The busiest node answers as many reads as the others, or, where its writes leave
// the primary no CPU for them, what that one does not.
func TestDatabaseSpreadsReads(t *testing.T) {
	require.InDelta(t, 3000, busiestReads(3000, 1, 100), 1e-9)
	require.InDelta(t, 1000, busiestReads(3000, 3, 1001), 1e-9)
	require.InDelta(t, 1000, busiestReads(3000, 3, math.Inf(1)), 1e-9)
	require.InDelta(t, 1250, busiestReads(3000, 3, 500), 1e-9)
	require.InDelta(t, 1500, busiestReads(3000, 3, -200), 1e-9)
}
