package report

import (
	"strings"

	"headroom/pkg/resilience"
	"headroom/pkg/unit"
)

// Resilience is the report of what becomes of a plan when something fails.
func Resilience(a *resilience.Assessment) Document {
	brief := resilienceBrief(a)
	brief.Charts = resilienceCharts(a)
	return Document{Brief: []Section{brief}, Sections: []Section{resilienceFull(a)}, Records: resilienceRecords(a),
		Data: *a}
}

// resilienceFull has every scenario with all that comes of it, and what availability is made of.
func resilienceFull(a *resilience.Assessment) Section {
	sec := Section{Name: a.Profile, Title: aimCount(a), Lead: resilienceLead(a), Facts: resilienceFacts(a)}
	for _, g := range []Grid{scenarioRows(a), touchedRows(a), classRows(a), aimRows(a, false), pointRows(a),
		availabilityRows(a, false), basisRows(a)} {
		if len(g.Rows) > 0 {
			sec.Grids = append(sec.Grids, g)
		}
	}
	return sec
}

// scenarioRows has a row for each scenario.
func scenarioRows(a *resilience.Assessment) Grid {
	g := Grid{Title: "Scenarios", Columns: []Column{leftColumn("Scenario", "scenario"),
		leftColumn("At once", "at_once"), leftColumn("By itself", "by_itself"), leftColumn("By people", "by_people"),
		leftColumn("Down for", "down"), leftColumn("Acts", "acts"), leftColumn("Lost at most", "lost"),
		leftColumn("p99", "p99"),
		leftColumn("Users carried", "buffer"), leftColumn("Then unprotected from", "unprotected"),
		leftColumn("Until", "until")}}
	protected := false
	for i := range a.Rows {
		protected = protected || a.Rows[i].Protection != nil
	}
	if protected {
		g.Columns = append(g.Columns, decimalColumn("Protection", "protection"))
	}
	for i := range a.Rows {
		r := &a.Rows[i]
		name := r.Scenario
		if named(r) {
			name = r.Name + ": " + r.Scenario
		}
		until := ""
		if len(r.Unprotected) > 0 {
			until = timeWhy(r.Until)
		}
		carried := bufferText(r)
		if r.Buffer == nil && r.Hand.Least() < 1 {
			carried = "not all served"
		}
		cells := []Cell{text(name), text(phaseText(r.Now)), text(phaseText(r.Auto)), text(phaseText(r.Hand)),
			text(downTime(r)), text(actsText(r.By)), text(strings.Join(restoredTexts(r), "; ")),
			text(latencyText(r.Slowest)), text(carried), text(strings.Join(r.Unprotected, ", ")), text(until)}
		if protected {
			cells = append(cells, protectionCell(r))
		}
		g.Rows = append(g.Rows, Row{Cells: cells})
	}
	return g
}

// restoredTexts are what a scenario leaves behind, with how long what is lost takes to restore.
func restoredTexts(r *resilience.Row) []string {
	out := harmTexts(r)
	longest := resilience.Time{}
	for i := range r.Losses {
		l := &r.Losses[i]
		longest.Seconds = max(longest.Seconds, l.Restore.Seconds)
		longest.Missing = distinct(append(longest.Missing, l.Restore.Missing...)...)
	}
	if longest.Seconds > 0 || !longest.Known() {
		out = append(out, "restored in "+timePhrase(longest))
	}
	return out
}

// touchedRows has a row for each component that a scenario touches.
func touchedRows(a *resilience.Assessment) Grid {
	g := Grid{Title: "Components, once what goes by itself has gone", Columns: []Column{
		leftColumn("Scenario", "scenario"), leftColumn("Component", "component"), leftColumn("Answers", "answers"),
		leftColumn("Because", "why"), leftColumn("New primary", "primary"), leftColumn("Busier than allowed", "busy")}}
	for i := range a.Rows {
		r := &a.Rows[i]
		for k := range r.Parts {
			p := &r.Parts[k]
			busy := Cell{}
			if p.Slower {
				busy = Cell{Text: "yes", Value: "yes", Tone: Caution}
			}
			g.Rows = append(g.Rows, Row{Cells: []Cell{text(scenarioName(r)), text(p.Component),
				text(servedText(p.Reads, p.Writes)), text(p.Why), text(p.Leader), busy}})
		}
	}
	return g
}

// classRows has a row for each class of requests that a scenario touches; none where there is
// one class.
func classRows(a *resilience.Assessment) Grid {
	g := Grid{Title: "Requests", Columns: []Column{leftColumn("Scenario", "scenario"),
		leftColumn("Requests", "requests"), rightColumn("At once", "at_once"),
		rightColumn("By itself", "by_itself"), rightColumn("By people", "by_people")}}
	for i := range a.Rows {
		r := &a.Rows[i]
		if len(r.Classes) <= 2 { // reads and writes, which the scenario has
			continue
		}
		for _, c := range r.Classes {
			if c.Now == 1 && c.Auto == 1 && c.Hand == 1 {
				continue
			}
			cells := []Cell{text(scenarioName(r)),
				text(requestsText(&resilience.Availability{Class: c.Class, Writes: c.Writes}, false))}
			for _, x := range []float64{c.Now, c.Auto, c.Hand} {
				cells = append(cells, Cell{Text: unit.Fraction(x).Human(), Value: x})
			}
			g.Rows = append(g.Rows, Row{Cells: cells})
		}
	}
	return g
}

// pointRows has a row for each thing that must not fail alone.
func pointRows(a *resilience.Assessment) Grid {
	g := Grid{Title: "Single points of failure", Columns: []Column{leftColumn("Loss of", "scenario"),
		leftColumn("Users served by itself", "served"), leftColumn("Brought back by", "by")}}
	for i := range a.Points {
		p := &a.Points[i]
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(p.Scenario), text(servedText(p.Reads, p.Writes)),
			text(actsText(p.By))}})
	}
	return g
}
