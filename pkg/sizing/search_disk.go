package sizing

import (
	"math"

	"headroom/pkg/capacity"
)

// This file is what an index does on disks.

// reads and written are what all disks of a region do in a second: random reads, and
// bytes of each copy.
func (s *searchSizer) reads(w *searchWork) Linear {
	return w.queries.Scale(float64(s.spec.ReadsPerQuery.V))
}

func (s *searchSizer) written(w *searchWork) Linear {
	return w.ingest.Scale(float64(s.spec.Expansion.V) * float64(s.spec.Amplification.V))
}

// diskWork appends what the disks do, as far as the node bounds it. What is not
// in the tables is left to disks, which then rejects the type.
func (s *searchSizer) diskWork(needs []capacity.Need, n *searchNode, x *arrangement) []capacity.Need {
	// of is a figure of what disks do that is linear in it.
	of := func(w *searchWork, figure func(diskLoad) float64) asked {
		read, written := figure(diskLoad{Reads: 1}), figure(diskLoad{In: 1})
		return asked{each: s.written(w).Scale(written), once: s.reads(w).Scale(read)}
	}
	add := func(of2 capacity.Resource, have float64, figure func(diskLoad) float64) *capacity.Need {
		need := x.placed(s.shared(of2, have), of(&s.now, figure), of(&s.late, figure))
		needs = append(needs, need)
		return &needs[len(needs)-1]
	}
	if n.st.Volume == VolumeLocal {
		_, have := localLoad(n.t, n.st, &diskLoad{}, n.st.leastDisks())
		if have.OK {
			add(capacity.DiskIOPS, have.V, func(l diskLoad) float64 {
				need, _ := localLoad(n.t, n.st, &l, n.st.leastDisks())
				return need
			})
		}
		return needs
	}
	v, ok := s.c.Limits.Volume(n.st.Volume)
	if !ok {
		return needs
	}
	if have := ebsIOPS(n.t); have.OK {
		add(capacity.EBSIOPS, math.Min(have.V, float64(v.MaxIOPS)*maxVolumes), func(l diskLoad) float64 {
			operations, _ := ebsLoad(n.st, v, &l, searchBlock, 1)
			return operations
		}).Why = n.t.EBSNote()
	}
	if have := n.t.EBS.BaselineThroughput; have.OK {
		add(capacity.EBSBandwidth, math.Min(have.V, float64(v.MaxThroughput)*maxVolumes), func(l diskLoad) float64 {
			_, bytes := ebsLoad(n.st, v, &l, searchBlock, 1)
			return bytes
		}).Why = n.t.EBSNote()
	}
	return needs
}

// disk is what the disks of the busiest node of a cluster must carry.
func (s *searchSizer) disk(r *searchRegion, role *capacity.Role, x *arrangement) diskNeed {
	asks := diskAsks{kept: s.onDisk(r, x, 1),
		reads: x.placed(s.shared(capacity.DiskIOPS, 1), asked{once: s.reads(&s.now)}, asked{once: s.reads(&s.late)}),
		written: x.placed(s.shared(capacity.DiskThroughput, 1), asked{each: s.written(&s.now)},
			asked{each: s.written(&s.late)})}
	out := asks.busiest(&s.c.Policy, role, x.nodes)
	out.Block = searchBlock
	return out
}
