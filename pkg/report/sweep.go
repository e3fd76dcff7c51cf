package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"headroom/pkg/money"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
)

// barWidth is the longest bar of a chart.
const barWidth = 30

// Sweep is the report of a sweep: a row for each value of one input, or a row
// and a column for each pair of two; then where the plan is built differently.
func Sweep(s *whatif.Sweep, chart bool) Document {
	doc := Document{Records: sweepRecords(s), Data: *s, Brief: []Section{sweepBrief(s)}}
	sec := Section{Name: s.Profile.Name, Title: "sweep of " + axisNames(s),
		Lead: []string{withoutAims(fmt.Sprintf("%s, prices of %s, $/month", strings.Join(s.Regions, " + "), s.Prices),
			s.Profile)}}
	sec.Lead = append(sec.Lead, stepsText(s))
	if s.Partial {
		sec.Lead = append(sec.Lead, partialText(len(s.Points), s.Of))
	}
	if len(s.Axes) == 1 {
		sec.Grids = []Grid{sweepRows(s, chart)}
	} else {
		sec.Grids = []Grid{sweepTable(s)}
		if g := sweepMarks(s); len(g.Rows) > 0 {
			sec.Grids = append(sec.Grids, g)
			sec.Notes = append(sec.Notes, "* type, binding limit, storage or structure differ from the value before: "+
				"to the left, in the first column above.")
		}
	}
	sec.Facts = setFacts(s.Inputs)
	if chart && s.Growth == nil {
		sec.Notes = append(sec.Notes, "Changes names what is built differently from the value before; "+
			"without --chart it says how.")
	}
	for i := range s.Points {
		if s.Points[i].Failure != "" {
			sec.Notes = append(sec.Notes, "No plan at "+inputsText(s, &s.Points[i])+": "+s.Points[i].Failure)
			break // the next ones mostly fail on the same
		}
	}
	if note := returnsNote(s); note != "" {
		sec.Notes = append(sec.Notes, note)
	}
	doc.Sections = []Section{sec}
	doc.illustrate(0, sweepCharts(s)...)
	return doc
}

// fewReturns is how often a component may come back to a machine before a report says
// what holds it.
const fewReturns = 2

// returnsNote says which components a sweep moves to and fro.
func returnsNote(s *whatif.Sweep) string {
	var list []string
	for _, r := range s.Returns {
		if r.Times > fewReturns {
			list = append(list, fmt.Sprintf("%s %d times", r.System, r.Times))
		}
	}
	if len(list) == 0 {
		return ""
	}
	note := "Some come back to machines that they had left: " + strings.Join(list, ", ") + ". "
	switch {
	case s.Growth != nil:
		note += "A greater --leave holds them longer."
	case s.Axes[0].Values != nil:
		note += "Each value by itself has the lowest running cost; without --anew they are one system that grows."
	default:
		note += "Each value by itself has the lowest running cost."
	}
	return note
}

// stepsText says what the points have to do with each other.
func stepsText(s *whatif.Sweep) string {
	g := s.Growth
	switch {
	case g == nil && len(s.Axes) > 1:
		return "every pair is planned by itself, as if nothing ran yet"
	case g == nil:
		return "every value is planned by itself, as if nothing ran yet"
	}
	from := "from " + g.Shown + " on"
	if g.Present {
		from = "from " + g.Shown + ", as it is now, upwards and downwards"
	}
	return from + ", each value keeps the machines of the one before it, unless others save " +
		"more than " + unit.Percent(g.Leave, 0) + " of the running cost"
}

func partialText(done, of int) string {
	return fmt.Sprintf("PARTIAL: stopped after %d of %d points.", done, of)
}

func axisNames(s *whatif.Sweep) string {
	names := make([]string, len(s.Axes))
	for i, a := range s.Axes {
		names[i] = a.Path
	}
	return strings.Join(names, " × ")
}

// shownInput is a value for people.
func shownInput(s *whatif.Sweep, p *whatif.Point, axis int) string {
	return s.Axes[axis].Shown[p.At[axis]]
}

func inputsText(s *whatif.Sweep, p *whatif.Point) string {
	parts := make([]string, len(s.Axes))
	for i, a := range s.Axes {
		parts[i] = a.Path + "=" + p.Inputs[i]
	}
	return strings.Join(parts, ", ")
}

