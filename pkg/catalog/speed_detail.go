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
	if v.factor > 0 {
		b.WriteString("stated as " + num(v.factor) + " times " + t.Name + "; ")
	}
	switch {
	case v.t == v.ref:
		b.WriteString(t.Name + " is the reference type")
	case s.familyOf[v.t] == s.familyOf[v.ref]:
		b.WriteString("one thread is as fast on " + t.Name + " as on " + r.Name + " of the same family")
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

// coreMarkText is the CoreMark of a family.
func (s *Speeds) coreMarkText(i int) string {
	f := &s.families[s.familyOf[i]]
	return "CoreMark of " + s.types[i].Family + " " + num(f.coreMark.V) + " per vCPU, median of its sizes"
}

// basisText is what the entry of a type follows from.
func (s *Speeds) basisText(c *classTable, i int) string {
	k := s.familyOf[i]
	e, f, sr := &c.entries[k], &s.families[k], seriesList[c.series]
	switch e.evidence {
	case EvidenceMeasured:
		if c.series == seriesCoreMark {
			return s.coreMarkText(i)
		}
		return s.figureText(c.series, e.basis)
	case EvidenceGroup:
		g := &c.groups[e.group]
		text := s.coreMarkText(i)
		if c.series != seriesCoreMark {
			text += " × " + num(g.perCoreMark.V) + " " + sr.unit + " per CoreMark, median of " +
				strconv.Itoa(g.families) + " families of " + g.text() + " (" + sr.what + ")"
		}
		return text
	case EvidenceClockIPC:
		return num(f.clockMHz.V) + " MHz × IPC scale " + num(f.ipcScale.V) + " × " +
			num(c.perClockIPC) + " " + sr.unit + ", median of all families (" + sr.what + ")"
	case EvidenceClock:
		g := &c.groups[e.group]
		return num(f.clockMHz.V) + " MHz × " + num(g.perMHz.V) + " " + sr.unit + ", median of " + g.text() + " (" +
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
