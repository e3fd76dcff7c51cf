package sizing

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/words"
)

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
	s.Ranking = firstOf{s}
	_, rej = fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	c, sizer := prepare(t, s, "db")
	all := sizer.(*store).Structures()
	// Enough for all transactions, on however many nodes.
	read, write := all[2].(*store).residence(c, 0, nothing)
	held := c.Load.Global.Read()*read + c.Load.Global.Write()*write
	require.InDelta(t, math.Ceil(held/0.80), all[2].(*store).connections.pooler.connections, 1e-9)
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

// firstOf is a ranking in which types cost nothing: of those that do it takes m7g.large.
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
	s.Ranking = slowMarket{s}
	_, rej := fit(t, s, "web", "m7g.xlarge", Storage{})
	require.Nil(t, rej)
	_, sizer := prepare(t, s, "db")
	db := sizer.(*store)
	pooling := db.connections.candidates(db.replication, db.residence)
	on := func(name string) int {
		nt, _ := s.Catalog.NodeType(name)
		return pooling.on(nt, nil)
	}
	x := db.connections.poolers(db.replication, db.residence)
	require.NotNil(t, x)
	nodes := 0
	for _, p := range x.pools {
		nodes += p.nodes
	}
	require.Greater(t, nodes, on(pooling.ref.Name))
	require.Equal(t, min(on("m3.medium"), on("c4.large")), nodes)
}
