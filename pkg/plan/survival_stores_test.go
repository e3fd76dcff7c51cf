package plan

import (
	"math"
	"strings"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// lossy tells whether a component must survive losses within a region.
func (a *auditor) lossy(c *workload.Component) bool {
	return survives(c, a.p, "node") || survives(c, a.p, "zone")
}

// weekly is the sum over the hours of a week of a rate, times the seconds of an
// hour.
func (a *auditor) weekly(rate func(l map[string][]calls) float64) float64 {
	t := 0.0
	for _, l := range a.load.normal {
		t += rate(l) * 3600
	}
	return t / float64(a.p.Peak.IntraHour.V)
}

// log are the brokers of MODEL section 5, at the horizon: with B' of B left and
// RF' = min(RF, B'), in T·RF'/B', out T(F+RF'−1)/B', a fifth more to catch up
// while a broker or a zone is lost.
func (a *auditor) log(x *pool, spec *sizing.Log) {
	name := x.c.Component.Name
	rf := 1
	if a.lossy(x.c.Component) {
		rf = 3
	}
	x.least["replicas, structure"] = max(rf, a.spares(x))
	groups := float64(len(x.c.Component.Calls))
	stream := func(l map[string][]calls, left int, state string) (bytes, messages, copies float64) {
		c := l[name][x.region]
		k := a.growth
		if state == nodeLoss || state == zoneLoss {
			k *= 1 + float64(spec.CatchUp.V)
		}
		return c.in * k, (c.reads + c.writes) * k, float64(min(rf, left))
	}
	speed := a.vcpus(x.node, catalog.ClassKafka, spec.Reference.V).RefVCPUs
	work := func(in, out, copied float64) float64 {
		return (in+out)/1e6*float64(spec.CPUPerMB.V) + copied*float64(spec.CPUMessage.V)
	}
	late := func(l map[string][]calls) (in, out, copied float64) { return a.lateLog(x, l, groups, float64(rf)) }
	x.asks = append(x.asks, ask{resource: "cpu", have: speed, own: 0.60, loss: 0.60,
		need: func(l map[string][]calls, left int, state string) float64 {
			bytes, messages, copies := stream(l, left, state)
			return work(bytes*copies, bytes*(groups+copies-1), messages*copies)
		}, late: func(l map[string][]calls) float64 { return work(late(l)) }})
	x.network(ownTarget, lossTarget, func(l map[string][]calls, left int, state string) (in, out float64) {
		bytes, _, copies := stream(l, left, state)
		return bytes * copies, bytes * (groups + copies - 1)
	})
	x.lateNetwork(func(l map[string][]calls) (in, out float64) {
		in, out, _ = late(l)
		return in, out
	})
	memory := float64(x.node.Memory)
	x.asks = append(x.asks, ask{resource: "memory", have: 1, own: 1, loss: 1,
		need: func(l map[string][]calls, left int, _ string) float64 {
			hot := l[name][x.region].in * a.growth * float64(spec.HotWindow.V) * float64(min(rf, left))
			return (hot + float64(left)*float64(spec.Memory.V)) / (memory * memoryTarget)
		}})
	// Writes to disk, by what one broker's instance and volumes take.
	written := func(l map[string][]calls, left int, state string) float64 {
		bytes, _, copies := stream(l, left, state)
		return bytes * copies
	}
	for resource, have := range a.appendRates(x) {
		x.asks = append(x.asks, ask{resource: resource, have: have, own: ownTarget, loss: lossTarget, need: written,
			late: func(l map[string][]calls) float64 {
				in, _, _ := late(l)
				return in
			}})
	}
	a.logDisk(x, spec, rf)
	a.partitions(x, spec, rf)
}

// logDisk: what is kept fits on the disks.
func (a *auditor) logDisk(x *pool, spec *sizing.Log, rf int) {
	name := x.c.Component.Name
	// Seven days are one week, whenever they begin. They are kept whatever is
	// lost: a lost broker comes back with its disks.
	require.InDelta(a.t, 7*24*3600, float64(spec.Retention.V), 1e-6)
	kept := a.weekly(func(l map[string][]calls) float64 { return l[name][x.region].in }) * a.growth * float64(rf)
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

// partitions: the partitions that are needed fit on the brokers.
func (a *auditor) partitions(x *pool, spec *sizing.Log, rf int) {
	name := x.c.Component.Name
	// One topic of at least so many partitions as consumers want.
	consumers := float64(spec.Consumers.V)
	for _, topic := range spec.Topics {
		if topic.V.Consumers != nil {
			consumers = float64(topic.V.Consumers.V)
		}
	}
	top := 0.0
	for h := range workload.Hours {
		top = math.Max(top, a.load.normal[h][name][x.region].in*a.growth)
	}
	partitions := math.Max(consumers, math.Max(math.Ceil(top/10e6*(1-1e-9)), math.Ceil(top/20e6*(1-1e-9))))
	limit := 1000.0 // MODEL section 5: 1,000 partition replicas up to 4 vCPU, 2,000 at 8, 4,000 from 16
	switch {
	case x.node.VCPU >= 16:
		limit = 4000
	case x.node.VCPU >= 8:
		limit = 2000
	}
	x.least["partition replicas, structure"] = int(math.Ceil(partitions * float64(rf) / limit))
}

// appendRates are the bounds on bytes that one node writes to the end of files,
// bytes/s: of the instance's EBS bandwidth and operations (256 KiB each on SSD,
// 1 MiB on HDD, EBS User Guide) and of as many volumes as it takes, or of its
// own disks.
func (a *auditor) appendRates(x *pool) map[string]float64 {
	n := x.node
	volume := x.c.Layout.Storage.Volume
	if volume == sizing.VolumeLocal {
		_, write := n.LocalIOPS()
		perOp := 4096.0
		if n.Local.Kind == "hdd" {
			perOp = 150e6 / 100 // MODEL section 2
		}
		return map[string]float64{"disk iops": write.V * perOp}
	}
	v, ok := a.limits.Volume(volume)
	require.True(a.t, ok, volume)
	perOp := 256.0 * 1024
	if v.HDD {
		perOp = 1024 * 1024
	}
	iops := n.EBS.BaselineIOPS
	if !iops.OK {
		iops = n.EBS.AssumedIOPS
	}
	const volumes = 24
	return map[string]float64{"EBS bandwidth": n.EBS.BaselineThroughput.V, "EBS iops": iops.V * perOp,
		"disk throughput": float64(v.MaxThroughput) * volumes, "disk iops": float64(v.MaxIOPS) * volumes * perOp}
}

// disk is the bytes of volumes bought for a component in a region.
func (*auditor) disk(x *pool) float64 {
	t := 0.0
	for _, u := range x.c.Layout.Usage {
		if u.Region == x.region && u.Service == "ebs" && strings.HasSuffix(u.Item, " storage") {
			t += u.Quantity * (1 << 30)
		}
	}
	return t
}

// data is the logical bytes that users' writes add in a month of the present.
func (a *auditor) data() float64 {
	perWeek := 0.0
	for h := range workload.Hours {
		for _, u := range a.count.users(h, none) {
			rate := float64(a.p.Peak.RequestsPerUser.V) * float64(a.p.Peak.WriteRatio.V)
			if a.p.Peak.WritesPerUser != nil {
				rate = float64(a.p.Peak.WritesPerUser.V)
			}
			perWeek += u * rate * float64(a.p.Peak.StoredPerWrite.V) * 3600
		}
	}
	return perWeek / workload.Hours * float64(a.p.HoursPerMonth.V)
}

// horizon is what is stored at the end of the horizon: nothing is deleted here.
func (a *auditor) horizon() float64 {
	t := float64(a.p.Data.Dataset.V)
	for m := range int(a.p.Horizon.V) {
		t += a.data() * math.Pow(1+float64(a.p.Growth.Monthly.V), float64(m))
	}
	return t
}
