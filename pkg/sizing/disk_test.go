package sizing

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

const mib = 1 << 20

// diskCase is a case with the default targets and the real tables.
func diskCase(t testing.TB) (*Task, func(string) *catalog.NodeType) {
	t.Helper()
	cat := testCatalog(t)
	limits, err := cat.Limits()
	require.NoError(t, err)
	c := &Task{system: &System{rooms: &rooms{}}, Catalog: cat, Profile: &workload.Profile{}, Limits: limits,
		Policy: Rules{Own: 0.60, Degraded: 0.85, Disk: 0.80, Memory: 0.85, Connections: 0.80}}
	return c, func(name string) *catalog.NodeType {
		nt, ok := cat.NodeType(name)
		require.True(t, ok, name)
		return nt
	}
}

func TestDisksGP3(t *testing.T) {
	c, node := diskCase(t)
	// 100 GiB at 80 % are 125 GiB. 2,400 random operations at 60 % are 4,000
	// provisioned ones; at 8 KiB they are 18.75 MiB/s, at 60 % 31.25, within
	// the 125 included.
	need := &diskNeed{Bytes: 100 * gib, Block: 8 << 10, Own: diskLoad{Reads: 1400, Writes: 900, Appends: 100},
		Degraded: diskLoad{Reads: 1400, Writes: 900, Appends: 100}}
	d, rej := c.disks(node("m7g.xlarge"), Storage{Volume: "gp3"}, need)
	require.Nil(t, rej)
	require.Equal(t, 1, d.Count)
	require.EqualValues(t, 125.0*gib, d.Volume.Size)
	require.EqualValues(t, 4000, d.Volume.ProvisionedIOPS)
	require.EqualValues(t, 125*mib, d.Volume.ProvisionedThroughput)

	use := d.usage(c, 1, 3, "disks")
	require.Len(t, use, 2)
	require.Equal(t, Usage{Region: 1, Meter: catalog.VolumeStorage(catalog.GP3), Quantity: 375, Category: "storage",
		Label: "disks"}, use[0])
	// Three volumes pay 1,000 operations each beyond the 3,000 that the price
	// leaves out once.
	require.Equal(t, "gp3 provisioned IOPS", use[1].Meter.Item())
	require.InDelta(t, 6000, use[1].Quantity, 1e-9)

	for _, u := range use {
		requireItem(t, c, u)
	}
}

// requireItem makes sure that the price tables have the item.
func requireItem(t *testing.T, c *Task, u Usage) {
	t.Helper()
	v, err := c.Catalog.Vintage("2026-07-20")
	require.NoError(t, err)
	r, err := v.Region("us-east-1")
	require.NoError(t, err)
	_, ok := r.Usage(u.Meter)
	require.True(t, ok, u.Meter.Item())
}

func TestDisksDegradedDecides(t *testing.T) {
	c, node := diskCase(t)
	// 600 own / 0.60 = 1,000; 4,250 degraded / 0.85 = 5,000.
	need := &diskNeed{Bytes: gib, Block: 4 << 10, Own: diskLoad{Reads: 600}, Degraded: diskLoad{Reads: 4250}}
	d, rej := c.disks(node("m7g.xlarge"), Storage{Volume: "gp3"}, need)
	require.Nil(t, rej)
	require.EqualValues(t, 5000, d.Volume.ProvisionedIOPS)
	// 500 operations a GiB at most: 5,000 need 10 GiB.
	require.EqualValues(t, 10.0*gib, d.Volume.Size)
}

func TestDisksThroughputIsBilledPerGiB(t *testing.T) {
	c, node := diskCase(t)
	// 120 MiB/s written at 60 % are 200; the instance has 156.25 MB/s at its
	// baseline, so a larger one is needed.
	need := &diskNeed{Bytes: 100 * gib, Own: diskLoad{In: 120 * mib}, Degraded: diskLoad{In: 120 * mib}}
	_, rej := c.disks(node("m7g.xlarge"), Storage{Volume: "gp3"}, need)
	require.NotNil(t, rej)
	require.Equal(t, "EBS bandwidth", rej.Resource)
	require.InDelta(t, 200*mib, rej.Need, 1)
	require.InDelta(t, 156.25e6, rej.Have, 1)

	d, rej := c.disks(node("m7g.4xlarge"), Storage{Volume: "gp3"}, need)
	require.Nil(t, rej)
	require.EqualValues(t, 200*mib, d.Volume.ProvisionedThroughput)
	use := d.usage(c, 0, 2, "disks")
	require.Len(t, use, 2)
	require.Equal(t, "gp3 provisioned throughput", use[1].Meter.Item())
	// (125 + 2 × 75) MiB/s in GiB/s; the price begins at 125.
	require.InDelta(t, 275.0/1024, use[1].Quantity, 1e-12)
	requireItem(t, c, use[1])
}

