package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/timeline"
	"headroom/pkg/unit"
)

// timelineBar is the longest bar beside the bill of a period, in places.
const timelineBar = 12

// timelineBrief is a system over time in short: what each period costs, and what changes when
// and why. Sizes of volumes, which grow all the time, are in the full report.
func timelineBrief(t *timeline.Timeline, s *timeline.System) Section {
	sec := Section{Title: timelineTitle(t, s), Lead: timelineLead(t, s),
		Grids: []Grid{periodLines(t, s)}, Facts: timelineFacts(t, s)}
	for _, g := range []Grid{changeLines(t, s, false), eventLines(t, s)} {
		if len(g.Rows) > 0 {
			sec.Grids = append(sec.Grids, g)
		}
	}
	if n := volumeChanges(s); n > 0 {
		sec.Notes = append(sec.Notes, fmt.Sprintf("Not listed: %s; --full has them.",
			plural(n, "volume that grows by a fifth", "volumes that grow by a fifth")))
	}
	return sec
}

// plural is a number with what it counts.
func plural(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return unit.Whole(float64(n)) + " " + more
}

// timelineTitle is the answer: what all periods cost, and from what to what the bill goes.
func timelineTitle(t *timeline.Timeline, s *timeline.System) string {
	first, last := &s.Periods[0], &s.Periods[len(s.Periods)-1]
	total := roundDollars(s.Total.Bill)
	if unpricedOver(s) > 0 {
		total = "≥ " + total
	}
	text := fmt.Sprintf("%s  %s in %s", s.Profile.Name, total,
		plural(len(s.Periods), t.Period, t.Period+"s"))
	if len(s.Periods) == 1 {
		return text
	}
	change := last.Bill.Minus(first.Bill)
	return text + fmt.Sprintf("   %s → %s a %s%s", roundDollars(first.Bill), roundDollars(last.Bill), t.Period,
		inBrackets(shortPercent(first.Bill, change)))
}

func unpricedOver(s *timeline.System) int {
	n := 0
	for i := range s.Periods {
		n = max(n, s.Periods[i].Unpriced)
	}
	return n
}

func timelineLead(t *timeline.Timeline, s *timeline.System) []string {
	first, last := &s.Periods[0], &s.Periods[len(s.Periods)-1]
	var parts []string
	if first.Users > 0 {
		users := unit.Count(first.Users).Human()
		if last.Users != first.Users {
			users += " → " + unit.Count(last.Users).Human()
		}
		parts = append(parts, users+" users")
	}
	where := []string{strings.Join(s.Regions, "+"), strings.ReplaceAll(s.Purchase, "-", " ")}
	if s.Scope == scopeCompute {
		where = append(where, "nodes only")
	}
	parts = append(parts, strings.Join(append(where, "prices "+s.Prices.Vintage), ", "))
	lead := []string{strings.Join(parts, " · ")}
	if t.Partial {
		lead = append(lead, fmt.Sprintf("PARTIAL: stopped after %d of %d %ss.", len(s.Periods), t.Periods, t.Period))
	}
	return lead
}

// commits tells whether commitments are asked for.
func commits(s *timeline.System) bool { return s.Periods[0].Coverage != nil }

// rentsForEvents tells whether there are events in any period.
func rentsForEvents(s *timeline.System) bool {
	return slices.ContainsFunc(s.Periods, func(p timeline.Period) bool { return len(p.Events) > 0 })
}

// periodLines has a row for each period.
func periodLines(t *timeline.Timeline, s *timeline.System) Grid {
	g := Grid{Light: true, Columns: []Column{rightColumn(t.Period, "number"), rightColumn("users", "users"),
		rightColumn("$", "bill"), {Key: "bar", Spare: true}, rightColumn("nodes", "nodes")}}
	if commits(s) {
		g.Columns = append(g.Columns, rightColumn("cash", "cash"), rightColumn("covered", "coverage"))
	}
	g.Columns = append(g.Columns, leftColumn("what changes", "changes"))
	top := 0.0
	for i := range s.Periods {
		top = math.Max(top, s.Periods[i].Bill.Float64())
	}
	for i := range s.Periods {
		p := &s.Periods[i]
		r := Row{Cells: []Cell{{Text: fmt.Sprint(p.Number), Value: p.Number}, usersCell(p.Users), wholeCell(p.Bill),
			barCell(p.Bill.Float64()/top, timelineBar), nodesCell(p)}}
		if commits(s) {
			r.Cells = append(r.Cells, wholeCell(p.Cash), coverageCell(p))
		}
		r.Cells = append(r.Cells, text(happens(p)))
		g.Rows = append(g.Rows, r)
	}
	sum := Row{Role: Total, Cells: make([]Cell, len(g.Columns))}
	sum.Cells[0], sum.Cells[2] = text("Total"), wholeCell(s.Total.Bill)
	if commits(s) {
		sum.Cells[5] = wholeCell(s.Total.Cash)
	}
	g.Rows = append(g.Rows, sum)
	return g
}

