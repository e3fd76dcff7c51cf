package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/resilience"
	"headroom/pkg/solutions"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// Solutions is the report of solutions side by side: a column for each, a row for each thing
// that is compared.
func Solutions(c *solutions.Comparison) Document {
	return Document{Brief: []Section{solutionsSection(c, false)}, Sections: []Section{solutionsSection(c, true)},
		Records: solutionsRecords(c), Data: *c}
}

// solutionsSection is all of a comparison; in short without the failures in which solutions
// do not differ.
func solutionsSection(c *solutions.Comparison, full bool) Section {
	s := Section{Title: solutionsTitle(c), Lead: solutionsLead(c), Grids: []Grid{solutionRows(c, full)}}
	if full {
		s.Name = "compare"
	}
	for _, g := range []Grid{solutionAims(c), solutionFailures(c, full), derivedRows(c), statedRows(c, full)} {
		if len(g.Rows) > 0 {
			g.Light = !full
			s.Grids = append(s.Grids, g)
		}
	}
	s.Grids[0].Light = !full
	s.Facts = dominatedFacts(c)
	if note := notCompared(c); note != "" && !full {
		s.Notes = append(s.Notes, note)
	}
	if keys := unknownKeys(c); len(keys) > 0 {
		s.Notes = append(s.Notes, `"over" is what is known of a time: `+missingText(keys)+".")
	}
	return s
}

// notCompared says how many kinds of failures the report in short does not list.
func notCompared(c *solutions.Comparison) string {
	alike, more := 0, 0
	for i := range c.Failures {
		switch f := &c.Failures[i]; {
		case !f.Differs:
			alike++
		case !listedFailure(f):
			more++
		}
	}
	var parts []string
	if alike > 0 {
		parts = append(parts, plural(alike, "kind of failure", "kinds of failures")+" in which they do not differ")
	}
	if more > 0 {
		parts = append(parts, plural(more, "kind", "kinds")+" that pass by themselves or are no loss of one thing")
	}
	if len(parts) == 0 {
		return ""
	}
	return "Not listed: " + strings.Join(parts, ", ") + "; --full has them."
}

// solutionsTitle is the answer: what each costs.
func solutionsTitle(c *solutions.Comparison) string {
	parts := make([]string, len(c.Solutions))
	for i := range c.Solutions {
		s := &c.Solutions[i]
		parts[i] = s.Name + " " + atLeast(s) + roundDollars(s.Month)
	}
	return strings.Join(parts, "   ") + " a month"
}

// atLeast marks a bill that lacks prices.
func atLeast(s *solutions.Solution) string {
	if s.Unpriced > 0 {
		return "≥ "
	}
	return ""
}

func solutionsLead(c *solutions.Comparison) []string {
	var parts, bought []string
	if c.Demand != nil {
		parts = append(parts, demand(c.Demand))
	}
	for i := range c.Solutions {
		bought = append(bought, strings.ReplaceAll(c.Solutions[i].Purchase, "-", " "))
	}
	parts = append(parts, strings.Join(distinct(bought...), " or ")+", prices "+c.Prices)
	return []string{strings.Join(parts, " · ")}
}

// solutionGrid is a grid with a column for each solution.
func solutionGrid(c *solutions.Comparison, title string) Grid {
	g := Grid{Title: title, Columns: []Column{leftColumn("", "what")}}
	for i := range c.Solutions {
		g.Columns = append(g.Columns, leftColumn(c.Solutions[i].Name, fmt.Sprintf("solution_%d", i+1)))
	}
	return g
}

// put adds a row, unless it says nothing of any solution.
func (g *Grid) put(what string, cells []Cell) {
	if slices.ContainsFunc(cells, func(c Cell) bool { return c.Text != "" }) {
		g.Rows = append(g.Rows, Row{Cells: append([]Cell{text(what)}, cells...)})
	}
}

