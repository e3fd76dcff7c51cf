package catalog

import "sort"

// measuredVCPUs is the size at which the measured series were taken.
const measuredVCPUs = 4

// outlierFactor is how many times its class's median a ratio of measured
// figure to CoreMark may be before the figure is not used (MODEL section 2).
const outlierFactor = 1.5

// Speeds holds the speeds of all types. A family has one figure: its sizes differ
// in the number of vCPUs, and under load by contention, but one thread on a machine
// at rest is as fast on any of them (MODEL section 2). The tables of a class are
// made when the class is first asked for; Speeds is safe for concurrent use.
type Speeds struct {
	types    []NodeType
	bench    *benchmarks
	families []family
	familyOf []int   // index into families, by type
	usable   []Known // UsableCPU, by type
	tables   [seriesCount]lazy[*classTable]
}

// family is the sizes of one family, and what they have in common.
type family struct {
	sizes    []int    // indexes of its types, by vCPU
	coreMark Known    // median of CoreMark per vCPU over its sizes
	clockMHz Known    // median of the clocks of its sizes
	ipcScale Known    // of the first size for which it is known
	first    NodeType // manufacturer, architecture and generation
}

// classTable is the speeds of all families at one series, by index.
type classTable struct {
	series      int
	entries     []entry
	groups      []group
	perClockIPC float64 // median of measured / (clock × IPC scale), over all families
	medianRatio float64 // median of measured / CoreMark per vCPU, over all types
}

// entry is the speed of one family before it is compared with a reference.
type entry struct {
	raw      float64 // of one vCPU or core, in the series's unit; 0 where there is none
	evidence Evidence
	flags    SpeedFlags
	basis    int // type whose measurement is used, -1 where none is
	group    int // in classTable.groups, -1 where none is used
}

func newSpeeds(types []NodeType, read readTables) (*Speeds, error) {
	bench, err := loadBenchmarks(types, read)
	if err != nil {
		return nil, err
	}
	s := &Speeds{types: types, bench: bench, usable: make([]Known, len(types))}
	for i := range types {
		s.usable[i] = types[i].UsableCPU()
	}
	s.group()
	return s, nil
}

// group puts the types into families, each sorted by vCPU, then name.
func (s *Speeds) group() {
	at := make(map[string]int, 256)
	s.familyOf = make([]int, len(s.types))
	for i := range s.types {
		f, ok := at[s.types[i].Family]
		if !ok {
			f = len(s.families)
			at[s.types[i].Family] = f
			s.families = append(s.families, family{first: s.types[i]})
		}
		s.familyOf[i] = f
		s.families[f].sizes = append(s.families[f].sizes, i)
	}
	for k := range s.families {
		f := &s.families[k]
		sort.SliceStable(f.sizes, func(a, b int) bool { return s.types[f.sizes[a]].VCPU < s.types[f.sizes[b]].VCPU })
		s.figures(f)
	}
}

// figures are what the sizes of a family have in common. CoreMark was run once on
// each size, and neighbours differ by up to a fifth in both directions: that is the
// noise of a run, so the family counts at the median. A single vCPU is half a core
// on most machines and says little about the others.
func (s *Speeds) figures(f *family) {
	var coreMarks, single, clocks []float64
	for _, i := range f.sizes {
		t := &s.types[i]
		if b := s.bench[seriesCoreMark][i]; b.ok {
			if x := b.mean / float64(t.VCPU); t.VCPU >= 2 {
				coreMarks = append(coreMarks, x)
			} else {
				single = append(single, x)
			}
		}
		if t.ClockMHz.V > 0 {
			clocks = append(clocks, t.ClockMHz.V)
		}
		if !f.ipcScale.OK && t.IPCScale.V > 0 {
			f.ipcScale = t.IPCScale
		}
	}
	if len(coreMarks) == 0 {
		coreMarks = single
	}
	f.coreMark = Known{median(coreMarks), len(coreMarks) > 0}
	f.clockMHz = Known{median(clocks), len(clocks) > 0}
}

// parallel is how many vCPUs' worth of work a node at rest does: all its vCPUs, or one
// core of a single-threaded server, as far as its CPU credits go. The credits of
// all vCPUs may be spent on one of them.
func parallel(all float64, single bool) float64 {
	if single {
		return min(1, all)
	}
	return all
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
	return float64((xs[n/2-1] + xs[n/2]) / 2)
}
