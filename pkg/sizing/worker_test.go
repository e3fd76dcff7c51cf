package sizing

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/capacity"
	"headroom/pkg/drawn"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// workerProfile is logProfile with keys of the workers, one on each line.
func workerProfile(users int, regions, survive, log, worker string) string {
	return logProfile(users, regions, survive, log) + "\n  consumers:\n    kind: worker\n" +
		"    cpu: 10ms\n    " + worker + "\n"
}

// workerCase is a system of a log and its workers, with settings of both.
type workerCase struct {
	users                         int
	regions, survive, log, worker string
}

// fitWorker sizes the log, then the workers that it feeds.
func fitWorker(t testing.TB, w workerCase, nodeType string) (*Layout, *Rejection) {
	t.Helper()
	src := logProfile(w.users, w.regions, w.survive, w.log)
	src = src[:len(src)-len("  river: {kind: worker, cpu: 10ms}\n")] + "  river:\n    kind: worker\n" +
		"    cpu: 10ms\n    " + w.worker + "\n"
	s := testSystem(t, testCatalog(t), src)
	_, rej := fit(t, s, "events", "m7g.large", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	return fit(t, s, "river", nodeType, Storage{})
}

// Where threads mostly wait, one for each vCPU buys machines for their threads: 40 ms of
// 50 ms are waits, so 4 × 50/10 threads would keep four vCPUs busy.
func TestWorkerThatWaits(t *testing.T) {
	warnings := func(worker string) string {
		l, rej := fitWorker(t, workerCase{25_000, twoRegions, allLosses, "consumers: 96", worker}, "m7g.xlarge")
		require.Nil(t, rej)
		l.Detail()
		return strings.Join(words.SayAll(l.Warnings), "\n")
	}
	require.Contains(t, warnings("wait: 40ms"), "a thread waits 80 % of its time, and a node has one for each vCPU: "+
		"threads: 20 would keep its CPU busy")
	require.NotContains(t, warnings("wait: 40ms\n    threads: 20"), "a thread waits")
	require.NotContains(t, warnings("wait: 9ms"), "a thread waits")
}

func TestWorkerByHand(t *testing.T) {
	// 250,000 users write 4,166.7 messages a second, and every region has all
	// of them. A message takes 10 ms of CPU and waits 5 ms: 41.67 vCPU and
	// 62.5 threads. m7g.xlarge, the reference, has four of each. Threads, with
	// a zone lost: ⌈62.5/(0.85·4)⌉ = 19 nodes left, of 29 (29 − ⌈29/3⌉ = 19).
	l, rej := fitWorker(t, workerCase{250_000, twoRegions, allLosses, "consumers: 96", ""}, "m7g.xlarge")
	require.Nil(t, rej)
	require.Equal(t, []Pool{Fixed(0, "", 29), Fixed(1, "", 29)}, l.Pools)
	b := binding(t, l, 1)
	require.Equal(t, "threads", b.Of.Name)
	require.Equal(t, capacity.ZoneLost, b.State)
	require.InDelta(t, 62.5, b.Need, 1e-9)
	require.InDelta(t, 19*4, b.Have, 1e-9)
	// While the backlog is worked off 62.5 × (1 + 1 h/4 h) = 78.1 threads are
	// busy; 96 partitions have readers for all.
	var partitions RegionLimit
	for _, x := range l.Limits {
		if x.Of.Name == "partitions" {
			partitions = x
		}
	}
	require.InDelta(t, 78.125, partitions.Need, 1e-9)
	require.InDelta(t, 96, partitions.Have, 1e-9)
	require.Len(t, l.Warnings, 2) // 29 × 4 = 116 threads
	require.Contains(t, words.Say(l.Warnings[0]), "20 of the threads")

	// Without waiting CPU decides: ⌈41.67/3.4⌉ = 13 left, of 20.
	l, rej = fitWorker(t, workerCase{250_000, twoRegions, allLosses, "consumers: 96", "wait: 0"}, "m7g.xlarge")
	require.Nil(t, rej)
	require.Equal(t, 20, l.Pools[0].Max)
	require.Equal(t, "cpu", binding(t, l, 0).Of.Name)
}

// A log has the partitions that its workers need, and says so; what is stated stays.
func TestWorkerNeedsPartitions(t *testing.T) {
	_, rej := fitWorker(t, workerCase{250_000, twoRegions, allLosses, "partitions: 12", ""}, "m7g.xlarge")
	require.NotNil(t, rej)
	require.Equal(t, "partitions", rej.Resource)
	require.InDelta(t, 78.125, rej.Need, 1e-9)
	require.InDelta(t, 12, rej.Have, 1e-9)
	require.Contains(t, rej.Error(), "give the topics of events as many partitions, or leave their number out")

	// 79 on the reference; on a slower machine a message takes longer, and the log has
	// more of them still.
	for _, x := range []struct {
		worker     string
		partitions int
	}{{"m7g.xlarge", 84}, {"m5.xlarge", 120}} {
		s := testSystem(t, testCatalog(t), workerProfile(250_000, twoRegions, allLosses, "consumers: 12", ""))
		log, rej := fit(t, s, "events", "m7g.large", Storage{Volume: "gp3"})
		require.Nil(t, rej)
		l, rej := fit(t, s, "river", x.worker, Storage{})
		require.Nil(t, rej)
		log.Detail()
		l.Detail()
		require.Equal(t, fmt.Sprintf("%d partitions, RF 3", x.partitions), words.Say(log.Brief), x.worker)
		need := limit(t, l, "partitions", capacity.Always, "")
		require.LessOrEqual(t, need.Need, float64(x.partitions))
		require.LessOrEqual(t, need.Need, need.Have)
	}
}

// Catching up with an outage as long as the time for it needs twice the peak:
// 41.67 · 2 / (4/1.015 − 0.1) = 21.7 → 22 nodes where no loss is to be survived, against
// ⌈41.67/(2.4/1.009 − 0.1)⌉ = 19 by the policy.
func TestWorkerCatchesUp(t *testing.T) {
	for _, x := range []struct {
		outage string
		nodes  int
	}{{"0", 19}, {"1h", 19}, {"4h", 22}, {"8h", 33}} {
		l, rej := fitWorker(t, workerCase{250_000, oneRegion, "[]", "consumers: 144", "wait: 0\n    catch_up: 4h\n" +
			"    outage: " + x.outage}, "m7g.xlarge")
		require.Nil(t, rej)
		require.Equal(t, x.nodes, l.Pools[0].Max, x.outage)
	}
}

func TestWorkerNeedsRetention(t *testing.T) {
	src := workerProfile(10, oneRegion, allLosses, "retention: 3h", "outage: 1h")
	s := testSystem(t, testCatalog(t), src)
	comp, _ := s.Profile.Component("river")
	_, err := workerKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, "retention: needs 5 h, has 3 h") // an hour, and four to catch up
	// Workers that no log feeds have nothing to outlast.
	_, sizer := prepare(t, s, "consumers")
	require.NotNil(t, sizer)
}

