package catalog

// group is the measured types of one manufacturer, architecture and
// generation.
type group struct {
	manufacturer, arch string
	generation         int
	perCoreMark        Known // median of measured / CoreMark per vCPU
	perMHz             Known // median of measured / clock
	types              int   // with both a measurement and CoreMark
}

// table is the table of a series, made when first asked for.
func (s *Speeds) table(series int) *classTable {
	t, _ := s.tables[series].get(func() (*classTable, error) { return s.build(series), nil })
	return t
}

func (s *Speeds) build(series int) *classTable {
	c := &classTable{series: series, entries: make([]entry, len(s.types))}
	s.measured(c)
	s.calibrate(c)
	for _, family := range s.families {
		s.rank(c, family)
		s.capacities(c, family)
	}
	return c
}

// perVCPU is a figure of a series per vCPU, or per core.
func (s *Speeds) perVCPU(series, i int) Known {
	f := s.bench[series][i]
	if !f.ok {
		return Known{}
	}
	if seriesList[series].perCore {
		return Is(f.value())
	}
	return Is(f.value() / float64(s.types[i].VCPU))
}

// measured enters what has been measured on the type itself (order 1), except
// outliers and bursts of -flex types.
func (s *Speeds) measured(c *classTable) {
	coreMark := s.bench[seriesCoreMark]
	var ratios []float64
	for i := range s.types {
		if v := s.perVCPU(c.series, i); v.OK && coreMark[i].ok {
			ratios = append(ratios, v.V/s.index[i].V)
		}
	}
	c.medianRatio = median(ratios)
	for i := range s.types {
		e := &c.entries[i]
		e.basis, e.group = -1, -1
		v := s.perVCPU(c.series, i)
		if !v.OK {
			continue
		}
		if coreMark[i].ok && v.V/s.index[i].V > outlierFactor*c.medianRatio {
			e.flags |= FlagOutlier
		}
		if s.types[i].Flex {
			e.flags |= FlagFlex
		}
		if e.flags == 0 {
			e.raw, e.evidence, e.basis = v.V, EvidenceMeasured, i
		}
	}
}

// calibrate finds the medians by which CoreMark and clocks become figures of
// the series.
func (s *Speeds) calibrate(c *classTable) {
	type samples struct{ perCoreMark, perMHz []float64 }
	var of []samples
	var perClockIPC []float64
	for i := range s.types {
		e, t := &c.entries[i], &s.types[i]
		if e.evidence != EvidenceMeasured {
			continue
		}
		g := c.findGroup(t)
		if g < 0 {
			g = len(c.groups)
			c.groups = append(c.groups, group{manufacturer: t.Manufacturer, arch: t.Arch, generation: t.Generation})
			of = append(of, samples{})
		}
		if s.bench[seriesCoreMark][i].ok {
			of[g].perCoreMark = append(of[g].perCoreMark, e.raw/s.index[i].V)
		}
		if t.ClockMHz.V > 0 {
			of[g].perMHz = append(of[g].perMHz, e.raw/t.ClockMHz.V)
			if t.IPCScale.V > 0 {
				perClockIPC = append(perClockIPC, e.raw/(t.ClockMHz.V*t.IPCScale.V))
			}
		}
	}
	for g, x := range of {
		c.groups[g].types = len(x.perCoreMark)
		c.groups[g].perCoreMark = Known{median(x.perCoreMark), len(x.perCoreMark) > 0}
		c.groups[g].perMHz = Known{median(x.perMHz), len(x.perMHz) > 0}
	}
	c.perClockIPC = median(perClockIPC)
}

func (c *classTable) findGroup(t *NodeType) int {
	for g := range c.groups {
		x := &c.groups[g]
		if x.generation == t.Generation && x.manufacturer == t.Manufacturer && x.arch == t.Arch {
			return g
		}
	}
	return -1
}

