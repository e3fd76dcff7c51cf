package report

import (
	"fmt"

	"headroom/pkg/bill"
	"headroom/pkg/timeline"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// Timeline is the report of systems over time.
func Timeline(t *timeline.Timeline) Document {
	doc := Document{Records: timelineRecords(t), Data: *t}
	for i := range t.Systems {
		s := &t.Systems[i]
		brief := timelineBrief(t, s)
		brief.Charts = timelineCharts(t, s)
		doc.Brief = append(doc.Brief, brief)
		doc.Sections = append(doc.Sections, timelineFull(t, s))
	}
	if len(t.Systems) > 1 {
		sum := fact("Total", fmt.Sprintf("%s of %s", t.Total.Bill.Dollars(),
			plural(len(t.Systems), "system", "systems")))
		last := &doc.Brief[len(doc.Brief)-1]
		last.Facts = append(last.Facts, sum)
		full := &doc.Sections[len(doc.Sections)-1]
		full.Facts = append(full.Facts, sum)
	}
	return doc
}

// timelineFull has all of a system: the sums of each period, what runs at both ends, how many
// nodes there are when, every change, and events.
func timelineFull(t *timeline.Timeline, s *timeline.System) Section {
	sec := Section{Name: s.Profile.Name, Title: "by " + t.Period, Lead: timelineLead(t, s)}
	sec.Lead[0] = withoutAims(sec.Lead[0], s.Profile)
	if s.Leave > 0 {
		sec.Lead = append(sec.Lead, fmt.Sprintf("each %s keeps the machines of the one before it, unless others save "+
			"more than %s of the running cost", t.Period, unit.Percent(s.Leave, 0)))
	} else {
		sec.Lead = append(sec.Lead, "each "+t.Period+" is planned by itself, as if nothing ran yet")
	}
	sec.Grids = []Grid{periodRows(t, s), nodesByPeriod(t, s)}
	sec.Grids = append(sec.Grids, endsGrid(s))
	for _, g := range []Grid{changeLines(t, s, true), eventLines(t, s)} {
		if len(g.Rows) > 0 {
			sec.Grids = append(sec.Grids, g)
		}
	}
	sec.Facts = timelineFacts(t, s)
	sec.Notes = []string{fmt.Sprintf("Stores are sized for %s ahead, partitions and shards for month %d; nodes "+
		"that follow the load for the %s at hand.", words.Counted(s.Lead, "month"), s.Horizon, t.Period)}
	return sec
}

// periodRows has the sums of each period.
func periodRows(t *timeline.Timeline, s *timeline.System) Grid {
	g := Grid{Columns: []Column{rightColumn(words.Capital(t.Period), "number"), rightColumn("Users", "users"),
		decimalColumn("Bill", "bill")}}
	events, bought := rentsForEvents(s), commits(s)
	if events {
		g.Columns = append(g.Columns, decimalColumn("Of it rented", "rented"))
	}
	if bought {
		g.Columns = append(g.Columns, decimalColumn("Of it fees", "fees"), decimalColumn("Upfront", "upfront"),
			decimalColumn("Cash", "cash"), rightColumn("Covered", "coverage"), rightColumn("Idle", "idle"))
	}
	g.Columns = append(g.Columns, rightColumn("Nodes", "nodes"), leftColumn("What changes", "changes"))
	row := func(role RowKind, first, users Cell, x *timeline.Sums, rest ...Cell) {
		cells := []Cell{first, users, amountCell(x.Bill)}
		if events {
			cells = append(cells, amountCell(x.Rented))
		}
		if bought {
			cells = append(cells, amountCell(x.Fees), amountCell(x.Upfront), amountCell(x.Cash), rest[0], rest[1])
		}
		g.Rows = append(g.Rows, Row{Role: role, Cells: append(cells, rest[2:]...)})
	}
	for i := range s.Periods {
		p := &s.Periods[i]
		row(Body, Cell{Text: fmt.Sprint(p.Number), Value: p.Number}, usersCell(p.Users), &p.Sums, coverageCell(p),
			Cell{Text: unit.Fixed(p.Idle(), 1), Value: p.Idle()}, nodesCell(p), text(happens(p)))
	}
	row(Total, text("Total"), Cell{}, &s.Total, Cell{}, Cell{}, Cell{}, Cell{})
	return g
}

// nodesByPeriod has the nodes of the components that have any, period by period.
func nodesByPeriod(t *timeline.Timeline, s *timeline.System) Grid {
	g := Grid{Title: "Nodes", Columns: []Column{rightColumn(words.Capital(t.Period), "number")}}
	var shown []bill.Owner
	for _, c := range s.Owners() {
		if len(c.Pools) > 0 {
			g.Columns = append(g.Columns, leftColumn(c.System, "nodes_"+c.Name))
			shown = append(shown, c.Owner)
		}
	}
	last := ""
	for i := range s.Periods {
		p := &s.Periods[i]
		r := Row{Cells: []Cell{{Text: fmt.Sprint(p.Number), Value: p.Number}}}
		line := ""
		for _, o := range shown {
			n := ""
			if c := p.Of(o); c != nil {
				n = nodesText(c.Pools)
			}
			r.Cells, line = append(r.Cells, text(n)), line+n+"|"
		}
		if line != last { // a row holds until the next
			g.Rows, last = append(g.Rows, r), line
		}
	}
	return g
}

// endsGrid is what runs and what it costs at both ends, the largest difference first.
func endsGrid(s *timeline.System) Grid {
	first, last := &s.Periods[0], &s.Periods[len(s.Periods)-1]
	var rows changedRows
	for _, x := range s.Owners() {
		b, c := first.Of(x.Owner), last.Of(x.Owner)
		r := changedRow{system: x.System}
		if b != nil {
			r.was = b.Cost
		}
		if c != nil {
			r.system, r.is = c.System, c.Cost
		}
		if b != nil && c != nil {
			r.what = builtText(standing{b.Machine, b.Pools}, standing{c.Machine, c.Pools}, nil)
			r.rebuilt = b.Machine != c.Machine
		}
		if b != nil || c != nil {
			rows = append(rows, r)
		}
	}
	g := rows.grid(true)
	g.Light, g.Title = false, fmt.Sprintf("From %d to %d, without events", first.Number, last.Number)
	g.Columns[0].Header = "System"
	return g
}

// timelineRecords has a row for each component, adjustment and event of each period, and one
// for all environments over all periods, in a column of its own so that the costs still add up.
func timelineRecords(t *timeline.Timeline) *Grid {
	keys := []string{"profile", "period", "number", "month", "users", "growth", "what", "component", "system",
		"machine", "nodes_min", "nodes_max", "hours", "cost", "fees", "upfront", "cash", "coverage", "changes",
		togetherColumn}
	g := &Grid{}
	for _, k := range keys {
		g.Columns = append(g.Columns, Column{Header: k, Key: k})
	}
	row := func(values map[string]any) { g.Rows = append(g.Rows, rowOf(g.Columns, values)) }
	for i := range t.Systems {
		s := &t.Systems[i]
		for k := range s.Periods {
			for _, values := range periodRecords(&s.Periods[k]) {
				values["profile"], values["period"] = s.Profile.Name, t.Period
				row(values)
			}
		}
	}
	if t.Together != nil { // of the only system
		row(map[string]any{"profile": t.Systems[0].Profile.Name, "period": t.Period, "what": togetherKind,
			togetherColumn: t.Together.Total.Bill})
	}
	return g
}

func periodRecords(p *timeline.Period) []map[string]any {
	var out []map[string]any
	add := func(values map[string]any) {
		values["number"], values["month"], values["users"], values["growth"] = p.Number, p.Month, p.Users, p.Growth
		if p.Coverage != nil {
			values["coverage"] = *p.Coverage
		}
		out = append(out, values)
	}
	for i := range p.Components {
		c := &p.Components[i]
		values := map[string]any{"what": componentKind, "component": c.Name, "system": c.System, "cost": c.Cost,
			"fees": c.Fees, "upfront": c.Upfront, "cash": c.Cash()}
		if c.Adjustment {
			values["what"], values["component"] = adjustmentKind, ""
		}
		if c.Machine != "" {
			low, high := 0, 0
			for _, pool := range c.Pools {
				low, high = low+pool.Min, high+pool.Max
			}
			values["machine"], values["nodes_min"], values["nodes_max"] = c.Machine, low, high
		}
		changes := ""
		for k := range p.Changes {
			if x := &p.Changes[k]; x.Component == c.Name && !c.Adjustment {
				if changes != "" {
					changes += "; "
				}
				changes += timelineChange(x)
			}
		}
		values["changes"] = changes
		add(values)
	}
	for i := range p.Events {
		e := &p.Events[i]
		add(map[string]any{"what": "event", "system": e.Name, "hours": e.Hours, "cost": e.Cost, "cash": e.Cost,
			"changes": rentsText(e)})
	}
	return out
}
