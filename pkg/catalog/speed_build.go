package catalog

import (
	"sort"

	"headroom/pkg/queueing"
)

// measuredVCPUs is the size at which the measured series were taken.
const measuredVCPUs = 4

// outlierFactor is how many times its class's median a ratio of measured
// figure to CoreMark may be before the figure is not used (MODEL section 2).
const outlierFactor = 1.5

// Speeds holds the speeds of all types, for one scalability law. The tables of
// a class are made when the class is first asked for; Speeds is safe for
// concurrent use.
type Speeds struct {
	types    []NodeType
	bench    *benchmarks
	families [][]int   // indexes of the types of each family, by vCPU
	scale    []float64 // X(N) in vCPUs of a 4-vCPU node, by type
	usable   []Known   // UsableCPU, by type
	index    []Known   // speed of a vCPU against others of the family
	// familyNode is the capacity of a node by index alone, for use within its
	// family: of all vCPUs, and of one thread.
	familyNode [2][]float64
	tables     [seriesCount]lazy[*classTable]
}

// classTable is the speeds of all types at one series, by index.
type classTable struct {
	series      int
	entries     []entry
	groups      []group
	perClockIPC float64 // median of measured / (clock × IPC scale), over all types
	medianRatio float64 // median of measured / CoreMark per vCPU, over all types
}

// entry is the speed of one type before it is compared with a reference.
type entry struct {
	raw      float64 // of one vCPU or core, in the series's unit; 0 where there is none
	evidence Evidence
	flags    SpeedFlags
	basis    int // type whose measurement is used, -1 where none is
	group    int // in classTable.groups, -1 where none is used
	// node is the capacity, never less than that of a smaller size of the
	// family: [0] not derated, [k] derated for evidence k or weaker.
	node [len(derates)]float64
}

func newSpeeds(types []NodeType, read readTables, law queueing.Scalability) (*Speeds, error) {
	bench, err := loadBenchmarks(types, read)
	if err != nil {
		return nil, err
	}
	s := &Speeds{
		types: types, bench: bench, families: families(types),
		scale: make([]float64, len(types)), usable: make([]Known, len(types)),
	}
	law.Gamma = 1
	for i := range types {
		x, err := law.Ratio(measuredVCPUs, float64(types[i].VCPU))
		if err != nil {
			return nil, err
		}
		s.scale[i] = measuredVCPUs * x
		s.usable[i] = types[i].UsableCPU()
	}
	s.index = s.familyIndexes()
	for k := range s.familyNode {
		node := make([]float64, len(types))
		for i := range types {
			node[i] = s.index[i].V * s.parallel(i, k == 1)
		}
		for _, f := range s.families {
			s.raise(f, func(i int) *float64 { return &node[i] })
		}
		s.familyNode[k] = node
	}
	return s, nil
}

// families groups the types by family and sorts each by vCPU, then name.
func families(types []NodeType) [][]int {
	at := make(map[string]int, 256)
	var out [][]int
	for i := range types {
		f, ok := at[types[i].Family]
		if !ok {
			f = len(out)
			at[types[i].Family] = f
			out = append(out, nil)
		}
		out[f] = append(out[f], i)
	}
	for _, f := range out {
		sort.SliceStable(f, func(a, b int) bool { return types[f[a]].VCPU < types[f[b]].VCPU })
	}
	return out
}

// parallel is how many vCPUs' worth of work a node does: X(N) × usable CPU, or
// one core of a single-threaded server. The credits of all vCPUs may be spent
// on one of them.
func (s *Speeds) parallel(i int, single bool) float64 {
	if single {
		return min(1, s.usable[i].V*float64(s.types[i].VCPU))
	}
	return s.scale[i] * s.usable[i].V
}

// raise makes capacity never fall with the number of vCPUs within a family (MODEL
// section 2): a size that falls short of a smaller one is raised to it. Sizes with equal vCPUs (virtual and
// bare metal, nano and micro) are not compared.
func (s *Speeds) raise(family []int, node func(i int) *float64) {
	var below, here float64 // the most of all smaller sizes, and with the sizes so far
	vcpu := 0
	for _, i := range family {
		if n := s.types[i].VCPU; n != vcpu {
			vcpu, below = n, here
		}
		v := node(i)
		if *v > 0 && *v < below {
			*v = below
		}
		here = max(here, *v)
	}
}

// familyIndexes is CoreMark per vCPU. A type without CoreMark counts at its
// clock times the family's median of CoreMark per vCPU and MHz; in a family
// without any CoreMark the index is the clock.
func (s *Speeds) familyIndexes() []Known {
	out := make([]Known, len(s.types))
	for _, family := range s.families {
		var perMHz []float64
		for _, i := range family {
			t := &s.types[i]
			if f := s.bench[seriesCoreMark][i]; f.ok {
				out[i] = Is(f.mean / float64(t.VCPU))
				if t.ClockMHz.V > 0 {
					perMHz = append(perMHz, out[i].V/t.ClockMHz.V)
				}
			}
		}
		factor := median(perMHz)
		if len(perMHz) == 0 {
			if s.anyCoreMark(family) {
				continue // clocks and CoreMark cannot be compared
			}
			factor = 1
		}
		for _, i := range family {
			if clock := s.types[i].ClockMHz; !out[i].OK && clock.V > 0 {
				out[i] = Is(clock.V * factor)
			}
		}
	}
	return out
}

func (s *Speeds) anyCoreMark(family []int) bool {
	for _, i := range family {
		if s.bench[seriesCoreMark][i].ok {
			return true
		}
	}
	return false
}

// median sorts xs; the median of none is 0.
func median(xs []float64) float64 {
	n := len(xs)
	if n == 0 {
		return 0
	}
	sort.Float64s(xs)
	if n%2 == 1 {
		return xs[n/2]
	}
	return (xs[n/2-1] + xs[n/2]) / 2
}
