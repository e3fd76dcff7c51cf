package catalog

import (
	"fmt"
	"math"

	"headroom/pkg/unit"
)

// VolumeType is a type of EBS volumes.
type VolumeType uint8

// The types.
const (
	GP2 VolumeType = iota
	GP3
	IO1
	IO2
	SC1
	ST1
)

var volumeNames = [...]string{GP2: "gp2", GP3: "gp3", IO1: "io1", IO2: "io2", SC1: "sc1", ST1: "st1"}

// String is the type as profiles and tables name it.
func (v VolumeType) String() string { return volumeNames[v] }

// VolumeLimits are the limits of one EBS volume type. Volumes are either paid
// by size alone, and gain IOPS (gp2) or throughput (st1, sc1) with it, or pay
// for IOPS and throughput that are provisioned.
type VolumeLimits struct {
	Type             VolumeType
	MinSize, MaxSize unit.Bytes

	// Included in the price of every volume of the type.
	BaselineIOPS       unit.Count
	BaselineThroughput unit.ByteRate

	MaxIOPS       unit.Count
	MaxThroughput unit.ByteRate

	// IOPSPerByte is, for gp2, what a volume has; for provisioned types the
	// most that may be provisioned.
	IOPSPerByte float64
	// ThroughputPerByte is what st1 and sc1 sustain for their size (1/s).
	ThroughputPerByte float64
	// ThroughputPerIOPS is the most bytes/s per provisioned operation/s.
	ThroughputPerIOPS float64

	ProvisionedIOPS       bool // IOPS are provisioned and paid
	ProvisionedThroughput bool // and throughput (gp3)
	HDD                   bool
}

// Volume is one EBS volume: what is paid for, and what it sustains without
// burst credits.
type Volume struct {
	Type                  string
	Size                  unit.Bytes
	ProvisionedIOPS       unit.Count    // all IOPS, the included ones too
	ProvisionedThroughput unit.ByteRate // gp3: all of it, the included part too
	IOPS                  unit.Count
	Throughput            unit.ByteRate
}

// ssdIO is the largest operation that counts as one on an SSD volume. gp2
// sustains IOPS × ssdIO: 127.5 MiB/s at 170 GiB and 250 at 334, where the rows
// "gp2 throughput up to 170 GiB" and "gp2 maximum throughput" have 128 and 250.
const ssdIO = 256 << 10

// io1 transfers 16 KiB per provisioned operation beyond 500 MiB/s, which it
// reaches with operations of 256 KiB: the note of "io1 maximum throughput".
const (
	io1LimitedIO = 16 << 10
	io1FlatRate  = 500 << 20
)

func (x *Limits) volumes(l *limitTable) {
	sizes := func(v VolumeType, t, iopsName string) VolumeLimits {
		return VolumeLimits{
			Type: v, MinSize: l.bytes(t+" minimum size", "GiB"), MaxSize: l.bytes(t+" maximum size", "GiB"),
			MaxIOPS: l.count(t+" "+iopsName, "IOPS"), MaxThroughput: l.byteRate(t+" maximum throughput", "MiB/s"),
		}
	}
	x.GP2 = sizes(GP2, "gp2", "maximum IOPS")
	x.GP2.BaselineIOPS = l.count("gp2 minimum IOPS", "IOPS")
	x.GP2.IOPSPerByte = l.get("gp2 baseline IOPS per GiB", "IOPS/GiB")

	x.GP3 = sizes(GP3, "gp3", "maximum IOPS")
	x.GP3.BaselineIOPS = l.count("gp3 baseline IOPS", "IOPS")
	x.GP3.BaselineThroughput = l.byteRate("gp3 baseline throughput", "MiB/s")
	x.GP3.IOPSPerByte = l.get("gp3 IOPS per GiB", "IOPS/GiB")
	x.GP3.ThroughputPerIOPS = l.get("gp3 throughput per provisioned IOPS", "MiB/s per IOPS")
	x.GP3.ProvisionedIOPS, x.GP3.ProvisionedThroughput = true, true

	x.IO1 = sizes(IO1, "io1", "maximum IOPS")
	x.IO1.BaselineIOPS = l.count("io1 minimum IOPS", "IOPS")
	x.IO1.IOPSPerByte = l.get("io1 IOPS per GiB", "IOPS/GiB")
	x.IO1.ProvisionedIOPS = true

	// Every io2 volume on current instances is io2 Block Express.
	x.IO2 = sizes(IO2, "io2 Block Express", "maximum IOPS")
	x.IO2.BaselineIOPS = x.IO1.BaselineIOPS
	x.IO2.IOPSPerByte = l.get("io2 Block Express IOPS per GiB", "IOPS/GiB")
	x.IO2.ThroughputPerIOPS = l.get("io2 Block Express throughput per provisioned IOPS", "MiB/s per IOPS")
	x.IO2.ProvisionedIOPS = true

	hdd := func(typ VolumeType) VolumeLimits {
		t := typ.String()
		v := sizes(typ, t, "maximum IOPS")
		v.HDD = true
		v.ThroughputPerByte = l.get(t+" baseline throughput per TiB", "MiB/s per TiB")
		// Burst credits are not counted on, so the cap of the baseline is the
		// maximum.
		v.MaxThroughput = l.byteRate(t+" baseline throughput cap", "MiB/s")
		return v
	}
	x.ST1, x.SC1 = hdd(ST1), hdd(SC1)
}

