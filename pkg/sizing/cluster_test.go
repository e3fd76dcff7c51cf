package sizing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/workload"
)

// copiesSource is a service with stores without a primary: 1,000 requests a second, a tenth
// of which write, at all hours.
const copiesSource = `
apiVersion: headroom/v1
name: copies
regions: [{name: us-east-1, share: 100%}, {name: us-west-2, share: 0%}]
peak: {users: 1000, requests_per_user: 1/s, write_ratio: 10%, response: 1KB, request: 1KB, stored_per_write: 0B}
policy: {survive: [node, zone], reserve: {cpu: 0, memory: 0B, memory_part: 0%}}
components:
  api:
    kind: stateless
    entry: true
    cpu: 1ms
    calls:
      docs: {per_read: 1, per_write: 1, request: 1KB, response: 1KB}
      sql: {per_read: 1, per_write: 1, request: 1KB, response: 1KB}
  docs: {kind: cluster, dataset: 50GB, cpu_read: 1ms, cpu_write: 2ms}
  sql: {kind: multi-primary, dataset: 50GB, cpu_read: 1ms, cpu_write: 2ms, apply: 50%}
`

func copiesSystem(t *testing.T, more string) *System {
	t.Helper()
	return testSystem(t, testCatalog(t), strings.Replace(copiesSource, "dataset: 50GB", "dataset: 50GB"+more, 2))
}

// needed is what a limit of the first region needs in the normal state.
func needed(t *testing.T, l *Layout, of capacity.Resource) float64 {
	t.Helper()
	l.Detail()
	for _, x := range l.Limits {
		if x.Of == of && x.State == capacity.Own && x.Region == 0 {
			return x.Need
		}
	}
	require.Fail(t, "no such limit", of.Name)
	return 0
}

// Of a cluster each copy takes each write: 900 reads of 1 ms and 100 writes of 2 ms, three
// times, are 1.5 CPU. Of three members one executes a write and two apply half of it: 1.3.
func TestWorkOfCopies(t *testing.T) {
	s := copiesSystem(t, "")
	for name, want := range map[string]float64{"docs": 1.5, "sql": 1.3} {
		l, rej := fit(t, s, name, "m7g.2xlarge", Storage{Volume: "gp3"})
		require.Nil(t, rej, name)
		require.Equal(t, []int{3, 3}, []int{l.Pools[0].Max, l.Pools[1].Max}, name)
		require.InDelta(t, want, needed(t, l, capacity.CPU), 1e-9, name)
		require.InDelta(t, 3*50e9*1.5, needed(t, l, capacity.DiskBytes), 1, name)
	}
}

// A write leaves its region once, and there the copy that takes it once for each copy in
// another zone: 100 KB a second, once and twice.
func TestBytesOfCopies(t *testing.T) {
	s := copiesSystem(t, "")
	for _, name := range []string{"docs", "sql"} {
		l, rej := fit(t, s, name, "m7g.2xlarge", Storage{Volume: "gp3"})
		require.Nil(t, rej, name)
		month := 100e3 * 3600 * 730.0
		sent := map[[2]int]float64{}
		for _, x := range l.Crossings {
			sent[[2]int{x.From, x.To}] += float64(x.Bytes)
		}
		require.InEpsilon(t, month, sent[[2]int{0, 1}], 1e-9, name)
		require.InEpsilon(t, 2*month, sent[[2]int{0, 0}], 1e-9, name)
		require.InEpsilon(t, 2*month, sent[[2]int{1, 1}], 1e-9, name)
		require.Zero(t, sent[[2]int{1, 0}], "nobody writes there")
	}
}

