package sizing

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// Where the disks of one node do not suffice, shards are added until the
// instance's EBS baseline does.
func TestDatabaseShardsByDisk(t *testing.T) {
	src := strings.NewReplacer("requests_per_user: 100/min, writes_per_user: 1/min",
		"requests_per_user: 240/min, writes_per_user: 120/min", "stored_per_write: 2KB", "stored_per_write: 20B",
		"cpu_read: 0.4ms", "cpu_read: 0.04ms", "cpu_write: 2ms", "cpu_write: 0.2ms").
		Replace(dbSource("", "pages_per_read: 0"))
	_, rej, s := fitDB(t, src, "r7g.xlarge", gp3)
	require.NotNil(t, rej)
	require.Equal(t, "EBS iops", rej.Resource)
	// 5,000 writes/s × (3 + 1) = 20,000; at 60 % 33,333 where r7g.xlarge
	// sustains 6,000: 5.56, 6 shards.
	require.InDelta(t, 20000/0.60, rej.Need, 1e-3)
	require.InDelta(t, 6000, rej.Have, 1e-9)
	nt, _ := s.c.Catalog.NodeType("r7g.xlarge")
	l, rej := built(t, s, 1).Fit(nt, gp3)
	require.Nil(t, rej)
	l.Detail()
	require.Equal(t, 6, l.Pools[0].Max)
	b := bindings(l, "primary")
	require.Len(t, b, 1)
	require.Equal(t, "EBS iops", b[0].Of.Name)
	require.Equal(t, 6, b[0].Nodes)
	require.Contains(t, words.Say(l.Grows), "rebalance")

	// Not more shards than logical ones.
	few := strings.Replace(src, "pages_per_read: 0", "pages_per_read: 0\n    logical_shards: 5", 1)
	_, _, s = fitDB(t, few, "r7g.xlarge", gp3)
	_, rej = built(t, s, 1).Fit(nt, gp3)
	require.NotNil(t, rej)
	few = strings.Replace(src, "reference", "largest_table: 200GB\n    logical_shards: 5\n    reference", 1)
	_, _, s = fitDB(t, few, "r7g.xlarge", gp3)
	_, rej = built(t, s, 1).Fit(nt, gp3)
	require.Equal(t, "memory", rej.Resource)
}

func TestDatabaseNeeds(t *testing.T) {
	_, _, s := fitDB(t, dbSource("", "failover: both\nreplicas: 2\nshards: 3\nstorage: [gp3, io2]\n"+
		"raid: [none, \"10\"]"), "r7g.xlarge", gp3)
	n := s.Needs()
	require.True(t, n.Nodes)
	// Three shards of primary, standby and two replicas; of failover and two.
	require.Equal(t, []float64{12, 9}, n.MinNodes)
	require.Equal(t, []Storage{{"gp3", 0}, {"gp3", 10}, {"io2", 0}, {"io2", 10}}, n.Storages)
	require.Len(t, s.Structures(), 1, "the number of shards is given")
}

// Engines differ in what they do by default; both names of one mean the same.
func TestDatabaseEngines(t *testing.T) {
	for engine, want := range map[string]engineDefaults{
		"postgresql": {1, 5000, 9531392}, "sql": {1, 5000, 9531392}, "mysql": {4, 16000, 12582880},
		"mongodb": {16, 51200, 1 << 20}, "document": {16, 51200, 1 << 20},
	} {
		l, rej, s := fitDB(t, dbSource("", "engine: "+engine), "r7g.xlarge", gp3)
		require.Nil(t, rej)
		require.Equal(t, want, s.engine, engine)
		require.InDelta(t, want.connections, limit(t, l, "connections", capacity.Always, "primary").Have, 1e-9)
		_, _, s = fitDB(t, dbSource("", "engine: "+engine+"\nmax_connections: 1000\nreplay_threads: 2"), "r7g.xlarge",
			gp3)
		require.Equal(t, engineDefaults{2, 1000, want.perConnection}, s.engine)
	}
}

// Services on the same nodes each open their own connections on all of them.
func TestDatabaseColocatedClients(t *testing.T) {
	src := strings.Replace(dbSource("", ""), "  db:\n", "  admin:\n    kind: stateless\n"+
		"    cpu: 1ms\n    colocate: web\n    calls: {db: {per_read: 0.1}}\n  db:\n", 1)
	src = strings.Replace(src, "calls: {db:", "calls: {admin: {per_read: 0.01}, db:", 1)
	s := testSystem(t, testCatalog(t), src)
	web, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	_, rej = fit(t, s, "admin", "", Storage{})
	require.Nil(t, rej)
	l, rej := fit(t, s, "db", "r7g.xlarge", gp3)
	require.Nil(t, rej)
	l.Detail()
	nodes := 0.0
	for _, p := range web.Pools {
		nodes += float64(p.Max)
	}
	// 4 workers × 5 connections of each of the two services.
	require.InDelta(t, nodes*4*(5+5)*1.25+10, limit(t, l, "connections", capacity.Always, "primary").Need, 1e-9)
}

// What one zone or one region cannot do is said.
func TestDatabaseOneRegion(t *testing.T) {
	one := strings.Replace(dbSource("", ""), ", {name: us-west-2}", "", 1)
	l, rej, _ := fitDB(t, one, "r7g.xlarge", gp3)
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "primary", 1), Fixed(0, "standby", 1)}, l.Pools)
	require.Contains(t, strings.Join(words.SayAll(l.Warnings), "\n"), "one region")

	zone := strings.Replace(one, "{name: us-east-1}", "{name: us-east-1, zones: 1}", 1)
	s := testSystem(t, testCatalog(t), zone)
	_, sizer := prepare(t, s, "db")
	nt, _ := s.Catalog.NodeType("r7g.xlarge")
	_, rej = sizer.Fit(nt, gp3)
	require.NotNil(t, rej)
	require.Equal(t, "zones", rej.Resource)
}

