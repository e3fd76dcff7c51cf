package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

const (
	// smallShare: rows of storage, network and others below 1/smallShare of the
	// total are merged into one per category, to keep the table short.
	smallShare = 200
	// largeShare: a row of at least that part of the total says so.
	largeShare = 0.15
)

// usageRows sums up what is not nodes in a few rows: what belongs to nodes
// (disks, snapshots) has a row per item; a component without nodes (a
// balancer) has one row, and where it is a large part of the bill (the traffic
// of the system) one per purpose.
func (v view) usageRows(regions []string) []bodyRow {
	var lines []bill.Line
	var total bill.Cost
	for _, l := range v.linesOf(regions...) {
		if l.Term == bill.AdjustmentTerm {
			continue // shares are of list prices
		}
		total = total.Plus(l.Cost)
		if !ofNodes(l) {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b bill.Line) int {
		return categoryOrder(a.Category) - categoryOrder(b.Category)
	})
	var large []string
	for _, c := range gather(lines, func(l bill.Line) string { return l.Component }) {
		if share(c, total) >= largeShare {
			large = append(large, c[0].Component)
		}
	}
	groups := gather(lines, func(l bill.Line) string {
		switch {
		case v.hasNode[l.Component]:
			return strings.Join([]string{l.Category, "item", l.Name(), l.Unit}, "\x00")
		case slices.Contains(large, l.Component):
			return strings.Join([]string{l.Category, "purpose", l.System, l.Notes}, "\x00")
		}
		return strings.Join([]string{l.Category, "system", l.System}, "\x00")
	})

	var rows []bodyRow
	for _, same := range gatherGroups(groups, func(g []bill.Line) string { return g[0].Category }) {
		var small [][]bill.Line
		for _, g := range same {
			if isSmall(g, total) {
				small = append(small, g)
			}
		}
		for _, g := range same {
			if len(small) < 2 || !isSmall(g, total) {
				r := v.usageRow(g, regions, slices.Contains(large, g[0].Component))
				if s := share(g, total); s >= largeShare {
					r.notes = append(r.notes, unit.Percent(s, 0)+" of the bill")
				}
				rows = append(rows, r)
			}
		}
		if len(small) >= 2 {
			rows = append(rows, v.smallRow(small))
		}
	}
	return rows
}

// adjustmentRows has a row for every layer, in the order in which they apply:
// so many dollars × its part.
func (v view) adjustmentRows(regions []string) []bodyRow {
	var lines []bill.Line
	for _, l := range v.linesOf(regions...) {
		if l.Term == bill.AdjustmentTerm {
			lines = append(lines, l)
		}
	}
	var rows []bodyRow
	for _, g := range gather(lines, func(l bill.Line) string {
		return strings.Join([]string{l.System, l.Item, l.Notes}, "\x00")
	}) {
		rows = append(rows, bodyRow{system: g[0].System, machine: g[0].Item, cost: costOf(g),
			notes: []string{g[0].Notes}})
	}
	return rows
}

// share is the part that lines have in a total; 0 of nothing.
func share(lines []bill.Line, total bill.Cost) float64 {
	if total.Expected.IsZero() {
		return 0
	}
	return costOf(lines).Expected.Float64() / total.Expected.Float64()
}

// gatherGroups groups groups by a key, in the order in which the keys appear.
func gatherGroups(groups [][]bill.Line, key func([]bill.Line) string) [][][]bill.Line {
	var out [][][]bill.Line
	for _, g := range groups {
		i := slices.IndexFunc(out, func(o [][]bill.Line) bool { return key(o[0]) == key(g) })
		if i < 0 {
			out = append(out, [][]bill.Line{g})
			continue
		}
		out[i] = append(out[i], g)
	}
	return out
}

func categoryOrder(category string) int {
	return slices.Index([]string{"compute", "storage", "network", ""}, category) & 7 // others (-1) last
}

func costOf(lines []bill.Line) bill.Cost {
	var c bill.Cost
	for _, l := range lines {
		c = c.Plus(l.Cost)
	}
	return c
}

func isSmall(lines []bill.Line, total bill.Cost) bool {
	return costOf(lines).Max.Times(money.Int(smallShare)).Cmp(total.Max) < 0
}

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

// momentsOf are those of all lines, each once.
func momentsOf(lines []bill.Line) []string {
	out := make([]string, len(lines))
	for i := range lines {
		out[i] = momentOf(&lines[i])
	}
	return distinct(out...)
}

// usageRow is a row of lines with the same key, which is the purpose if that
// is wanted and the component has no nodes.
func (v view) usageRow(lines []bill.Line, regions []string, purpose bool) bodyRow {
	r := bodyRow{system: lines[0].System, cost: costOf(lines)}
	var items, labels []string
	for _, l := range lines {
		items = append(items, l.Name())
		if !strings.EqualFold(l.Notes, r.system) {
			labels = append(labels, l.Notes)
		}
	}
	items, labels = distinct(items...), distinct(labels...)
	if len(items) == 1 && sameUnit(lines) {
		_, expected, high := quantities(lines)
		if v.Headline == maximum {
			expected = high
		}
		r.machine = amountOf(expected, lines[0].Unit)
		r.price = priceCell(lines)
		items = nil // the row says it
	}
	if v.hasNode[lines[0].Component] {
		r.notes = []string{purposes(lines)}
		r.system = lines[0].Name()
		return r
	}
	part := v.part(lines[0].Component)
	r.binds = bindText(part.Binds)
	details := structure(part, regions)
	switch {
	case purpose && len(labels) == 1:
		r.system = words.Capital(labels[0])
	case details != "":
		r.notes = []string{details}
	case len(labels) > 0:
		r.notes = []string{few(labels)}
	default:
		r.notes = []string{few(items)}
	}
	r.notes = append(append(r.notes, momentsOf(lines)...), part.Notes)
	return r
}

// purposes says what the lines of one item are for; those of one month stand together,
// so that it is said once.
func purposes(lines []bill.Line) string {
	var out []string
	for _, same := range gather(lines, func(l bill.Line) string { return momentOf(&l) }) {
		var labels, systems []string
		for _, l := range same {
			systems = append(systems, l.System)
			if !strings.EqualFold(l.Notes, lines[0].System) {
				labels = append(labels, l.Notes)
			}
		}
		if labels = distinct(labels...); len(labels) == 0 {
			labels = distinct(systems...)
		}
		text := few(labels)
		if moment := momentOf(&same[0]); moment != "" {
			text += " (" + moment + ")"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func sameUnit(lines []bill.Line) bool {
	for _, l := range lines {
		if l.Unit != lines[0].Unit {
			return false
		}
	}
	return true
}

// smallRow merges the small rows of a category.
func (v view) smallRow(groups [][]bill.Line) bodyRow {
	r := bodyRow{system: strings.TrimSpace("Other " + groups[0][0].Category)}
	if groups[0][0].Category == "other" {
		r.system = "Other"
	}
	var names []string
	for _, g := range groups {
		r.cost = r.cost.Plus(costOf(g))
		if v.hasNode[g[0].Component] {
			names = append(names, g[0].Name())
		} else {
			names = append(names, g[0].System)
		}
	}
	r.notes = []string{few(distinct(names...))}
	return r
}