func usersCell(users float64) Cell {
	if users == 0 {
		return Cell{}
	}
	return Cell{Text: unit.Count(users).Human(), Value: users}
}

func wholeCell(a money.Amount) Cell { return Cell{Text: wholeAmount(a), Value: a} }

func nodesCell(p *timeline.Period) Cell {
	return Cell{Text: between(fmt.Sprint(p.NodesMin), fmt.Sprint(p.NodesMax)), Value: p.NodesMax}
}

func coverageCell(p *timeline.Period) Cell {
	if p.Coverage == nil {
		return Cell{}
	}
	return Cell{Text: unit.Percent(*p.Coverage, 0), Value: *p.Coverage}
}

// happens is what begins in a period: phases, events, and the components that change.
func happens(p *timeline.Period) string {
	parts := slices.Clone(p.Phases)
	for i := range p.Events {
		parts = append(parts, p.Events[i].Name)
	}
	var names []string
	for i := range p.Changes {
		if c := &p.Changes[i]; !ofVolume(c) {
			names = append(names, c.System)
		}
	}
	if names = distinct(names...); len(names) > 0 {
		parts = append(parts, few(names))
	}
	return strings.Join(parts, ", ")
}

// ofVolume tells whether a change is of the size of volumes alone.
func ofVolume(c *timeline.Change) bool {
	return c.What == timeline.OfVolume || c.What == timeline.OfIOPS
}

// volumeChanges is how many volumes grow.
func volumeChanges(s *timeline.System) int {
	n := 0
	for i := range s.Periods {
		for k := range s.Periods[i].Changes {
			if ofVolume(&s.Periods[i].Changes[k]) {
				n++
			}
		}
	}
	return n
}

// changeLines has a row for each change, of volumes only in full.
func changeLines(t *timeline.Timeline, s *timeline.System, full bool) Grid {
	g := Grid{Light: !full, Title: "Changes", Columns: []Column{rightColumn(t.Period, "number"),
		leftColumn("system", "system"), leftColumn("change", "change"), leftColumn("because of", "because")}}
	for i := range s.Periods {
		p := &s.Periods[i]
		for k := range p.Changes {
			c := &p.Changes[k]
			if full || !ofVolume(c) {
				g.Rows = append(g.Rows, Row{Cells: []Cell{{Text: fmt.Sprint(p.Number), Value: p.Number}, text(c.System),
					text(timelineChange(c)), text(stimulusText(&c.Because, p.Month))}})
			}
		}
	}
	return g
}

// eventLines has a row for each event in each period in which it is.
func eventLines(t *timeline.Timeline, s *timeline.System) Grid {
	g := Grid{Light: true, Title: "Events", Columns: []Column{rightColumn(t.Period, "number"),
		leftColumn("event", "event"), rightColumn("hours", "hours"), decimalColumn("$", "cost"),
		leftColumn("rents", "nodes")}}
	for i := range s.Periods {
		p := &s.Periods[i]
		for k := range p.Events {
			e := &p.Events[k]
			cost := amountCell(e.Cost)
			if e.Failure != "" {
				cost = Cell{Text: "no plan", Tone: Breach}
			}
			g.Rows = append(g.Rows, Row{Cells: []Cell{{Text: fmt.Sprint(p.Number), Value: p.Number}, text(e.Name),
				{Text: unit.Count(e.Hours).Human(), Value: e.Hours}, cost, text(rentsText(e))}})
		}
	}
	return g
}
