package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/compare"
	"headroom/pkg/money"
	"headroom/pkg/whatif"
)

// sweepBar is the longest bar beside a total of a sweep, in places.
const sweepBar = 24

// blockColumns is how many values of the second input stand beside each other: as many as a
// narrow terminal has room for.
const blockColumns = 6

// sweepBrief is a sweep in short: what each value costs, where the system is now, and which
// components are built anew.
func sweepBrief(s *whatif.Sweep) Section {
	sec := Section{Title: s.Profile.Name + " by " + axisNames(s)}
	if s.Partial {
		sec.Lead = append(sec.Lead, partialText(len(s.Points), s.Of))
	}
	if list := setTexts(s.Inputs); len(list) > 0 {
		sec.Lead = append(sec.Lead, "with "+strings.Join(list, " · "))
	}
	if len(s.Axes) > 1 {
		sec.Title = fmt.Sprintf("%s, $/month by %s (rows) and %s (columns)", s.Profile.Name, s.Axes[0].Path,
			s.Axes[1].Path)
		sec.Lead = append(sec.Lead, keptText(s))
		sec.Grids = sweepBlocks(s)
		sec.Notes = []string{"* built differently from the value to the left, in the first column from that above; " +
			"how: --full"}
		sec.Facts = failureFacts(s)
		return sec
	}
	sec.Lead = append(sec.Lead, keptText(s))
	sec.Grids = []Grid{sweepLines(s)}
	sec.Facts = failureFacts(s)
	if note := returnsNote(s); note != "" {
		sec.Notes = append(sec.Notes, note)
	}
	return sec
}

// keptText says in short what the values have to do with each other.
func keptText(s *whatif.Sweep) string {
	switch g := s.Growth; {
	case g == nil:
		return "each value planned by itself, as if nothing ran yet"
	case g.Present:
		return "machines are kept up and down from now; --anew plans each value by itself"
	default:
		return "machines are kept from " + g.Shown + " on; --anew plans each value by itself"
	}
}

// setTexts are inputs that were set beside what is varied.
func setTexts(inputs []whatif.InputDelta) []string {
	var out []string
	for _, d := range inputs {
		out = append(out, inputText(d.Path, d.Was, d.Is))
	}
	return out
}

// sweepLines has a row for each value, and one for the present system.
func sweepLines(s *whatif.Sweep) Grid {
	g := Grid{Light: true, Columns: []Column{rightColumn("", "value"), rightColumn("$/month", "total"),
		{Key: "bar", Spare: true}, rightColumn("$/user", "per_user")}}
	all := withEnvironments(s)
	if all {
		g.Columns = append(g.Columns, rightColumn("all", "together"))
	}
	g.Columns = append(g.Columns, leftColumn("built anew", "built_anew"))
	top := 0.0
	for i := range s.Points {
		if f := s.Points[i].Figures; f != nil {
			top = math.Max(top, f.Total.Expected.Float64())
		}
	}
	row := func(value string, f *whatif.Figures, now bool, anew string) {
		if now {
			anew = strings.TrimSuffix("◀ now, "+anew, ", ")
		}
		cells := []Cell{text(value), {Text: "no plan", Tone: Breach}, {}, {}}
		if f != nil {
			total := f.Total.Expected
			cells = []Cell{text(value), {Text: wholeAmount(total), Value: total},
				barCell(total.Float64()/top, sweepBar), unitCell(f.PerUser)}
		}
		if all {
			cells = append(cells, togetherCell(f, wholeAmount))
		}
		g.Rows = append(g.Rows, Row{Cells: append(cells, text(anew))})
	}
	unsaid := s.Growth != nil && s.Growth.Now != nil // the present system is none of the points
	for i := range s.Points {
		p := &s.Points[i]
		if unsaid && nowIsBelow(s, i) {
			row(s.Growth.Shown, s.Growth.Now, true, "")
			unsaid = false
		}
		row(shownInput(s, p, 0), p.Figures, isNow(s, p), anewText(s, p))
	}
	return g
}

// withEnvironments tells whether there are costs of production with its environments.
func withEnvironments(s *whatif.Sweep) bool {
	return slices.ContainsFunc(s.Points, func(p whatif.Point) bool {
		return p.Figures != nil && p.Figures.Together != nil
	})
}

