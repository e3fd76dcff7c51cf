package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// built is the sizer of one of the structures: 0 is the simplest.
func built(t testing.TB, s *store, structure int) *store {
	t.Helper()
	all := s.Structures()
	require.Greater(t, len(all), structure)
	return all[structure].(*store)
}

func TestDatabaseShards(t *testing.T) {
	_, rej, s := fitDB(t, dbSource("", "in_memory: true\nlogical_shards: 1024"), "r7g.2xlarge", gp3)
	require.Equal(t, "memory", rej.Resource)
	sharded := built(t, s, 1)
	require.Len(t, s.Structures(), 2)
	nt, _ := s.c.Catalog.NodeType("r7g.2xlarge")
	l, rej := sharded.Fit(nt, gp3)
	require.Nil(t, rej)
	l.Detail()
	// 319 GB in memory; each node has 0.85 × 64 GiB less 410 connections: 50.76 GiB
	// = 54.5 GB: 5.85, 6 shards.
	require.Equal(t, []Pool{Fixed(0, "primary", 6), Fixed(0, "standby", 6), Fixed(1, "failover", 6)}, l.Pools)
	require.Equal(t, 6, l.Shards)
	require.Contains(t, words.SayAll(l.Structure), "1024 logical shards db0000…db1023 on 6 physical, by hash")
	b := bindings(l, "primary")
	require.Len(t, b, 1)
	require.Equal(t, "memory", b[0].Of.Name)
	require.Equal(t, 6, b[0].Nodes)
	require.Greater(t, b[0].Need, b[0].Have*5/6*b[0].Target, "five are too few")
	require.LessOrEqual(t, b[0].Need, b[0].Have*b[0].Target)
}

func TestDatabasePartitionsComeFirst(t *testing.T) {
	_, rej, s := fitDB(t, dbSource("", "in_memory: true\npartitions: {orders: 0.75, catalog: 0.25}"), "r7g.8xlarge",
		gp3)
	require.NotNil(t, rej)
	nt, _ := s.c.Catalog.NodeType("r7g.8xlarge")
	// 297 GiB do not fit into 256; 75 % of them, 223, and 5.6 GiB beside do
	// not fit into 0.85 × 256 = 217.6 either; on 12xlarge they do.
	_, rej = built(t, s, 1).Fit(nt, gp3)
	require.NotNil(t, rej)
	bigger, _ := s.c.Catalog.NodeType("r7g.12xlarge")
	l, rej := built(t, s, 1).Fit(bigger, gp3)
	require.Nil(t, rej)
	require.Equal(t, 2, l.Pools[0].Max)
	l, rej = built(t, s, 2).Fit(nt, gp3)
	require.Nil(t, rej)
	l.Detail()
	require.Equal(t, 3, l.Pools[0].Max) // two shards of orders, one of catalog
	require.Contains(t, strings.Join(words.SayAll(l.Structure), "\n"), "orders0000…orders1023 on 2 physical")
}

func TestDatabaseLookup(t *testing.T) {
	cpu := func(db string) float64 {
		l, rej, _ := fitDB(t, dbSource("", "pages_per_read: 0\nshards: 2\n"+db), "r7g.xlarge", gp3)
		require.Nil(t, rej)
		require.Equal(t, 2, l.Pools[0].Max)
		return limit(t, l, "cpu", capacity.Own, "primary").Need
	}
	// One read a session: 2,500/1,800 s × 0.4 ms.
	require.InDelta(t, 2500.0/1800*0.0004, cpu("sharding: lookup")-cpu("sharding: hash"), 1e-9)
}

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

// Sharding finds the fewest shards that carry, whatever they carry, and names what asks
// for them.
func TestShardingCountsTheFewest(t *testing.T) {
	spec := defaultSharded()
	one := newSharding(&spec, Division{})
	count := func(d sharding, enough int) (int, string, *Rejection) {
		return d.count(d.parts[0], func(shards int) *Rejection {
			if shards < enough {
				return &Rejection{Resource: "memory"}
			}
			return nil
		})
	}
	for _, enough := range []int{3, 7, 1024} {
		n, why, rej := count(one.to(splitShards), enough)
		require.Nil(t, rej)
		require.Equal(t, enough, n)
		require.Equal(t, "memory", why)
	}
	n, why, rej := count(one.to(splitShards), 1)
	require.Nil(t, rej)
	require.Equal(t, 2, n, "one shard would be the one primary again")
	require.Empty(t, why)
	_, _, rej = count(one.to(splitShards), 1025)
	require.Equal(t, "memory", rej.Resource)
	more := one.to(splitShards)
	more.more = 1022
	_, _, rej = count(more, 3)
	require.Equal(t, "shards", rej.Resource, "1,025 of 1,024 logical ones")
	n, _, _ = count(one, 5)
	require.Equal(t, 1, n, "what is not split is not counted")
}

// What is stated is the only way; else there are as many as there are sorts of parts.
func TestShardingWays(t *testing.T) {
	splits := func(change func(*Sharded)) (out []int) {
		spec := defaultSharded()
		change(&spec)
		for _, d := range newSharding(&spec, Division{}).ways() {
			out = append(out, d.split)
		}
		return out
	}
	parts := strict.Map[strict.Value[unit.Fraction]]{{Key: "a", V: judged(unit.Fraction(0.6), "")},
		{Key: "b", V: judged(unit.Fraction(0.4), "")}}
	require.Equal(t, []int{splitNot, splitShards}, splits(func(*Sharded) {}))
	require.Equal(t, []int{splitNot, splitPartitions, splitShards}, splits(func(s *Sharded) { s.Partitions = parts }))
	require.Equal(t, []int{splitPartitions}, splits(func(s *Sharded) { s.Partitions, s.Shards.V = parts, 2 }))
}