func TestDisksSeveralVolumes(t *testing.T) {
	c, node := diskCase(t)
	// gp3 ends at 64 TiB a volume: 100 TiB at 80 % are 125 TiB, two volumes.
	d, rej := c.disks(node("m7g.xlarge"), Storage{Volume: "gp3"}, &diskNeed{Bytes: 100 << 40})
	require.Nil(t, rej)
	require.Equal(t, 2, d.Count)
	require.EqualValues(t, 62.5*(1<<40), d.Volume.Size)
	require.InDelta(t, 125*1024, d.usage(c, 0, 1, "")[0].Quantity, 1e-9)

	_, rej = c.disks(node("m7g.xlarge"), Storage{Volume: "gp3"}, &diskNeed{Bytes: 2000 << 40})
	require.NotNil(t, rej)
	require.Equal(t, "disk bytes", rej.Resource)
}

func TestDisksIO2Tiers(t *testing.T) {
	c, node := diskCase(t)
	need := &diskNeed{Bytes: 80 * gib, Block: 4 << 10, Own: diskLoad{Reads: 12000}, Degraded: diskLoad{Reads: 12000}}
	d, rej := c.disks(node("m7g.16xlarge"), Storage{Volume: "io2"}, need)
	require.Nil(t, rej)
	require.EqualValues(t, 20000, d.Volume.ProvisionedIOPS)
	// Each volume lies in the first tier, up to 32,000; three of them must not
	// reach the second together.
	use := d.usage(c, 0, 3, "")
	require.Len(t, use, 4)
	for _, u := range use[1:] {
		require.Equal(t, "io2 provisioned IOPS", u.Meter.Item())
		require.InDelta(t, 20000, u.Quantity, 1e-9)
		requireItem(t, c, u)
	}
	small := disks{Storage: d.Storage, Count: 1, Volume: d.Volume}
	small.Volume.ProvisionedIOPS = 10000
	use = small.usage(c, 0, 4, "")
	require.Len(t, use, 3) // three volumes of 10,000, then one
	require.InDelta(t, 30000, use[1].Quantity, 1e-9)
	require.InDelta(t, 10000, use[2].Quantity, 1e-9)
}

func TestDisksST1(t *testing.T) {
	c, node := diskCase(t)
	// 24 MiB/s at 60 % are 40 MiB/s, the baseline of 1 TiB (limits/ebs_volumes.csv).
	need := &diskNeed{Bytes: 10 * gib, Own: diskLoad{In: 24 * mib}, Degraded: diskLoad{In: 24 * mib}}
	d, rej := c.disks(node("m7g.xlarge"), Storage{Volume: "st1"}, need)
	require.Nil(t, rej)
	require.EqualValues(t, 1024.0*gib, d.Volume.Size)
	use := d.usage(c, 0, 1, "")
	require.Len(t, use, 1)
	requireItem(t, c, use[0])

	// A random operation takes the throughput of 1 MiB: 12 of 40 MiB/s each
	// second at 60 % are 20 MiB/s more.
	need.Own.Reads, need.Degraded.Reads = 12, 12
	d, rej = c.disks(node("m7g.xlarge"), Storage{Volume: "st1"}, need)
	require.Nil(t, rej)
	require.EqualValues(t, 1536.0*gib, d.Volume.Size)
}

