package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/unit"
)

// behindEstimate is what stands behind an estimate, to be unfolded: its lines with the
// sources of their prices, the limits and the inputs.
func behindEstimate(e *bill.Estimate, b *Backing) []Section {
	out := []Section{{Name: "Lines", Grids: []Grid{lineSheet(e)}}}
	if g := limitSheet(e); len(g.Rows) > 0 {
		out = append(out, Section{Name: "Limits", Grids: []Grid{g}})
	}
	inputs := Section{Name: "Inputs"}
	if b.Backing != nil {
		inputs.Grids = []Grid{inputSheet(b.Inputs)}
	} else {
		inputs.Lead = []string{notSaved}
		if len(e.Assumed) > 0 {
			inputs.Grids = []Grid{inputSheet(assumedInputs(e.Assumed))}
		}
	}
	return append(out, inputs)
}

// assumedInputs are the inputs that a saved estimate holds: those that nobody measured.
func assumedInputs(list []bill.Assumption) []insight.InputUse {
	out := make([]insight.InputUse, len(list))
	for i := range list {
		a := &list[i]
		out[i] = insight.InputUse{Path: a.Path, Value: a.Value, Number: a.Number, Assumed: a.Reason, Default: a.Default,
			Line: a.Line}
	}
	return out
}

// lineSheet is the bill line by line; the amount says how it comes about.
func lineSheet(e *bill.Estimate) Grid {
	g := Grid{Columns: []Column{leftColumn("Region", "region"), leftColumn("System", "system"),
		leftColumn("Item", "item"), rightColumn("Quantity", "quantity"), leftColumn("Unit", "unit"),
		rightColumn("Price", "unit_price"), {Header: "$/month", Key: "cost", Align: Right,
			Product: [2]string{"quantity", "unit_price"}}, leftColumn("As of", "price_as_of"),
		leftColumn("Source", "price_source"), leftColumn("Note", "price_note"), leftColumn("Term", "term")}}
	for i := range e.Lines {
		l := &e.Lines[i]
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(l.Region), text(l.System), text(l.Name()),
			{Text: unit.Grouped(l.Quantity.String()), Value: l.Quantity}, text(l.Unit),
			{Text: l.Price.String(), Value: l.Price},
			{Text: l.Cost.Expected.Human(), Value: l.Cost.Expected, Source: lineSource(l)},
			text(l.AsOf), text(l.Source), text(l.PriceNote), text(l.Term)}})
	}
	g.Rows = append(g.Rows, Row{Role: Total, Cells: []Cell{text("Total"), {}, {}, {}, {}, {},
		{Text: e.Total.Expected.Human(), Value: e.Total.Expected}, {}, {}, {}, {}}})
	return g
}

// lineSource is how the amount of a line comes about.
func lineSource(l *bill.Line) string {
	s := fmt.Sprintf("%s %s × %s $ = %s", l.Quantity, l.Unit, l.Price, l.Cost.Expected)
	if l.HourPrice != nil {
		s += fmt.Sprintf("; %s $ an hour", *l.HourPrice)
	}
	if l.Source != "" {
		s += "; price of " + l.AsOf + ", source " + l.Source
	}
	return strings.Join(distinct(s, l.PriceNote, l.Notes, momentOf(l)), "; ")
}

// eachOnce are the limits of a component that ask for something, those that are the same
// in several regions once.
func eachOnce(limits []bill.Limit) []*bill.Limit {
	type key struct {
		resource, state, role string
		need, have, target    float64
		binding               bool
	}
	at := map[key]*bill.Limit{}
	var out []*bill.Limit
	for _, l := range limits {
		k := key{l.Resource, l.State, l.Role, l.Need, l.Have, l.Target, l.Binding}
		switch first := at[k]; {
		case l.Need == 0:
		case first == nil:
			at[k] = &l
			out = append(out, &l)
		case !slices.Contains(strings.Split(first.Region, " + "), l.Region):
			first.Region += " + " + l.Region
		}
	}
	return out
}

// limitSheet has a row for every limit that asks for something.
func limitSheet(e *bill.Estimate) Grid {
	g := Grid{Columns: []Column{leftColumn("Component", "component"), leftColumn("Resource", "resource"),
		leftColumn("State", "state"), leftColumn("Region", "region"), leftColumn("Role", "role"),
		rightColumn("Need", "need"), rightColumn("Have", "have"), leftColumn("Unit", "unit"),
		rightColumn("Used", "utilisation"), rightColumn("Ceiling", "target"), leftColumn("", "binding")}}
	for i := range e.Parts {
		for _, l := range eachOnce(e.Parts[i].Limits) {
			used, binds := Cell{}, Cell{}
			if l.Utilisation != nil {
				used = Cell{Text: unit.Percent(*l.Utilisation, 0), Value: *l.Utilisation}
			}
			if l.Binding {
				binds = text("binds")
			}
			g.Rows = append(g.Rows, Row{Cells: []Cell{text(e.Parts[i].Name), text(l.Resource), text(l.State),
				text(l.Region), text(l.Role), {Text: unit.Quantity(l.Need, l.Unit), Value: l.Need},
				{Text: unit.Quantity(l.Have, l.Unit), Value: l.Have}, text(l.Unit), used,
				{Text: unit.Percent(l.Target, 0), Value: l.Target}, binds}})
		}
	}
	return g
}

func inputSheet(inputs []insight.InputUse) Grid {
	g := Grid{Columns: []Column{leftColumn("Input", "path"), leftColumn("Value", "value"),
		leftColumn("From", "from"), leftColumn("Source", "source")}}
	for _, in := range inputs {
		from := "the profile, line " + strconv.Itoa(in.Line)
		if in.Default {
			from = "default"
		}
		source := text(cmp.Or(in.Source, in.Assumed))
		if in.Assumed != "" {
			from += ", a guess"
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(in.Path), text(in.Value), text(from), source}})
	}
	return g
}