func TestWorkerWithoutLoad(t *testing.T) {
	for survive, nodes := range map[string]int{allLosses: 2, "[node]": 2, "[region]": 1, "[]": 1} {
		l, rej := fitWorker(t, workerCase{0, twoRegions, survive, "", ""}, "m7g.large")
		require.Nil(t, rej)
		require.Equal(t, nodes, l.Pools[0].Max, survive)
		require.Equal(t, "nodes", binding(t, l, 0).Of.Name)
		if nodes == 1 {
			require.Contains(t, words.Say(l.Structure[0]), "no spare node")
		}
	}
	_, sizer := prepare(t, testSystem(t, testCatalog(t), logProfile(0, twoRegions, "[region]", "")), "river")
	require.Equal(t, []float64{1, 1}, sizer.Needs().MinNodes)
	// Threads given: 110 × 64 MiB + 0.5 GiB = 7.4 GiB of 0.85 × 8.
	_, rej := fitWorker(t, workerCase{0, twoRegions, allLosses, "", "threads: 110"}, "m7g.large")
	require.Equal(t, "memory", rej.Resource)
	_, rej = fitWorker(t, workerCase{0, twoRegions, allLosses, "", "memory: 8GiB"}, "m7g.large")
	require.Equal(t, "memory", rej.Resource)
}

