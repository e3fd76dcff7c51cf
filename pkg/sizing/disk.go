package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// VolumeLocal is the Storage.Volume of instance store.
const VolumeLocal = "local"

// diskLoad is what the disks of one node do in a second.
type diskLoad struct {
	Reads   float64 // random reads/s
	Writes  float64 // random writes/s, each done as often as the RAID level asks
	Appends float64 // synced writes/s to the end of a journal, once each whatever the RAID level
	In, Out float64 // sequential bytes/s written and read; beside Writes or Appends, In are those of the journal
}

// diskNeed is what the disks of one node must carry.
type diskNeed struct {
	Bytes         unit.ReplicatedBytes // stored on the node, before the policy's disk target
	Block         float64              // bytes of a random operation or append
	Own, Degraded diskLoad             // normal state; with a node, zone or region lost
	Late          diskLoad             // while workers catch up, when disks may be busy all of the time
}

// disks are the disks of one node.
type disks struct {
	Storage Storage
	Count   int            // volumes or local disks
	Volume  catalog.Volume // each of them; zero for local disks
	Bytes   float64        // usable, RAID taken off
}

// maxVolumes bounds the data volumes of a node: most Nitro types take 28
// attachments, network interfaces, NVMe instance store and the boot volume
// among them (EC2 User Guide, "Amazon EBS volume limits for Amazon EC2
// instances"); four are left for these, judged. Types with a limit for volumes
// alone, most of them of generation 7 and later, take 32 or more.
const maxVolumes = 24

const (
	// ssdIO and hddIO are the largest sequential operations that EBS counts as
	// one on SSD and on HDD volumes (EBS User Guide, "Amazon EBS I/O
	// characteristics and monitoring").
	ssdIO = 256 << 10
	hddIO = 1 << 20
	// localIO is the size of the operations of which the tables give a local
	// SSD's number (EC2 Instance Types guide, "Instance store specifications";
	// the EC2 User Guide before). What it moves in larger pieces is in no table:
	// at least as many bytes as in such operations.
	localIO = 4096
	// localHDDIO is what a local hard disk moves in the time of one random
	// operation (MODEL section 2).
	localHDDIO = catalog.HDDSequential / catalog.HDDRandomIOPS
)

// penalty is how many operations of the disks one random write takes.
func (s Storage) penalty() float64 {
	switch s.RAID {
	case 10:
		return 2
	case 5:
		return 4
	case 6:
		return 6
	}
	return 1
}

// leastDisks is the least number of disks that the RAID level needs.
func (s Storage) leastDisks() int {
	switch s.RAID {
	case 10, 6:
		return 4
	case 5:
		return 3
	}
	return 1
}

// step is by how many disks an array grows: mirrors come in pairs.
func (s Storage) step() int {
	if s.RAID == 10 {
		return 2
	}
	return 1
}

// usable is the fraction of n disks' bytes that is left for data (MODEL
// section 5). It is also the part of sequential writes that is data: whole
// stripes need no reading first.
func (s Storage) usable(n int) float64 {
	switch s.RAID {
	case 10:
		return 0.5
	case 5:
		return float64(n-1) / float64(n)
	case 6:
		return float64(n-2) / float64(n)
	}
	return 1
}

// operations are the operations per second of n disks, where sequential bytes
// go perOp at a time: λw·(3·penalty + 1) where a journal is written (MODEL
// section 5).
func (l *diskLoad) operations(s Storage, n int, perOp float64) float64 {
	random := l.Reads + float64(l.Writes*s.penalty())
	if l.journals() {
		// An append is one operation, or as many as its bytes are pieces.
		return random + math.Max(l.Appends, l.In/s.usable(n)/perOp) + l.Out/perOp
	}
	return random + (l.Out+l.In/s.usable(n))/perOp
}

// bytes are the bytes per second of n disks; those of a journal's appends are
// In.
func (l *diskLoad) bytes(s Storage, n int, block float64) float64 {
	return float64((l.Reads+float64(l.Writes*s.penalty()))*block) + l.Out + l.In/s.usable(n)
}

