package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/unit"
)

// This file has the rows of the components: one for each, with the one price that every
// report shows.

// rowsOf has a row for every component that costs something in some region, or is described:
// those with nodes first, each kind in the order of the profile, then what belongs to none.
func (v view) rowsOf(regions []string) []bodyRow {
	here := map[bill.Owner]bill.ComponentCost{}
	for _, c := range bill.ComponentCostsIn(v.Estimate, regions) {
		here[c.Owner()] = c
	}
	var nodes, others []bodyRow
	for _, all := range bill.ComponentCosts(v.Estimate) {
		owner, part := all.Owner(), v.part(all.Component)
		cost, lines := here[owner], v.linesFor(owner, regions)
		nothing := all.Total.Expected.IsZero() && all.Total.Min.IsZero() && all.Total.Max.IsZero()
		if nothing && (structure(part, regions) == "" || v.lacks(part.Name)) {
			continue
		}
		r := bodyRow{system: all.System, split: cost, cost: cost.Total, all: all.Total,
			atLeast: all.Component != "" && v.lacks(all.Component), binds: bindText(part.Binds)}
		switch n := slices.IndexFunc(lines, ofNodes); {
		case n >= 0:
			v.fillNodes(&r, part, lines, regions)
			nodes = append(nodes, r)
		default:
			v.fillUsage(&r, part, lines, regions)
			others = append(others, r)
		}
	}
	return append(nodes, others...)
}

// linesFor are the lines of an owner in some regions.
func (v view) linesFor(owner bill.Owner, regions []string) []bill.Line {
	var out []bill.Line
	for _, l := range v.linesOf(regions...) {
		if l.For() == owner {
			out = append(out, l)
		}
	}
	return out
}

// fillNodes describes a component with nodes: its machines with their 1× prices, how many,
// what they are, and how much storage is theirs.
func (v view) fillNodes(r *bodyRow, part bill.Part, lines []bill.Line, regions []string) {
	var nodes, rest []bill.Line
	for _, l := range lines {
		if ofNodes(l) {
			nodes = append(nodes, l)
		} else {
			rest = append(rest, l)
		}
	}
	machine := func(l bill.Line) string { return l.Name() }
	if bought(nodes) { // every way to buy has a price of its own, none of which is the 1× price
		machine = func(l bill.Line) string { return l.Item }
	}
	var machines, counts []string
	var prices []Cell
	for _, same := range gather(nodes, machine) {
		machines = append(machines, machine(same[0]))
		counts = append(counts, countText(same, regions))
		prices = append(prices, priceCell(same))
	}
	r.machine = strings.Join(machines, " + ")
	if r.count = nodesIn(&part, regions); r.count == "" {
		r.count = strings.Join(counts, " + ")
	}
	r.notes = append(r.notes, roles(part, regions), structure(part, regions), part.Notes)
	if bought(nodes) {
		r.notes = append(r.notes, v.mixesOf(part.Name, regions))
	} else {
		r.price = together(prices)
	}
	for _, l := range nodes {
		r.notes = append(r.notes, l.Notes)
	}
	r.notes = append(r.notes, amountsOf(rest)...)
}

// together is one cell of the prices of several machines.
func together(prices []Cell) Cell {
	out := prices[0]
	for _, p := range prices[1:] {
		out = Cell{Text: out.Text + " + " + p.Text, Source: strings.Join(distinct(out.Source, p.Source), "; ")}
	}
	return out
}

// bought tells whether some of the nodes are not on demand.
func bought(lines []bill.Line) bool {
	return slices.ContainsFunc(lines, func(l bill.Line) bool { return l.Term != "on-demand" })
}

// mixesOf says how the nodes of a component are bought; CSV and JSON have a line for each way.
func (v view) mixesOf(component string, regions []string) string {
	if v.Buying == nil {
		return ""
	}
	var mixes []string
	for _, p := range v.Buying.Pools {
		if p.Component == component && slices.Contains(regions, p.Region) {
			mixes = append(mixes, p.Mix.String())
		}
	}
	return strings.Join(distinct(mixes...), " | ")
}

