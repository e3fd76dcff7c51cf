package report

import (
	"headroom/pkg/insight"
	"headroom/pkg/resilience"
)

// failuresName is the section with what fails and what then. Who explains a plan has to ask
// for it: it takes many plans.
const failuresName = "failures"

// noGrids is of a section that is not about components.
func noGrids(*insight.ComponentReasoning) []Grid { return nil }

// NeedsFailures tells whether the document of an explanation shows what becomes of the system
// when something fails: as the sections that are named and the format say. In short it does not.
func NeedsFailures(only []string, all bool, format string) bool {
	for _, name := range only {
		if name == failuresName {
			return true
		}
	}
	return len(only) == 0 && (all || format != "table" && format != "csv")
}

// ShortScenarios are the scenarios that a report in short lists.
func ShortScenarios(a *resilience.Assessment) []string {
	rows, _, _ := listedRows(a)
	out := make([]string, len(rows))
	for i := range rows {
		out[i] = rows[i].Scenario
	}
	return out
}

// failureSection has a table for each scenario, and one for what is of none; of a component
// alone one table for all of them.
func failureSection(x *insight.Explanation) Section {
	s := Section{Name: failuresName, Title: "Failures",
		Notes: []string{"How figures of failures come about, and by which formulas: headroom docs model 9."}}
	texts := failureTexts(x.Failures)
	cells := func(d *failureText) []Cell {
		return []Cell{text(d.What), text(d.Formula), text(d.Result), text(d.Source)}
	}
	columns := derivation(nil).Columns
	if len(x.Components) == 1 {
		g := Grid{Columns: append([]Column{leftColumn("Scenario", "scenario")}, columns...)}
		for i := range texts {
			g.Rows = append(g.Rows, Row{Cells: append([]Cell{text(texts[i].Scenario)}, cells(&texts[i])...)})
		}
		s.Grids = []Grid{g}
		return s
	}
	for i := range texts {
		d := &texts[i]
		title := d.Scenario
		if title == "" {
			title = "Aims, buffers and availability"
		}
		if n := len(s.Grids); n == 0 || s.Grids[n-1].Title != title {
			s.Grids = append(s.Grids, Grid{Title: title,
				Columns: append([]Column{leftColumn("Component", "component")}, columns...)})
		}
		g := &s.Grids[len(s.Grids)-1]
		g.Rows = append(g.Rows, Row{Cells: append([]Cell{text(d.Component)}, cells(d)...)})
	}
	return s
}

// failureRecords are the steps as one table for programs.
func failureRecords(x *insight.Explanation) *Grid {
	g := table("scenario", "component", "what", "formula", "text", "value", "unit", "source")
	for _, d := range failureTexts(x.Failures) {
		var value, unit any
		if len(d.Results) == 1 && d.Results[0].Value != nil {
			value, unit = *d.Results[0].Value, d.Results[0].Unit
		}
		g.add(d.Scenario, d.Component, d.What, d.Formula, d.Result, value, unit, d.Source)
	}
	return g
}
