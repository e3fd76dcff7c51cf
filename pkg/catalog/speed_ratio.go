package catalog

import (
	"fmt"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// locate finds a type in the tables, or the one that it is as fast as. A type that has
// none such has no speed.
func (s *Speeds) locate(t *NodeType) (int, error) {
	if t == nil {
		return 0, fmt.Errorf("no node type is given")
	}
	if t.index >= 0 && t.index < len(s.types) && (&s.types[t.index] == t || s.types[t.index].Name == t.Name) {
		return t.index, nil
	}
	if x, ok := findType(s.types, t.Name); ok {
		return x.index, nil
	}
	if x, ok := findType(s.types, t.SpeedOf); ok {
		return x.index, nil
	}
	return 0, fmt.Errorf("node type %q is not in %s", t.Name, typesTable)
}

// Speed is the speed of type t at a class of work relative to ref. It is an
// error where no order of evidence applies to one of them.
func (s *Speeds) Speed(t *NodeType, class WorkClass, ref *NodeType) (Speed, error) {
	if class >= classCount {
		return Speed{}, fmt.Errorf("unknown class of work %s; there are %s", class, strings.Join(classNames[:], ", "))
	}
	ti, err := s.locate(t)
	if err != nil && t != nil && t.Own {
		return Speed{}, &NoSpeedError{Type: t.Name, Class: class, Why: remark.New("speed.own", "type", t.Name,
			"class", class.String())}
	}
	if err != nil {
		return Speed{}, err
	}
	ri, err := s.locate(ref)
	if err != nil {
		return Speed{}, fmt.Errorf("reference type: %w", err)
	}
	c := s.table(seriesOf(class))
	e, r := &c.entries[s.familyOf[ti]], &c.entries[s.familyOf[ri]]
	usable := s.usable[ti]
	if t.SpeedOf != "" {
		usable = t.UsableCPU() // of its own: only a thread is as fast
	}
	out := Speed{UsableCPU: usable.V, Flags: e.flags, speeds: s, series: c.series, t: ti, ref: ri}
	switch {
	case !usable.OK:
		return Speed{}, s.unknown(class, ti)
	case s.familyOf[ti] == s.familyOf[ri]:
		// The load was stated for this family: nothing is inferred.
		out.PerVCPU, out.Evidence, out.Flags = 1, EvidenceFamily, 0
		if ti == ri && t.SpeedOf == "" {
			out.Evidence = EvidenceMeasured
		}
	case e.evidence == NoEvidence:
		return Speed{}, s.unknown(class, ti)
	case r.evidence == NoEvidence:
		none := s.unknown(class, ri)
		none.Why = none.Why.With("reference", true)
		return Speed{}, none
	default:
		out.Evidence = max(s.evidence(c, ti), s.evidence(c, ri))
		out.PerVCPU = float64(e.raw / r.raw * out.Evidence.Derate())
	}
	if t.SpeedFactor > 0 {
		out.PerVCPU, out.factor = float64(out.PerVCPU*t.SpeedFactor), t.SpeedFactor
	}
	if t.Burstable {
		out.Flags |= FlagBaseline
	}
	out.Derate = out.Evidence.Derate()
	out.RefVCPUs = out.PerVCPU * parallel(float64(usable.V*float64(t.VCPU)), seriesList[c.series].perCore)
	return out, nil
}

// evidence is what the speed of one type rests on: what was measured on a size of
// its family is evidence of another order for the other sizes.
func (s *Speeds) evidence(c *classTable, i int) Evidence {
	e := c.entries[s.familyOf[i]].evidence
	if e == EvidenceMeasured && !s.bench[c.series][i].ok {
		return EvidenceFamily
	}
	return e
}

// unknown is the error for a type without any evidence.
func (s *Speeds) unknown(class WorkClass, i int) *NoSpeedError {
	t := &s.types[i]
	values := []any{"type", t.Name, "class", class.String()}
	why := "speed.unmeasured"
	switch {
	case !s.usable[i].OK:
		why, values = "speed.burstable", append(values, "table", burstableTable)
	case s.families[s.familyOf[i]].coreMark.OK:
		why = "speed.generation"
	case t.ClockMHz.OK:
		why = "speed.architecture"
	}
	return &NoSpeedError{Type: t.Name, Class: class, Why: remark.New(why, values...)}
}

// NoSpeedError says that the tables hold nothing from which the speed of a
// type follows.
type NoSpeedError struct {
	Type  string
	Class WorkClass
	Why   remark.Remark // what the tables do not have
}

func (e *NoSpeedError) Error() string { return words.Say(e.Why) }