// solutionRows are cost, machines, buffers and availability.
func solutionRows(c *solutions.Comparison, full bool) Grid {
	g := solutionGrid(c, "")
	each := func(what string, cell func(*solutions.Solution) Cell) {
		cells := make([]Cell, len(c.Solutions))
		for i := range c.Solutions {
			cells[i] = cell(&c.Solutions[i])
		}
		g.put(what, cells)
	}
	each("title", func(s *solutions.Solution) Cell { return text(s.Title) })
	bill := func(of func(*solutions.Solution) money.Amount) func(*solutions.Solution) Cell {
		return func(s *solutions.Solution) Cell {
			return Cell{Text: atLeast(s) + of(s).Human(), Value: of(s)}
		}
	}
	each("$/month", bill(func(s *solutions.Solution) money.Amount { return s.Month }))
	if slices.ContainsFunc(c.Solutions, func(s solutions.Solution) bool { return !s.Full.Equal(s.Month) }) {
		each("without credits", bill(func(s *solutions.Solution) money.Amount { return s.Full }))
	}
	places := 0
	for i := range c.Solutions {
		places = max(places, len(c.Solutions[i].Places))
	}
	for k := range places {
		what := "machines"
		if k > 0 {
			what = "elsewhere"
		}
		each(what, func(s *solutions.Solution) Cell {
			if k >= len(s.Places) {
				return Cell{}
			}
			return text(runsAt(&s.Places[k]))
		})
	}
	each("room, users", func(s *solutions.Solution) Cell { return knownUsers(s.Success) })
	each("served in a loss", func(s *solutions.Solution) Cell { return knownUsers(s.Failure) })
	each("single points", func(s *solutions.Solution) Cell {
		if s.Points == nil {
			return Cell{}
		}
		return Cell{Text: unit.Whole(float64(*s.Points)), Value: *s.Points}
	})
	for _, f := range figures() {
		each("available, "+f.header, func(s *solutions.Solution) Cell { return availableCell(s, f.key, full) })
	}
	return g
}

// knownUsers is a number of users; 0 is none, nil is not known.
func knownUsers(x *float64) Cell {
	switch {
	case x == nil:
		return Cell{}
	case *x == 0:
		return Cell{Text: "not all are served", Value: *x, Tone: Breach}
	}
	return Cell{Text: unit.Whole(*x), Value: *x}
}

// availableCell is how much of a year users are served; what is not known is said in full only.
func availableCell(s *solutions.Solution, figure string, full bool) Cell {
	for i := range s.Availability {
		x := &s.Availability[i]
		switch {
		case x.Figure != figure:
		case x.Part != nil:
			return figureCell(x.Part, x.Down)
		case full && len(x.Missing) > 0:
			return text("needs " + strings.Join(x.Missing, ", "))
		}
	}
	return Cell{}
}

// runsAt is what runs in a region: the one machine that would do, or nodes and their types.
func runsAt(p *solutions.Place) string {
	if p.Least == nil {
		nodes := between(fmt.Sprint(p.Min), fmt.Sprint(p.Max))
		return strings.TrimSpace(fmt.Sprintf("%s: %s nodes %s", p.Region, nodes, few(p.Types)))
	}
	r := p.Least
	parts := []string{unit.Count(r.Number("vcpu")).Human() + " vCPU"}
	for _, name := range []string{"memory", "disk"} {
		if r.Has(name) {
			parts = append(parts, unit.Bytes(r.Number(name)).Human()+" "+name)
		}
	}
	return p.Region + ": a machine of " + strings.Join(parts, ", ")
}

// solutionAims has a row for each aim.
func solutionAims(c *solutions.Comparison) Grid {
	g := solutionGrid(c, "Aims")
	for i := range c.Aims {
		a := &c.Aims[i]
		cells := make([]Cell, len(a.Cells))
		for k, x := range a.Cells {
			if x == nil {
				continue
			}
			sign, tone := verdictSign(x.Verdict)
			said := gotText(x)
			if x.Unit == "" {
				said = ""
			}
			if x.Verdict == resilience.NotEvaluated {
				said = missingText(x.Missing)
			}
			cells[k] = Cell{Text: strings.TrimSpace(sign + " " + said), Value: string(x.Verdict), Tone: tone}
		}
		g.put(words.Say(a.What()), cells)
	}
	return g
}

// solutionFailures has a row for each kind of failure; in short for those in which the
// solutions differ.
func solutionFailures(c *solutions.Comparison, full bool) Grid {
	g := solutionGrid(c, "When something fails")
	for i := range c.Failures {
		f := &c.Failures[i]
		if !full && !listedFailure(f) {
			continue
		}
		cells := make([]Cell, len(f.Outcomes))
		for k, o := range f.Outcomes {
			cells[k] = outcomeCell(o, c.Solutions[k].Points != nil)
		}
		g.put(words.Say(f.What), cells)
	}
	return g
}

