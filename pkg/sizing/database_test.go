package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/words"
)

// dbProfile is web nodes in front of a database; %DB% adds fields to it and
// %TOP% to the profile.
const dbProfile = `
apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1}, {name: us-west-2}]
horizon: 0
peak: {users: 2500, requests_per_user: 100/min, writes_per_user: 1/min, response: 3KB, stored_per_write: 2KB,
  session: 30min}
curve: {preset: flat}
data: {dataset: 100GB}
%TOP%
components:
  web:
    kind: stateless
    entry: true
    cpu: 6ms
    calls: {db: {per_read: 1, per_write: 1, request: 200B, response: 1KB}}
  db:
    kind: database
    cpu_read: 0.4ms
    cpu_write: 2ms
    reference: r7g.xlarge
%DB%
`

func dbSource(top, db string) string {
	if db != "" {
		db = "    " + strings.ReplaceAll(strings.TrimSpace(db), "\n", "\n    ")
	}
	return strings.NewReplacer("%TOP%", top, "%DB%", db).Replace(dbProfile)
}

// fitDB sizes web, then the database on one type.
func fitDB(t testing.TB, src, nodeType string, st Storage) (*Layout, *Rejection, *databaseSizer) {
	t.Helper()
	s := testSystem(t, testCatalog(t), src)
	_, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	_, sizer := prepare(t, s, "db")
	nt, ok := s.Catalog.NodeType(nodeType)
	require.True(t, ok)
	l, rej := sizer.Fit(nt, st)
	if l != nil {
		l.Detail()
	}
	return l, rej, sizer.(*databaseSizer)
}

// prepareError is the error with which a database is refused.
func prepareError(t testing.TB, src string) error {
	t.Helper()
	s := testSystem(t, testCatalog(t), src)
	comp, ok := s.Profile.Component("db")
	require.True(t, ok)
	_, err := databaseKind{}.Prepare(s.Task(comp))
	require.Error(t, err)
	return err
}

func limit(t testing.TB, l *Layout, resource string, state capacity.State, role string) RegionLimit {
	t.Helper()
	for _, x := range l.Limits {
		if x.Of.Name == resource && x.State == state && x.Role == role {
			return x
		}
	}
	require.Fail(t, "no such limit", "%s, %s, %s in %+v", resource, state, role, l.Limits)
	return RegionLimit{}
}

func bindings(l *Layout, role string) []RegionLimit {
	var out []RegionLimit
	for _, x := range l.Limits {
		if x.Binding && x.Role == role {
			out = append(out, x)
		}
	}
	return out
}

var gp3 = Storage{Volume: "gp3"}

func TestDatabaseNumbers(t *testing.T) {
	l, rej, _ := fitDB(t, dbSource("", "working_set: 16GiB"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "primary", 1), Fixed(1, "failover", 1)}, l.Pools)

	// 2,500 × 100/60 = 4,166.7/s; 41.7 writes, 4,125 reads.
	// CPU: 41.67 × 2 ms + 4,125 × 0.4 ms = 0.0833 + 1.65 = 1.7333 vCPU of
	// r7g.xlarge; it has 4.
	cpu := limit(t, l, "cpu", capacity.Own, "primary")
	require.InDelta(t, 1.73333, cpu.Need, 1e-4)
	require.InDelta(t, 4, cpu.Have, 1e-9)
	require.InDelta(t, 0.60, cpu.Target, 1e-12)
	// The failover candidate takes all of it, at 0.85.
	cand := limit(t, l, "cpu", capacity.RegionLost, "failover")
	require.InDelta(t, 1.73333, cand.Need, 1e-4)
	require.InDelta(t, 0.85, cand.Target, 1e-12)

	// Web: 25 vCPU of work, 8 nodes of m7g.xlarge in each region; 4 workers of
	// 5 connections on each: 16 × 20 × 1.25 + 10 = 410.
	conns := limit(t, l, "connections", capacity.Always, "primary")
	require.InDelta(t, 410, conns.Need, 1e-9)
	require.InDelta(t, 5000, conns.Have, 1e-9)

	// Memory: 16 GiB of working set in 32 GiB less 2 GiB and 410 × 9,531,392 B.
	mem := limit(t, l, "memory", capacity.Always, "primary")
	require.InDelta(t, 16*gib, mem.Need, 1)
	require.InDelta(t, 30*gib-410*9531392.0, mem.Have, 1)
	require.InDelta(t, 0.85*32*gib-2*gib-410*9531392.0, mem.Target*mem.Have, 1)

	// Disk writes: 41.67 × (3·1 + 1) = 166.7/s, the journal's 41.67 × 2 KB × 3
	// within its appends. Reads find everything in memory.
	iops := limit(t, l, "disk iops", capacity.Own, "primary")
	require.InDelta(t, 166.667, iops.Need, 1e-2)

	// 100 GB and a month of 41.67 × 2 KB × 3600 × 730 = 219 GB, × 1.5 = 478.5
	// GB = 445.64 GiB; at 80 % 557.05, so 558 GiB in each region.
	require.Len(t, l.Usage, 2)
	for i, u := range l.Usage {
		require.Equal(t, i, u.Region)
		require.Equal(t, "gp3 storage", u.Item)
		require.InDelta(t, 558, u.Quantity, 1e-9)
	}

	// The journal goes to the other region once: 219 GB × 3.
	require.Len(t, l.Crossings, 1)
	require.Equal(t, 0, l.Crossings[0].From)
	require.Equal(t, 1, l.Crossings[0].To)
	require.InDelta(t, 657e9, float64(l.Crossings[0].Bytes), 1)

	require.Len(t, bindings(l, "primary"), 1)
	require.Len(t, bindings(l, "failover"), 1)
	require.Contains(t, strings.Join(words.SayAll(l.Warnings), "\n"), "writes of the last 1 s")
	require.NotEmpty(t, l.Derive())
	require.NotEmpty(t, words.Say(l.Grows))
}

