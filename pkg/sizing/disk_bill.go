package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/workload"
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
	row := func(item string, q float64) Usage {
		return Usage{Region: region, Service: "ebs", Item: v.Type + " " + item, Quantity: q, Category: "storage", Label: label}
	}
	out := make([]Usage, 1, 3)
	out[0] = row("storage", float64(v.Size)/gib*n)
	limits, ok := c.Limits.Volume(v.Type)
	if !ok || !limits.ProvisionedIOPS {
		return out
	}
	iops := float64(v.ProvisionedIOPS)
	if !limits.ProvisionedThroughput {
		return append(out, tieredRows(n, iops, row)...)
	}
	if base := float64(limits.BaselineIOPS); iops > base {
		out = append(out, row("provisioned IOPS", base+float64((iops-base)*n)))
	}
	if base := float64(limits.BaselineThroughput); float64(v.ProvisionedThroughput) > base {
		out = append(out, row("provisioned throughput", (base+float64((float64(v.ProvisionedThroughput)-base)*n))/gib))
	}
	return out
}

// tieredRows spreads the provisioned operations of n volumes over rows: the price
// falls with the operations of one volume, not of all.
func tieredRows(n, iops float64, row func(string, float64) Usage) []Usage {
	each := math.Max(1, math.Floor(io2FirstTier/iops)) // volumes in a row
	var out []Usage
	for left := n; left > 1e-9; left -= each {
		out = append(out, row("provisioned IOPS", iops*math.Min(each, left)))
	}
	return out
}

// limits are what bounds the disks of so many nodes, of which one carries the
// need: bytes, operations and throughput of the volumes and of the instance.
func (d *disks) limits(c *Case, t *catalog.NodeType, n *diskNeed, nodes int) []capacity.Limit {
	k := float64(nodes)
	need, have := float64(n.Bytes)*k, d.Bytes*k
	bytes := capacity.Limit{Of: capacity.DiskBytes, State: capacity.Always, Need: need, Have: have, Target: c.Policy.Disk,
		Nodes: shardsFor(need, d.Bytes*c.Policy.Disk)}
	role := c.attended(d.needs(c, t, n, k))
	return append([]capacity.Limit{bytes}, role.Check(nodes)...)
}

// lateLimits are those of the disks of so many nodes while workers catch up.
func (d *disks) lateLimits(c *Case, t *catalog.NodeType, block float64, late diskLoad, nodes int) []capacity.Limit {
	if late == (diskLoad{}) {
		return nil
	}
	needs := d.needs(c, t, &diskNeed{Block: block, Own: late}, float64(nodes))
	for i := range needs {
		side := needs[i].In[capacity.Own]
		side.Target = 1
		needs[i].In = [capacity.States]capacity.Side{capacity.CatchUp: side}
	}
	role := c.attended(needs)
	return role.Check(nodes)
}

// attended is a role in whose place another's nodes are when it loses some, at
// one hour for the whole week.
func (c *Case) attended(needs []capacity.Need) capacity.Role {
	return capacity.Role{Needs: needs, Week: []capacity.Hour{{Hours: workload.Hours}}, Zones: 2, Survive: c.Policy.Survive, Replaced: true}
}

// diskCheck is what the disks of one node do of something in the normal state
// and after a loss, and what they can do.
type diskCheck struct {
	of                  capacity.Resource
	own, degraded, have float64
	why                 string
}

// needs are what the disks of k nodes do in a second.
func (d *disks) needs(c *Case, t *catalog.NodeType, n *diskNeed, k float64) []capacity.Need {
	var out []capacity.Need
	for _, x := range d.checks(c, t, n) {
		need := capacity.Need{Of: x.of, Why: x.why}
		need.In[capacity.Own] = capacity.Side{Each: capacity.Amount{Held: x.own * k}, Have: x.have, Target: c.Policy.Own, Checked: true}
		if worst := c.Policy.Worst(); x.degraded > 0 && worst != capacity.Own {
			need.In[worst] = capacity.Side{Each: capacity.Amount{Held: x.degraded * k}, Have: x.have, Target: c.Policy.Degraded, Checked: true}
		}
		out = append(out, need)
	}
	return out
}

// checks are what one node's disks, and the instance that exchanges bytes with
// them, do and can do.
func (d *disks) checks(c *Case, t *catalog.NodeType, n *diskNeed) []diskCheck {
	var out []diskCheck
	if d.Storage.Volume == VolumeLocal {
		own, have := localLoad(t, d.Storage, &n.Own, d.Count)
		degraded, _ := localLoad(t, d.Storage, &n.Degraded, d.Count)
		if have.OK {
			out = append(out, diskCheck{capacity.DiskIOPS, own, degraded, have.V, "writes and bytes as the reads that take as long"})
		}
		own, have = localJournal(t, d.Storage, &n.Own, d.Count)
		degraded, _ = localJournal(t, d.Storage, &n.Degraded, d.Count)
		if have.OK && math.Max(own, degraded) > 0 {
			out = append(out, diskCheck{capacity.DiskThroughput, own, degraded, have.V, journalWhy(t)})
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
	out = append(out, diskCheck{capacity.DiskIOPS, ownOps, lostOps, float64(d.Volume.IOPS) * count, ""},
		diskCheck{capacity.DiskThroughput, ownBytes, lostBytes, float64(d.Volume.Throughput) * count, ""})
	note := t.EBSNote()
	if have := ebsIOPS(t); have.OK {
		out = append(out, diskCheck{capacity.EBSIOPS, ownOps, lostOps, have.V, note})
	}
	if have := t.EBS.BaselineThroughput; have.OK {
		out = append(out, diskCheck{capacity.EBSBandwidth, ownBytes, lostBytes, have.V, note})
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
