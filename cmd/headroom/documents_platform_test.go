package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/queueing"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/profiles"
)

// lineOf is what a component's item costs in a region.
func lineOf(e *bill.Estimate, component, region, item string) (cost money.Amount) {
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Component == component && l.Region == region && l.Item == item {
			cost = cost.Plus(l.Cost.Expected)
		}
	}
	return cost
}

// The platform has what the slides list: more than 60 services in three zones of two regions,
// 35 balancers, clusters of three, and what its licences cost.
func TestDocumentsPlatform(t *testing.T) {
	e := shipped(t, "platform", bill.Request{}).Estimate
	require.Equal(t, []string{"us-east-1", "eu-west-1"}, e.Regions)
	require.Greater(t, toldOf(t, e, "services", "nodepool.pods")[0].Number("services"), 60.0)
	require.Equal(t, "574.88", lineOf(e, "lb", "us-east-1", "ALB hour").String())
	operator := money.Amount{}
	for i := range e.Lines {
		if e.Lines[i].Component == "mongo-operator" {
			operator = operator.Plus(e.Lines[i].Cost.Expected)
		}
	}
	require.Equal(t, "4166.67", operator.String(), "a twelfth of $50,000")
	for name, nodes := range map[string]int{"mongo": 3, "percona": 3, "rabbit": 3, "sentinels": 3, "etcd": 3,
		"masters": 3, "redis": 2, "bastion": 1} {
		for _, pool := range partOf(t, e, name).Pools {
			require.GreaterOrEqual(t, pool.Max, nodes, "%s in %s", name, pool.Region)
		}
	}
	require.InDelta(t, 0.6, partOf(t, e, "cdn").Brief.Number("hits"), 1e-12)
	require.Equal(t, "latency", partOf(t, e, "dns").Brief.Text("routing"), "two regions serve users")
	require.Positive(t, toldOf(t, e, "telemetry", "telemetry.volume")[0].Number("spans"))
}

// Dev runs five days of seven; as it is destroyed at weekends, its disks are gone with it.
func TestDocumentsDevAtWeekends(t *testing.T) {
	src, err := fs.ReadFile(profiles.FS, "platform.yaml")
	require.NoError(t, err)
	dev := func(onStop string) *bill.Estimate {
		text := strings.Replace(string(src), "on_stop: destroy", "on_stop: "+onStop, 1)
		p, err := workload.Parse("platform.yaml", []byte(text), sizing.Specs(), os.ReadFile)
		require.NoError(t, err)
		var r bill.Request
		r.Environment = "dev"
		return billed(t, p, r).Estimate
	}
	destroyed, stopped := dev("destroy"), dev("stop")
	require.InDelta(t, 730*5/7.0, destroyed.Hours.Float64(), 0.005)
	_, kept := costOf(stopped, "gp3 storage")
	_, left := costOf(destroyed, "gp3 storage")
	require.InDelta(t, 5/7.0, left/kept, 0.001)
	require.Negative(t, destroyed.Total.Expected.Cmp(stopped.Total.Expected))
}

// The pattern's system: a database in memory on at least four cores, mirrored, with a replica
// and partitions by function; caches at three levels; and hosts that poll.
func TestDocumentsWebOperations(t *testing.T) {
	r := shipped(t, "web-operations", bill.Request{})
	e := r.Estimate
	db := partOf(t, e, "db")
	machine, ok := r.Catalog.NodeType(db.Machine)
	require.True(t, ok)
	require.GreaterOrEqual(t, machine.PhysicalCores.V, 4.0)
	spec, ok := r.Plan.Profile.Component("db")
	require.True(t, ok)
	law := queueing.Scalability{Gamma: 1, Sigma: float64(spec.Law.Sigma.V)}
	four, err := law.Throughput(4)
	require.NoError(t, err)
	eight, err := law.Throughput(8)
	require.NoError(t, err)
	require.InDelta(t, 1.33, eight/four, 0.01, "not much over")
	roles := map[string]bool{}
	for _, pool := range db.Pools {
		roles[pool.Role] = true
	}
	require.True(t, roles["primary"] && roles["replica"], "%v", roles)
	require.Equal(t, 10, db.Disks[0].RAID)
	reads := map[string]float64{}
	for _, edge := range e.Edges {
		reads[edge.From+" "+edge.To] = edge.Reads
	}
	require.Less(t, reads["web-cache app"], reads["balancer web-cache"], "Varnish answers some")
	require.Less(t, reads["memcache db"], reads["app memcache"], "and Memcached")
	require.Less(t, reads["app memcache"], 8*reads["web-cache app"], "and each machine's own cache")
}

// What logs, traces and metrics take of a system follows its nodes, its calls and what is kept of
// them; an agent takes its part of every node; a bitmap index is in memory as a whole.
func TestDocumentsWatched(t *testing.T) {
	with := func(name string, changes map[string]string) *bill.Estimate {
		d, err := openCase(name)
		require.NoError(t, err)
		for path, text := range changes {
			require.NoError(t, d.Set(diag.Pos{}, path, text))
		}
		p, err := d.Profile()
		require.NoError(t, err)
		return billed(t, p, bill.Request{}).Estimate
	}
	rates := func(e *bill.Estimate) (samples, lines, spans float64) {
		for _, r := range partOf(t, e, "telemetry").Detail {
			if r.Key == "telemetry.volume" {
				return r.Number("samples"), r.Number("lines"), r.Number("spans")
			}
		}
		t.Fatal("no rates")
		return 0, 0, 0
	}
	for _, name := range []string{"platform", "web-operations"} {
		samples, lines, spans := rates(with(name, nil))
		s, l, x := rates(with(name, map[string]string{"components.telemetry.series_per_node": "3000",
			"components.telemetry.lines_per_call": "2", "components.telemetry.sampling": "20%"}))
		require.InDelta(t, 2, s/samples, 0.35, "%s: and the nodes that then keep them", name)
		require.Greater(t, l, lines, name)
		require.Greater(t, x, spans, name)
	}
	nodes := func(e *bill.Estimate) (dollars float64) {
		for i := range e.Lines {
			if e.Lines[i].Component == "services" {
				dollars += e.Lines[i].Cost.Expected.Float64()
			}
		}
		return dollars
	}
	require.Greater(t, nodes(with("platform", map[string]string{"components.services.agents.fluentd.cpu": "1"})),
		nodes(with("platform", nil)))
	pilosa := partOf(t, with("platform", nil), "pilosa")
	require.Equal(t, "memory", pilosa.Fullest.Resource)
}
