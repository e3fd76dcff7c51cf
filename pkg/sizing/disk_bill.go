package sizing

import (
	"math"

	"headroom/pkg/catalog"
)

// io2FirstTier is up to how many IOPS of one volume the price tables have
// io2's first price (usage/*.csv, "io2 provisioned IOPS").
const io2FirstTier = 32000

// usage is what the disks of so many nodes cost beside the nodes: a month's
// price of the volumes, whatever hours the nodes run. Local disks come with
// the node.
//
// The tables' tiers, and what they include, are for each volume, while a row
// of Usage is priced as one quantity. So IOPS and throughput above what is
// included are added up and one volume's included part put under them; and
// io2's operations come in rows that stay within the first tier together,
// unless one volume alone passes it.
func (d *disks) usage(c *Case, region int, nodes float64, label string) []Usage {
	if d.Storage.Volume == VolumeLocal || d.Count == 0 || nodes <= 0 {
		return nil
	}
	const gib = 1 << 30
	v := &d.Volume
	n := nodes * float64(d.Count)
	row := func(item string, q float64, why string) Usage {
		return Usage{Region: region, Service: "ebs", Item: v.Type + " " + item, Quantity: q, Category: "storage", Label: label, Why: why}
	}
	out := make([]Usage, 1, 3)
	out[0] = row("storage", float64(v.Size)/gib*n, "")
	limits, ok := c.Limits.Volume(v.Type)
	if !ok || !limits.ProvisionedIOPS {
		return out
	}
	iops := float64(v.ProvisionedIOPS)
	if !limits.ProvisionedThroughput {
		return append(out, tieredRows(n, iops, row)...)
	}
	const why = "above what each volume includes; one volume's included part is in the quantity, as the price begins there"
	if base := float64(limits.BaselineIOPS); iops > base {
		out = append(out, row("provisioned IOPS", base+float64((iops-base)*n), why))
	}
	if base := float64(limits.BaselineThroughput); float64(v.ProvisionedThroughput) > base {
		out = append(out, row("provisioned throughput", (base+float64((float64(v.ProvisionedThroughput)-base)*n))/gib, why))
	}
	return out
}

// tieredRows spreads the provisioned operations of n volumes over rows.
func tieredRows(n, iops float64, row func(string, float64, string) Usage) []Usage {
	const why = "the price falls with the operations of one volume, not of all"
	each := math.Max(1, math.Floor(io2FirstTier/iops)) // volumes in a row
	var out []Usage
	for left := n; left > 1e-9; left -= each {
		out = append(out, row("provisioned IOPS", iops*math.Min(each, left), why))
	}
	return out
}

// limits are what bounds the disks of the given number of nodes, of which one
// carries the need: bytes, operations and throughput of the volumes and of the
// instance.
func (d *disks) limits(c *Case, t *catalog.NodeType, n *diskNeed, region int, role string, nodes int) []Limit {
	k := float64(nodes)
	var out []Limit
	add := func(resource, state string, need, have, target float64, unitName, why string) {
		out = append(out, Limit{Resource: resource, State: state, Region: region, Role: role, Need: need * k, Have: have * k,
			Target: target, Unit: unitName, Nodes: shardsFor(need*k, have*target), Why: why})
	}
	worst := c.Policy.worst()
	both := func(resource string, own, degraded, have float64, unitName, why string) {
		add(resource, StateOwn, own, have, c.Policy.Own, unitName, why)
		if degraded > 0 && worst != StateOwn {
			add(resource, worst, degraded, have, c.Policy.Degraded, unitName, why)
		}
	}
	add("disk bytes", StateAlways, float64(n.Bytes), d.Bytes, c.Policy.Disk, "B", "")
	if d.Storage.Volume == VolumeLocal {
		own, have := localLoad(t, d.Storage, &n.Own, d.Count)
		degraded, _ := localLoad(t, d.Storage, &n.Degraded, d.Count)
		if have.OK {
			both("disk iops", own, degraded, have.V, "/s", "writes and bytes as the reads that take as long")
		}
		own, have = localJournal(t, d.Storage, &n.Own, d.Count)
		degraded, _ = localJournal(t, d.Storage, &n.Degraded, d.Count)
		if have.OK && math.Max(own, degraded) > 0 {
			both("disk throughput", own, degraded, have.V, "B/s", journalWhy(t))
		}
		return out
	}
	v, ok := c.Limits.Volume(d.Storage.Volume)
	if !ok {
		return out
	}
	ownOps, ownBytes := ebsLoad(d.Storage, v, &n.Own, n.Block, d.Count)
	lostOps, lostBytes := ebsLoad(d.Storage, v, &n.Degraded, n.Block, d.Count)
	count := float64(d.Count)
	both("disk iops", ownOps, lostOps, float64(d.Volume.IOPS)*count, "/s", "")
	both("disk throughput", ownBytes, lostBytes, float64(d.Volume.Throughput)*count, "B/s", "")
	note := t.EBSNote()
	if have := ebsIOPS(t); have.OK {
		both("EBS iops", ownOps, lostOps, have.V, "/s", note)
	}
	if t.EBS.BaselineThroughput.OK {
		both("EBS bandwidth", ownBytes, lostBytes, t.EBS.BaselineThroughput.V, "B/s", note)
	}
	return out
}

// journalWhy says where the sequential throughput of local disks comes from.
func journalWhy(t *catalog.NodeType) string {
	if t.LocalSequential().OK {
		return ""
	}
	return "of the journal; sequential throughput is not in the tables: at least write IOPS × 4 KiB"
}

// worst is the largest loss that the policy wants survived.
func (p *Policy) worst() string {
	switch {
	case p.Region:
		return StateRegion
	case p.Zone:
		return StateZone
	case p.Node:
		return StateNode
	}
	return StateOwn
}
