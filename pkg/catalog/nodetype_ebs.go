package catalog

import "headroom/pkg/remark"

var ebsColumns = [...]string{
	"instance_type", "baseline_mb_s", "maximum_mb_s", "baseline_iops", "maximum_iops",
}

// addEBS gives every type its EBS limits: the row in ebsTable, else the rule
// of MODEL section 2. A row without a type (bare-metal types that are not in
// typesTable) is of no use and ignored.
func addEBS(read readTables, types []NodeType) error {
	r, at, err := openTable(read, ebsTable, ebsColumns[:])
	if err != nil {
		return err
	}
	rows := make(map[string]EBSLimits, r.t.len())
	leastRatio := Known{} // I/O operations per byte
	for r.next() {
		base, iops := r.number(at[1]), r.number(at[3])
		rows[r.text(at[0])] = EBSLimits{
			BaselineThroughput: Is(float64(base * 1e6)), MaximumThroughput: Is(float64(r.number(at[2]) * 1e6)),
			BaselineIOPS: Is(iops), MaximumIOPS: Is(r.number(at[4])),
		}
		if q := iops / (base * 1e6); !leastRatio.OK || q < leastRatio.V {
			leastRatio = Is(q)
		}
	}
	if err := r.ps.Err(); err != nil {
		return err
	}
	largest := familyMaxima(types)
	for i := range types {
		t := &types[i]
		if row, ok := rows[t.Name]; ok {
			t.EBS = row
			continue
		}
		t.EBS.byShare(t.VCPU, largest[t.Family])
		if !t.EBS.BaselineIOPS.OK && t.EBS.BaselineThroughput.OK && leastRatio.OK {
			t.EBS.AssumedIOPS = Is(float64(t.EBS.BaselineThroughput.V * leastRatio.V))
		}
	}
	return nil
}

// familyMax is the largest known maximum of a family and the vCPUs of its
// largest size.
type familyMax struct {
	throughput, iops Known
	vcpu             int
}

func familyMaxima(types []NodeType) map[string]familyMax {
	out := make(map[string]familyMax, 256)
	for i := range types {
		t, m := &types[i], out[types[i].Family]
		m.vcpu = max(m.vcpu, t.VCPU)
		m.throughput = greater(m.throughput, t.EBS.MaximumThroughput)
		m.iops = greater(m.iops, t.EBS.MaximumIOPS)
		out[t.Family] = m
	}
	return out
}

func greater(a, b Known) Known {
	if !a.OK || b.OK && b.V > a.V {
		return b
	}
	return a
}

// byShare is the rule for a type without a row: min(maximum, the family's
// largest maximum × vCPU share). The share is of the family's largest size, so
// the maximum that small sizes reach only in bursts is not taken for their
// baseline.
func (e *EBSLimits) byShare(vcpu int, m familyMax) {
	e.FamilyVCPU = m.vcpu
	share := float64(vcpu) / float64(m.vcpu)
	e.BaselineThroughput = shareOf(e.MaximumThroughput, m.throughput, share)
	e.BaselineIOPS = shareOf(e.MaximumIOPS, m.iops, share)
}

func shareOf(maximum, largest Known, share float64) Known {
	if !maximum.OK {
		return Known{}
	}
	return Is(min(maximum.V, largest.V*share))
}

// EBSNote says how the EBS baseline was found where no row has it; it is zero for
// a row of limits/instance_ebs.csv.
func (t *NodeType) EBSNote() remark.Remark {
	e := &t.EBS
	switch {
	case e.FamilyVCPU == 0:
		return remark.Remark{}
	case !e.BaselineThroughput.OK:
		return remark.New("ebs.unknown")
	}
	return remark.New("ebs.assumed", "vcpu", t.VCPU, "of", e.FamilyVCPU, "iops", e.AssumedIOPS.OK)
}