// inputCell is a value: a number in base units where it is one.
func inputCell(s *whatif.Sweep, p *whatif.Point, axis int) Cell {
	return Cell{Text: shownInput(s, p, axis), Value: valueOf(p.Values[axis])}
}

func sweepRows(s *whatif.Sweep, chart bool) Grid {
	g := Grid{Columns: []Column{rightColumn(s.Axes[0].Path, s.Axes[0].Path), decimalColumn("Total/month", "total"),
		decimalColumn("$/user", "per_user"), rightColumn("Most nodes", "nodes")}}
	all := withEnvironments(s)
	if all {
		g.Columns = append(g.Columns, decimalColumn("All environments", "together"))
	}
	top := 0.0
	for i := range s.Points {
		if f := s.Points[i].Figures; f != nil {
			top = math.Max(top, f.Total.Expected.Float64())
		}
	}
	if chart {
		g.Columns = append(g.Columns, rightColumn("", "chart"))
	}
	g.Columns = append(g.Columns, changeColumns(s, chart)...)
	for i := range s.Points {
		p := &s.Points[i]
		r := Row{Cells: []Cell{inputCell(s, p, 0)}}
		if s.Growth != nil && s.Growth.Present && s.Growth.From.Text == p.Values[0].Text {
			r.Cells[0].Text = "now " + r.Cells[0].Text
		}
		if f := p.Figures; f != nil {
			r.Cells = append(r.Cells, amountCell(f.Total.Expected), unitCell(f.PerUser),
				Cell{Text: fmt.Sprint(f.NodesMax), Value: f.NodesMax})
		} else {
			r.Cells = append(r.Cells, text("no plan"), Cell{}, Cell{})
		}
		if all {
			r.Cells = append(r.Cells, togetherCell(p.Figures, money.Amount.Human))
		}
		if chart {
			r.Cells = append(r.Cells, Cell{Text: bar(p.Figures, top)})
		}
		r.Cells = append(r.Cells, changeCells(s, p, chart)...)
		g.Rows = append(g.Rows, r)
	}
	return g
}

// changeColumns are the columns that say what is built differently from the point before:
// of a system that grows, what is built anew stands by itself.
func changeColumns(s *whatif.Sweep, chart bool) []Column {
	switch {
	case s.Growth == nil:
		return []Column{leftColumn("Changes", "changes")}
	case chart:
		return []Column{leftColumn("Built anew", "built_anew")}
	}
	return []Column{leftColumn("Built anew", "built_anew"), leftColumn("Other changes", "changes")}
}

func changeCells(s *whatif.Sweep, p *whatif.Point, chart bool) []Cell {
	anew, others := splitMarks(p)
	switch {
	case s.Growth == nil && chart:
		return []Cell{text(marked(p.Marks))}
	case s.Growth == nil:
		return []Cell{text(marksText(p.Marks))}
	case chart:
		return []Cell{text(strings.Join(builtAnew(p), ", "))}
	}
	return []Cell{text(marksText(anew)), text(marksText(others))}
}

// splitMarks tells the components that are built anew at a point from the others.
func splitMarks(p *whatif.Point) (anew, others []whatif.Mark) {
	for _, m := range p.Marks {
		if slices.Contains(p.BuiltAnew, m.Component) {
			anew = append(anew, m)
		} else {
			others = append(others, m)
		}
	}
	return anew, others
}

// builtAnew are the titles of the components that are built anew at a point.
func builtAnew(p *whatif.Point) []string {
	var out []string
	if p.Figures == nil {
		return out
	}
	for i := range p.Figures.Components {
		if c := &p.Figures.Components[i]; slices.Contains(p.BuiltAnew, c.Name) {
			out = append(out, c.System)
		}
	}
	return out
}

// marked names the components that are built differently: beside a chart there
// is no room for more.
func marked(marks []whatif.Mark) string {
	names := make([]string, len(marks))
	for i, m := range marks {
		names[i] = m.System
	}
	return strings.Join(names, ", ")
}

