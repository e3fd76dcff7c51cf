package plan

import (
	"math"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

// brokers are the cluster of a log in a region, counted a second time: MODEL section
// 5, log, in the lead month.
type brokers struct {
	a      *auditor
	x      *pool
	spec   *sizing.Log
	name   string
	rf     int
	groups float64
}

// leadsAtLeast is how many partitions of a topic each broker leads, so that four others
// take its place, or with four zones six: as many from each of the other three.
func (b *brokers) leadsAtLeast() float64 {
	switch {
	case b.rf == 1:
		return 1
	case b.x.zones == 4:
		return 6
	}
	return 4
}

// duty is what the busiest broker has, in parts of the stream: what it holds, leads and
// sends to followers.
type duty struct{ holds, leads, copies float64 }

// duty is that of each of those left in a state. Zones are even, so that of n brokers
// one or a Z-th is lost. The others hold what they held. What the lost ones led goes to
// brokers of other zones; of what a broker led before it still has all followers, unless
// every partition has lost one.
func (b *brokers) duty(left int, state string) duty {
	m, rf, z := float64(left), float64(b.rf), float64(b.x.zones)
	if b.rf == 1 {
		return duty{holds: 1 / m, leads: 1 / m}
	}
	n, heirs, live := m, 0.0, rf
	switch state {
	case nodeLoss:
		n = m + 1
		g, others := b.leadsAtLeast(), n-n/z
		if z == 1 {
			others = m
		}
		heirs = math.Ceil(g/others) / g / n
		if n == rf {
			live--
		}
	case zoneLoss:
		n = m * z / (z - 1)
		heirs = 1/m - 1/n
		live = math.Min(rf, (z-1)*math.Ceil(rf/z))
	}
	copies := 1/n*(live-1) + heirs*(math.Min(live, rf-1)-1)
	return duty{holds: rf / n, leads: 1/n + heirs, copies: copies}
}

// stream is what arrives in a region in the lead month, a fifth more where followers
// and consumers catch up with what was lost.
func (b *brokers) stream(l map[string][]calls, state string) float64 {
	k := b.a.lead()
	if state == nodeLoss || state == zoneLoss {
		k *= 1 + float64(b.spec.CatchUp.V)
	}
	return l[b.name][b.x.region].in * k
}

// work is CPU for bytes that are taken, copied or given away: four vCPUs of the
// reference took 1035.68 MiB/s with a spread of 165.5017, and a batch is 16 KiB or a
// message.
func (b *brokers) work(l map[string][]calls, bytes float64) float64 {
	c := l[b.name][b.x.region]
	batch := 16384.0
	if n := c.reads + c.writes; n > 0 {
		batch = math.Max(batch, c.in/n)
	}
	return bytes * (4/((1035.68-165.5017)*(1<<20)) + float64(b.spec.CPUBatch.V)/batch)
}

// late is what workers bring while they catch up: each reads o/h of the stream again;
// producers send as before, unless they are workers, whose messages are copied and
// read by all groups.
func (b *brokers) late(l map[string][]calls) (sent, again float64) {
	k := b.a.lead()
	for _, e := range b.x.c.Component.Calls {
		reader, _ := b.a.p.Component(e.Key)
		again += l[b.name][b.x.region].in * k * lateness(reader)
	}
	return b.a.backlog(b.name, l, b.x.region).in * k, again
}

// log are the brokers of a pool. What the busiest has is asked of as many as it, as
// all have about as much.
func (a *auditor) log(x *pool, spec *sizing.Log) {
	b := &brokers{a: a, x: x, spec: spec, name: x.c.Component.Name, rf: 1, groups: float64(len(x.c.Component.Calls))}
	x.step = 1
	if a.lossy(x.c.Component) {
		b.rf, x.step = 3, x.zones
	}
	least := max(b.rf, a.spares(x))
	x.least["replicas, structure"] = (least + x.step - 1) / x.step * x.step
	rf := float64(b.rf)

	speed := a.vcpus(x.node, catalog.ClassKafka, spec.Reference.V)
	x.asks = append(x.asks, ask{resource: "cpu", carries: busy(x.node, speed, 0.005), own: 0.60, loss: 0.60,
		need: func(l map[string][]calls, left int, state string) float64 {
			d := b.duty(left, state)
			return b.work(l, b.stream(l, state)*(d.holds+b.groups*d.leads)) * float64(left)
		}, late: func(l map[string][]calls) float64 {
			sent, again := b.late(l)
			return b.work(l, sent*(rf+b.groups)+again)
		}})
	received := func(l map[string][]calls, left int, state string) float64 {
		return b.stream(l, state) * b.duty(left, state).holds * float64(left)
	}
	x.network(ownTarget, lossTarget, func(l map[string][]calls, left int, state string) (in, out float64) {
		d := b.duty(left, state)
		return received(l, left, state), b.stream(l, state) * (b.groups*d.leads + d.copies) * float64(left)
	})
	x.lateNetwork(func(l map[string][]calls) (in, out float64) {
		sent, again := b.late(l)
		return sent * rf, sent*(b.groups+rf-1) + again
	})
	inLosses := func(state string) bool { return state == nodeLoss || state == zoneLoss } // they hold what they held
	x.asks = append(x.asks, ask{resource: "memory", have: free(x.node) - float64(spec.Memory.V), own: 1, loss: 1,
		need: func(l map[string][]calls, _ int, _ string) float64 {
			return l[b.name][x.region].in * a.lead() * float64(spec.HotWindow.V) * rf
		}, never: inLosses})
	for resource, have := range a.appendRates(x) {
		x.asks = append(x.asks, ask{resource: resource, have: have, own: ownTarget, loss: lossTarget, need: received,
			late: func(l map[string][]calls) float64 {
				sent, _ := b.late(l)
				return sent * rf
			}})
	}
	a.logDisk(x, spec, b.rf)
	b.partitions()
}

// logDisk: what is kept fits on the disks.
func (a *auditor) logDisk(x *pool, spec *sizing.Log, rf int) {
	name := x.c.Component.Name
	// Seven days are one week, whenever they begin. They are kept whatever is
	// lost: a lost broker comes back with its disks.
	require.InDelta(a.t, 7*24*3600, float64(spec.Retention.V), 1e-6)
	kept := a.weekly(func(l map[string][]calls) float64 { return l[name][x.region].in }) * a.lead() * float64(rf)
	room := float64(a.limits.Kafka.MaxStoragePerBroker)
	bought := a.disk(x)
	if x.c.Layout.Storage.Volume == sizing.VolumeLocal {
		room = math.Min(room, float64(x.node.Local.Bytes))
	} else {
		require.LessOrEqual(a.t, kept, bought*diskTarget*(1+1e-6), "%s: volumes for what is kept", a.name)
	}
	x.asks = append(x.asks, ask{resource: "disk bytes", have: room, own: diskTarget, loss: diskTarget,
		need:  func(map[string][]calls, int, string) float64 { return kept },
		never: func(state string) bool { return state == nodeLoss || state == zoneLoss }})
}

// partitions: those of the one topic at the end of the horizon fit on the brokers,
// and the plan says as many as are needed.
func (b *brokers) partitions() {
	a, x := b.a, b.x
	// At least so many partitions as consumers want.
	need := float64(b.spec.Consumers.V)
	for _, topic := range b.spec.Topics {
		if topic.V.Consumers != nil {
			need = float64(topic.V.Consumers.V)
		}
	}
	for _, week := range b.weeks() {
		for _, l := range week {
			rate := l[b.name][x.region].in * a.growth
			need = math.Max(need, math.Ceil(math.Max(rate/10e6, rate/20e6)*(1-1e-9)))
			for _, e := range x.c.Component.Calls {
				reader, _ := a.p.Component(e.Key)
				w, ok := reader.Spec.(*sizing.Worker)
				if !ok {
					continue
				}
				// Threads that catch up with the users who are there anyway.
				c, late := l[e.Key][x.region], 0.0
				if &week[0] == &a.load.normal[0] {
					late = lateness(reader)
				}
				threads := (c.reads + c.writes) * float64(w.CPU.V+w.Wait.V) * (1 + late) * a.growth
				need = math.Max(need, math.Ceil(threads*(1-1e-9)))
			}
		}
	}
	limit := 1000.0 // MODEL section 5: 1,000 partition replicas up to 4 vCPU, 2,000 at 8, 4,000 from 16
	switch {
	case x.node.VCPU >= 16:
		limit = 4000
	case x.node.VCPU >= 8:
		limit = 2000
	}
	n := x.step
	for {
		even := float64(n) * b.leadsAtLeast()
		if math.Ceil(need/even)*even*float64(b.rf)/float64(n) <= limit {
			break
		}
		n += x.step
	}
	x.least["partition replicas, structure"] = n
	require.GreaterOrEqual(a.t, float64(x.c.Layout.Brief.Int("partitions")), need, "%s: partitions of %s", a.name,
		inWords(x.c))
}

// weeks are those that a cluster must carry.
func (b *brokers) weeks() [][]map[string][]calls {
	weeks := [][]map[string][]calls{b.a.load.normal}
	if survives(b.x.c.Component, b.a.p, "region") {
		for i, week := range b.a.load.lost {
			if i != b.x.region {
				weeks = append(weeks, week)
			}
		}
	}
	return weeks
}
