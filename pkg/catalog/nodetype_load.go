package catalog

import (
	"math"
	"sort"
	"strings"

	"headroom/pkg/unit"
)

// readTables gives a table by its path in the manifest; the columns must be
// there.
type readTables func(path string, columns ...string) (*table, error)

// Tables of node types.
const (
	typesTable     = "hardware/instance_types.csv"
	burstableTable = "limits/burstable_baseline.csv"
	ebsTable       = "limits/instance_ebs.csv"
)

// openTable reads a table and finds its columns.
func openTable(read readTables, path string, columns []string) (*record, []int, error) {
	t, err := read(path, columns...)
	if err != nil {
		return nil, nil, err
	}
	return newRecord(t), t.positions(columns), nil
}

// typeColumns are the columns of typesTable in the order of the constants.
var typeColumns = [...]string{
	"instance_type", "vcpu", "physical_cores", "memory_mib", "arch", "cpu_manufacturer", "cpu_model",
	"clock_mhz", "network_baseline_mbps", "network_burst_mbps", "ebs_bandwidth_mbps", "ebs_iops",
	"local_storage_gb_total", "local_disks", "local_storage_kind", "gpu_count", "burstable", "bare_metal", "flex",
	"generation", "current_generation", "accelerator_name", "cpu_ipc_scale", "local_read_iops", "local_write_iops",
}

const (
	colType = iota
	colVCPU
	colCores
	colMemory
	colArch
	colManufacturer
	colModel
	colClock
	colNetBase
	colNetBurst
	colEBSBandwidth
	colEBSIOPS
	colLocalGB
	colLocalDisks
	colLocalKind
	colGPU
	colBurstable
	colMetal
	colFlex
	colGeneration
	colCurrent
	colAccelerator
	colIPC
	colLocalRead
	colLocalWrite
)

// loadNodeTypes reads the node types with their limits, sorted by name. Names
// without any specification in the table (no vCPU, no memory) are left out:
// nothing can be computed for them.
func loadNodeTypes(read readTables) ([]NodeType, error) {
	r, at, err := openTable(read, typesTable, typeColumns[:])
	if err != nil {
		return nil, err
	}
	baselines, err := loadBaselines(read)
	if err != nil {
		return nil, err
	}
	types := make([]NodeType, 0, r.t.len())
	for r.next() {
		if r.text(at[colVCPU]) == "" && r.text(at[colMemory]) == "" {
			continue
		}
		t := nodeType(r, at)
		if t.Burstable {
			t.Baseline = baselines[t.Name]
		}
		types = append(types, t)
	}
	sort.Slice(types, func(i, j int) bool { return types[i].Name < types[j].Name })
	for i := range types {
		if types[i].index = i; i > 0 && types[i].Name == types[i-1].Name {
			r.row = 0
			r.fail(at[colType], types[i].Name+" occurs twice")
		}
	}
	if err := r.ps.Err(); err != nil {
		return nil, err
	}
	return types, addEBS(read, types)
}

func nodeType(r *record, at []int) NodeType {
	text := func(c int) string { return r.text(at[c]) }
	known := func(c int) Known { return r.known(at[c]) }
	name := text(colType)
	family, size, _ := strings.Cut(name, ".")
	t := NodeType{
		Name: name, Family: family, Size: size,
		PhysicalCores: known(colCores),
		Memory:        unit.Bytes(r.number(at[colMemory]) * (1 << 20)),
		Arch:          text(colArch), Manufacturer: text(colManufacturer), CPUModel: text(colModel),
		ClockMHz: notZero(known(colClock)), IPCScale: known(colIPC),
		NetworkBurst: bytesPerSecond(known(colNetBurst)),
		EBS: EBSLimits{
			MaximumThroughput: bytesPerSecond(known(colEBSBandwidth)), MaximumIOPS: known(colEBSIOPS),
		},
		Local: LocalStorage{
			Kind: text(colLocalKind), Disks: known(colLocalDisks),
			Bytes:    unit.Bytes(known(colLocalGB).V * 1e9),
			ReadIOPS: known(colLocalRead), WriteIOPS: known(colLocalWrite),
		},
		GPUs: known(colGPU), Accelerator: text(colAccelerator),
		BareMetal: r.flag(at[colMetal]), Flex: r.flag(at[colFlex]), Burstable: r.flag(at[colBurstable]),
		Baseline:          Is(1),
		CurrentGeneration: text(colCurrent) == "true",
	}
	if family == "" || size == "" {
		r.fail(at[colType], "a type is named family.size")
	}
	vcpu := r.number(at[colVCPU])
	if vcpu != math.Trunc(vcpu) || vcpu > 1e5 {
		r.fail(at[colVCPU], "a whole number is needed")
		vcpu = 1
	}
	t.VCPU = int(vcpu)
	if g := known(colGeneration); g.V <= 1e5 {
		t.Generation = int(g.V)
	}
	if base := bytesPerSecond(known(colNetBase)); base.OK {
		t.NetworkBaseline = unit.ByteRate(base.V)
	} else {
		t.NetworkBaseline, t.NetworkAssumed = unit.ByteRate(NetworkPerVCPU*vcpu), true
	}
	t.Accelerated = accelerated(t.Family, t.Accelerator, t.GPUs)
	t.Special, t.Purpose = special(t.Family), purposeOf(t.Family)
	return t
}

// notZero is for a figure that cannot be zero: where the table has a 0, its
// source did not know it.
func notZero(k Known) Known { return Known{k.V, k.V > 0} }

// bytesPerSecond turns megabit/s (powers of 1000) into bytes/s.
func bytesPerSecond(mbps Known) Known { return Known{float64(mbps.V * 1e6 / 8), mbps.OK} }

// loadBaselines reads the CPU-credit baselines: fraction of one vCPU by type.
func loadBaselines(read readTables) (map[string]Known, error) {
	const suffix = " baseline per vCPU"
	r, at, err := openTable(read, burstableTable, []string{"item", "value", "unit"})
	if err != nil {
		return nil, err
	}
	out := make(map[string]Known, 32)
	for r.next() {
		name, ok := strings.CutSuffix(r.text(at[0]), suffix)
		if !ok {
			continue
		}
		if u := r.text(at[2]); u != "percent" {
			r.fail(at[2], "the baseline of "+name+" is in "+u+", not in percent")
		}
		out[name] = Is(r.number(at[1]) / 100)
	}
	return out, r.ps.Err()
}