func TestDatabaseRejections(t *testing.T) {
	_, rej, _ := fitDB(t, dbSource("", "working_set: 16GiB"), "m7g.large", gp3)
	require.Equal(t, "vCPU", rej.Resource)
	require.EqualValues(t, 4, rej.Need)
	require.EqualValues(t, 2, rej.Have)

	_, rej, _ = fitDB(t, dbSource("", "in_memory: true"), "r7g.xlarge", gp3)
	require.Equal(t, "memory", rej.Resource)
	require.Greater(t, rej.Need, rej.Have)

	_, rej, _ = fitDB(t, dbSource("", "working_set: 1GiB\nmax_connections: 400"), "r7g.xlarge", gp3)
	require.Equal(t, "connections", rej.Resource)
	require.InDelta(t, 410, rej.Need, 1e-9)
	require.InDelta(t, 320, rej.Have, 1e-9)

	_, rej, _ = fitDB(t, dbSource("", "working_set: 1GiB\nslo: {p99: 3ms}"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	_, rej, _ = fitDB(t, dbSource("", "working_set: 1GiB\nslo: {p99: 1ms}"), "r7g.xlarge", gp3)
	require.Equal(t, "response time", rej.Resource)
}

// An instance lost loses its local disks, so a database alone cannot use them.
func TestDatabaseLocalNeedsReplica(t *testing.T) {
	local := Storage{Volume: VolumeLocal}
	_, rej, _ := fitDB(t, dbSource("", "working_set: 8GiB\nsurvive: []"), "i4i.2xlarge", local)
	require.NotNil(t, rej)
	require.Equal(t, "replicas", rej.Resource)
	l, rej, _ := fitDB(t, dbSource("", "working_set: 8GiB"), "i4i.2xlarge", local)
	require.Nil(t, rej)
	require.Empty(t, l.Usage)
	l, rej, _ = fitDB(t, dbSource("", "working_set: 8GiB\nsurvive: []\nreplicas: 1"), "i4i.2xlarge", local)
	require.Nil(t, rej)
	require.Len(t, l.Pools, 3)
}

func TestDatabaseFailover(t *testing.T) {
	roles := func(l *Layout) (out []string) {
		for _, p := range l.Pools {
			out = append(out, strings.Repeat("+", p.Region)+p.Role)
		}
		return out
	}
	const base = "working_set: 8GiB\n"
	for _, x := range []struct {
		db   string
		want []string
	}{
		{"", []string{"primary", "+failover"}},
		{"failover: zone", []string{"primary", "standby", "+failover"}},
		{"failover: zone\nsurvive: [zone]", []string{"primary", "standby"}},
		{"survive: []", []string{"primary"}},
		{"survive: [region]", []string{"primary", "+failover"}},
		{"failover: region\nreplicas: 1", []string{"primary", "replica", "+failover", "+replica"}},
	} {
		l, rej, _ := fitDB(t, dbSource("", base+x.db), "r7g.xlarge", gp3)
		require.Nil(t, rej, x.db)
		require.Equal(t, x.want, roles(l), x.db)
	}
	require.ErrorContains(t, prepareError(t, dbSource("", "failover: none")), "failover candidate")
	require.ErrorContains(t, prepareError(t, dbSource("", "regions: [us-east-1]\nfailover: region")),
		"cannot fail over")
	require.ErrorContains(t, prepareError(t, dbSource("", "scope: share")), "scope share")
	require.ErrorContains(t, prepareError(t, dbSource("", "replication: sync")), "on_loss")
	require.ErrorContains(t, prepareError(t, dbSource("", "replication: sync\non_loss: block")), "round_trip")
	require.ErrorContains(t, prepareError(t, dbSource("", "partitions: {a: 0.5, b: 0.4}")), "add up to 0.9")
	require.ErrorContains(t, prepareError(t,
		strings.Replace(dbSource("", ""), "reference: r7g.xlarge", "reference: r7g.xlarges", 1)), "not known")
}

// A synchronous commit waits for the round trip within its SLO.
func TestDatabaseSync(t *testing.T) {
	const sync = "working_set: 8GiB\nreplication: sync\non_loss: degrade\nround_trip: 62ms\n"
	_, rej, _ := fitDB(t, dbSource("", sync+"slo: {p99: 60ms}"), "r7g.xlarge", gp3)
	require.Equal(t, "response time", rej.Resource)
	require.InDelta(t, 0.062, rej.Need, 1e-12)
	l, rej, _ := fitDB(t, dbSource("", sync+"slo: {p99: 80ms}"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	found := false
	for _, s := range l.Derive() {
		found = found || s.What == "synchronous commit" && strings.Contains(s.Formula, "62 ms")
	}
	require.True(t, found, "%+v", l.Derive())
	require.Contains(t, strings.Join(words.SayAll(l.Warnings), "\n"), "degrade")
}

// Read IOPS = λr·pages·max(0, 1 − cache/working set): with half of the working
// set in memory, half of the reads go to disk.
func TestDatabaseReadIOPS(t *testing.T) {
	l, rej, s := fitDB(t, dbSource("", "working_set: 40GiB\ncached: 0.5\npages_per_read: 1"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	cache := 0.85*32*gib - 2*gib - 410*9531392.0
	want := 4125*(1-cache/(s.later.set)) + 166.667
	require.InDelta(t, want, limit(t, l, "disk iops", capacity.Own, "primary").Need, 0.1)
	require.InDelta(t, 40*gib, s.later.set, 1)
}

func TestDatabaseReplicas(t *testing.T) {
	// 4,125 reads × 4 ms = 16.5 vCPU at replicas, and 41.67 × 2 ms × 0.3 =
	// 0.025 of replay at each: 16.5/(4·0.6 − 0.025) = 6.95, 7 nodes; with one
	// lost 16.5/(4·0.85 − 0.025) = 4.89, 5 + 1; with a zone of three lost 5 of
	// ⌈3/2·5⌉ = 8. In the other region 5 carry all when the first is lost.
	src := strings.Replace(dbSource("", "working_set: 8GiB\nreads: replicas"), "cpu_read: 0.4ms", "cpu_read: 4ms", 1)
	l, rej, _ := fitDB(t, src, "r7g.xlarge", gp3)
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "primary", 1), Fixed(0, "replica", 8), Fixed(1, "failover", 1),
		Fixed(1, "replica", 5)}, l.Pools)
	b := bindings(l, "replica")
	require.Len(t, b, 2)
	require.Equal(t, capacity.ZoneLost, b[0].State)
	require.Equal(t, capacity.RegionLost, b[1].State)
	// Recomputed: three of eight lost, five carry 16.5 vCPU beside the replay.
	require.LessOrEqual(t, 16.5/5+0.025, 4*0.85)
	require.Greater(t, 16.5/4+0.025, 4*0.85)
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

// Reads at the nearest node: half of the users read in the other region, at
// the failover candidate; after the loss of either, all read at one.
func TestDatabaseNearest(t *testing.T) {
	l, rej, _ := fitDB(t, dbSource("", "working_set: 8GiB\nreads: nearest"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	cpu := limit(t, l, "cpu", capacity.Own, "primary")
	require.InDelta(t, 41.6667*0.002+4125.0/2*0.0004, cpu.Need, 1e-4)
	require.InDelta(t, 41.6667*0.002+4125*0.0004, limit(t, l, "cpu", capacity.RegionLost, "primary").Need, 1e-4)
}

func TestDatabaseZeroLoad(t *testing.T) {
	src := strings.Replace(dbSource("", ""), "users: 2500", "users: 0", 1)
	src = strings.Replace(src, "dataset: 100GB", "dataset: 0B", 1)
	l, rej, _ := fitDB(t, src, "m7g.xlarge", gp3)
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "primary", 1), Fixed(1, "failover", 1)}, l.Pools)
	b := bindings(l, "primary")
	require.Len(t, b, 1)
	require.Equal(t, capacity.Always, b[0].State)
	require.Equal(t, "nodes", b[0].Of.Name)
	require.Empty(t, l.Crossings)
	for _, u := range l.Usage {
		require.EqualValues(t, 1, u.Quantity) // the least volume is 1 GiB
	}
}

// escalated is the sizer after so many escalations.
func escalated(t testing.TB, s *databaseSizer, n int) *databaseSizer {
	t.Helper()
	var out Sizer = s
	for range n {
		out = out.(Escalator).Escalate()
		require.NotNil(t, out)
	}
	return out.(*databaseSizer)
}

func TestDatabaseShards(t *testing.T) {
	_, rej, s := fitDB(t, dbSource("", "in_memory: true\nlogical_shards: 1024"), "r7g.2xlarge", gp3)
	require.Equal(t, "memory", rej.Resource)
	sharded := escalated(t, s, 1)
	require.Nil(t, sharded.Escalate())
	nt, _ := s.c.Catalog.NodeType("r7g.2xlarge")
	l, rej := sharded.Fit(nt, gp3)
	require.Nil(t, rej)
	l.Detail()
	// 319 GB in memory; each node has 0.85 × 64 GiB less 2 GiB and 410
	// connections: 48.76 GiB = 52.36 GB: 6.09, 7 shards.
	require.Equal(t, []Pool{Fixed(0, "primary", 7), Fixed(1, "failover", 7)}, l.Pools)
	require.Contains(t, words.SayAll(l.Structure), "1024 logical shards db0000…db1023 on 7 physical, by hash")
	b := bindings(l, "primary")
	require.Len(t, b, 1)
	require.Equal(t, "memory", b[0].Of.Name)
	require.Equal(t, 7, b[0].Nodes)
	require.Greater(t, b[0].Need, b[0].Have*6/7*b[0].Target, "six are too few")
	require.LessOrEqual(t, b[0].Need, b[0].Have*b[0].Target)
}

func TestDatabasePartitionsComeFirst(t *testing.T) {
	_, rej, s := fitDB(t, dbSource("", "in_memory: true\npartitions: {orders: 0.75, catalog: 0.25}"), "r7g.8xlarge",
		gp3)
	require.NotNil(t, rej)
	nt, _ := s.c.Catalog.NodeType("r7g.8xlarge")
	// 297 GiB do not fit into 256; 75 % of them, 223, and 5.6 GiB beside do
	// not fit into 0.85 × 256 = 217.6 either; on 12xlarge they do.
	_, rej = escalated(t, s, 1).Fit(nt, gp3)
	require.NotNil(t, rej)
	bigger, _ := s.c.Catalog.NodeType("r7g.12xlarge")
	l, rej := escalated(t, s, 1).Fit(bigger, gp3)
	require.Nil(t, rej)
	require.Equal(t, 2, l.Pools[0].Max)
	l, rej = escalated(t, s, 2).Fit(nt, gp3)
	require.Nil(t, rej)
	l.Detail()
	require.Equal(t, 3, l.Pools[0].Max) // two shards of orders, one of catalog
	require.Contains(t, strings.Join(words.SayAll(l.Structure), "\n"), "orders0000…orders1023 on 2 physical")
}

func TestDatabaseLookup(t *testing.T) {
	cpu := func(db string) float64 {
		l, rej, _ := fitDB(t, dbSource("", "working_set: 8GiB\nshards: 2\n"+db), "r7g.xlarge", gp3)
		require.Nil(t, rej)
		require.Equal(t, 2, l.Pools[0].Max)
		return limit(t, l, "cpu", capacity.Own, "primary").Need
	}
	// One read a session: 2,500/1,800 s × 0.4 ms.
	require.InDelta(t, 2500.0/1800*0.0004, cpu("sharding: lookup")-cpu("sharding: hash"), 1e-9)
}