// clockGroup is the group whose work per clock stands for a type of which only
// the clock is known: same manufacturer and architecture, the nearest
// generation that is not newer (work per clock grows with generations), else
// the oldest one measured. Where the manufacturer is not in the tables it is
// the slowest group of the architecture. -1 where there is none.
func (c *classTable) clockGroup(t *NodeType) int {
	best := -1
	for g := range c.groups {
		x := &c.groups[g]
		if x.arch != t.Arch || !x.perMHz.OK || t.Manufacturer != "" && x.manufacturer != t.Manufacturer {
			continue
		}
		switch {
		case best < 0,
			t.Manufacturer == "" && x.perMHz.V < c.groups[best].perMHz.V,
			t.Manufacturer != "" && nearer(x.generation, c.groups[best].generation, t.Generation):
			best = g
		}
	}
	return best
}

// nearer tells whether generation a stands better for generation g than b.
func nearer(a, b, g int) bool {
	if (a <= g) != (b <= g) {
		return a <= g
	}
	if a <= g {
		return a > b
	}
	return a < b
}

// rank gives each type of a family that has no figure of its own the best
// evidence there is (orders 2 to 5).
func (s *Speeds) rank(c *classTable, family []int) {
	for _, i := range family {
		e, t := &c.entries[i], &s.types[i]
		if !s.usable[i].OK {
			*e = entry{basis: -1, group: -1, flags: e.flags}
			continue
		}
		if t.Burstable {
			e.flags |= FlagBaseline
		}
		if e.evidence != NoEvidence {
			continue
		}
		coreMark := s.bench[seriesCoreMark][i].ok
		if s.byFamily(c, family, i) {
			continue
		}
		if g := c.findGroup(t); g >= 0 && coreMark && c.groups[g].perCoreMark.OK {
			e.raw, e.evidence, e.group = s.index[i].V*c.groups[g].perCoreMark.V, EvidenceGroup, g
			continue
		}
		if t.ClockMHz.V <= 0 {
			continue
		}
		if t.IPCScale.V > 0 && c.perClockIPC > 0 {
			e.raw, e.evidence = t.ClockMHz.V*t.IPCScale.V*c.perClockIPC, EvidenceClockIPC
			continue
		}
		if g := c.clockGroup(t); g >= 0 {
			e.raw, e.evidence, e.group = t.ClockMHz.V*c.groups[g].perMHz.V, EvidenceClock, g
		}
	}
}

// byFamily is order 2: the measured member of the family that is nearest in
// size × the ratio of the index. Where CoreMark itself is the series, the
// index already is the family's CoreMark.
func (s *Speeds) byFamily(c *classTable, family []int, i int) bool {
	e := &c.entries[i]
	if !s.index[i].OK {
		return false
	}
	basis := -1
	for _, k := range family {
		if c.entries[k].evidence != EvidenceMeasured || !s.index[k].OK {
			continue
		}
		if basis < 0 || apart(s.types[k].VCPU, s.types[i].VCPU) < apart(s.types[basis].VCPU, s.types[i].VCPU) {
			basis = k
		}
	}
	if basis < 0 {
		return false
	}
	e.evidence, e.basis = EvidenceFamily, basis
	if !s.bench[seriesCoreMark][i].ok || !s.bench[seriesCoreMark][basis].ok {
		e.flags |= FlagNoCoreMark
	}
	if c.series == seriesCoreMark {
		e.raw = s.index[i].V
	} else {
		e.raw = c.entries[basis].raw * s.index[i].V / s.index[basis].V
	}
	return true
}

func apart(a, b int) int { return max(a-b, b-a) }

// capacities fills in the capacity of each node of a family.
func (s *Speeds) capacities(c *classTable, family []int) {
	single := seriesList[c.series].perCore
	for _, i := range family {
		e := &c.entries[i]
		full := e.raw * s.parallel(i, single)
		e.node[0] = full
		for k := 1; k < len(e.node); k++ {
			e.node[k] = full * derates[max(int(e.evidence), k)]
		}
	}
	for k := range c.entries[family[0]].node {
		s.raise(family, func(i int) *float64 { return &c.entries[i].node[k] })
	}
}