// scale multiplies the load.
func (l diskLoad) scale(k float64) diskLoad {
	return diskLoad{float64(l.Reads * k), float64(l.Writes * k), float64(l.Appends * k),
		float64(l.In * k), float64(l.Out * k)}
}

// diskWork is what the disks of one node do of something in a second: in the
// normal state, and with a node, zone or region lost.
type diskWork struct{ own, degraded float64 }

// full is what disks must be able to do so that neither state takes more of
// it than the policy allows.
func (p *Rules) full(w diskWork) float64 {
	return math.Max(w.own/p.Own, w.degraded/p.Degraded)
}

// diskCheck is what the disks of one node, or the instance that exchanges bytes with
// them, do and can do of something.
type diskCheck struct {
	of capacity.Resource
	diskWork
	have catalog.Known
}

// short tells whether a need is more than what is there, or than what is known.
func (x *diskCheck) short(need float64) bool {
	return need > 0 && !(x.have.OK && need <= x.have.V)
}

// reject is the rejection of a type whose disks fall short of a need.
func (x *diskCheck) reject(need float64) *Rejection {
	return &Rejection{Resource: x.of.Name, Need: need, Have: x.have.V, Unit: x.of.Unit, Why: known(x.have)}
}

// known says whether a figure that does not do is too little or not known.
func known(k catalog.Known) remark.Remark {
	if k.OK {
		return remark.New("disks.as_allowed")
	}
	return remark.New("disks.not_known")
}

// disks finds the disks of one node of type t that carry the need: as few
// volumes as possible. It is fast where the need fits and where it does not.
func (c *Task) disks(t *catalog.NodeType, s Storage, n *diskNeed) (disks, *Rejection) {
	if n.Late != (diskLoad{}) {
		return c.disksLate(t, s, n)
	}
	if s.Volume == VolumeLocal {
		return c.localDisks(t, s, n)
	}
	return c.ebs(t, s, n)
}

// ebsLoad is what n volumes together do, and so the instance: operations/s and
// bytes/s.
func ebsLoad(s Storage, v *catalog.VolumeLimits, l *diskLoad, block float64, count int) (iops, throughput float64) {
	perOp := float64(ssdIO)
	if v.HDD {
		// A random operation, however small, uses up the throughput of a whole
		// one.
		perOp, block = hddIO, hddIO
	}
	iops, throughput = l.operations(s, count, perOp), l.bytes(s, count, block)
	if v.HDD {
		throughput += float64(l.Appends * hddIO) // each synced, so none is merged with the next
	}
	return iops, throughput
}

// ebsWork is what n volumes together do in both states: operations and bytes.
func ebsWork(s Storage, v *catalog.VolumeLimits, n *diskNeed, count int) (operations, bytes diskWork) {
	operations.own, bytes.own = ebsLoad(s, v, &n.Own, n.Block, count)
	operations.degraded, bytes.degraded = ebsLoad(s, v, &n.Degraded, n.Block, count)
	return operations, bytes
}

// volumes is what all volumes of a node must have together.
type volumes struct {
	count                   int
	bytes, iops, throughput float64
}

func (c *Task) ebs(t *catalog.NodeType, s Storage, n *diskNeed) (disks, *Rejection) {
	v, ok := c.Limits.Volume(s.Volume)
	if !ok {
		return disks{}, &Rejection{Resource: "storage", Why: remark.New("disks.no_such_type")}
	}
	if t.Own {
		return disks{}, &Rejection{Resource: "storage", Why: remark.New("disks.own")}
	}
	for count := s.leastDisks(); ; count += s.step() {
		operations, bytes := ebsWork(s, v, n, count)
		if rej := c.instance(t, operations, bytes); rej != nil {
			return disks{}, rej
		}
		all := volumes{count, float64(n.Bytes) / c.Policy.Disk, c.Policy.full(operations), c.Policy.full(bytes)}
		if all.fit(s, v) {
			return all.provision(s, v)
		}
		if count+s.step() > maxVolumes {
			return disks{}, all.tooFew(s, v)
		}
	}
}

