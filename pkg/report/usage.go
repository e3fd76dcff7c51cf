package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/plan"
)

const (
	// smallShare: rows of storage, network and others below 1/smallShare of the
	// total are merged into one per category, to keep the table short.
	smallShare = 200
	// largeShare: a row of at least that part of the total says so.
	largeShare = 0.15
)

// usageRows sums up what is not nodes in a few rows: a component without
// nodes (a balancer, the traffic to the internet) has one row, what belongs to
// nodes (disks, snapshots) has a row per item.
func (v view) usageRows(regions []string) []bodyRow {
	var lines []plan.Line
	var total plan.Cost
	for _, l := range v.linesOf(regions...) {
		total = total.Plus(l.Cost)
		if !isNode(l) {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b plan.Line) int {
		return categoryOrder(a.Category) - categoryOrder(b.Category)
	})
	groups := gather(lines, v.usageKey)

	var rows []bodyRow
	for _, same := range gatherGroups(groups, func(g []plan.Line) string { return g[0].Category }) {
		var small [][]plan.Line
		for _, g := range same {
			if isSmall(g, total) {
				small = append(small, g)
			}
		}
		for _, g := range same {
			if len(small) < 2 || !isSmall(g, total) {
				rows = append(rows, v.usageRow(g, total))
			}
		}
		if len(small) >= 2 {
			rows = append(rows, v.smallRow(small))
		}
	}
	return rows
}

// usageKey is what lines of one row have in common.
func (v view) usageKey(l plan.Line) string {
	if v.hasNode[l.Component] {
		return strings.Join([]string{l.Category, "item", l.Item, l.Unit}, "\x00")
	}
	return strings.Join([]string{l.Category, "system", l.System}, "\x00")
}

// gatherGroups groups groups by a key, in the order in which the keys appear.
func gatherGroups(groups [][]plan.Line, key func([]plan.Line) string) [][][]plan.Line {
	var out [][][]plan.Line
	for _, g := range groups {
		i := slices.IndexFunc(out, func(o [][]plan.Line) bool { return key(o[0]) == key(g) })
		if i < 0 {
			out = append(out, [][]plan.Line{g})
			continue
		}
		out[i] = append(out[i], g)
	}
	return out
}

func categoryOrder(category string) int {
	return slices.Index([]string{"compute", "storage", "network", ""}, category) & 7 // others (-1) last
}

func costOf(lines []plan.Line) plan.Cost {
	var c plan.Cost
	for _, l := range lines {
		c = c.Plus(l.Cost)
	}
	return c
}

func isSmall(lines []plan.Line, total plan.Cost) bool {
	return costOf(lines).Max.Times(money.Int(smallShare)).Cmp(total.Max) < 0
}

// usageRow is a row of lines with the same key.
func (v view) usageRow(lines []plan.Line, total plan.Cost) bodyRow {
	r := bodyRow{system: lines[0].System, cost: costOf(lines)}
	var items, systems, notes []string
	for _, l := range lines {
		items = append(items, l.Item)
		systems = append(systems, l.System)
		notes = append(notes, l.Notes)
	}
	items, systems = distinct(items...), distinct(systems...)
	single := len(items) == 1 && sameUnit(lines)
	if single {
		_, expected, high := quantities(lines)
		if v.Headline == maximum {
			expected = high
		}
		r.machine = amountOf(expected, lines[0].Unit)
		r.price = priceCell(lines)
	}
	if v.hasNode[lines[0].Component] {
		r.system = lines[0].Item
		r.notes = append(r.notes, few(systems))
	} else {
		part := v.part(lines[0].Component)
		r.binds = part.Binds
		if !single {
			r.notes = append(r.notes, few(items))
		}
		r.notes = append(r.notes, strings.Join(part.Detail, ", "), part.Notes)
	}
	r.notes = append(r.notes, few(distinct(notes...)))
	if share := r.cost.Expected.Float64() / total.Expected.Float64(); share >= largeShare {
		r.notes = append(r.notes, fmt.Sprintf("%.0f %% of the bill", 100*share))
	}
	return r
}

func sameUnit(lines []plan.Line) bool {
	for _, l := range lines {
		if l.Unit != lines[0].Unit {
			return false
		}
	}
	return true
}

// smallRow merges the small rows of a category.
func (v view) smallRow(groups [][]plan.Line) bodyRow {
	r := bodyRow{system: "Other " + groups[0][0].Category}
	if groups[0][0].Category == "other" {
		r.system = "Other"
	}
	var names []string
	for _, g := range groups {
		r.cost = r.cost.Plus(costOf(g))
		if v.hasNode[g[0].Component] {
			names = append(names, g[0].Item)
		} else {
			names = append(names, g[0].System)
		}
	}
	r.notes = []string{few(distinct(names...))}
	return r
}
