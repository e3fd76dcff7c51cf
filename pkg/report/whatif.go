package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/money"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
	"headroom/pkg/words"
)

// WhatIf is the report of changed systems beside a base: several in a table of
// their own, then each with what changes and why.
func WhatIf(c *whatif.Comparison) Document {
	doc := Document{Records: whatifRecords(c), Data: *c, Brief: whatifBrief(c)}
	if len(c.Cases) > 1 {
		doc.Sections = append(doc.Sections, sideBySide(c))
	}
	for i := range c.Cases {
		s := caseSection(c, &c.Cases[i])
		if len(c.Cases) == 1 {
			s.Lead = append(distinct(doc.Brief[0].Title, becauseText(caseInputs(&c.Cases[i])), baseText(c)), s.Lead...)
		}
		doc.Sections = append(doc.Sections, s)
	}
	first := len(doc.Sections) - len(c.Cases) // behind the table of several
	for i := range c.Cases {
		if chart, ok := caseChart(c, &c.Cases[i]); ok {
			doc.illustrate(first+i, chart)
		}
	}
	return doc
}

func baseText(c *whatif.Comparison) string {
	return withoutAims(fmt.Sprintf("Base %s: %s, prices of %s, %s $/month", c.Profile.Name,
		strings.Join(c.Regions, " + "), c.Prices, totalText(&c.Base)), c.Profile)
}

// totalText is a total with its range, and a sign where it is a lower bound.
func totalText(f *whatif.Figures) string {
	s := f.Total.Expected.Human()
	if f.Unpriced > 0 {
		s = "≥ " + s
	}
	if sp := span(f.Total); sp != "" {
		s += " (" + sp + ")"
	}
	return s
}

// sideBySide has a column of costs for the base and for every case.
func sideBySide(c *whatif.Comparison) Section {
	s := Section{Name: c.Profile.Name, Title: "what if", Lead: []string{baseText(c)}}
	g := Grid{Columns: []Column{leftColumn("System", "system"), decimalColumn("Base", "base")}}
	for i := range c.Cases {
		g.Columns = append(g.Columns, decimalColumn(c.Cases[i].Title, c.Cases[i].Name))
	}
	g.Rows = append(componentRows(c), totalRows(c)...)
	s.Grids = []Grid{g}
	for i := range c.Cases {
		if x := &c.Cases[i]; x.Against != nil {
			s.Notes = append(s.Notes, fmt.Sprintf("%s: the difference is to the base of the same scope, %s $/month.",
				x.Title, totalText(x.Against)))
		}
	}
	return s
}

// componentRows has a row for every component of the base or a case that costs
// something in one of them.
func componentRows(c *whatif.Comparison) []Row {
	var owners []bill.Owner
	var systems []string
	see := func(list []whatif.ComponentState) {
		for _, x := range list {
			if !slices.Contains(owners, x.Owner) {
				owners, systems = append(owners, x.Owner), append(systems, x.System)
			}
		}
	}
	see(c.Base.Components)
	for i := range c.Cases {
		if f := c.Cases[i].Figures; f != nil {
			see(f.Components)
		}
	}
	var rows []Row
	for i, of := range owners {
		r := Row{Cells: []Cell{text(systems[i]), costOfState(&c.Base, of)}}
		paid := r.Cells[1].Text != ""
		for k := range c.Cases {
			cell := costOfState(c.Cases[k].Figures, of)
			paid = paid || cell.Text != ""
			r.Cells = append(r.Cells, cell)
		}
		if paid {
			rows = append(rows, r)
		}
	}
	return rows
}

// totalRows are the rows below the components: sums and figures of the whole.
func totalRows(c *whatif.Comparison) []Row {
	var rows []Row
	each := func(label string, of func(f *whatif.Figures) Cell) {
		r := Row{Role: Total, Cells: []Cell{text(label), of(&c.Base)}}
		for k := range c.Cases {
			if f := c.Cases[k].Figures; f != nil {
				r.Cells = append(r.Cells, of(f))
			} else {
				r.Cells = append(r.Cells, text("no plan"))
			}
		}
		rows = append(rows, r)
	}
	each("Total/month", func(f *whatif.Figures) Cell { return amountCell(f.Total.Expected) })
	r := Row{Role: Total, Cells: []Cell{text("Difference"), {}}}
	for k := range c.Cases {
		cell := Cell{}
		if c.Cases[k].Figures != nil {
			cell = signedCell(c.Cases[k].Change)
		}
		r.Cells = append(r.Cells, cell)
	}
	rows = append(rows, r)
	each("Most nodes", func(f *whatif.Figures) Cell {
		return Cell{Text: fmt.Sprint(f.NodesMax), Value: f.NodesMax}
	})
	each("$/user", func(f *whatif.Figures) Cell { return unitCell(f.PerUser) })
	each("$/M requests", func(f *whatif.Figures) Cell { return unitCell(f.PerMillion) })
	return rows
}