// A database that may have poolers gets them where it has more connections than the
// engine allows. Without them the message says how many would do.
func TestDatabasePoolers(t *testing.T) {
	src := func(pooler string) string {
		return strings.Replace(dbSource("", "failover: region\nmax_connections: 400\npooler: "+pooler), "cpu: 6ms",
			"cpu: 6ms\n    connection_pool: 20", 1)
	}
	_, rej, _ := fitDB(t, src("none"), "r7g.2xlarge", gp3)
	require.Equal(t, "connections", rej.Resource)
	// 4,125 reads and 41.7 writes of some ms each, at 80 %.
	require.Contains(t, words.Say(rej.Why), "pooler: auto")
	require.InDelta(t, 10, rej.Why.Int("size"), 10)

	s := testSystem(t, testCatalog(t), src("auto"))
	s.Market = firstOf{s}
	_, rej = fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	c, sizer := prepare(t, s, "db")
	all := sizer.(*databaseSizer).Structures()
	// Enough for all transactions, on however many nodes.
	read, write := all[2].(*databaseSizer).spec.residence(c, 0, nothing)
	held := c.Load.Global.Read()*read + c.Load.Global.Write()*write
	require.InDelta(t, math.Ceil(held/0.80), all[2].(*databaseSizer).pooler.connections, 1e-9)
	require.Len(t, all, 4, "one primary and shards, each without and with poolers")
	nt, _ := s.Catalog.NodeType("r7g.2xlarge")
	_, rej = all[0].Fit(nt, gp3)
	require.Equal(t, "connections", rej.Resource)
	l, rej := all[2].Fit(nt, gp3)
	require.Nil(t, rej)
	l.Detail()
	poolers := 0
	for _, p := range l.Pools {
		if p.Role == "pooler" {
			require.Equal(t, "m7g.large", p.Type.Name)
			poolers++
		}
	}
	require.Equal(t, 2, poolers, "beside the primary, and where it may come to be")
	require.Len(t, bindings(l, "pooler"), 2)
	require.Less(t, limit(t, l, "connections", capacity.Always, "primary").Need, 100.0)
	require.Contains(t, strings.Join(words.SayAll(l.Structure), "\n"), "poolers on m7g.large")
}

// firstOf is a market in which types cost nothing: of those that do it takes m7g.large.
type firstOf struct{ s *System }

func (m firstOf) Cheapest(_ *Task, ok func(*catalog.NodeType) bool) *catalog.NodeType {
	t, _ := m.s.Catalog.NodeType("m7g.large")
	if !ok(t) {
		return nil
	}
	return t
}

func (firstOf) Cheaper(*Task, *Layout, *Layout) bool { return false }

// slowMarket has types that are all slower than the one that poolers were measured on.
type slowMarket struct{ s *System }

func (m slowMarket) Cheapest(_ *Task, ok func(*catalog.NodeType) bool) *catalog.NodeType {
	for _, name := range []string{"m3.medium", "c4.large"} {
		if t, _ := m.s.Catalog.NodeType(name); ok(t) {
			return t
		}
	}
	return nil
}

func (slowMarket) Cheaper(*Task, *Layout, *Layout) bool { return false }

// Where every type is slower than the reference, as all were in 2016, it takes more
// poolers than of the reference, and as few as of any.
func TestDatabasePoolersOnSlowTypes(t *testing.T) {
	src := strings.Replace(dbSource("", "failover: region\nmax_connections: 400\npooler: auto"), "cpu: 6ms",
		"cpu: 6ms\n    connection_pool: 20", 1)
	src = strings.Replace(src, "users: 2500", "users: 7500", 1)
	s := testSystem(t, testCatalog(t), src)
	s.Market = slowMarket{s}
	_, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	_, sizer := prepare(t, s, "db")
	db := sizer.(*databaseSizer)
	pooling := db.pooling()
	on := func(name string) int {
		nt, _ := s.Catalog.NodeType(name)
		return pooling.on(nt, nil)
	}
	x := db.poolers()
	require.NotNil(t, x)
	nodes := 0
	for _, p := range x.pools {
		nodes += p.nodes
	}
	require.Greater(t, nodes, on(pooling.ref.Name))
	require.Equal(t, min(on("m3.medium"), on("c4.large")), nodes)
}

// Keys that databases once had are refused, with what took their place.
func TestDatabaseFormerKeys(t *testing.T) {
	for key, want := range map[string]string{"working_set: 8GiB": "locality: {reads", "cached: 0.5": "in_memory: true",
		"working_fraction: 25%": "of is working_fraction", "os_reserve: 2GiB": "policy: {reserve:"} {
		_, err := workload.Parse("x.yaml", []byte(dbSource("", key)), Specs(), nil)
		var ps diag.Problems
		require.ErrorAs(t, err, &ps)
		require.Contains(t, ps[0].Summary, "unknown key")
		require.Contains(t, ps[0].Hint, want)
	}
	_, err := workload.Parse("x.yaml", []byte(dbSource("", "locality: {reads: 10%, of: 20%}")), Specs(), nil)
	require.ErrorContains(t, err, "10% of the reads go to 20% of the data")
}
