package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/words"
)

func TestDatabaseFailover(t *testing.T) {
	roles := func(l *Layout) (out []string) {
		for _, p := range l.Pools {
			out = append(out, strings.Repeat("+", p.Region)+p.Role)
		}
		return out
	}
	for _, x := range []struct {
		db   string
		want []string
	}{
		{"", []string{"primary", "standby", "+failover"}},
		{"failover: both\nsurvive: [region]", []string{"primary", "standby", "+failover"}},
		{"failover: zone", []string{"primary", "standby"}}, // as stated; the region's loss is then warned of
		{"failover: zone\nsurvive: [zone]", []string{"primary", "standby"}},
		{"survive: [node]", []string{"primary", "standby"}},
		{"survive: []", []string{"primary"}},
		{"survive: [region]", []string{"primary", "+failover"}},
		{"failover: region\nreplicas: 1", []string{"primary", "replica", "+failover", "+replica"}},
	} {
		l, rej, _ := fitDB(t, dbSource("", "pages_per_read: 0\n"+x.db), "r7g.xlarge", gp3)
		require.Nil(t, rej, x.db)
		require.Equal(t, x.want, roles(l), x.db)
	}
	l, rej, _ := fitDB(t, dbSource("", "pages_per_read: 0\nfailover: zone"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	require.Contains(t, strings.Join(words.SayAll(l.Warnings), "\n"), "one region only")
	require.ErrorContains(t, prepareError(t, dbSource("", "failover: none")), "failover candidate")
	require.ErrorContains(t, prepareError(t, dbSource("", "regions: [us-east-1]\nfailover: region")),
		"cannot fail over")
	require.ErrorContains(t, prepareError(t, dbSource("", "scope: share")), "scope share")
	require.ErrorContains(t, prepareError(t, dbSource("", "replication: sync")), "on_loss")
	far := strings.Replace(dbSource("", "replication: sync\non_loss: block"), "us-west-2", "us-gov-west-1", 1)
	require.ErrorContains(t, prepareError(t, far),
		"the round trip between us-east-1 and us-gov-west-1 is not in the tables")
	require.ErrorContains(t, prepareError(t, dbSource("", "reads: nearest\nstale_reads: false")), "stale_reads")
	require.ErrorContains(t, prepareError(t, dbSource("", "partitions: {a: 0.5, b: 0.4}")), "add up to 0.9")
	require.ErrorContains(t, prepareError(t,
		strings.Replace(dbSource("", ""), "reference: r7g.xlarge", "reference: r7g.xlarges", 1)), "not known")
}

// A synchronous commit waits for the round trip within its SLO.
func TestDatabaseSync(t *testing.T) {
	const sync = "replication: sync\non_loss: degrade\nround_trip: 62ms\n"
	_, rej, _ := fitDB(t, dbSource("", sync+"slo: {p99: 60ms}"), "r7g.xlarge", gp3)
	require.Equal(t, "response time", rej.Resource)
	require.InDelta(t, 0.062, rej.Need, 1e-12)
	// us-east-1 to us-west-2 and back: 64.419 ms in hardware/region_latency.csv.
	tables := strings.Replace(sync, "round_trip: 62ms\n", "", 1)
	_, rej, _ = fitDB(t, dbSource("", tables+"slo: {p99: 60ms}"), "r7g.xlarge", gp3)
	require.InDelta(t, 0.064419, rej.Need, 1e-12)
	l, rej, _ := fitDB(t, dbSource("", sync+"slo: {p99: 80ms}"), "r7g.xlarge", gp3)
	require.Nil(t, rej)
	found := false
	for _, s := range l.Derive() {
		found = found || s.What.Text == "synchronous commit" && strings.Contains(words.Formula(&s), "62 ms")
	}
	require.True(t, found, "%+v", l.Derive())
	require.Contains(t, strings.Join(words.SayAll(l.Warnings), "\n"), "degrade")
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

// A journal goes to each copy, or, in a cascade, once to each other region.
func TestReplicationStreams(t *testing.T) {
	spec := defaultReplicated()
	r := replication{c: &Task{Regions: []Location{{Index: 0, Zones: 3}, {Index: 2, Zones: 3}, {Index: 1, Zones: 1}}},
		spec: &spec, zone: true, remote: true}
	require.Equal(t, []string{"primary", "standby"}, r.servers(0))
	require.Equal(t, []string{"failover"}, r.servers(1))
	require.Empty(t, r.servers(2))
	require.Equal(t, []float64{2, 3, 2}, []float64{r.streams(0, 2), r.streams(1, 2), r.streams(2, 2)})
	two := func(int, int) int { return 2 }
	require.Equal(t, flows{{From: 0, To: 0, Bytes: 300, What: "database replication"},
		{From: 0, To: 2, Bytes: 300, What: "database replication", Copies: 3},
		{From: 0, To: 1, Bytes: 200, What: "database replication", Copies: 2}},
		r.crossings(100, []partition{{"", 1}}, two))
	spec.Cascade.V = true
	require.Equal(t, []float64{2, 1, 1}, []float64{r.streams(0, 2), r.streams(1, 2), r.streams(2, 2)})
	require.Equal(t, flows{{From: 0, To: 0, Bytes: 300, What: "database replication"},
		{From: 0, To: 2, Bytes: 100, What: "database replication", Copies: 1},
		{From: 2, To: 2, Bytes: 200, What: "database replication"},
		{From: 0, To: 1, Bytes: 100, What: "database replication", Copies: 1}},
		r.crossings(100, []partition{{"", 1}}, two))
}