// listedFailure tells whether a report in short has a kind of failure: it is the loss of one
// thing, solutions differ in it, and in one of them somebody has to act, or something is lost.
func listedFailure(f *solutions.Failure) bool {
	lost := []string{"node", "host", "disks", "storage", "zone", "region", "split", "corruption", "own"}
	grave := func(o *solutions.Outcome) bool {
		return o != nil && (o.Loss != nil || o.By == "person" || o.By == "repair")
	}
	return f.Differs && slices.Contains(lost, strings.TrimPrefix(f.What.Key, "failure.")) &&
		slices.ContainsFunc(f.Outcomes, grave)
}

// outcomeCell is what users have at last, who ends it when, and of how long writes are lost.
func outcomeCell(o *solutions.Outcome, assessed bool) Cell {
	switch {
	case !assessed:
		return text("not known")
	case o == nil:
		return text("there is none")
	}
	said := resilience.Unaffected
	if o.Outcome != resilience.Unaffected || o.By != "nobody" {
		end := endText(&resilience.Row{By: o.By, Down: o.Down})
		said = strings.Join(distinct(servedText(o.Hand.Reads, o.Hand.Writes), end), ", ")
	}
	if o.Outcome == resilience.Slower {
		said += ", slower"
	}
	switch {
	case o.Loss == nil:
	case o.Loss.All:
		said += "; all data lost"
	default:
		said += "; " + timePhrase(o.Loss.Time) + " lost"
	}
	if o.TwoLeaders {
		said += "; two primaries"
	}
	c := text(said)
	c.Source = o.Scenario
	c.Tone = map[string]Tone{"person": Caution, "repair": Breach}[o.By]
	return c
}

// argumentGrid is a grid of what speaks for and against solutions.
func argumentGrid(title string) Grid {
	return Grid{Title: title, Columns: []Column{leftColumn("", "solution"), leftColumn("", "sign"),
		leftColumn("for (+) and against (−)", "text")}}
}

// argument is a row of one: for the first of a solution with its name.
func (g *Grid) argument(name string, pro bool, cells ...Cell) {
	sign := Cell{Text: "−", Value: "con", Tone: Caution}
	if pro {
		sign = Cell{Text: "+", Value: "pro", Tone: Good}
	}
	if slices.ContainsFunc(g.Rows, func(r Row) bool { return r.Cells[0].Value == name }) {
		g.Rows = append(g.Rows, Row{Cells: append([]Cell{{Value: name}, sign}, cells...)})
		return
	}
	g.Rows = append(g.Rows, Row{Cells: append([]Cell{text(name), sign}, cells...)})
}

// derivedRows are what speaks for and against each solution by the figures.
func derivedRows(c *solutions.Comparison) Grid {
	g := argumentGrid("By these figures")
	for i := range c.Solutions {
		s := &c.Solutions[i]
		for _, r := range s.Pros {
			g.argument(s.Name, true, text(words.Say(r)))
		}
		for _, r := range s.Cons {
			g.argument(s.Name, false, text(words.Say(r)))
		}
	}
	return g
}

// statedRows are what the profiles say for and against themselves; in full with where it stands.
func statedRows(c *solutions.Comparison, full bool) Grid {
	g := argumentGrid("As their profiles say")
	if full {
		g.Columns = append(g.Columns, leftColumn("source", "source"))
	}
	for i := range c.Solutions {
		s := &c.Solutions[i]
		for k, list := range [][]solutions.Statement{s.Says.Pros, s.Says.Cons} {
			for _, x := range list {
				cells := []Cell{text(x.Text)}
				if full {
					cells = append(cells, text(x.Source))
				}
				g.argument(s.Name, k == 0, cells...)
			}
		}
	}
	return g
}

// dominatedFacts say of which solutions others are nowhere worse, and better somewhere.
func dominatedFacts(c *solutions.Comparison) []Fact {
	var out []Fact
	for i := range c.Solutions {
		if s := &c.Solutions[i]; len(s.DominatedBy) > 0 {
			out = append(out, Fact{Label: "Dominated", Tone: Caution, Text: fmt.Sprintf(
				"%s: %s is nowhere worse, and better somewhere", s.Name, strings.Join(s.DominatedBy, " or "))})
		}
	}
	if len(out) == 0 && len(c.Solutions) > 1 {
		out = append(out, fact("Dominated", "none by another one: that would be nowhere worse, and better somewhere"))
	}
	return out
}

// unknownKeys are the keys without which times of outages are not known.
func unknownKeys(c *solutions.Comparison) []string {
	var out []string
	for i := range c.Failures {
		for _, o := range c.Failures[i].Outcomes {
			if o != nil && o.By != "nobody" && o.By != "repair" {
				out = append(out, o.Down.Missing...)
			}
		}
	}
	return distinct(out...)
}
