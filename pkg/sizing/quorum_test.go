package sizing

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

func quorumProfile(users, zones int, survive, spec string) string {
	return fmt.Sprintf(`
apiVersion: headroom/v1
name: quorum-test
regions: [{name: us-east-1, zones: %d}, {name: us-west-2, zones: %d}]
peak: {users: %d, requests_per_user: 60/min, write_ratio: 10%%, request: 1KB, response: 1KB, session: 30min}
policy: {survive: %s}
curve: {preset: flat}
components:
  consul:
    kind: quorum
    entry: true
    %s
`, zones, zones, users, survive, spec)
}

func TestQuorumMembers(t *testing.T) {
	cat := testCatalog(t)
	for _, x := range []struct {
		zones   int
		survive string
		spec    string
		want    int
		state   capacity.State // that decides
	}{
		{3, allLosses, "", 3, capacity.Always},
		{3, "[region]", "", 3, capacity.Always}, // as in the production model: three in every size
		{3, "[region]", "tolerate: 0", 1, capacity.Always},
		{3, "[node]", "tolerate: 0", 3, capacity.NodeLost},
		{2, "[node]", "tolerate: 0", 3, capacity.NodeLost},
		{3, "[zone]", "tolerate: 0", 3, capacity.ZoneLost},
		{3, allLosses, "tolerate: 2", 5, capacity.Always}, // ⌈5/3⌉ = 2 lost, 3 of 5 left
		{3, allLosses, "nodes: 7", 7, capacity.Always},    // ⌈7/3⌉ = 3 lost, 4 of 7 left
		{4, allLosses, "nodes: 5", 5, capacity.Always},
	} {
		l, rej := fit(t, testSystem(t, cat, quorumProfile(0, x.zones, x.survive, x.spec)), "consul", "m7g.large",
			Storage{Volume: "gp3"})
		require.Nil(t, rej, "%+v", x)
		require.Equal(t, []Pool{Fixed(0, "", x.want), Fixed(1, "", x.want)}, l.Pools, "%+v", x)
		b := binding(t, l, 0)
		require.Equal(t, "quorum", b.Of.Name)
		require.Equal(t, x.state, b.State, "%+v", x)
		require.Equal(t, x.want, b.Nodes)
	}
}

// Two zones never survive losing the bigger or equal one: with n members
// ⌈n/2⌉ are there, and n − ⌈n/2⌉ is no majority.
func TestQuorumTwoZones(t *testing.T) {
	s := testSystem(t, testCatalog(t), quorumProfile(0, 2, allLosses, ""))
	comp, _ := s.Profile.Component("consul")
	_, err := quorumKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, "two zones never survive")
	var rej *Rejection
	require.ErrorAs(t, err, &rej)
	require.Equal(t, 3.0, rej.Need)
	for n := 1; n < 100; n++ {
		require.Less(t, membersLeft(n, 2, capacity.ZoneLost), majority(n))
	}
}

// What is said to be survived is, for every group that can be asked for: the
// worst zone counted member by member.
func TestQuorumSurvives(t *testing.T) {
	cat := testCatalog(t)
	drawn.Check(t, func(rt *rapid.T) {
		zones := rapid.IntRange(3, 4).Draw(rt, "zones")
		f := rapid.IntRange(0, 3).Draw(rt, "tolerate")
		l, rej := fit(t, testSystem(t, cat, quorumProfile(0, zones, allLosses, fmt.Sprintf("tolerate: %d", f))),
			"consul", "m7g.large", Storage{Volume: "gp3"})
		require.Nil(rt, rej)
		n := l.Pools[0].Max
		in := make([]int, zones)
		worst := 0
		for i := range n {
			in[i%zones]++
			worst = max(worst, in[i%zones])
		}
		require.Greater(rt, 2*(n-worst), n)
		require.Greater(rt, 2*(n-f), n)
		require.Equal(rt, 1, n%2)
	})
}

// small are the keys with which a profile takes any machine.
const small = "min_vcpu: 0\n    min_memory: 0B\n    allow: {burstable: true}"

