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
func (d *disks) usage(c *Task, region int, nodes float64, label string) []Usage {
	if d.Storage.Volume == VolumeLocal || d.Count == 0 || nodes <= 0 {
		return nil
	}
	const gib = 1 << 30
	v := &d.Volume
	n := float64(nodes * float64(d.Count))
	limits, ok := c.Limits.Volume(v.Type)
	if !ok {
		return nil // no disks are made of a type that is not known
	}
	row := Usage{Region: region, Category: "storage", Label: label}
	out := make([]Usage, 1, 3)
	out[0] = row.of(catalog.VolumeStorage(limits.Type), float64(v.Size)/gib*n)
	if !limits.ProvisionedIOPS {
		return out
	}
	row.Meter = catalog.VolumeIOPS(limits.Type)
	iops := float64(v.ProvisionedIOPS)
	if !limits.ProvisionedThroughput {
		return append(out, row.tiered(n, iops)...)
	}
	if base := float64(limits.BaselineIOPS); iops > base {
		out = append(out, row.of(row.Meter, base+float64((iops-base)*n)))
	}
	if base := float64(limits.BaselineThroughput); float64(v.ProvisionedThroughput) > base {
		out = append(out, row.of(catalog.VolumeThroughput(limits.Type),
			(base+float64((float64(v.ProvisionedThroughput)-base)*n))/gib))
	}
	return out
}

// tiered spreads the provisioned operations of n volumes over rows: the price
// falls with the operations of one volume, not of all.
func (u Usage) tiered(n, iops float64) []Usage {
	each := math.Max(1, math.Floor(io2FirstTier/iops)) // volumes in a row
	var out []Usage
	for left := n; left > 1e-9; left -= each {
		out = append(out, u.of(u.Meter, iops*math.Min(each, left)))
	}
	return out
}

// noMoreThan tells whether there are no more volumes than of others, and no larger or
// faster ones: they cost no more.
func (d *disks) noMoreThan(o *disks) bool {
	v, w := &d.Volume, &o.Volume
	return v.Type == w.Type && d.Count <= o.Count && v.Size <= w.Size &&
		v.ProvisionedIOPS <= w.ProvisionedIOPS && v.ProvisionedThroughput <= w.ProvisionedThroughput
}
