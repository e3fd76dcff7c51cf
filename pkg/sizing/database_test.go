package sizing

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/diag"
	"headroom/pkg/words"
	"headroom/pkg/workload"
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
policy: {reserve: {cpu: 0}}
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
    scalability: {sigma: 0}
%DB%
`

func dbSource(top, db string) string {
	if db != "" {
		db = "    " + strings.ReplaceAll(strings.TrimSpace(db), "\n", "\n    ")
	}
	return strings.NewReplacer("%TOP%", top, "%DB%", db).Replace(dbProfile)
}

// fitDB sizes web, then the database on one type.
func fitDB(t testing.TB, src, nodeType string, st Storage) (*Layout, *Rejection, *store) {
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
	return l, rej, sizer.(*store)
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
	l, rej, _ := fitDB(t, dbSource("", "failover: region\npages_per_read: 4"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "primary", 1), Fixed(1, "failover", 1)}, l.Pools)
	require.Equal(t, 1, l.Shards)

	// 2,500 × 100/60 = 4,166.7/s; 41.7 writes, 4,125 reads, half of them from each
	// region. CPU: 41.67 × 2 ms + 2,062.5 × 0.4 ms = 0.0833 + 0.825 vCPU of
	// r7g.xlarge; it has 4.
	cpu := limit(t, l, "cpu", capacity.Own, "primary")
	require.InDelta(t, 0.90833, cpu.Need, 1e-4)
	require.InDelta(t, 4, cpu.Have, 1e-9)
	require.InDelta(t, 0.60, cpu.Target, 1e-12)
	// The failover candidate replays 5 % of the writes and answers the other half;
	// after a failover it does all of it, at 0.85.
	require.InDelta(t, 0.0833333*0.05+0.825, limit(t, l, "cpu", capacity.Own, "failover").Need, 1e-6)
	cand := limit(t, l, "cpu", capacity.RegionLost, "failover")
	require.InDelta(t, 1.73333, cand.Need, 1e-4)
	require.InDelta(t, 0.85, cand.Target, 1e-12)

	// Web: 25 vCPU of work, 8 nodes of m7g.xlarge in each region (r is not of
	// interest here); 4 workers of 5 connections on each: 20 × nodes × 1.25 + 10.
	conns := limit(t, l, "connections", capacity.Always, "primary")
	require.InDelta(t, 5000, conns.Have, 1e-9)
	connections := conns.Need

	// Disk writes: 41.67 × (3·1 + 1) = 166.7/s, the journal's 41.67 × 2 KB × 3
	// within its appends. Of 319 GB the memory keeps 0.85 × 32 GiB less 9,531,392 B
	// a connection; 4 pages a read are missed with 1 − (cache/data)^(ln 0.8/ln 0.2).
	cache := 0.85*32*gib - connections*9531392
	miss := 1 - math.Pow(cache/319e9, math.Log(0.8)/math.Log(0.2))
	iops := limit(t, l, "disk iops", capacity.Own, "primary")
	require.InDelta(t, 166.667+2062.5*4*miss, iops.Need, 0.1)
	require.InDelta(t, 166.667+4125*4*miss, limit(t, l, "disk iops", capacity.RegionLost, "primary").Need, 0.1)

	// 100 GB and a month of 41.67 × 2 KB × 3600 × 730 = 219 GB, × 1.5 = 478.5
	// GB = 445.64 GiB; at 80 % 557.05, so 558 GiB in each region. Its operations
	// are bought for the time after a failover, beyond the 3,000 of any gp3.
	storage := billedRows(l, "gp3 storage")
	require.Len(t, storage, 2)
	for i, u := range storage {
		require.Equal(t, i, u.Region)
		require.InDelta(t, 558, u.Quantity, 1e-9)
	}
	bought := math.Ceil((166.667 + 4125*4*miss) / 0.85)
	require.InDelta(t, bought, billedRows(l, "gp3 provisioned IOPS")[0].Quantity, 1)

	// The journal goes to the other region once: 219 GB × 3.
	require.Len(t, l.Crossings, 1)
	require.Equal(t, 0, l.Crossings[0].From)
	require.Equal(t, 1, l.Crossings[0].To)
	require.InDelta(t, 657e9, float64(l.Crossings[0].Bytes), 1)

	require.Len(t, bindings(l, "primary"), 1)
	require.Len(t, bindings(l, "failover"), 1)
	warnings := strings.Join(words.SayAll(l.Warnings), "\n")
	require.Contains(t, warnings, "writes of the last 1 s")
	require.Contains(t, warnings, "moves the primary to us-west-2")
	require.NotEmpty(t, l.Derive())
	require.NotEmpty(t, words.Say(l.Grows))
}

// billedRows are the rows of an item.
func billedRows(l *Layout, item string) (out []Usage) {
	for _, u := range l.Usage {
		if u.Meter.Item() == item {
			out = append(out, u)
		}
	}
	return out
}

// Everything of a machine is of the lead month: load, bytes, cache and operations.
func TestDatabaseIsOfTheLeadMonth(t *testing.T) {
	sized := func(horizon, lead string) *Layout {
		src := strings.Replace(dbSource("growth: {monthly: 10%}", "failover: region"), "horizon: 0",
			"horizon: "+horizon+"\nlead: "+lead, 1)
		l, rej, _ := fitDB(t, src, "r7g.2xlarge", gp3)
		require.Nil(t, rej)
		return l
	}
	year, later, now := sized("12", "3"), sized("24", "3"), sized("12", "0")
	require.Equal(t, year.Usage, later.Usage, "no machine is sized for the horizon")
	for _, of := range []string{"cpu", "disk iops"} {
		a, b := limit(t, year, of, capacity.RegionLost, "primary"), limit(t, now, of, capacity.RegionLost, "primary")
		require.Greater(t, a.Need, b.Need, of)
	}
	require.InEpsilon(t, 1.331, limit(t, year, "cpu", capacity.RegionLost, "primary").Need/
		limit(t, now, "cpu", capacity.RegionLost, "primary").Need, 1e-6)
	require.Greater(t, billedRows(year, "gp3 storage")[0].Quantity, billedRows(now, "gp3 storage")[0].Quantity)
}

func TestDatabaseRejections(t *testing.T) {
	reject := func(db, nodeType string) *Rejection {
		_, rej, _ := fitDB(t, dbSource("", db), nodeType, gp3)
		require.NotNil(t, rej, db)
		return rej
	}
	rej := reject("", "m7g.large")
	require.Equal(t, "vCPU", rej.Resource)
	require.EqualValues(t, 4, rej.Need)
	require.EqualValues(t, 2, rej.Have)

	rej = reject("in_memory: true", "r7g.xlarge")
	require.Equal(t, "memory", rej.Resource)
	require.Greater(t, rej.Need, rej.Have)
	rej = reject("largest_table: 40GB", "r7g.xlarge")
	require.Equal(t, "database.no_cache", rej.Why.Key)

	rej = reject("max_connections: 400", "r7g.xlarge")
	require.Equal(t, "connections", rej.Resource)
	require.InDelta(t, 320, rej.Have, 1e-9)

	require.Equal(t, "burstable", reject("", "t4g.2xlarge").Resource)
	_, rej, _ = fitDB(t, dbSource("", "allow: {families: [t4g]}"), "t4g.2xlarge", gp3)
	require.True(t, rej == nil || rej.Resource != "burstable")
}

// An instance lost loses its local disks, so a database on them needs a second copy
// in the same region. They are for profiles that list them.
func TestDatabaseLocalNeedsACopyInTheRegion(t *testing.T) {
	local := Storage{Volume: VolumeLocal}
	for _, x := range []struct {
		db   string
		fits bool
	}{{"survive: []", false}, {"failover: region", false}, {"failover: zone", true},
		{"survive: []\nreplicas: 1", true}, {"", true}} {
		l, rej, s := fitDB(t, dbSource("", x.db), "i4i.2xlarge", local)
		require.Equal(t, x.fits, rej == nil, x.db)
		if rej == nil {
			require.Empty(t, l.Usage)
		} else {
			require.Equal(t, "copies", rej.Resource)
		}
		require.Equal(t, []Storage{gp3}, s.Needs().Storages)
	}
}

func TestDatabaseZeroLoad(t *testing.T) {
	src := strings.Replace(dbSource("", ""), "users: 2500", "users: 0", 1)
	src = strings.Replace(src, "dataset: 100GB", "dataset: 0B", 1)
	l, rej, _ := fitDB(t, src, "m7g.xlarge", gp3)
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "primary", 1), Fixed(0, "standby", 1), Fixed(1, "failover", 1)}, l.Pools)
	b := bindings(l, "primary")
	require.Len(t, b, 1)
	require.Equal(t, capacity.Always, b[0].State)
	require.Equal(t, "nodes", b[0].Of.Name)
	require.Empty(t, l.Crossings)
	for _, u := range l.Usage {
		require.EqualValues(t, 2-u.Region, u.Quantity) // the least volume is 1 GiB
	}
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
		require.Equal(t, want, engineOf(s), engine)
		require.InDelta(t, want.connections, limit(t, l, "connections", capacity.Always, "primary").Have, 1e-9)
		_, _, s = fitDB(t, dbSource("", "engine: "+engine+"\nmax_connections: 1000\nreplay_threads: 2"), "r7g.xlarge",
			gp3)
		require.Equal(t, engineDefaults{2, 1000, want.perConnection}, engineOf(s))
	}
}

// engineOf is what a database was given of its engine's defaults.
func engineOf(s *store) engineDefaults {
	return engineDefaults{s.work.threads, s.connections.most, s.connections.bytes}
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