func TestDisksRAID(t *testing.T) {
	c, node := diskCase(t)
	// RAID 10 of four volumes: half is usable, so 100 GiB/0.8/0.5/4 = 62.5,
	// rounded up to 63 GiB each.
	d, rej := c.disks(node("m7g.xlarge"), Storage{Volume: "gp3", RAID: 10}, &diskNeed{Bytes: 100 * gib})
	require.Nil(t, rej)
	require.Equal(t, 4, d.Count)
	require.EqualValues(t, 63.0*gib, d.Volume.Size)
	require.InDelta(t, 126.0*gib, d.Bytes, 1)

	for raid, want := range map[int]struct {
		penalty, usable float64
		least           int
	}{0: {1, 1, 1}, 10: {2, 0.5, 4}, 5: {4, 2.0 / 3, 3}, 6: {6, 0.5, 4}} {
		s := Storage{RAID: raid}
		require.Equal(t, want.penalty, s.penalty())
		require.Equal(t, want.least, s.leastDisks())
		require.InDelta(t, want.usable, s.usable(s.leastDisks()), 1e-12)
	}
}

func TestLocalDisks(t *testing.T) {
	c, node := diskCase(t)
	local := Storage{Volume: VolumeLocal}

	// i4i.xlarge: one disk of 937 GB, 100,000 reads/s, 55,000 writes/s. At
	// 60 %: 30,000 reads take half, 16,500 writes the other half.
	fit := diskLoad{Reads: 30000, Writes: 16500}
	d, rej := c.disks(node("i4i.xlarge"), local, &diskNeed{Bytes: 700e9, Own: fit, Degraded: fit})
	require.Nil(t, rej)
	require.InDelta(t, 937e9, d.Bytes, 1e9)
	require.Empty(t, d.usage(c, 0, 5, ""))
	over := diskLoad{Reads: 30001, Writes: 16500}
	_, rej = c.disks(node("i4i.xlarge"), local, &diskNeed{Bytes: 700e9, Own: over, Degraded: over})
	require.NotNil(t, rej)
	require.Equal(t, "disk iops", rej.Resource)

	// 937 GB × 0.8 = 749.6 GB.
	_, rej = c.disks(node("i4i.xlarge"), local, &diskNeed{Bytes: 750e9})
	require.NotNil(t, rej)
	require.Equal(t, "disk bytes", rej.Resource)

	// im4gn has no IOPS in the tables: unknown, not infinite and not zero.
	_, rej = c.disks(node("im4gn.xlarge"), local, &diskNeed{Bytes: 1, Own: diskLoad{Reads: 1}})
	require.NotNil(t, rej)
	require.Equal(t, "disks.not_known", rej.Why.Key)
	_, rej = c.disks(node("im4gn.xlarge"), local, &diskNeed{Bytes: 1})
	require.Nil(t, rej)

	// d3.xlarge: three hard disks, 100 operations and 150 MB/s each. At 60 %:
	// 270 MB/s, or 135 MB/s beside 90 random operations.
	_, rej = c.disks(node("d3.xlarge"), local, &diskNeed{Own: diskLoad{In: 270e6}})
	require.Nil(t, rej)
	_, rej = c.disks(node("d3.xlarge"), local, &diskNeed{Own: diskLoad{In: 135e6, Reads: 90}})
	require.Nil(t, rej)
	_, rej = c.disks(node("d3.xlarge"), local, &diskNeed{Own: diskLoad{In: 136e6, Reads: 90}})
	require.NotNil(t, rej)

	// Three disks make no RAID 10, and m7g has none at all.
	_, rej = c.disks(node("d3.xlarge"), Storage{Volume: VolumeLocal, RAID: 10}, &diskNeed{})
	require.Equal(t, "local disks", rej.Resource)
	_, rej = c.disks(node("m7g.xlarge"), local, &diskNeed{})
	require.Equal(t, "local disks", rej.Resource)
}

