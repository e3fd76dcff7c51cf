package catalog

// group is the measured families of one manufacturer, architecture and
// generation.
type group struct {
	manufacturer, arch string
	generation         int
	perCoreMark        Known // median of measured / CoreMark per vCPU
	perMHz             Known // median of measured / clock
	families           int   // with both a measurement and CoreMark
}

// table is the table of a series, made when first asked for.
func (s *Speeds) table(series int) *classTable {
	t, _ := s.tables[series].get(func() (*classTable, error) { return s.build(series), nil })
	return t
}

func (s *Speeds) build(series int) *classTable {
	c := &classTable{series: series, entries: make([]entry, len(s.families))}
	s.measured(c)
	s.calibrate(c)
	for k := range s.families {
		c.rank(&c.entries[k], &s.families[k])
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

// measured enters what has been measured on a size of a family (orders 1 and 2),
// except outliers and bursts of -flex types. CoreMark is known of many sizes: there
// the family's median counts.
func (s *Speeds) measured(c *classTable) {
	c.medianRatio = s.ratio(c.series)
	for k := range s.families {
		f, e := &s.families[k], &c.entries[k]
		e.basis, e.group = -1, -1
		for _, i := range f.sizes {
			v := s.perVCPU(c.series, i)
			if !v.OK {
				continue
			}
			var flags SpeedFlags
			if f.coreMark.OK && v.V/f.coreMark.V > outlierFactor*c.medianRatio {
				flags |= FlagOutlier
			}
			if s.types[i].Flex {
				flags |= FlagFlex
			}
			if e.flags |= flags; flags == 0 && s.nearer(i, e.basis) {
				e.raw, e.evidence, e.basis = v.V, EvidenceMeasured, i
			}
		}
		if c.series == seriesCoreMark && e.evidence == EvidenceMeasured {
			e.raw = f.coreMark.V
		}
	}
}

// ratio is the median of measured figures / CoreMark per vCPU over all types.
func (s *Speeds) ratio(series int) float64 {
	var ratios []float64
	for i := range s.types {
		f := &s.families[s.familyOf[i]]
		if v := s.perVCPU(series, i); v.OK && f.coreMark.OK {
			ratios = append(ratios, v.V/f.coreMark.V)
		}
	}
	return median(ratios)
}

// nearer tells whether a type is nearer to the size at which the series were taken
// than another; any is where there is none yet.
func (s *Speeds) nearer(i, than int) bool {
	apart := func(i int) int { return max(s.types[i].VCPU-measuredVCPUs, measuredVCPUs-s.types[i].VCPU) }
	return than < 0 || apart(i) < apart(than)
}

// calibrate finds the medians by which CoreMark and clocks become figures of
// the series.
func (s *Speeds) calibrate(c *classTable) {
	type samples struct{ perCoreMark, perMHz []float64 }
	var of []samples
	var perClockIPC []float64
	for k := range s.families {
		e, f := &c.entries[k], &s.families[k]
		if e.evidence != EvidenceMeasured {
			continue
		}
		g := c.findGroup(&f.first)
		if g < 0 {
			g = len(c.groups)
			c.groups = append(c.groups,
				group{manufacturer: f.first.Manufacturer, arch: f.first.Arch, generation: f.first.Generation})
			of = append(of, samples{})
		}
		if f.coreMark.OK {
			of[g].perCoreMark = append(of[g].perCoreMark, e.raw/f.coreMark.V)
		}
		if f.clockMHz.OK {
			of[g].perMHz = append(of[g].perMHz, e.raw/f.clockMHz.V)
			if f.ipcScale.OK {
				perClockIPC = append(perClockIPC, e.raw/(f.clockMHz.V*f.ipcScale.V))
			}
		}
	}
	for g, x := range of {
		c.groups[g].families = len(x.perCoreMark)
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

// clockGroup is the group whose work per clock stands for a family of which only
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

// rank gives a family that was not measured the best evidence there is (orders 3
// to 5).
func (c *classTable) rank(e *entry, f *family) {
	if e.evidence != NoEvidence {
		return
	}
	if g := c.findGroup(&f.first); g >= 0 && f.coreMark.OK && c.groups[g].perCoreMark.OK {
		e.raw, e.evidence, e.group = f.coreMark.V*c.groups[g].perCoreMark.V, EvidenceGroup, g
		return
	}
	if !f.clockMHz.OK {
		return
	}
	if f.ipcScale.OK && c.perClockIPC > 0 {
		e.raw, e.evidence = f.clockMHz.V*f.ipcScale.V*c.perClockIPC, EvidenceClockIPC
		return
	}
	if g := c.clockGroup(&f.first); g >= 0 {
		e.raw, e.evidence, e.group = f.clockMHz.V*c.groups[g].perMHz.V, EvidenceClock, g
	}
}