// Members come in odd numbers up to max_nodes, and more of them do not take more writes.
func TestMembersOfAGroup(t *testing.T) {
	source := strings.Replace(copiesSource, "cpu_read: 1ms, cpu_write: 2ms, apply: 50%",
		"cpu_read: 18ms, cpu_write: 2ms, working_set: 1%", 1)
	c := testCatalog(t)
	l, rej := fit(t, testSystem(t, c, source), "sql", "m7g.2xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej) // 16.2 CPU of reads: four members would do
	require.Equal(t, 5, l.Pools[0].Max)
	_, rej = fit(t, testSystem(t, c, strings.Replace(source, "working_set", "max_nodes: 3, working_set", 1)), "sql",
		"m7g.2xlarge", Storage{Volume: "gp3"})
	require.Equal(t, "cpu", rej.Resource)
	_, rej = fit(t, testSystem(t, c, strings.Replace(source, "cpu_write: 2ms, working", "cpu_write: 90ms, working", 1)),
		"sql", "m7g.2xlarge", Storage{Volume: "gp3"})
	require.Equal(t, "cpu", rej.Resource, "9 CPU at each member")
}

// Each member has all of the data whatever max_nodes is: two terabytes on disk and a fifth of
// them in memory are so much of one member as of any.
func TestEachMemberHasAll(t *testing.T) {
	alone := strings.NewReplacer("survive: [node, zone]", "survive: []", "kind: multi-primary, dataset: 50GB",
		"kind: multi-primary, dataset: 500GB, nodes: 1, max_nodes: 1").Replace(copiesSource)
	s := testSystem(t, testCatalog(t), alone)
	l, rej := fit(t, s, "sql", "r7g.8xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	require.Equal(t, 1, l.Pools[0].Max)
	require.InDelta(t, 500e9*1.5, needed(t, l, capacity.DiskBytes), 1)
	_, rej = fit(t, s, "sql", "m7g.2xlarge", Storage{Volume: "gp3"})
	require.Equal(t, "memory", rej.Resource, "150 GB in memory")
	for _, pin := range []int{7, 4} {
		given := strings.Replace(copiesSource, "kind: multi-primary,",
			fmt.Sprintf("kind: multi-primary, pin: {type: m7g.2xlarge, count: %d},", pin), 1)
		l, rej = fit(t, testSystem(t, testCatalog(t), given), "sql", "m7g.2xlarge", Storage{Volume: "gp3"})
		require.Nil(t, rej)
		for _, u := range l.Usage {
			require.Equal(t, u.Meter.Item() == "gp3 storage", u.PerNode, "each given member has its disks")
		}
		for _, x := range l.Crossings {
			if x.From == 0 && x.To == 0 { // of three zones: to the members of the two others
				require.InEpsilon(t, 100e3*3600*730*float64(pin)*2/3, float64(x.Bytes), 1e-9)
			}
		}
		l.Pools[0].Max = pin
		require.InDelta(t, float64(pin)*50e9*1.5, needed(t, l, capacity.DiskBytes), 1, "%d members", pin)
		require.Equal(t, map[int]string{7: "multi_primary.more", 4: "multi_primary.even"}[pin], l.Warnings[0].Key)
	}
}

// Fewer members than what is to be survived takes are refused where they stand.
func TestTooFewMembers(t *testing.T) {
	source := strings.Replace(copiesSource, "kind: multi-primary,", "kind: multi-primary, nodes: 1, max_nodes: 1,", 1)
	s := testSystem(t, testCatalog(t), source)
	c, _ := s.Profile.Component("sql")
	_, err := multiPrimaryKind{}.Prepare(s.Task(c))
	require.ErrorContains(t, err, "test.yaml:16:")
	require.ErrorContains(t, err, "takes 3 members, and max_nodes is 1")
}

// Of two zones none may be lost where most copies must be left; one copy is.
func TestCopiesInTwoZones(t *testing.T) {
	source := strings.Replace(copiesSource, "us-east-1,", "us-east-1, zones: 2,", 1)
	c := testCatalog(t)
	for _, name := range []string{"docs", "sql"} {
		s := testSystem(t, c, source)
		comp, _ := s.Profile.Component(name)
		k, _ := Find(comp.Kind)
		_, err := k.Prepare(s.Task(comp))
		require.ErrorContains(t, err, "two zones never survive", name)
	}
	s := testSystem(t, c, strings.Replace(source, "kind: cluster,", "kind: cluster, write_quorum: one,", 1))
	l, rej := fit(t, s, "docs", "m7g.2xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	require.Equal(t, 4, l.Pools[0].Max, "as many in each zone")
	l.Detail()
	require.Equal(t, "cluster.one", l.Warnings[0].Key)
}

// Even numbers of what decides by majority are refused where they stand.
func TestEvenNumbersOfCopies(t *testing.T) {
	source := strings.NewReplacer("kind: cluster,", "kind: cluster, copies: 2,", "kind: multi-primary,",
		"kind: multi-primary, nodes: 4, max_nodes: 3,").Replace(copiesSource)
	_, err := workload.Parse("test.yaml", []byte(source), Specs(), nil)
	for _, part := range []string{"test.yaml:15:", "2 copies: an odd number", "4 members: an odd number",
		"nodes is 4, above max_nodes, 3"} {
		require.ErrorContains(t, err, part)
	}
}

// What is counted is whole, and a part of it refused where it stands.
func TestWholeNumbers(t *testing.T) {
	for _, spec := range []string{"queue, copies: 3.5", "cluster, copies: 2.9", "telemetry, copies: 2.9",
		"cache, replicas: 1.5", "cache, shards: 2.5", "multi-primary, nodes: 3.5", "multi-primary, max_nodes: 5.5",
		"dns, check_options: 0.5", "dns, zones: 0.5", "database, replicas: 1.5",
		"fixed, price: $1, every: month, from: 1.5",
		"node-pool, groups: {a: {cpu: 1, memory: 1GiB, services: 1.5}}"} {
		_, err := workload.Parse("test.yaml", []byte("apiVersion: headroom/v1\nname: parts\n"+
			"regions: [{name: us-east-1}]\ncomponents:\n  it: {kind: "+spec+"}\n"), Specs(), nil)
		require.ErrorContains(t, err, "test.yaml:5:", spec)
		require.ErrorContains(t, err, "is not a whole number", spec)
	}
}
