package bill

// For is the component that a line is for; adjustments, which are for none, have
// a name of their own, with a space that no component has.
func (l *Line) For() string {
	if l.Term == AdjustmentTerm {
		return "adjustment " + l.System
	}
	return l.Component
}

// Part finds a component by its name, or what a line is for that no component
// has.
func (e *Estimate) Part(name string) (Part, bool) {
	for _, p := range e.Parts {
		if p.Name == name {
			return p, true
		}
	}
	for i := range e.Lines {
		if l := &e.Lines[i]; l.For() == name {
			return Part{Name: name, System: l.System, Kind: l.Kind}, true
		}
	}
	return Part{}, false
}

// LinesOf are the lines that are for a component.
func (e *Estimate) LinesOf(component string) []Line {
	var out []Line
	for i := range e.Lines {
		if l := &e.Lines[i]; l.For() == component {
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
