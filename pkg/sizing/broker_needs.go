package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
)

// This file turns what the busiest broker does in every state into needs.

// brokerWorks is what the brokers of a region do, state by state.
type brokerWorks struct {
	s     *brokers
	r     *brokerRegion
	in    [capacity.States]brokerWork
	lossy bool // whether more than one copy outlives the loss of brokers
}

// works is what b brokers of a region do.
func (s *brokers) works(r *brokerRegion, b int) *brokerWorks {
	role := capacity.Role{Zones: r.Zones}
	w := &brokerWorks{s: s, r: r, lossy: s.copies > 1}
	for state := range capacity.State(capacity.States) {
		w.in[state] = s.work(r, &role, state, b)
	}
	return w
}

// received is what producers and followers send to brokers, which write it to
// their disks.
func received(x *brokerWork) float64 { return x.in }

// fill writes what is done into a need of which Have and Target are there. One copy
// does not outlive its broker, and workers that catch up do not add to everything.
func (w *brokerWorks) fill(n *capacity.Need, of func(*brokerWork) float64) {
	own := of(&w.in[capacity.Own])
	for state := range capacity.State(capacity.States) {
		side, x := &n.In[state], of(&w.in[state])
		lost := state == capacity.NodeLost || state == capacity.ZoneLost
		if lost && !w.lossy || state == capacity.CatchUp && x == own {
			*side = capacity.Balance{}
			continue
		}
		side.Each, side.Checked = capacity.Claim{Held: x}, true
	}
}

// need is what brokers do of something of which each has so much.
func (w *brokerWorks) need(of capacity.Resource, have float64, what func(*brokerWork) float64) capacity.Need {
	n := w.s.c.offered(of, have)
	w.fill(&n, what)
	return n
}

// holds is what brokers keep of a stream for each copy that they hold, whatever is
// done with it. Those that are left of them keep what they kept, unless lost copies
// are made again.
func (w *brokerWorks) holds(of capacity.Resource, each func(*streamRate) float64, have, target float64) capacity.Need {
	n := capacity.Shared(of, capacity.Claim{}, have, target, target)
	for state := range capacity.State(capacity.States) {
		x := &w.r.own
		if state == capacity.RegionLost {
			x = &w.r.lost
		}
		side := &n.In[state]
		side.Each = capacity.Claim{Held: float64(each(x) * w.in[state].holds)}
		if state == capacity.NodeLost || state == capacity.ZoneLost {
			side.Checked = w.lossy && w.s.rebuild
		}
	}
	return n
}

// localNeeds append what bounds the disks that come with a broker. A log is
// written at the end of its segments: bytes count, not random operations.
func (w *brokerWorks) localNeeds(out []capacity.Need, t *catalog.NodeType) ([]capacity.Need, *Rejection) {
	if !t.Local.Disks.OK || t.Local.Disks.V < 1 {
		return nil, &Rejection{Resource: "local disks", Need: 1}
	}
	if w.s.total != (Linear{}) {
		_, write := t.LocalIOPS()
		if !write.OK {
			return nil, &Rejection{Resource: "disk iops", Unit: "/s", Why: known(write)}
		}
		out = append(out, w.operations(capacity.DiskIOPS, write.V, localPiece(t)))
	}
	bytes := w.keeps(float64(t.Local.Bytes))
	bytes.Why = remark.Remark{Key: "log.kept"}
	return append(out, bytes), nil
}

// keeps is what is kept on disks of which a broker has so much.
func (w *brokerWorks) keeps(have float64) capacity.Need {
	return w.holds(capacity.DiskBytes, func(*streamRate) float64 { return float64(w.r.kept) },
		math.Min(w.s.maxDisk, have), w.s.c.Policy.Disk)
}

// operations are those in which disks write what brokers receive.
func (w *brokerWorks) operations(of capacity.Resource, have, bytesOfOne float64) capacity.Need {
	return w.need(of, have, func(x *brokerWork) float64 { return x.in / bytesOfOne })
}

// volumeNeeds append what bounds as many volumes as an instance takes, and what it
// exchanges with them.
func (w *brokerWorks) volumeNeeds(out []capacity.Need, l *Layout) ([]capacity.Need, *Rejection) {
	v, ok := w.s.c.Limits.Volume(l.Storage.Volume)
	if !ok {
		return nil, &Rejection{Resource: "storage", Why: remark.New("disks.no_such_type")}
	}
	if w.s.total != (Linear{}) {
		bandwidth, iops := l.Type.EBS.BaselineThroughput, ebsIOPS(l.Type)
		if !bandwidth.OK {
			return nil, &Rejection{Resource: "EBS bandwidth", Unit: "B/s", Why: known(bandwidth)}
		}
		if !iops.OK {
			return nil, &Rejection{Resource: "EBS iops", Unit: "/s", Why: known(iops)}
		}
		piece := float64(ssdIO)
		if v.HDD {
			piece = hddIO
		}
		bytes := w.need(capacity.DiskThroughput, float64(v.MaxThroughput)*maxVolumes, received)
		ops := w.operations(capacity.DiskIOPS, float64(v.MaxIOPS)*maxVolumes, piece)
		bytes.Why = remark.Remark{Key: "log.volumes"}
		ops.Why = bytes.Why
		out = append(out, w.need(capacity.EBSBandwidth, bandwidth.V, received),
			w.operations(capacity.EBSIOPS, iops.V, piece), bytes, ops)
	}
	bytes := w.keeps(float64(v.MaxSize) * maxVolumes)
	bytes.Why = remark.Remark{Key: "log.kept_on_volumes"}
	return append(out, bytes), nil
}