// fillUsage describes a component without nodes: how much of what, and what for.
func (v view) fillUsage(r *bodyRow, part bill.Part, lines []bill.Line, regions []string) {
	details := structure(part, regions)
	kinds := gather(lines, func(l bill.Line) string { return l.Name() + "\x00" + l.Unit })
	if len(kinds) == 1 && lines[0].Unit != "" && lines[0].Term != bill.AdjustmentTerm {
		_, n, most := quantities(lines)
		if v.Headline == maximum {
			n = most
		}
		r.machine, r.price = amountOf(n, lines[0].Unit), priceCell(lines)
	} else if len(kinds) == 1 && lines[0].Term == bill.AdjustmentTerm {
		r.machine = lines[0].Item
	}
	r.notes = append(r.notes, details)
	if details == "" {
		r.notes = append(r.notes, purposes(lines))
	}
	moments := make([]string, len(lines))
	for i := range lines {
		moments[i] = momentOf(&lines[i])
	}
	r.notes = append(append(r.notes, distinct(moments...)...), part.Notes)
	if total := v.Total.Expected.Float64(); total > 0 && lines != nil {
		if s := r.all.Expected.Float64() / total; s >= largeShare {
			r.notes = append(r.notes, unit.Percent(s, 0)+" of the bill")
		}
	}
}

// largeShare: a component without nodes that is at least that part of the total says so.
const largeShare = 0.15

// purposes says what lines are for; where it is several things, the dearest first with what
// each costs.
func purposes(lines []bill.Line) string {
	groups := gather(lines, func(l bill.Line) string {
		if l.Notes == "" || strings.EqualFold(l.Notes, l.System) {
			return l.Name()
		}
		return l.Notes
	})
	slices.SortStableFunc(groups, func(a, b []bill.Line) int { return costOf(b).Expected.Cmp(costOf(a).Expected) })
	var texts []string
	for _, same := range groups {
		what := same[0].Notes
		if what == "" || strings.EqualFold(what, same[0].System) {
			what = same[0].Name()
		}
		switch {
		case len(groups) == 1 && strings.EqualFold(what, same[0].System):
			return "" // the row says it
		case len(groups) > 1:
			what += " " + costOf(same).Expected.Human()
		}
		texts = append(texts, what)
	}
	if len(texts) == 0 {
		return ""
	}
	return few(texts)
}

// amountsOf is how much of what beside nodes a component is billed for: "264 GB ebs gp3
// storage (month 3)".
func amountsOf(lines []bill.Line) []string {
	var out []string
	for _, same := range gather(lines, func(l bill.Line) string {
		return strings.Join([]string{l.Name(), l.Unit, momentOf(&l)}, "\x00")
	}) {
		_, n, _ := quantities(same)
		text := amountOf(n, same[0].Unit) + " " + same[0].Name()
		if moment := momentOf(&same[0]); moment != "" {
			text += " (" + moment + ")"
		}
		out = append(out, text)
	}
	return out
}

// gather groups lines by a key, in the order in which the keys appear.
func gather(lines []bill.Line, key func(bill.Line) string) [][]bill.Line {
	var groups [][]bill.Line
	at := map[string]int{}
	for _, l := range lines {
		k := key(l)
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], l)
	}
	return groups
}

func categoryOrder(category string) int {
	return slices.Index([]string{"compute", "storage", "network", ""}, category) & 7 // others (-1) last
}

func costOf(lines []bill.Line) bill.Cost { return bill.Sum(lines) }

// momentOf says of which month a line's volume is; "" where it does not grow.
func momentOf(l *bill.Line) string {
	switch {
	case l.OfMonth == nil:
		return ""
	case l.MeanOfMonth:
		return fmt.Sprintf("mean of month %d", *l.OfMonth)
	}
	return fmt.Sprintf("month %d", *l.OfMonth)
}