// size is the bytes of one volume.
func (a *volumes) size(s Storage) float64 { return a.bytes / s.usable(a.count) / float64(a.count) }

// fit tells whether one volume can be as large and fast.
func (a *volumes) fit(s Storage, v *catalog.VolumeLimits) bool {
	k := float64(a.count)
	return a.size(s) <= float64(v.MaxSize) && a.iops/k <= float64(v.MaxIOPS) &&
		a.throughput/k <= float64(v.MaxThroughput)
}

// provision rounds one volume up to what is billed: whole GiB, operations and
// MiB/s.
func (a *volumes) provision(s Storage, v *catalog.VolumeLimits) (disks, *Rejection) {
	const gib, mib = 1 << 30, 1 << 20
	k := float64(a.count)
	iops := roundUp(a.iops/k, 1, float64(v.MaxIOPS))
	throughput := roundUp(a.throughput/k, mib, float64(v.MaxThroughput))
	vol, err := v.Provision(unit.Bytes(a.size(s)), unit.Count(iops), unit.ByteRate(throughput))
	if err != nil {
		return disks{}, &Rejection{Resource: "volume", Why: remark.Verbatim(err.Error())}
	}
	vol.Size = unit.Bytes(roundUp(float64(vol.Size), gib, float64(v.MaxSize)))
	vol.ProvisionedIOPS = unit.Count(roundUp(float64(vol.ProvisionedIOPS), 1, float64(v.MaxIOPS)))
	vol.IOPS, vol.Throughput = v.Sustained(vol)
	return disks{Storage: s, Count: a.count, Volume: vol, Bytes: float64(vol.Size) * k * s.usable(a.count)}, nil
}

// roundUp is the least multiple of step that is not below x, but at most top.
func roundUp(x, step, top float64) float64 {
	return math.Min(top, math.Ceil(x/step*(1-1e-9))*step)
}

// tooFew says what as many volumes as an instance takes do not have.
func (a *volumes) tooFew(s Storage, v *catalog.VolumeLimits) *Rejection {
	r := &Rejection{Why: remark.New("disks.most_volumes")}
	k := float64(a.count)
	set := func(of capacity.Resource, need, have float64) {
		r.Resource, r.Need, r.Have, r.Unit = of.Name, need, have, of.Unit
	}
	switch room := float64(v.MaxSize) * k * s.usable(a.count); {
	case a.bytes > room:
		set(capacity.DiskBytes, a.bytes, room)
	case a.iops > float64(v.MaxIOPS)*k:
		set(capacity.DiskIOPS, a.iops, float64(v.MaxIOPS)*k)
	default:
		set(capacity.DiskThroughput, a.throughput, float64(v.MaxThroughput)*k)
	}
	return r
}

// instanceChecks are what an instance exchanges with all its volumes, at its
// baseline: burst credits run out.
func instanceChecks(t *catalog.NodeType, operations, bytes diskWork) [2]diskCheck {
	return [2]diskCheck{{capacity.EBSIOPS, operations, ebsIOPS(t)},
		{capacity.EBSBandwidth, bytes, t.EBS.BaselineThroughput}}
}

// instance rejects more than that. Of two that are too little it names the worse.
func (c *Task) instance(t *catalog.NodeType, operations, bytes diskWork) *Rejection {
	checks := instanceChecks(t, operations, bytes)
	few, slow := &checks[0], &checks[1]
	iops, throughput := c.Policy.full(operations), c.Policy.full(bytes)
	switch isSlow := slow.short(throughput); {
	case few.short(iops) && (!isSlow || float64(iops*slow.have.V) > float64(throughput*few.have.V)):
		return few.reject(iops)
	case isSlow:
		return slow.reject(throughput)
	}
	return nil
}

func ebsIOPS(t *catalog.NodeType) catalog.Known {
	if t.EBS.BaselineIOPS.OK {
		return t.EBS.BaselineIOPS
	}
	return t.EBS.AssumedIOPS
}

