package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/drawn"
	"headroom/pkg/workload"
)

// nodesAndDisk are the most nodes of a layout and the GiB of its volumes.
func nodesAndDisk(l *Layout) (n int, disk float64) {
	for _, p := range l.Pools {
		n += p.Max
	}
	for _, u := range l.Usage {
		if strings.HasSuffix(u.Meter.Item(), "storage") {
			disk += u.Quantity
		}
	}
	return n, disk
}

// More users, more data: never fewer nodes, never less disk, on the same type.
func TestDatabaseMonotone(t *testing.T) {
	cat := testCatalog(t)
	drawn.CheckMost(t, 0.40, func(rt *rapid.T) bool {
		db := rapid.SampledFrom([]string{"", "reads: nearest", "reads: nearest\nreplicas: 1", "reads: replicas",
			"failover: zone"}).Draw(rt, "reads")
		name := rapid.SampledFrom([]string{"r7g.2xlarge", "i4i.2xlarge", "m7i.4xlarge"}).Draw(rt, "type")
		volumes := []string{"gp3", "io2"}
		if name == "i4i.2xlarge" { // the others have no local disks
			volumes = append(volumes, "local")
		}
		st := Storage{Volume: rapid.SampledFrom(volumes).Draw(rt, "storage")}
		split := rapid.IntRange(0, 1).Draw(rt, "split")
		users := rapid.IntRange(1, 50000).Draw(rt, "users")
		size := func(k float64) (*Layout, *Rejection) {
			src := strings.Replace(dbSource("growth: {monthly: 2%}", db), "users: 2500", "users: "+
				itoa(int(float64(users)*k)), 1)
			src = strings.Replace(src, "horizon: 0", "horizon: 12", 1)
			s := testSystem(t, cat, src)
			nt, _ := cat.NodeType("m7g.4xlarge")
			_, web := prepare(t, s, "web")
			wl, _ := web.Fit(nt, Storage{})
			s.Sized["web"] = wl
			_, sizer := prepare(t, s, "db")
			nt, _ = cat.NodeType(name)
			return built(t, sizer.(*store), split).Fit(nt, st)
		}
		a, rejA := size(1)
		b, rejB := size(rapid.Float64Range(1, 3).Draw(rt, "factor"))
		if rejA != nil {
			require.NotNil(rt, rejB, "%v", rejA)
			return false
		}
		if rejB != nil {
			return false
		}
		na, da := nodesAndDisk(a)
		nb, db2 := nodesAndDisk(b)
		require.LessOrEqual(rt, na, nb)
		require.LessOrEqual(rt, da, db2*(1+1e-9))
		b.Detail()
		for _, x := range b.Limits {
			require.GreaterOrEqual(rt, x.Slack(), -1e-6, "%+v", x)
		}
		for _, p := range b.Pools {
			found := 0
			for _, x := range b.Limits {
				if x.Binding && x.Role == p.Role && x.Region == p.Region {
					found++
					tight(rt, x, p.Max, split > 0)
				}
			}
			require.Equal(rt, 1, found, "%+v", p)
		}
		return true
	})
}

// tight makes sure that one node fewer breaks a limit; of several shards, that
// they were too few with one less.
func tight(t require.TestingT, x RegionLimit, nodes int, sharded bool) {
	left := func(n int) int {
		switch x.State {
		case capacity.NodeLost:
			return n - 1
		case capacity.ZoneLost:
			return n - (n+2)/3
		}
		return n
	}
	if x.Of.Name == "nodes" || sharded && x.Role == "replica" {
		return
	}
	now, fewer := left(nodes), left(nodes-1)
	require.Greater(t, x.Need, x.Have*float64(fewer)/float64(now)*x.Target*(1-1e-9), "%+v", x)
}

func itoa(n int) string { return workload.CountRange{Min: n, Max: n}.String() }

func BenchmarkDatabaseFit(b *testing.B) {
	s := testSystem(b, testCatalog(b), dbSource("", "slo: {p99: 20ms}"))
	_, sizer := prepare(b, s, "db")
	nt, _ := s.Catalog.NodeType("r7g.xlarge")
	for b.Loop() {
		if _, rej := sizer.Fit(nt, gp3); rej != nil {
			b.Fatal(rej)
		}
	}
}
