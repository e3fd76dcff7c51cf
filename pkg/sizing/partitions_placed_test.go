package sizing

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
)

// This file holds the sizes of clusters against partitions that are really placed,
// by code of its own: brokers in zones, each copy on a broker, and after the loss of
// any one broker or zone a leader elected for each partition that lost its own.

// cluster is brokers with the copies of one topic's partitions, leaders first.
type cluster struct {
	zones, brokers int
	copies         [][]int
}

// placed is the copies of so many partitions in zones that are as large as each other,
// as Kafka places them with racks: leaders one after the other, each further copy in
// another zone, which come in turn, and on another broker of it in each round.
func placed(zones, brokers, partitions, rf int) *cluster {
	c := &cluster{zones: zones, brokers: brokers}
	inZone := brokers / zones
	for p := range partitions {
		leader, round := p%brokers, p/brokers
		zone, at := leader%zones, leader/zones
		on := []int{leader}
		for k := 1; k < rf; k++ {
			z, i := zone, at+1+round%max(1, inZone-1)
			if k < zones { // else more copies than zones
				z, i = (zone+1+(k-1+round)%(zones-1))%zones, at+round/max(1, zones-1)
			}
			on = append(on, z+i%inZone*zones)
		}
		c.copies = append(c.copies, on)
	}
	return c
}

// load is what a broker does, in parts of the stream.
type brokerLoad struct{ holds, leads, sends float64 }

// without is what the brokers do that are left. Each partition whose leader is lost is
// led by another of its copies, so that no broker leads more than it must.
func (c *cluster) without(lost func(broker int) bool) []brokerLoad {
	most := 0
	led := make([][]int, c.brokers) // partitions
	for most++; !c.elect(lost, most, led); most++ {
		led = make([][]int, c.brokers)
	}
	part := 1 / float64(len(c.copies))
	out, live := make([]brokerLoad, c.brokers), make([]float64, len(c.copies))
	for p, on := range c.copies {
		for _, b := range on {
			if !lost(b) {
				out[b].holds += part
				live[p]++
			}
		}
	}
	for b := range led {
		for _, p := range led[b] {
			out[b].leads += part
			out[b].sends += part * (live[p] - 1)
		}
	}
	return out
}

// elect finds leaders where none may lead more than most.
func (c *cluster) elect(lost func(int) bool, most int, led [][]int) bool {
	for p, on := range c.copies {
		if !lost(on[0]) { // it goes on to lead
			if led[on[0]] = append(led[on[0]], p); len(led[on[0]]) > most {
				return false
			}
		}
	}
	for p, on := range c.copies {
		if lost(on[0]) && !c.assign(p, lost, most, led, map[int]bool{}) {
			return false
		}
	}
	return true
}

// assign gives a partition to one of its copies, and moves others for it.
func (c *cluster) assign(p int, lost func(int) bool, most int, led [][]int, seen map[int]bool) bool {
	for _, b := range c.copies[p] {
		if lost(b) || seen[b] {
			continue
		}
		seen[b] = true
		if len(led[b]) < most {
			led[b] = append(led[b], p)
			return true
		}
		for i, q := range led[b] {
			if lost(c.copies[q][0]) && c.assign(q, lost, most, led, seen) {
				led[b][i] = p
				return true
			}
		}
	}
	return false
}

// After the loss of any one broker or any zone the placed copies carry the load on
// the busiest broker, and a broker fewer in each zone would not.
func TestLogCarriesItsPlacedCopies(t *testing.T) {
	cat := testCatalog(t)
	types := []string{"m7g.large", "m7g.xlarge", "c7g.2xlarge", "r6i.large", "m5.xlarge"}
	survive := []string{allLosses, "[node]", "[zone]", "[region]", "[]"}
	drawn.Check(t, func(rt *rapid.T) {
		x := logCase{t: rt, rate: rapid.Float64Range(0.01, 1500).Draw(rt, "MB/s") * 1e6,
			groups: rapid.IntRange(0, 5).Draw(rt, "groups"), zones: rapid.IntRange(2, 4).Draw(rt, "zones"),
			survive: rapid.SampledFrom(survive).Draw(rt, "survive"), rf: 1}
		x.lossy = strings.Contains(x.survive, "node") || strings.Contains(x.survive, "zone")
		if x.lossy {
			x.rf = rapid.IntRange(2, 3).Draw(rt, "copies")
		}
		s := testSystem(t, cat, logProfile(0, fmt.Sprintf("[{name: us-east-1, zones: %d}]", x.zones), x.survive,
			fmt.Sprintf("groups: %d\n    retention: 10min\n    hot_window: 10s\n    replication: %d\n"+
				"    min_memory: 4GiB\n    topics: {a: {rate: %.6fMB/s}}", x.groups, x.rf, x.rate/1e6)))
		l, rej := fit(t, s, "events", rapid.SampledFrom(types).Draw(rt, "type"), Storage{Volume: "gp3"})
		require.Nil(rt, rej)
		x.node(cat, l.Type)
		b := l.Pools[0].Max
		l.Detail()
		partitions := l.Brief.Int("partitions")
		require.GreaterOrEqual(rt, float64(partitions), x.rate/10e6)
		if x.lossy {
			require.Zero(rt, b%x.zones, "as many brokers in every zone")
		}
		require.True(rt, x.carries(b, partitions), "%d brokers, %d partitions", b, partitions)
		step := 1
		if x.lossy {
			step = x.zones
		}
		if b > max(x.rf, step) {
			require.False(rt, x.enough(b-step), "%d brokers would do", b-step)
		}
		require.Equal(rt, b, binding(t, l, 0).Nodes)
	})
}