// More load never takes fewer nodes, and what is left after each loss carries
// the load: recomputed here.
func TestWorkerRecomputed(t *testing.T) {
	ref := 4.0 // vCPU and threads of the reference
	drawn.Check(t, func(rt *rapid.T) {
		users := rapid.IntRange(1, 1_000_000).Draw(rt, "users")
		zones := rapid.IntRange(2, 5).Draw(rt, "zones")
		nodes := func(users int) int {
			l, rej := fitWorker(t, workerCase{users, fmt.Sprintf("[{name: us-east-1, zones: %d}]", zones), allLosses,
				"consumers: 1000", ""}, "m7g.xlarge")
			require.Nil(rt, rej)
			require.Equal(rt, l.Pools[0].Max, binding(t, l, 0).Nodes)
			return l.Pools[0].Max
		}
		n := nodes(users)
		busy := float64(users) / 60 * 0.015
		holds := func(n int) bool {
			own := busy <= 0.6*ref*float64(n)*(1+1e-9) && busy*1.25 <= ref*float64(n)*(1+1e-9)
			node := busy <= 0.85*ref*float64(n-1)*(1+1e-9)
			zone := busy <= 0.85*ref*float64(n-int(math.Ceil(float64(n)/float64(zones))))*(1+1e-9)
			return own && node && zone && n >= 2
		}
		require.True(rt, holds(n))
		require.False(rt, holds(n-1))
		require.GreaterOrEqual(rt, nodes(users+rapid.IntRange(0, 100_000).Draw(rt, "more")), n)
	})
}

func TestWorkerRefuses(t *testing.T) {
	_, err := workload.Parse("test.yaml", []byte(workerProfile(10, oneRegion, allLosses, "", "catch_up: 0")),
		Specs(), os.ReadFile)
	require.ErrorContains(t, err, "nothing can be caught up")
	s := testSystem(t, testCatalog(t), workerProfile(10, oneRegion, allLosses, "", "slo: {p99: 1s}"))
	comp, _ := s.Profile.Component("consumers")
	_, err = workerKind{}.Prepare(s.Task(comp))
	require.ErrorContains(t, err, "response times are not computed")
}

func TestWorkerAutoscaled(t *testing.T) {
	src := fmt.Sprintf(`
apiVersion: headroom/v1
name: worker-test
regions: %s
peak: {users: 250000, requests_per_user: 100/min, writes_per_user: 1/min, response: 3KB, session: 30min}
policy: {survive: []}
curve: {preset: office-hours}
components:
  river: {kind: worker, entry: true, cpu: 1ms, wait: 0, autoscaled: %%v}
`, oneRegion)
	pools := map[bool]Pool{}
	for _, scaled := range []bool{true, false} {
		s := testSystem(t, testCatalog(t), fmt.Sprintf(src, scaled))
		l, rej := fit(t, s, "river", "m7g.xlarge", Storage{})
		require.Nil(t, rej)
		pools[scaled] = l.Pools[0]
	}
	// 416,667 messages a second × 1 ms = 416.7 vCPU / (2.4/1.009 − 0.1) = 182.9.
	require.Equal(t, Fixed(0, "", 183), pools[false])
	require.Equal(t, 183, pools[true].Max)
	require.Less(t, pools[true].Min, 183)
	hours := 0
	for _, h := range pools[true].ByHour {
		hours += h.Hours
	}
	require.Equal(t, workload.Hours, hours)
}

func BenchmarkWorker(b *testing.B) {
	s := testSystem(b, testCatalog(b), logProfile(12500, twoRegions, allLosses, ""))
	_, rej := fit(b, s, "events", "m7g.large", Storage{Volume: "gp3"})
	require.Nil(b, rej)
	_, sizer := prepare(b, s, "river")
	nt, _ := s.Catalog.NodeType("m7g.xlarge")
	for b.Loop() {
		if _, rej := sizer.Fit(nt, Storage{}); rej != nil {
			b.Fatal(rej)
		}
	}
}
