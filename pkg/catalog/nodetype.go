package catalog

import (
	"strings"

	"headroom/pkg/unit"
)

// Known is a figure of a table. A blank cell is unknown (OK is false): it is
// never zero and never infinite.
type Known struct {
	V  float64
	OK bool
}

// Is is a figure that is known.
func Is(v float64) Known { return Known{V: v, OK: true} }

// Or is the figure, or v where it is unknown.
func (k Known) Or(v float64) float64 {
	if k.OK {
		return k.V
	}
	return v
}

// NodeType is the hardware of one type of machine: of an EC2 instance type where it is
// from the tables. Every rate is per second
// and what the node sustains, unless the field says burst or maximum.
type NodeType struct {
	Name   string // "m7g.xlarge"
	Family string // "m7g"
	Size   string // "xlarge"

	VCPU          int   // hardware threads on most x86 types, cores on Graviton
	PhysicalCores Known // of all sockets
	Memory        unit.Bytes
	Arch          string // "x86_64" or "arm64"
	Manufacturer  string // "intel", "amd", "aws", "apple", or "" where not known
	CPUModel      string
	ClockMHz      Known // sustained
	IPCScale      Known // instructions per clock relative to m5; an estimate of its source
	Generation    int   // number in the family's name
	Purpose       Purpose

	// NetworkBaseline is what the network sustains. Where the table is blank
	// it is NetworkPerVCPU for each vCPU, and NetworkAssumed is set.
	NetworkBaseline unit.ByteRate
	NetworkAssumed  bool
	NetworkBurst    Known // bytes/s, the advertised "up to" figure

	EBS   EBSLimits
	Local LocalStorage

	GPUs        Known
	Accelerator string
	Accelerated bool // GPU, FPGA, video or machine-learning hardware
	BareMetal   bool
	Special     bool // high-performance computing (hpc) or very much memory (u)
	Flex        bool
	Burstable   bool
	// Baseline is the fraction of each vCPU that CPU credits sustain; it is
	// unknown for a burstable type without a row, and 1 for all that are not
	// burstable.
	Baseline Known
	// CurrentGeneration is false also where the table does not say.
	CurrentGeneration bool
	// SpeedOf names the type of the tables that one vCPU is as fast as, of a machine
	// that they do not have; "" for theirs. SpeedFactor is how many times as fast as
	// that it is; 0 where nothing is said, which is once.
	SpeedOf     string
	SpeedFactor float64
	// Own says that the machine is not one of AWS: no quota of EC2 counts it, no EBS
	// volume is attached to it, and what is on its disks is there when it starts again.
	Own bool

	index int // position in the sorted list of types
}

// EBSLimits is what an instance can exchange with all of its EBS volumes
// together. Unknown figures stay unknown.
type EBSLimits struct {
	BaselineThroughput Known // bytes/s
	MaximumThroughput  Known // bytes/s, for 30 minutes a day where above the baseline
	BaselineIOPS       Known
	MaximumIOPS        Known
	// AssumedIOPS replaces an unknown BaselineIOPS: the baseline throughput
	// times the least ratio of IOPS to throughput in limits/instance_ebs.csv.
	// To be reported as assumed.
	AssumedIOPS Known
	// FamilyVCPU is 0 where the figures are a row of that table; else the
	// baseline is the vCPU share of the family's largest size, which has so
	// many (see EBSNote).
	FamilyVCPU int
}

// LocalStorage is the instance store. Kind is "nvme", "ssd", "hdd", "none" or
// "" (not known).
type LocalStorage struct {
	Kind  string
	Disks Known
	Bytes unit.Bytes // of all disks together
	// Of all disks together; a blank makes local disks infeasible for a use
	// bound by IOPS (MODEL section 2), HDDs excepted.
	ReadIOPS, WriteIOPS Known
}

// Constants of MODEL section 2 ("Hardware limits"), all of them assumptions.
const (
	// NetworkPerVCPU is the network baseline of one vCPU where the table has
	// none: 0.1 Gbit/s in bytes/s.
	NetworkPerVCPU = 0.1e9 / 8
	// HDDRandomIOPS and HDDSequential (bytes/s) are what one local hard disk
	// sustains.
	HDDRandomIOPS = 100
	HDDSequential = 150e6
	// FlexUsableCPU is the fraction of its CPU a -flex type counts at, unless
	// its load is higher in at most FlexBurst of any FlexWindow hours.
	FlexUsableCPU = 0.40
	FlexBurst     = 0.05
	FlexWindow    = 24 // hours
)

// UsableCPU is the fraction of the node's CPU that sizing may count on whatever
// the load: the credit baseline of a burstable type, FlexUsableCPU of a -flex
// type, 1 else. Whether a load lets a -flex type count at more depends on its
// hours and on the number of nodes, which sizing knows. It is unknown for a
// burstable type whose baseline is in no table.
func (t *NodeType) UsableCPU() Known {
	switch {
	case t.Burstable:
		return t.Baseline
	case t.Flex:
		return Is(FlexUsableCPU)
	}
	return Is(1)
}

// LocalIOPS is what the local disks sustain at random reads and writes. Hard
// disks count at HDDRandomIOPS each, both ways; solid-state disks without
// figures stay unknown.
func (t *NodeType) LocalIOPS() (read, write Known) {
	if t.Local.Kind == "hdd" && t.Local.Disks.OK {
		n := Is(float64(t.Local.Disks.V * HDDRandomIOPS))
		return n, n
	}
	return t.Local.ReadIOPS, t.Local.WriteIOPS
}

// LocalSequential is the sequential throughput in bytes/s of local hard disks
// together; unknown for other kinds, for which the tables have no figure.
func (t *NodeType) LocalSequential() Known {
	if t.Local.Kind == "hdd" && t.Local.Disks.OK {
		return Is(float64(t.Local.Disks.V * HDDSequential))
	}
	return Known{}
}

// special tells types that are sold for one purpose and in few zones: those for
// high-performance computing (hpc7g), and high memory (u-6tb1, u7i-12tb).
func special(family string) bool {
	return strings.HasPrefix(family, "hpc") || strings.HasPrefix(family, "u-") || strings.HasPrefix(family, "u7i")
}

// accelerated tells types that are paid for hardware beside the CPU. The
// families are named because the table has no GPU count for some and counts
// no FPGA, video or inference chips.
func accelerated(family, accelerator string, gpus Known) bool {
	if gpus.V > 0 || accelerator != "" {
		return true
	}
	switch family {
	case "f1", "f2", "vt1", "cg1", "g2", "g3s":
		return true
	}
	return strings.HasPrefix(family, "inf") || strings.HasPrefix(family, "trn")
}