// logCase is a stream, and what a broker has for it.
type logCase struct {
	t                 *rapid.T
	rate              float64 // bytes/s
	groups, zones, rf int
	survive           string
	lossy             bool

	network, disk, memory float64
	cpu, busy             float64 // of the reference at 60 % and at what a lossy state allows; seconds for a byte
}

// node is what one broker of a type has: MODEL section 2 by hand.
func (x *logCase) node(cat *catalog.Catalog, t *catalog.NodeType) {
	ref, _ := cat.NodeType(DefaultReference)
	speed, err := cat.Speed(t, catalog.ClassKafka, ref)
	require.NoError(x.t, err)
	n := float64(t.VCPU)
	x.cpu = speed.PerVCPU * (n*0.6/(1+0.005*(n-1)*0.6) - 0.1)
	// m7g.xlarge took 1035.68 MiB/s on four vCPUs, 165.5017 of which are its spread;
	// 20 µs for 16 KiB.
	x.busy = 4/((1035.68-165.5017)*(1<<20)) + 20e-6/(16<<10)
	x.network, x.disk = float64(t.NetworkBaseline), t.EBS.BaselineThroughput.V
	memory := float64(t.Memory)
	x.memory = min(0.98*memory-(1<<29), 0.85*memory) - 1.5*(1<<30)
}

// fits tells whether a broker does so much.
func (x *logCase) fits(l brokerLoad, more, target float64) bool {
	const slack = 1 + 1e-6
	in, out := l.holds*x.rate*more, (float64(x.groups)*l.leads+l.sends)*x.rate*more
	return in <= x.network*target*slack && out <= x.network*target*slack && in <= x.disk*target*slack &&
		(l.holds+float64(x.groups)*l.leads)*x.rate*more*x.busy <= x.cpu*slack &&
		l.holds*x.rate*10 <= x.memory*slack
}

// carries tries every loss on placed copies.
func (x *logCase) carries(b, partitions int) bool {
	zones := x.zones
	if !x.lossy {
		zones = 1
	}
	c := placed(zones, b, partitions, x.rf)
	all := func(lost func(int) bool, more, target float64) bool {
		for _, l := range c.without(lost) {
			if !x.fits(l, more, target) {
				return false
			}
		}
		return true
	}
	ok := all(func(int) bool { return false }, 1, 0.60)
	if strings.Contains(x.survive, "node") {
		for n := range min(b, 2*zones) { // the others are as these
			ok = ok && all(func(k int) bool { return k == n }, 1.2, 0.85)
		}
	}
	if strings.Contains(x.survive, "zone") {
		for z := range zones {
			ok = ok && all(func(k int) bool { return k%zones == z }, 1.2, 0.85)
		}
	}
	return ok
}

// enough tells by shares whether b brokers do: one leads at least four partitions, or
// six in four zones, and what a lost one or a lost zone led goes to brokers of the
// other zones. Of what it led before it still feeds all followers that may be left.
func (x *logCase) enough(b int) bool {
	if b < x.rf || b < 1 {
		return false
	}
	rf, n, z := float64(x.rf), float64(b), float64(x.zones)
	share := func(heirs, live, more, target float64) bool {
		sends := 1/n*(live-1) + heirs*(math.Min(live, rf-1)-1)
		return x.fits(brokerLoad{holds: rf / n, leads: 1/n + heirs, sends: math.Max(0, sends)}, more, target)
	}
	ok := share(0, rf, 1, 0.60)
	if strings.Contains(x.survive, "node") {
		led, live := 4.0, rf
		if x.zones == 4 {
			led = 6
		}
		if b == x.rf {
			live--
		}
		ok = ok && share(math.Ceil(led/(n-n/z))/led/n, live, 1.2, 0.85)
	}
	if strings.Contains(x.survive, "zone") {
		ok = ok && share(1/(z-1)/n, math.Min(rf, (z-1)*math.Ceil(rf/z)), 1.2, 0.85)
	}
	return ok
}