func costOfState(f *whatif.Figures, of bill.Owner) Cell {
	if f == nil {
		return Cell{}
	}
	for i := range f.Components {
		if x := &f.Components[i]; x.Owner == of && !x.Cost.Expected.IsZero() {
			return amountCell(x.Cost.Expected)
		}
	}
	return Cell{}
}

func unitCell(x *float64) Cell {
	if x == nil {
		return Cell{}
	}
	return Cell{Text: unit.PriceOfOne(*x), Value: *x}
}

// caseSection is one case: its inputs, what changes component by component,
// unit costs before and after.
func caseSection(c *whatif.Comparison, x *whatif.Case) Section {
	s := Section{Name: c.Profile.Name, Title: "what if: " + x.Title}
	if x.About != "" {
		s.Lead = append(s.Lead, x.About)
	}
	if x.Failure != "" {
		s.Lead = append(s.Lead, "No plan: "+x.Failure)
		s.Facts = append(s.Facts, inputFacts(x)...)
		return s
	}
	base := &c.Base
	if x.Against != nil {
		base = x.Against
		s.Lead = append(s.Lead, "Against the base of the same scope, "+totalText(base)+" $/month.")
	}
	g := Grid{Columns: []Column{leftColumn("System", "system"), leftColumn("Base", "base"),
		leftColumn("Changed", "changed"),
		decimalColumn("Before", "before"), decimalColumn("After", "after"), decimalColumn("Difference", "difference"),
		leftColumn("Why", "why")}}
	var same money.Amount
	others := 0
	for i := range x.Deltas {
		d := &x.Deltas[i]
		if d.Base != nil && d.Case != nil && len(d.Changes) == 0 && d.Change.IsZero() {
			if !d.Base.Cost.Expected.IsZero() {
				same, others = same.Plus(d.Base.Cost.Expected), others+1
			}
			continue
		}
		before, after, is := Cell{}, Cell{}, ""
		if d.Base != nil {
			before = amountCell(d.Base.Cost.Expected)
		}
		if d.Case != nil {
			after, is = amountCell(d.Case.Cost.Expected), machines(d.Case)
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(d.System), text(machines(d.Base)), text(is), before, after,
			signedCell(d.Change), text(why(d))}})
	}
	if others > 0 {
		label := fmt.Sprintf("%d unchanged", others)
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(label), {}, {}, amountCell(same), amountCell(same),
			signedCell(money.Amount{}), {}}})
	}
	note := relative(base.Total.Expected, x.Change)
	g.Rows = append(g.Rows, Row{Role: Total, Cells: []Cell{text("Total"), {}, {}, amountCell(base.Total.Expected),
		amountCell(x.Figures.Total.Expected), signedCell(x.Change), text(note)}})
	s.Grids = []Grid{g}
	s.Facts = append(inputFacts(x), unitFacts(base, x.Figures)...)
	s.Facts = append(s.Facts, togetherCase(base, x)...)
	s.Facts = append(s.Facts, fact("Range", totalRange(base)+" → "+totalRange(x.Figures)))
	s.Facts = append(s.Facts, marginFacts(c.NextOne, x.NextOne)...)
	for _, r := range x.Kept {
		s.Facts = append(s.Facts, closing(r))
	}
	if n := x.Figures.Unpriced; n > 0 {
		s.Notes = append(s.Notes, "Without a price: "+words.Counted(n, "need")+"; the total is a lower bound.")
	}
	return s
}

func totalRange(f *whatif.Figures) string {
	return between(f.Total.Min.Human(), f.Total.Max.Human())
}

// machines are a component's nodes in a few words.
func machines(x *whatif.ComponentState) string {
	if x == nil {
		return ""
	}
	return strings.TrimSpace(x.Machine + " " + nodesText(x.Pools))
}

// deltaText is all that changed about a component.
func deltaText(d *whatif.Delta) string {
	switch {
	case d.Case == nil:
		return "gone"
	case d.Base == nil:
		return "new"
	}
	return strings.Join(shortChanges(d.Changes), "; ")
}

// why says what changed beside the machines and nodes that stand in columns of
// their own, and what binds.
func why(d *whatif.Delta) string {
	if d.Base == nil || d.Case == nil {
		return deltaText(d)
	}
	var out []string
	for i := range d.Changes {
		c := &d.Changes[i]
		shown := c.What == compare.OfMachine && d.Base.Machine != "" && d.Case.Machine != ""
		if !shown && c.What != compare.OfNodes && c.What != compare.OfBinds {
			out = append(out, shortChange(c))
		}
	}
	if was, is := bindText(d.Base.Binds), bindText(d.Case.Binds); is != "" && len(d.Changes) > 0 {
		if was == is || was == "" {
			out = append(out, is)
		} else {
			out = append(out, was+" → "+is)
		}
	}
	return strings.Join(out, "; ")
}

