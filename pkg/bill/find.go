package bill

// Owner is what lines of the bill are for: a component, or an adjustment, which
// is for none. Both have names, and these may be the same.
type Owner struct {
	Name       string `json:"name"`
	Adjustment bool   `json:"adjustment,omitempty"`
}

// For is what a line is for.
func (l *Line) For() Owner {
	if l.Term == AdjustmentTerm {
		return Owner{Name: l.System, Adjustment: true}
	}
	return Owner{Name: l.Component}
}

// Part finds a component by its name, or what a line is for that no component
// has.
func (e *Estimate) Part(of Owner) (Part, bool) {
	for _, p := range e.Parts {
		if !of.Adjustment && p.Name == of.Name {
			return p, true
		}
	}
	for i := range e.Lines {
		if l := &e.Lines[i]; l.For() == of {
			return Part{Name: of.Name, System: l.System, Kind: l.Kind}, true
		}
	}
	return Part{}, false
}

// LinesOf are the lines that are for a component or an adjustment.
func (e *Estimate) LinesOf(of Owner) []Line {
	var out []Line
	for i := range e.Lines {
		if l := &e.Lines[i]; l.For() == of {
			out = append(out, *l)
		}
	}
	return out
}

// Sum adds lines up.
func Sum(lines []Line) Cost {
	var c Cost
	for i := range lines {
		c = c.Plus(lines[i].Cost)
	}
	return c
}