// localPiece is the size in which sequential bytes count as operations of local
// disks.
func localPiece(t *catalog.NodeType) float64 {
	if t.Local.Kind == "hdd" {
		return localHDDIO
	}
	return localIO
}

// localWrites are the write operations per second of local disks. A journal's
// are its appends, once each whatever the RAID level, and not its bytes as well
// (docs/model.md section 5: λw·(3·penalty + 1)); on a hard disk one that takes
// longer than an operation counts as that many. No table has the largest
// operation of a solid-state disk, so there it stays one, and localJournal
// holds the bytes against what is known. Bytes that nobody appends one by one,
// such as the segments of a log or an index, have no other number than that of
// the operations they take.
func localWrites(t *catalog.NodeType, s Storage, l *diskLoad, count int) float64 {
	sequential := l.In / s.usable(count) / localPiece(t)
	switch {
	case l.journals() && t.Local.Kind == "hdd":
		sequential = math.Max(l.Appends, sequential)
	case l.journals():
		sequential = l.Appends
	}
	return float64(l.Writes*s.penalty()) + sequential
}

// journals tells whether In are a journal's bytes, the operations of which are
// counted.
func (l *diskLoad) journals() bool { return l.Writes > 0 || l.Appends > 0 }

// localLoad is what local disks must do and can do, as random reads per
// second: one write takes the time of read/write reads.
func localLoad(t *catalog.NodeType, s Storage, l *diskLoad, count int) (need float64, have catalog.Known) {
	read, write := t.LocalIOPS()
	reads, writes := l.Reads+l.Out/localPiece(t), localWrites(t, s, l, count)
	if !read.OK || !write.OK || read.V <= 0 || write.V <= 0 {
		return reads + writes, catalog.Known{}
	}
	return reads + float64(writes*(read.V/write.V)), read
}

// localJournal is the bytes per second of a journal whose appends localLoad
// counts, mirrors and parity included, and what local disks write in sequence.
// No table has that of solid-state disks: it is at least what they write in
// operations of localIO.
func localJournal(t *catalog.NodeType, s Storage, l *diskLoad, count int) (need float64, have catalog.Known) {
	if l.journals() {
		need = l.In / s.usable(count)
	}
	if have = t.LocalSequential(); have.OK {
		return need, have
	}
	_, write := t.LocalIOPS()
	return need, catalog.Known{V: float64(write.V * localIO), OK: write.OK}
}

// localChecks are what local disks do and can do: operations as random reads, and the
// bytes of a journal.
func localChecks(t *catalog.NodeType, s Storage, n *diskNeed, count int) (operations, journal diskCheck) {
	operations.of, journal.of = capacity.DiskIOPS, capacity.DiskThroughput
	operations.own, operations.have = localLoad(t, s, &n.Own, count)
	operations.degraded, _ = localLoad(t, s, &n.Degraded, count)
	journal.own, journal.have = localJournal(t, s, &n.Own, count)
	journal.degraded, _ = localJournal(t, s, &n.Degraded, count)
	return operations, journal
}

func (c *Task) localDisks(t *catalog.NodeType, s Storage, n *diskNeed) (disks, *Rejection) {
	count := int(t.Local.Disks.V)
	if s.RAID == 10 {
		count -= count % 2
	}
	if least := s.leastDisks(); !t.Local.Disks.OK || count < least {
		return disks{}, &Rejection{Resource: "local disks", Need: float64(least), Have: float64(count)}
	}
	room := float64(t.Local.Bytes) / t.Local.Disks.V * float64(count) * s.usable(count)
	if bytes := float64(n.Bytes) / c.Policy.Disk; bytes > room {
		return disks{}, &Rejection{Resource: capacity.DiskBytes.Name, Need: bytes, Have: room,
			Unit: capacity.DiskBytes.Unit}
	}
	operations, journal := localChecks(t, s, n, count)
	for _, x := range [...]*diskCheck{&operations, &journal} {
		if need := c.Policy.full(x.diskWork); x.short(need) {
			return disks{}, x.reject(need)
		}
	}
	return disks{Storage: s, Count: count, Bytes: room}, nil
}