func setFacts(inputs []whatif.InputDelta) []Fact {
	var out []Fact
	for _, d := range inputs {
		text := inputText(d.Path, d.Was, d.Is)
		if d.Effect != nil && !d.NoEffect {
			text += fmt.Sprintf("; without it alone %s $/month", signed(d.Effect.Neg()))
		}
		if d.NoEffect {
			text += "; no effect" + idleText(d.Path)
		}
		out = append(out, fact("Input", text))
	}
	return out
}

// idleText says why an input has no effect.
func idleText(path string) string {
	text := ": nothing in this plan and its bill depends on it"
	if strings.HasPrefix(path, "environments.") {
		text += " (--environment plans another environment)"
	}
	return text
}

func inputFacts(x *whatif.Case) []Fact {
	out := setFacts(x.Inputs)
	if p := x.Setting.Prices; p != "" {
		out = append(out, fact("Setting", "prices of "+p))
	}
	if x.Setting.Scope == scopeCompute {
		out = append(out, fact("Setting", "EC2 instances only, the base too"))
	}
	if r := x.Setting.Regions; len(r) > 0 {
		out = append(out, fact("Setting", "in "+strings.Join(r, " + ")))
	}
	return out
}

func unitFacts(base, is *whatif.Figures) []Fact {
	show := func(x *float64) string {
		if x == nil {
			return "none"
		}
		return "$" + unit.PriceOfOne(*x)
	}
	if is.PerUser == nil {
		return nil
	}
	return []Fact{fact("Unit cost", fmt.Sprintf("%s → %s a user, %s → %s a million requests",
		show(base.PerUser), show(is.PerUser), show(base.PerMillion), show(is.PerMillion)))}
}

func marginFacts(base, is *whatif.Marginal) []Fact {
	var out []Fact
	say := func(label string, m *whatif.Marginal) {
		if m == nil {
			return
		}
		t := fmt.Sprintf("%s $/month, $%s each", signed(m.Cost), unit.PriceOfOne(m.PerUser))
		if n := len(m.Rebuilt); n > 0 {
			t += "; then built differently: " + strings.Join(m.Rebuilt, ", ")
		}
		out = append(out, fact(label, t))
	}
	n := unit.Count(whatif.NextUsers).Human()
	say("Next "+n+" users", is)
	say("in the base", base)
	return out
}

// whatifRecords has a row for each component and adjustment of each case, and one for all
// environments, in columns of its own so that the costs still add up.
func whatifRecords(c *whatif.Comparison) *Grid {
	g := &Grid{}
	for _, k := range []string{"profile", "case", "component", "system", "base_machine", "base_nodes_min",
		"base_nodes_max", "base_structure", "base_binds", "base_cost", "machine", "nodes_min", "nodes_max", "structure",
		"binds", "cost", "change", "changes", "category", "base_" + togetherColumn, togetherColumn} {
		g.Columns = append(g.Columns, Column{Header: k, Key: k})
	}
	add := func(x *whatif.Case, values map[string]any) {
		values["profile"], values["case"] = c.Profile.Name, x.Name
		g.Rows = append(g.Rows, rowOf(g.Columns, values))
	}
	for i := range c.Cases {
		x := &c.Cases[i]
		if x.Failure != "" {
			add(x, map[string]any{"changes": "no plan: " + x.Failure})
		}
		for k := range x.Deltas {
			d := &x.Deltas[k]
			values := map[string]any{"component": ownerText(d.Owner), "system": d.System, "change": d.Change,
				"changes": deltaText(d), "category": componentKind}
			if d.Adjustment {
				values["category"] = adjustmentKind
			}
			stateValues(values, "base_", d.Base)
			stateValues(values, "", d.Case)
			add(x, values)
		}
		if base := baseOf(c, x); knowsTogether(base, x) {
			add(x, map[string]any{"category": togetherKind, "base_" + togetherColumn: base.Together.Total.Expected,
				togetherColumn: x.Figures.Together.Total.Expected})
		}
	}
	return g
}

// stateValues gives a row machine, nodes, structure, binding limit and cost, before or after.
func stateValues(values map[string]any, prefix string, x *whatif.ComponentState) {
	if x == nil {
		values[prefix+"cost"] = bill.Cost{}.Expected
		return
	}
	if len(x.Pools) > 0 { // else the nodes are another's
		least, most := 0, 0
		for _, p := range x.Pools {
			least, most = least+p.Min, most+p.Max
		}
		values[prefix+"nodes_min"], values[prefix+"nodes_max"] = least, most
	}
	values[prefix+"machine"], values[prefix+"structure"] = x.Machine, sayOf(x.Brief)
	values[prefix+"binds"], values[prefix+"cost"] = bindText(x.Binds), x.Cost.Expected
}