// A journal's appends are the "+1" of λw·(3·penalty + 1); its bytes are no
// operations as well, but have a limit of their own.
func TestLocalJournalIsCountedOnce(t *testing.T) {
	c, node := diskCase(t)
	mirrored := Storage{Volume: VolumeLocal, RAID: 10}
	// 500 writes/s of 20 KB: 1,500 random operations, 500 appends of 60 KB. A
	// mirror does the random ones twice: 500 × (3·2 + 1) = 3,500 writes, each of
	// which takes i3en.24xlarge 2.04 M / 1.56 M = 1.3077 reads: 4,577. As 4 KiB
	// operations on both mirrors the bytes would be 14,648 writes more: 23,733.
	load := diskLoad{Writes: 1500, Appends: 500, In: 500 * 60e3}
	need := &diskNeed{Bytes: gib, Block: 8 << 10, Own: load, Degraded: load}
	large := node("i3en.24xlarge")
	got, have := localLoad(large, mirrored, &load, 8)
	require.InDelta(t, 4576.9, got, 0.1)
	require.InDelta(t, 2.04e6, have.V, 1e-6)
	d, rej := c.disks(large, mirrored, need)
	require.Nil(t, rej)
	limits := d.limits(c, large, need, 1)
	at := func(resource string) capacity.Limit {
		i := slices.IndexFunc(limits, func(l capacity.Limit) bool {
			return l.Of.Name == resource && l.State == capacity.Own
		})
		require.GreaterOrEqual(t, i, 0, resource)
		return limits[i]
	}
	require.InDelta(t, 4576.9, at("disk iops").Need, 0.1)
	// Both mirrors write 30 MB/s; 1.56 M operations of 4,096 B are 6.39 GB/s.
	require.InDelta(t, 60e6, at("disk throughput").Need, 1)
	require.InDelta(t, 1.56e6*4096, at("disk throughput").Have, 1)

	// i4i.xlarge: 55,000 writes/s × 4,096 B × 0.60 = 135.2 MB/s of a journal.
	local := Storage{Volume: VolumeLocal}
	journal := func(name string, l diskLoad) *Rejection {
		_, rej := c.disks(node(name), local, &diskNeed{Own: l})
		return rej
	}
	require.Nil(t, journal("i4i.xlarge", diskLoad{Appends: 10, In: 135e6}))
	require.Equal(t, "disk throughput", journal("i4i.xlarge", diskLoad{Appends: 10, In: 136e6}).Resource)
	require.Equal(t, "disk throughput", journal("i4i.xlarge", diskLoad{Writes: 10, In: 136e6}).Resource,
		"appends may be set to none")
	// Bytes alone, as of a log, still count as operations of 4,096 B, beside
	// others: 135 MB/s are 59,925 of 60,000 reads.
	require.Nil(t, journal("i4i.xlarge", diskLoad{In: 135e6}))
	require.Equal(t, "disk iops", journal("i4i.xlarge", diskLoad{In: 135e6, Reads: 100}).Resource)
	// d3.xlarge: of 300 operations 180 at 60 %. An append of up to 1.5 MB is one,
	// a larger one as many as it takes the time of: 271 MB/s are 180.7.
	require.Nil(t, journal("d3.xlarge", diskLoad{Appends: 180, In: 180e6}))
	require.Equal(t, "disk iops", journal("d3.xlarge", diskLoad{Appends: 181, In: 180e6}).Resource)
	require.Nil(t, journal("d3.xlarge", diskLoad{Appends: 10, In: 270e6}))
	require.Equal(t, "disk iops", journal("d3.xlarge", diskLoad{Appends: 10, In: 271e6}).Resource)
	// Without figures in the tables a journal fits nowhere.
	require.Equal(t, "disks.not_known", journal("im4gn.xlarge", diskLoad{Appends: 1, In: 1}).Why.Key)
}

// The same of a whole database: 500 writes/s of 20 KB each, mirrored.
func TestDatabaseOnLocalDisksCountsItsJournalOnce(t *testing.T) {
	src := strings.NewReplacer("users: 2500, requests_per_user: 100/min, writes_per_user: 1/min",
		"users: 500, requests_per_user: 2/s, writes_per_user: 1/s",
		"stored_per_write: 2KB", "stored_per_write: 20KB", "dataset: 100GB}", "dataset: 100GB, retention: 1h}").
		Replace(dbSource("", "storage: [local]\nraid: [10]\nreplay_threads: 16"))
	l, rej, _ := fitDB(t, src, "i3en.24xlarge", Storage{Volume: VolumeLocal, RAID: 10})
	require.Nil(t, rej)
	// 500 × (3·2 + 1) × 2.04 M / 1.56 M; reads find everything in memory. The
	// journal is 500 × 20 KB × 3 on two mirrors.
	require.InDelta(t, 4576.9, limit(t, l, "disk iops", capacity.Own, "primary").Need, 0.1)
	require.InDelta(t, 60e6, limit(t, l, "disk throughput", capacity.Own, "primary").Need, 1)
}

