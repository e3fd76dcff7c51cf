package catalog

import (
	"strconv"
	"strings"
)

// Detail says in one sentence from which figures the speed follows.
func (v Speed) Detail() string {
	s := v.speeds
	if s == nil {
		return ""
	}
	t, r := &s.types[v.t], &s.types[v.ref]
	var b strings.Builder
	switch {
	case v.t == v.ref:
		b.WriteString(t.Name + " is the reference type")
	case v.inFamily:
		b.WriteString(s.indexText(v.t) + ", against " + s.indexText(v.ref))
	default:
		c := s.table(v.series)
		b.WriteString(s.basisText(c, v.t))
		b.WriteString("; reference " + r.Name + ": " + s.basisText(c, v.ref))
	}
	for _, f := range v.Flags.Texts() {
		b.WriteString("; " + f)
	}
	return b.String()
}

// indexText is the speed of a vCPU within its family.
func (s *Speeds) indexText(i int) string {
	t := &s.types[i]
	if s.bench[seriesCoreMark][i].ok {
		return "CoreMark of " + t.Name + " " + num(s.index[i].V) + " per vCPU"
	}
	return "clock of " + t.Name + " " + num(t.ClockMHz.V) + " MHz"
}

// basisText is what the entry of a type follows from.
func (s *Speeds) basisText(c *classTable, i int) string {
	e, t := &c.entries[i], &s.types[i]
	sr := seriesList[c.series]
	switch e.evidence {
	case EvidenceMeasured:
		return s.figureText(c.series, i)
	case EvidenceFamily:
		if c.series == seriesCoreMark {
			return s.indexText(i) + " × CoreMark per vCPU and MHz of its family, " + num(e.raw/t.ClockMHz.V)
		}
		return s.figureText(c.series, e.basis) + " × " + s.indexText(i) + " / " + s.indexText(e.basis)
	case EvidenceGroup:
		g := &c.groups[e.group]
		text := s.indexText(i)
		if c.series != seriesCoreMark {
			text += " × " + num(g.perCoreMark.V) + " " + sr.unit + " per CoreMark, median of " + strconv.Itoa(g.types) +
				" types of " + g.text() + " (" + sr.what + ")"
		}
		return text
	case EvidenceClockIPC:
		return num(t.ClockMHz.V) + " MHz × IPC scale " + num(t.IPCScale.V) + " × " +
			num(c.perClockIPC) + " " + sr.unit + ", median of all types (" + sr.what + ")"
	case EvidenceClock:
		g := &c.groups[e.group]
		return num(t.ClockMHz.V) + " MHz × " + num(g.perMHz.V) + " " + sr.unit + ", median of " + g.text() + " (" +
			sr.what + ")"
	}
	return "no figure"
}

func (g *group) text() string {
	return g.manufacturer + " " + g.arch + " generation " + strconv.Itoa(g.generation)
}

// figureText is a measured figure of a whole node.
func (s *Speeds) figureText(series, i int) string {
	f, t, sr := s.bench[series][i], &s.types[i], seriesList[series]
	text := sr.what + " on " + t.Name + ": " + num(f.mean)
	if f.sd > 0 {
		text += " − " + num(f.sd)
	}
	text += " " + sr.unit
	if sr.perCore {
		return text + " of one core"
	}
	return text + " on " + strconv.Itoa(t.VCPU) + " vCPU"
}

// num prints four significant digits, and all digits of the whole part.
func num(v float64) string {
	if v >= 1000 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