// togetherCell is the cost of production with its environments; empty where it is not known.
func togetherCell(f *whatif.Figures, amount func(money.Amount) string) Cell {
	if f == nil || f.Together == nil {
		return Cell{}
	}
	total := f.Together.Total.Expected
	return Cell{Text: amount(total), Value: total}
}

// nowIsBelow tells whether the present value is below that of the i-th point of rising values.
func nowIsBelow(s *whatif.Sweep, i int) bool {
	now, at := s.Growth.From.Number, s.Points[i].Values[0].Number
	return now != nil && at != nil && *now < *at
}

// isNow tells whether a point has the profile's own value.
func isNow(s *whatif.Sweep, p *whatif.Point) bool {
	now := s.Axes[0].Now
	return now.Text != "" && now.Same(p.Values[0])
}

// wholeAmount is an amount without its cents, which nobody reads beside a bar; with them
// where it is small.
func wholeAmount(a money.Amount) string {
	return strings.Replace(wholeDollars(a.Float64()), "$", "", 1)
}

// anewText names what is built anew at a point, a single one with its machine. Where
// every value is planned by itself, that is what has another machine, storage or structure
// than at the value before.
func anewText(s *whatif.Sweep, p *whatif.Point) string {
	var names []string
	machine := ""
	for i := range p.Marks {
		m := &p.Marks[i]
		is := ""
		anew := s.Growth != nil && slices.Contains(p.BuiltAnew, m.Component)
		for _, c := range m.Changes {
			switch c.What {
			case compare.OfMachine:
				is = " " + shortly(c.Is)
				anew = anew || s.Growth == nil
			case compare.OfStorage, compare.OfStructure:
				anew = anew || s.Growth == nil
			}
		}
		if anew {
			names, machine = append(names, m.System), is
		}
	}
	if len(names) == 1 {
		return names[0] + machine
	}
	return few(names)
}

// failureFacts say why values have no plan: of values in a row, why the first has none.
func failureFacts(s *whatif.Sweep) []Fact {
	var out []Fact
	for i := 0; i < len(s.Points); {
		p := &s.Points[i]
		k := i + 1
		for k < len(s.Points) && p.Failure != "" && s.Points[k].Failure != "" {
			k++
		}
		if p.Failure != "" {
			label := pointText(s, p)
			if k > i+1 {
				label += " to " + pointText(s, &s.Points[k-1])
			}
			out = append(out, Fact{Label: label, Text: "no plan: " + p.Failure, Tone: Breach})
		}
		i = k
	}
	const most = 3
	if more := len(out) - most; more > 0 {
		out = append(out[:most], fact("", fmt.Sprintf("and %d more without a plan: --full", more)))
	}
	return out
}

// pointText is a point's values.
func pointText(s *whatif.Sweep, p *whatif.Point) string {
	parts := make([]string, len(s.Axes))
	for i := range s.Axes {
		parts[i] = shownInput(s, p, i)
	}
	return strings.Join(parts, " × ")
}

// sweepBlocks are the totals of two inputs, without cents, in tables of as many columns as a
// narrow terminal has room for.
func sweepBlocks(s *whatif.Sweep) []Grid {
	whole := sweepTable(s)
	for i := range whole.Rows {
		for k := range whole.Rows[i].Cells {
			c := &whole.Rows[i].Cells[k]
			if a, ok := c.Value.(money.Amount); ok && k > 0 {
				c.Text = wholeAmount(a) + c.Text[len(c.Text)-1:] // with its mark
			}
		}
	}
	var out []Grid
	for from := 1; from < len(whole.Columns); from += blockColumns {
		to := min(from+blockColumns, len(whole.Columns))
		g := Grid{Light: true, Columns: append(whole.Columns[:1:1], whole.Columns[from:to]...)}
		g.Columns[0].Header = ""
		for _, r := range whole.Rows {
			g.Rows = append(g.Rows, Row{Cells: append(r.Cells[:1:1], r.Cells[from:to]...)})
		}
		out = append(out, g)
	}
	return out
}