// More load is never carried by less, and what is found carries the need.
func TestDisksMonotone(t *testing.T) {
	c, node := diskCase(t)
	types := []*catalog.NodeType{node("m7g.xlarge"), node("m7g.16xlarge"), node("i4i.4xlarge"), node("d3.2xlarge")}
	drawn.CheckMost(t, 0.40, func(rt *rapid.T) bool {
		f := func(name string, top float64) float64 { return rapid.Float64Range(0, top).Draw(rt, name) }
		nt := rapid.SampledFrom(types).Draw(rt, "type")
		s := Storage{Volume: rapid.SampledFrom([]string{"gp2", "gp3", "io1", "io2", "st1", "sc1", "local"}).Draw(rt,
			"volume"), RAID: rapid.SampledFrom([]int{0, 10, 5, 6}).Draw(rt, "raid")}
		l := diskLoad{Reads: f("reads", 3000), Writes: f("writes", 1000), Appends: f("appends", 1000), In: f("in", 1e8),
			Out: f("out", 1e8)}
		small := diskNeed{Bytes: unit.ReplicatedBytes(f("bytes", 1e13)), Block: 8192, Own: l, Degraded: l}
		k := rapid.Float64Range(1, 3).Draw(rt, "factor")
		big := diskNeed{Bytes: unit.ReplicatedBytes(float64(small.Bytes) * k), Block: 8192, Own: l.scale(k),
			Degraded: l.scale(k)}
		a, rejA := c.disks(nt, s, &small)
		b, rejB := c.disks(nt, s, &big)
		if rejA != nil {
			require.NotNil(rt, rejB)
			require.Greater(rt, rejA.Need, rejA.Have)
			return false
		}
		if rejB != nil {
			return false
		}
		require.GreaterOrEqual(rt, b.Bytes, a.Bytes*(1-1e-9))
		require.GreaterOrEqual(rt, b.Count, a.Count)
		for _, lim := range a.limits(c, nt, &small, 1) {
			require.GreaterOrEqual(rt, lim.Slack(), -1e-6, "%+v", lim)
		}
		ua, ub := a.usage(c, 0, 2, ""), b.usage(c, 0, 2, "")
		require.LessOrEqual(rt, len(ua), len(ub))
		for i := range ua {
			if ua[i].Meter.Item() == ub[i].Meter.Item() && a.Count == b.Count && len(ua) == len(ub) {
				require.LessOrEqual(rt, ua[i].Quantity, ub[i].Quantity*(1+1e-9))
			}
		}
		return true
	})
}

func BenchmarkDisks(b *testing.B) {
	c, node := diskCase(b)
	need := &diskNeed{Bytes: 100 * gib, Block: 8 << 10, Own: diskLoad{Reads: 1400, Writes: 900, Appends: 100}}
	nt := node("m7g.xlarge")
	for b.Loop() {
		if _, rej := c.disks(nt, Storage{Volume: "gp3"}, need); rej != nil {
			b.Fatal(rej)
		}
	}
}

// λw·(3·penalty + 1): the "+1" is the journal's append, and its bytes are within
// it unless they are more than one operation moves. What is only written in
// sequence, as a log is, counts by its bytes.
func TestOperationsCountAJournalOnce(t *testing.T) {
	s := Storage{Volume: "gp3"}
	l := diskLoad{Writes: 300, Appends: 100, In: 100 * 6000}
	require.InDelta(t, 400, l.operations(s, 1, ssdIO), 1e-9)
	require.InDelta(t, 300*8192+100*6000, l.bytes(s, 1, 8192), 1e-6)
	l.In = 100 * (1 << 20) // four pieces each
	require.InDelta(t, 700, l.operations(s, 1, ssdIO), 1e-9)
	l = diskLoad{In: 1 << 20, Out: 1 << 19}
	require.InDelta(t, 6, l.operations(s, 1, ssdIO), 1e-9)
}