// bar is a total as a bar of eighths, filled with blanks so that the column is
// never broken.
func bar(f *whatif.Figures, top float64) string {
	if f == nil || top <= 0 {
		return strings.Repeat(" ", barWidth)
	}
	eighths := int(math.Round(f.Total.Expected.Float64() / top * barWidth * 8))
	s := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return s + strings.Repeat(" ", barWidth-utf8.RuneCountInString(s))
}

func marksText(marks []whatif.Mark) string {
	parts := make([]string, len(marks))
	for i, m := range marks {
		parts[i] = m.System + " " + strings.Join(shortChanges(m.Changes), ", ")
	}
	return strings.Join(parts, "; ")
}

// sweepTable has the totals of two inputs, a star where the plan is built
// differently.
func sweepTable(s *whatif.Sweep) Grid {
	rows, cols := s.Axes[0], s.Axes[1]
	g := Grid{Columns: []Column{rightColumn(rows.Path, rows.Path)}}
	for i := range cols.Texts {
		g.Columns = append(g.Columns, rightColumn(cols.Shown[i], cols.Path+"="+cols.Texts[i]))
	}
	at := map[[2]int]*whatif.Point{}
	for i := range s.Points {
		p := &s.Points[i]
		at[[2]int{p.At[0], p.At[1]}] = p
	}
	for i := range rows.Texts {
		r := Row{Cells: []Cell{{Text: rows.Shown[i], Value: valueOf(rows.Given[i])}}}
		for k := range cols.Texts {
			p := at[[2]int{i, k}]
			switch {
			case p == nil:
				r.Cells = append(r.Cells, Cell{Text: "not planned"})
			case p.Figures == nil:
				r.Cells = append(r.Cells, Cell{Text: "no plan "})
			default:
				c, mark := amountCell(p.Figures.Total.Expected), " "
				if len(p.Marks) > 0 {
					mark = "*"
				}
				c.Text += mark
				r.Cells = append(r.Cells, c)
			}
		}
		g.Rows = append(g.Rows, r)
	}
	g.Title = "Total/month by " + rows.Path + " (rows) and " + cols.Path + " (columns)"
	return g
}

func sweepMarks(s *whatif.Sweep) Grid {
	g := Grid{Title: "Where the plan is built differently", Columns: []Column{
		rightColumn(s.Axes[0].Path, s.Axes[0].Path), rightColumn(s.Axes[1].Path, s.Axes[1].Path),
		leftColumn("Changes", "changes")}}
	for i := range s.Points {
		if p := &s.Points[i]; len(p.Marks) > 0 {
			g.Rows = append(g.Rows, Row{Cells: []Cell{inputCell(s, p, 0), inputCell(s, p, 1),
				text(marksText(p.Marks))}})
		}
	}
	return g
}

// sweepRecords has a row for each point. The column partial says on every row
// whether the sweep was stopped before its end.
func sweepRecords(s *whatif.Sweep) *Grid {
	g := &Grid{}
	for _, a := range s.Axes {
		g.Columns = append(g.Columns, Column{Header: a.Path, Key: a.Path})
	}
	for _, k := range []string{"cost_min", "cost_expected", "cost_max", "per_user", "per_million_requests", "nodes_min",
		"nodes_max", togetherColumn, "built_anew", "changes", "failure", "partial"} {
		g.Columns = append(g.Columns, Column{Header: k, Key: k})
	}
	for i := range s.Points {
		p := &s.Points[i]
		var values []any
		for _, v := range p.Values {
			values = append(values, valueOf(v))
		}
		if f := p.Figures; f != nil {
			values = append(values, f.Total.Min, f.Total.Expected, f.Total.Max, optional(f.PerUser),
				optional(f.PerMillion), f.NodesMin, f.NodesMax, togetherCell(f, money.Amount.String).Value)
		} else {
			values = append(values, nil, nil, nil, nil, nil, nil, nil, nil)
		}
		values = append(values, strings.Join(p.BuiltAnew, "; "), marksText(p.Marks), p.Failure, s.Partial)
		r := Row{Cells: make([]Cell, len(values))}
		for k, v := range values {
			r.Cells[k] = Cell{Text: machine(v), Value: v}
		}
		g.Rows = append(g.Rows, r)
	}
	return g
}

func optional(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}
