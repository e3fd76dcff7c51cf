package report

import (
	"cmp"
	"fmt"
	"strings"

	"headroom/pkg/compare"
	"headroom/pkg/money"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
	"headroom/pkg/words"
)

// Solution is the report of a goal: the value that meets it, and the next that
// does not.
func Solution(s *whatif.Solution) Document {
	doc := Document{Data: *s, Brief: []Section{goalBrief(s)}}
	sec := Section{Name: s.Profile.Name, Title: fmt.Sprintf("%s %s with %s", s.Want, s.Path, s.Goal.Text),
		Lead: []string{withoutAims(fmt.Sprintf("%s, prices of %s; %s from %s to %s", strings.Join(s.Regions, " + "),
			s.Prices, s.Path, s.From, s.To), s.Profile)}}
	if s.Partial {
		sec.Lead = append(sec.Lead, "PARTIAL: stopped before the end; nothing is proven.")
	}
	figure := s.Goal.Figure
	if c := s.Goal.Component; c != "" {
		figure += ":" + c
	}
	g := Grid{Columns: []Column{leftColumn("", "which"), rightColumn(s.Path, s.Path),
		rightColumn(words.Capital(figure), "figure"),
		decimalColumn("Total/month", "total"), decimalColumn("$/user", "per_user"), rightColumn("Most nodes", "nodes")}}
	all := s.Base != nil && s.Base.Plan != nil && s.Base.Plan.Together != nil
	if all {
		g.Columns = append(g.Columns, decimalColumn("All environments", "together"))
	}
	row := func(label string, r *whatif.Reached) {
		if r == nil {
			return
		}
		value := r.Shown
		if value == "" || s.Meets != nil && s.Fails != nil && s.Meets.Shown == s.Fails.Shown {
			value = r.Value.Text
		}
		cells := []Cell{text(label), {Text: value, Value: valueOf(r.Value)},
			{Text: figureText(s.Goal.Unit, r), Value: optional(r.Figure)}}
		if f := r.Plan; f != nil {
			cells = append(cells, amountCell(f.Total.Expected), unitCell(f.PerUser),
				Cell{Text: fmt.Sprint(f.NodesMax), Value: f.NodesMax})
		} else {
			cells = append(cells, Cell{}, Cell{}, Cell{})
		}
		if all {
			cells = append(cells, togetherCell(r.Plan, money.Amount.Human))
		}
		g.Rows = append(g.Rows, Row{Cells: cells})
	}
	row("as it is", s.Base)
	switch {
	case s.Meets == nil && !s.Partial:
		if s.Method == whatif.Quick {
			sec.Lead = append(sec.Lead, "None of the values that were tried meets the goal.")
		} else {
			sec.Lead = append(sec.Lead, "No value meets the goal.")
		}
		row("nearest", s.Fails)
	case s.Meets != nil:
		row("meets it", s.Meets)
		row("does not", s.Fails)
	}
	sec.Grids = []Grid{g}
	sec.Facts = append(setFacts(s.Inputs), solutionFacts(s)...)
	doc.Sections = []Section{sec}
	return doc
}

// valueOf is an input's value in a cell: a number, a text or nothing.
func valueOf(v compare.Value) any {
	switch {
	case v.Number != nil:
		return *v.Number
	case v.Text == "":
		return nil
	}
	return v.Text
}

// figureText is the goal's figure at a value.
func figureText(in string, r *whatif.Reached) string {
	switch {
	case r.Plan == nil:
		return "no plan"
	case r.Figure == nil: // of a response time
		return "no end: the nodes cannot keep up"
	}
	x := *r.Figure
	switch in {
	case whatif.UnitMonth:
		return "$" + unit.Fixed(x, 2)
	case whatif.UnitUser, whatif.UnitMillion:
		return "$" + unit.Decimals(x, 4)
	case whatif.UnitShare:
		return unit.Percent(x, 1)
	case whatif.UnitSeconds:
		return unit.Duration(x).Human()
	}
	return unit.Whole(x)
}

func solutionFacts(s *whatif.Solution) []Fact {
	var out []Fact
	add := func(label, format string, args ...any) { out = append(out, fact(label, fmt.Sprintf(format, args...))) }
	switch {
	case s.Partial:
		add("Stopped", "after %s", words.Counted(s.Planned, "plan"))
	case s.Meets != nil && s.Fails == nil:
		add("Range", "the %s value of the range meets the goal; widen it for more: --solve %s=FROM..TO", s.Want, s.Path)
	case s.Meets == nil && s.Method != whatif.Quick:
		add("Range", "no value from %s to %s meets the goal", s.From, s.To)
	}
	switch s.Method {
	case whatif.Bisection:
		add("Proof", "bisection: over all %s planned, on the whole range and next to the result, "+
			"the figure goes one way only", words.Counted(s.Planned, "value"))
	case whatif.Quick:
		add("Quick", "%s: nine over the range, then halving where the figure passes the bound; values between "+
			"them were not tried, as they are without --quick", words.Counted(s.Planned, "plan"))
	case whatif.Scan:
		from := s.To
		if s.Want == "smallest" {
			from = s.From
		}
		out := ""
		if s.RuledOut > 0 {
			out = fmt.Sprintf(" or, for %d of them, ruled out by the running cost around it,", s.RuledOut)
		}
		add("Proof", "every value of three digits from %s on was planned%s %s in all", from,
			cmp.Or(out, ","), words.Counted(s.Planned, "plan"))
	}
	if !s.Rising {
		add("Not monotone", "the figure rises and falls with %s, it turns at %s among others; values further off may "+
			"miss or meet the goal again", s.Path, strings.Join(s.ShownTurns, ", "))
	}
	if s.Fails != nil && s.Fails.Failure != "" {
		add("No plan", "%s: %s", s.Fails.Value, s.Fails.Failure)
	}
	return out
}