func TestQuorumMachines(t *testing.T) {
	s := testSystem(t, testCatalog(t), quorumProfile(0, 3, allLosses, small))
	_, sizer := prepare(t, s, "consul")
	require.Equal(t, []float64{3, 3}, sizer.Needs().MinNodes)
	// 1 GiB of 1 GiB less 2 % and half a GiB.
	_, rej := fit(t, s, "consul", "t4g.micro", Storage{Volume: "gp3"})
	require.Equal(t, "memory", rej.Resource)
	// 1 GiB of 2 GiB less 2 % and half a GiB. 8 GiB at 80 % are one volume of 10 GiB a
	// member.
	l, rej := fit(t, s, "consul", "t4g.small", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	require.Equal(t, []Usage{
		{Region: 0, Meter: catalog.VolumeStorage(catalog.GP3), Quantity: 30, Category: "storage", Label: "quorum disks",
			PerNode: true},
		{Region: 1, Meter: catalog.VolumeStorage(catalog.GP3), Quantity: 30, Category: "storage", Label: "quorum disks",
			PerNode: true},
	}, l.Usage)
	l.Detail()
	require.Equal(t, []string{"3 members, majority 2", "t4g.small: counted at its CPU-credit baseline"},
		words.SayAll(l.Structure))
	require.Equal(t, []string{"t4g.small is less than what etcd advises for production: 2 vCPU, 8 GiB, " +
		"not burstable"}, words.SayAll(l.Warnings))
	for _, x := range l.Limits {
		require.LessOrEqual(t, x.Need, x.Have*x.Target*(1+1e-9), "%+v", x)
	}
	// A volume of its own is not a must.
	s = testSystem(t, testCatalog(t), quorumProfile(0, 3, allLosses, "disk: 0"))
	_, sizer = prepare(t, s, "consul")
	require.Equal(t, []Storage{{}}, sizer.Needs().Storages)
	l, rej = fit(t, s, "consul", "m7g.large", Storage{})
	require.Nil(t, rej)
	require.Empty(t, l.Usage)
}

// etcd's guidance by the rate of requests: of the calls that arrive, or as stated.
func TestQuorumAdvice(t *testing.T) {
	cat := testCatalog(t)
	for _, x := range []struct {
		users  int
		spec   string
		node   string
		reason string // why the type is too small; "" where it is not
	}{
		{0, "", "m7g.large", ""},
		{0, "", "m7g.medium", "vCPU: needs 2, has 1"},
		{0, "", "c7g.large", "memory: needs 8 GiB, has 4 GiB"},
		{0, "", "t4g.large", "steady CPU"},
		{0, "allow: {burstable: true}", "t4g.large", ""},
		{0, "allow: {types: [t4g.large]}", "t4g.large", ""}, // named
		{0, "allow: {families: [t4g]}", "t4g.large", ""},
		{0, "allow: {families: [t4g]}", "t4g.medium", "memory: needs 8 GiB, has 4 GiB"},
		{0, "min_vcpu: 1\n    min_memory: 4GiB", "m7g.medium", ""},
		{200, "", "m7g.large", ""},
		{201, "", "m7g.large", "vCPU: needs 4, has 2"},
		{1001, "", "m7g.xlarge", "vCPU: needs 8, has 4"},
		{10_000, "", "m7g.2xlarge", ""},
		{10_001, "", "m7g.2xlarge", "vCPU: needs 16, has 8"},
		{0, "requests: 900/s", "m7g.large", "vCPU: needs 4, has 2"},
		{2000, "requests: 900/s", "m7g.xlarge", "vCPU: needs 8, has 4"},
	} {
		_, rej := fit(t, testSystem(t, cat, quorumProfile(x.users, 3, "[node, zone]", x.spec)), "consul", x.node,
			Storage{Volume: "gp3"})
		if x.reason == "" {
			require.Nil(t, rej, "%+v", x)
			continue
		}
		require.NotNil(t, rej, "%+v", x)
		require.Contains(t, rej.Error(), x.reason)
		require.Contains(t, rej.Error(), "the least that etcd advises for production")
	}
	// The rate of the lead month counts: 190 requests a second grow by a tenth a month.
	src := quorumProfile(190, 3, "[node, zone]", "") + "growth: {monthly: 10%}\nlead: 1\n"
	_, rej := fit(t, testSystem(t, cat, src), "consul", "m7g.large", Storage{Volume: "gp3"})
	require.Contains(t, rej.Error(), "vCPU: needs 4, has 2")
}

// Every member sees every request: more load asks for a larger machine.
func TestQuorumLoad(t *testing.T) {
	cat := testCatalog(t)
	// 12,000 requests a second × 100 µs + 0.1 = 1.3 vCPU of the reference's four at
	// 60 %, 0.1 of which the system has, and less what they slow each other down:
	// 2.4/1.009 − 0.1 = 2.279; 30,000 take 3.1.
	l, rej := fit(t, testSystem(t, cat, quorumProfile(12_000, 3, allLosses, small)), "consul", "m7g.xlarge",
		Storage{Volume: "gp3"})
	require.Nil(t, rej)
	require.Equal(t, 3, l.Pools[0].Max)
	// 10 % of 12 MB/s go on to the two others, each in a zone of its own.
	require.Len(t, l.Crossings, 2)
	require.InEpsilon(t, 1.2e6*2*3600*730, float64(l.Crossings[0].Bytes), 1e-9)
	_, rej = fit(t, testSystem(t, cat, quorumProfile(30_000, 3, allLosses, small)), "consul", "m7g.xlarge",
		Storage{Volume: "gp3"})
	require.Equal(t, "cpu", rej.Resource)
	require.InDelta(t, 3.1, rej.Need, 1e-9)
	require.InDelta(t, 2.4/(1+0.015*0.6)-0.1, rej.Have, 1e-9)
	// Synced writes are operations of the disk: 3,000 a second at 60 %.
	drawn.CheckMost(t, 0.45, func(rt *rapid.T) bool {
		a := rapid.IntRange(0, 20_000).Draw(rt, "users")
		b := a + rapid.IntRange(0, 20_000).Draw(rt, "more")
		nt := rapid.SampledFrom([]string{"t4g.small", "m7g.medium", "c7g.4xlarge"}).Draw(rt, "type")
		few, no := fit(t, testSystem(t, cat, quorumProfile(a, 3, allLosses, small)), "consul", nt,
			Storage{Volume: "gp3"})
		many, never := fit(t, testSystem(t, cat, quorumProfile(b, 3, allLosses, small)), "consul", nt,
			Storage{Volume: "gp3"})
		if never != nil {
			return false
		}
		require.Nil(rt, no)
		sum := func(l *Layout) (t float64) {
			for _, u := range l.Usage {
				t += u.Quantity
			}
			return t
		}
		require.GreaterOrEqual(rt, sum(many), sum(few))
		require.GreaterOrEqual(rt, many.Pools[0].Max, few.Pools[0].Max)
		return true
	})
}

// The roles that a layout shows are single members, which carry all the load.
func TestQuorumRoles(t *testing.T) {
	l, rej := fit(t, testSystem(t, testCatalog(t), quorumProfile(12_000, 3, allLosses, "tolerate: 2")), "consul",
		"m7g.4xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	l.Detail()
	require.Len(t, l.Roles, 2)
	for _, r := range l.Roles {
		n, _ := r.Least()
		require.Equal(t, 1, n)
		shown := map[string]float64{}
		for _, x := range l.Limits {
			if x.Region == r.Region {
				shown[x.Of.Name+x.State.String()] = x.Need
			}
		}
		checks := r.Check(1)
		require.Len(t, checks, 6) // CPU and two directions of the network, with and without a lost region
		for _, x := range checks {
			require.Equal(t, shown[x.Of.Name+x.State.String()], x.Need)
		}
	}
}

func TestQuorumRefuses(t *testing.T) {
	for _, x := range []struct{ spec, want string }{
		{"nodes: 4", "an odd number"},
		{"tolerate: 1.5", "not a whole number"},
	} {
		_, err := workload.Parse("test.yaml", []byte(quorumProfile(0, 3, allLosses, x.spec)), Specs(), os.ReadFile)
		require.ErrorContains(t, err, x.want)
	}
	s := testSystem(t, testCatalog(t), quorumProfile(0, 1, allLosses, ""))
	comp, _ := s.Profile.Component("consul")
	_, err := quorumKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, "one zone")
}

func BenchmarkQuorum(b *testing.B) {
	s := testSystem(b, testCatalog(b), quorumProfile(100, 3, allLosses, ""))
	_, sizer := prepare(b, s, "consul")
	nt, _ := s.Catalog.NodeType("m7g.large")
	for b.Loop() {
		if _, rej := sizer.Fit(nt, Storage{Volume: "gp3"}); rej != nil {
			b.Fatal(rej)
		}
	}
}