// Volumes are the limits of all volume types, in a fixed order.
func (x *Limits) Volumes() []*VolumeLimits {
	return []*VolumeLimits{&x.GP2, &x.GP3, &x.IO1, &x.IO2, &x.SC1, &x.ST1}
}

// Volume are the limits of a volume type by its name.
func (x *Limits) Volume(name string) (*VolumeLimits, bool) {
	for _, v := range x.Volumes() {
		if v.Type.String() == name {
			return v, true
		}
	}
	return nil, false
}

// Provision is the least volume of the type that holds size and sustains iops
// and throughput without burst credits. Size grows where performance comes
// with it or bounds what may be provisioned. The error says which need one
// volume cannot meet.
func (v *VolumeLimits) Provision(size unit.Bytes, iops unit.Count, throughput unit.ByteRate) (Volume, error) {
	for _, n := range []float64{float64(size), float64(iops), float64(throughput)} {
		if !(n >= 0) || math.IsInf(n, 0) {
			return Volume{}, fmt.Errorf("a volume cannot be sized for %v; needs are finite and not negative", n)
		}
	}
	if iops > v.MaxIOPS {
		return Volume{}, fmt.Errorf("%s has at most %.0f IOPS for a volume, %.0f are needed", v.Type, v.MaxIOPS,
			math.Ceil(float64(iops)))
	}
	if throughput > v.MaxThroughput {
		return Volume{}, fmt.Errorf("%s has at most %.0f MiB/s for a volume, %.1f are needed", v.Type,
			v.MaxThroughput/(1<<20), throughput/(1<<20))
	}
	out := Volume{Type: v.Type.String(), Size: max(size, v.MinSize)}
	switch {
	case v.HDD:
		out.Size = max(out.Size, unit.Bytes(float64(throughput)/v.ThroughputPerByte))
	case !v.ProvisionedIOPS: // gp2
		if need := max(iops, unit.Count(float64(throughput)/ssdIO)); need > v.BaselineIOPS {
			out.Size = max(out.Size, unit.Bytes(float64(need)/v.IOPSPerByte))
		}
	default:
		out.ProvisionedIOPS = max(iops, v.BaselineIOPS, v.iopsFor(throughput))
		// The included IOPS need no minimum size.
		if out.ProvisionedIOPS > v.BaselineIOPS {
			out.Size = max(out.Size, unit.Bytes(float64(out.ProvisionedIOPS)/v.IOPSPerByte))
		}
		if v.ProvisionedThroughput {
			out.ProvisionedThroughput = max(throughput, v.BaselineThroughput)
		}
	}
	if out.Size > v.MaxSize {
		return Volume{}, fmt.Errorf("%s has at most %.0f GiB for a volume, %.0f are needed", v.Type,
			v.MaxSize/(1<<30), math.Ceil(float64(out.Size/(1<<30))))
	}
	out.IOPS, out.Throughput = v.Sustained(out)
	return out, nil
}

// iopsFor is how many IOPS must be provisioned to have a throughput.
func (v *VolumeLimits) iopsFor(throughput unit.ByteRate) unit.Count {
	b := float64(throughput)
	switch {
	case v.ProvisionedThroughput && throughput <= v.BaselineThroughput:
		return 0
	case v.ThroughputPerIOPS > 0:
		return unit.Count(b / v.ThroughputPerIOPS)
	case b <= io1FlatRate:
		return unit.Count(b / ssdIO)
	}
	return unit.Count(b / io1LimitedIO)
}

// Sustained is what a volume of the type sustains without burst credits, by
// its size and what is provisioned.
func (v *VolumeLimits) Sustained(x Volume) (unit.Count, unit.ByteRate) {
	size := float64(x.Size)
	switch {
	case v.HDD:
		return v.MaxIOPS, min(v.MaxThroughput, unit.ByteRate(size*v.ThroughputPerByte))
	case !v.ProvisionedIOPS:
		iops := min(v.MaxIOPS, max(v.BaselineIOPS, unit.Count(size*v.IOPSPerByte)))
		return iops, min(v.MaxThroughput, unit.ByteRate(float64(iops)*ssdIO))
	case v.ProvisionedThroughput:
		return x.ProvisionedIOPS, x.ProvisionedThroughput
	case v.ThroughputPerIOPS > 0:
		return x.ProvisionedIOPS, min(v.MaxThroughput, unit.ByteRate(float64(x.ProvisionedIOPS)*v.ThroughputPerIOPS))
	}
	n := float64(x.ProvisionedIOPS)
	return x.ProvisionedIOPS, min(v.MaxThroughput, unit.ByteRate(max(min(io1FlatRate, n*ssdIO), n*io1LimitedIO)))
}
