package sizing

import (
	"math"

	"headroom/pkg/catalog"
)

// resources are what the brokers of a region need and what one has.
func (s *logSizer) resources(out []logResource, t *catalog.NodeType, st Storage, r *logRegion, speed catalog.Speed) ([]logResource, *Rejection) {
	p := &s.c.Policy
	readers := s.groups - 1 // the leader's copy is written to it; the other copies are read from it
	reread := r.own.bytes * s.reread

	perByte := float64(s.spec.CPUPerMB.V) / 1e6
	cpu := func(x logRate) logNeed {
		return logNeed{copies: float64(2*x.bytes*perByte) + float64(x.messages*float64(s.spec.CPUMessage.V)), once: readers * x.bytes * perByte}
	}
	out = append(out, logResource{name: "cpu", unit: "vCPU", own: cpu(r.own), lost: cpu(r.lost), late: cpu(r.late).plus(logNeed{once: reread * perByte}), have: speed.RefVCPUs,
		atOwn: speed.RefVCPUs * math.Min(p.Own, s.maxCPU), atLoss: speed.RefVCPUs * math.Min(p.Degraded, s.maxCPU), catchUp: true})

	free := float64(t.Memory)*p.Memory - float64(s.spec.Memory.V)
	if free <= 0 {
		return nil, &Rejection{Resource: "memory", Need: float64(s.spec.Memory.V), Have: float64(t.Memory) * p.Memory, Unit: "B", Detail: "without any page cache"}
	}
	hot := float64(s.spec.HotWindow.V)
	out = append(out, logResource{name: "memory", unit: "B", own: logNeed{copies: r.own.bytes * hot}, lost: logNeed{copies: r.lost.bytes * hot},
		have: float64(t.Memory) - float64(s.spec.Memory.V), atOwn: free, atLoss: free, why: "page cache for the hot window, beside the broker itself"})

	traffic := func(name string, have float64, own, lost, late logNeed, why string) logResource {
		return logResource{name: name, unit: "B/s", own: own, lost: lost, late: late, have: have, atOwn: have * p.Own, atLoss: have * p.Degraded, catchUp: true, why: why}
	}
	in := func(x logRate) logNeed { return logNeed{copies: x.bytes} }
	send := func(x logRate) logNeed { return logNeed{copies: x.bytes, once: readers * x.bytes} }
	if s.c.NetworkKnown {
		have, why := float64(t.NetworkBaseline), ""
		if t.NetworkAssumed {
			why = "baseline not in the tables; 0.1 Gbit/s a vCPU assumed"
		}
		out = append(out, traffic("network in", have, in(r.own), in(r.lost), in(r.late), why),
			traffic("network out", have, send(r.own), send(r.lost), send(r.late).plus(logNeed{once: reread}), why))
	}
	disk, rej := s.diskLimits(t, st)
	if rej != nil {
		return nil, rej
	}
	if s.writes {
		for _, x := range disk.rates[:disk.n] {
			q := traffic(x.name, x.have, in(r.own), in(r.lost), in(r.late), x.why)
			q.unit, q.per = x.unit, x.per
			out = append(out, q)
		}
	}
	kept := logNeed{copies: float64(r.kept)}
	why := "retention × mean of the worst such time × copies"
	if st.Volume != VolumeLocal {
		why += "; volumes are bought to fit, this is the most that a broker takes"
	}
	return append(out, logResource{name: "disk bytes", unit: "B", own: kept, lost: kept, have: disk.room, atOwn: disk.room * p.Disk, atLoss: disk.room * p.Disk, normal: true, why: why}), nil
}

// logDisk is what the disks of one broker can do at most.
type logDisk struct {
	room  float64 // bytes
	rates [4]logBound
	n     int
}

// logBound is one bound on the bytes that a broker writes per second.
type logBound struct {
	name, unit string
	have       float64 // bytes/s
	per        float64 // bytes of one of the unit
	why        string
}

func (d *logDisk) add(name, unit string, have, per float64, why string) {
	d.rates[d.n] = logBound{name, unit, have, per, why}
	d.n++
}

// diskLimits are the bounds of a broker's disks. A log is written at the end
// of its segments: bytes count, not random operations.
func (s *logSizer) diskLimits(t *catalog.NodeType, st Storage) (logDisk, *Rejection) {
	d := logDisk{room: s.maxDisk}
	if st.Volume == VolumeLocal {
		if !t.Local.Disks.OK || t.Local.Disks.V < 1 {
			return d, &Rejection{Resource: "local disks", Need: 1}
		}
		perOp := float64(localIO)
		if t.Local.Kind == "hdd" {
			perOp = localHDDIO
		}
		_, write := t.LocalIOPS()
		if s.writes && !write.OK {
			return d, &Rejection{Resource: "disk iops", Unit: "/s", Detail: unknown(write)}
		}
		d.room = math.Min(d.room, float64(t.Local.Bytes))
		d.add("disk iops", "/s", write.V*perOp, perOp, "")
		return d, nil
	}
	v, ok := s.c.Limits.Volume(st.Volume)
	if !ok {
		return d, &Rejection{Resource: "storage", Detail: "no such volume type"}
	}
	perOp := float64(ssdIO)
	if v.HDD {
		perOp = hddIO
	}
	iops := ebsIOPS(t)
	if s.writes && !t.EBS.BaselineThroughput.OK {
		return d, &Rejection{Resource: "EBS bandwidth", Unit: "B/s", Detail: unknown(t.EBS.BaselineThroughput)}
	}
	if s.writes && !iops.OK {
		return d, &Rejection{Resource: "EBS iops", Unit: "/s", Detail: unknown(iops)}
	}
	d.room = math.Min(d.room, float64(v.MaxSize)*maxVolumes)
	d.add("EBS bandwidth", "B/s", t.EBS.BaselineThroughput.V, 1, "")
	d.add("EBS iops", "/s", iops.V*perOp, perOp, "")
	d.add("disk throughput", "B/s", float64(v.MaxThroughput)*maxVolumes, 1, "of as many volumes as an instance takes")
	d.add("disk iops", "/s", float64(v.MaxIOPS)*maxVolumes*perOp, perOp, "of as many volumes as an instance takes")
	return d, nil
}
