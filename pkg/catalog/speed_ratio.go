package catalog

import (
	"fmt"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// locate finds a type in the tables. A type that is not one of them has no
// speed.
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
	return 0, fmt.Errorf("node type %q is not in %s", t.Name, typesTable)
}

// Speed is the speed of type t at a class of work relative to ref. It is an
// error where no order of evidence applies to one of them.
func (s *Speeds) Speed(t *NodeType, class WorkClass, ref *NodeType) (Speed, error) {
	if class >= classCount {
		return Speed{}, fmt.Errorf("unknown class of work %s; there are %s", class, strings.Join(classNames[:], ", "))
	}
	ti, err := s.locate(t)
	if err != nil {
		return Speed{}, err
	}
	ri, err := s.locate(ref)
	if err != nil {
		return Speed{}, fmt.Errorf("reference type: %w", err)
	}
	c := s.table(seriesOf(class))
	e, r := &c.entries[ti], &c.entries[ri]
	out := Speed{UsableCPU: s.usable[ti].V, Flags: e.flags, speeds: s, series: c.series, t: ti, ref: ri}
	single := seriesList[c.series].perCore
	refVCPUs := s.usable[ri].V * float64(s.types[ri].VCPU)
	if single {
		refVCPUs = s.parallel(ri, true)
	}
	switch {
	case ti == ri && s.usable[ri].OK:
		// The load was stated for this type: nothing is inferred.
		out.PerVCPU, out.Node, out.Evidence = 1, 1, EvidenceMeasured
		out.Flags &= FlagBaseline
	case s.withinFamily(ti, ri, e, r):
		s.familySpeed(&out, single)
	default:
		if none := s.unknown(class, ti, e); none != nil {
			return Speed{}, none
		}
		if none := s.unknown(class, ri, r); none != nil {
			none.Why = none.Why.With("reference", true)
			return Speed{}, none
		}
		out.Evidence = max(e.evidence, r.evidence)
		out.PerVCPU = e.raw / r.raw * out.Evidence.Derate()
		out.Node = e.node[r.evidence] / r.node[0]
	}
	out.Derate = out.Evidence.Derate()
	if ti != ri && s.types[ti].Family == s.types[ri].Family && s.types[ti].VCPU > s.types[ri].VCPU {
		// Derating must not make a bigger size of the reference's own family
		// weaker than the reference.
		out.Node = max(out.Node, 1)
	}
	if out.Node > (1+1e-9)*out.PerVCPU*s.parallel(ti, single)/s.parallel(ri, single) {
		out.Flags |= FlagRaised
	}
	out.RefVCPUs = out.Node * refVCPUs
	return out, nil
}

// withinFamily tells whether the ratio of CoreMark within a family (order 2)
// is better evidence than the figures of the class.
func (s *Speeds) withinFamily(t, r int, e, x *entry) bool {
	weak := e.evidence == NoEvidence || x.evidence == NoEvidence || max(e.evidence, x.evidence) > EvidenceFamily
	return weak && s.types[t].Family == s.types[r].Family &&
		s.index[t].OK && s.index[r].OK && s.usable[t].OK && s.usable[r].OK
}

func (s *Speeds) familySpeed(out *Speed, single bool) {
	node := s.familyNode[0]
	if single {
		node = s.familyNode[1]
	}
	out.inFamily, out.Evidence = true, EvidenceFamily
	if !s.bench[seriesCoreMark][out.t].ok || !s.bench[seriesCoreMark][out.ref].ok {
		out.Flags |= FlagNoCoreMark
	}
	derate := out.Evidence.Derate()
	out.PerVCPU = s.index[out.t].V / s.index[out.ref].V * derate
	out.Node = node[out.t] / node[out.ref] * derate
}

// unknown is the error for a type without any evidence, nil where there is.
func (s *Speeds) unknown(class WorkClass, i int, e *entry) *NoSpeedError {
	if e.evidence != NoEvidence {
		return nil
	}
	t := &s.types[i]
	values := []any{"type", t.Name, "class", class.String()}
	why := "speed.unmeasured"
	switch {
	case !s.usable[i].OK:
		why, values = "speed.burstable", append(values, "table", burstableTable)
	case s.bench[seriesCoreMark][i].ok:
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
