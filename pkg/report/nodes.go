package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// nodeUnit is the unit of lines that are nodes: their price is the 1× price.
const nodeUnit = "node-month"

func isNode(l bill.Line) bool { return l.Unit == nodeUnit }

// ofNodes tells whether a line is for nodes: their hours, or a month's share of
// what was paid upfront for them.
func ofNodes(l bill.Line) bool { return isNode(l) || l.Category == "compute" }

// sameEverywhere tells whether all regions have the same lines at the same
// prices, so that one of them can stand for all.
func (v view) sameEverywhere() bool {
	first := v.regions[0]
	for _, r := range v.regions[1:] {
		a, b := v.linesOf(first), v.linesOf(r)
		if len(a) != len(b) || !equalCost(v.regionTotal(first), v.regionTotal(r)) {
			return false
		}
		for i := range a {
			if !sameLine(a[i], b[i]) {
				return false
			}
		}
		if !slices.EqualFunc(v.unpricedOf(first), v.unpricedOf(r), sameUnpriced) {
			return false
		}
	}
	return true
}

func sameLine(a, b bill.Line) bool {
	return a.Component == b.Component && a.Role == b.Role && a.Category == b.Category &&
		a.Name() == b.Name() && a.Unit == b.Unit && a.Price.Equal(b.Price) &&
		a.Min.Cmp(b.Min) == 0 && a.Quantity.Cmp(b.Quantity) == 0 && a.Max.Cmp(b.Max) == 0 &&
		equalCost(a.Cost, b.Cost)
}

func equalCost(a, b bill.Cost) bool {
	return a.Expected.Equal(b.Expected) && a.Min.Equal(b.Min) && a.Max.Equal(b.Max)
}

func (v view) linesOf(regions ...string) []bill.Line {
	var out []bill.Line
	for _, l := range v.Lines {
		if slices.Contains(regions, l.Region) {
			out = append(out, l)
		}
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

// nodeRows has one row per component, machine and price.
func (v view) nodeRows(regions []string) []bodyRow {
	var nodes []bill.Line
	for _, l := range v.linesOf(regions...) {
		if ofNodes(l) {
			nodes = append(nodes, l)
		}
	}
	components := gather(nodes, func(l bill.Line) string { return l.Component })
	slices.SortStableFunc(components, func(a, b []bill.Line) int {
		return v.order(a[0].Component) - v.order(b[0].Component)
	})
	var rows []bodyRow
	for _, lines := range components {
		part := v.part(lines[0].Component)
		if bought(lines) {
			for i, machine := range gather(lines, func(l bill.Line) string { return l.Item }) {
				rows = append(rows, v.boughtRow(part, machine, regions, i == 0))
			}
			continue
		}
		first := true
		for kind, machine := range gather(lines, func(l bill.Line) string { return l.Name() }) {
			prices := gather(machine, func(l bill.Line) string { return l.Price.String() })
			for _, same := range prices {
				where := regions
				r := bodyRow{system: same[0].System, machine: same[0].Name(), price: priceCell(same)}
				if len(prices) > 1 {
					where = regionsOf(same)
					r.notes = append(r.notes, strings.Join(where, " + "))
				}
				r.count = countText(same, where)
				for _, l := range same {
					r.cost = r.cost.Plus(l.Cost)
				}
				if first {
					r.binds = bindText(part.Binds)
					r.notes = append(r.notes, roles(part, regions), structure(part, regions), part.Notes)
				} else if kind > 0 {
					r.notes = append(r.notes, same[0].Role) // machines of their own, such as those of masters
				}
				for _, l := range same {
					if l.Role != "" && l.Name() != part.Machine { // a role with a type of its own
						r.notes = append(r.notes, l.Role)
					}
					r.notes = append(r.notes, l.Notes)
				}
				first = false
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// bought tells whether some of the nodes are not on demand.
func bought(lines []bill.Line) bool {
	return slices.ContainsFunc(lines, func(l bill.Line) bool { return l.Term != "on-demand" })
}

// boughtRow is the nodes of one type of a component that are bought in several
// ways: one row without a 1× price, as every way has its own; CSV and JSON have
// all of them. What is said of the component is in its first row.
func (v view) boughtRow(part bill.Part, lines []bill.Line, regions []string, first bool) bodyRow {
	r := bodyRow{system: part.System, machine: lines[0].Item}
	for _, l := range lines {
		r.cost = r.cost.Plus(l.Cost)
	}
	r.count = poolCounts(part, r.machine, regions)
	if first {
		r.binds = bindText(part.Binds)
		r.notes = append(r.notes, roles(part, regions), structure(part, regions), part.Notes)
	}
	if v.Buying != nil {
		var mixes []string
		for _, p := range v.Buying.Pools {
			if p.Component == part.Name && p.Machine == r.machine && slices.Contains(regions, p.Region) {
				mixes = append(mixes, p.Mix.String())
			}
		}
		r.notes = append(r.notes, strings.Join(distinct(mixes...), " | "))
	}
	return r
}

// poolCounts is the number of nodes of a type in the order of the regions.
func poolCounts(p bill.Part, machine string, regions []string) string {
	var lines []bill.Line
	for i := range p.Pools {
		pool := &p.Pools[i]
		if p.MachineOf(pool) != machine {
			continue
		}
		lines = append(lines, bill.Line{Region: pool.Region, Min: money.Int(int64(pool.Min)), Quantity: pool.Mean,
			Max: money.Int(int64(pool.Max))})
	}
	return countText(lines, regions)
}

func regionsOf(lines []bill.Line) []string {
	var names []string
	for _, l := range lines {
		names = append(names, l.Region)
	}
	return distinct(names...)
}

// countText is the number of nodes of some lines in the notation of inRegions.
func countText(lines []bill.Line, regions []string) string {
	counts := make([]string, len(regions))
	for i, r := range regions {
		var here []bill.Line
		for _, l := range lines {
			if l.Region == r {
				here = append(here, l)
			}
		}
		low, _, high := quantities(here)
		counts[i] = between(low.String(), high.String())
	}
	return inRegions(counts)
}

// masterRole is the role of nodes that keep what a cluster knows of itself and no data.
const masterRole = "master"

// nodesIn is the number of nodes of a component in the notation of inRegions, masters
// beside the others: "3–11 ×2", "10+3m ×2"; "" where it has none.
func nodesIn(p *bill.Part, regions []string) string {
	counts := make([]string, len(regions))
	has := false
	for i, r := range regions {
		low, high, masters := 0, 0, 0
		for _, pool := range p.Pools {
			switch {
			case pool.Region != r:
			case pool.Role == masterRole:
				masters += pool.Max
			default:
				low, high = low+pool.Min, high+pool.Max
			}
		}
		has = has || high+masters > 0
		counts[i] = between(strconv.Itoa(low), strconv.Itoa(high))
		if masters > 0 {
			counts[i] += fmt.Sprintf("+%dm", masters)
		}
	}
	if !has {
		return ""
	}
	return inRegions(counts)
}

// inRegions is the one notation for the nodes of regions, of which each has a number, or a
// least and a most: "3" in one region, "3–11 ×2" in each of two, "2+1" where regions
// differ.
func inRegions(counts []string) string {
	alike := true
	for _, c := range counts {
		alike = alike && c == counts[0]
	}
	switch {
	case len(counts) == 1:
		return counts[0]
	case alike:
		return fmt.Sprintf("%s ×%d", counts[0], len(counts))
	}
	for i, c := range counts {
		if strings.Contains(c, "+") {
			counts[i] = "(" + c + ")"
		}
	}
	return strings.Join(counts, "+")
}

// roles says what the nodes of the regions are: "primary+standby | failover".
func roles(p bill.Part, regions []string) string {
	var texts []string
	named := false
	for _, r := range regions {
		var here []string
		for _, pool := range p.Pools {
			if pool.Region != r || pool.Max == 0 || pool.Role == "" {
				continue
			}
			named = true
			role := pool.Role
			if pool.Max > 1 {
				role = fmt.Sprintf("%d %s", pool.Max, role)
			}
			here = append(here, role)
		}
		texts = append(texts, strings.Join(here, "+"))
	}
	if !named {
		return ""
	}
	return strings.Join(distinct(texts...), " | ")
}

// structure is a component in a few words where it has them, else its details.
// What is said of each region is said once where it is the same in all of them,
// and left out where the region is not shown.
func structure(p bill.Part, regions []string) string {
	if !p.Brief.IsZero() {
		return words.Say(p.Brief)
	}
	var out []string
	for _, d := range p.Detail {
		region, what := d.Text("region"), words.Say(d)
		if region != "" && !slices.Contains(regions, region) {
			continue
		}
		everywhere := true
		for _, r := range regions {
			everywhere = everywhere && slices.ContainsFunc(p.Detail, func(o remark.Remark) bool {
				return o.Text("region") == r && words.Say(o) == what
			})
		}
		if region != "" && !everywhere {
			what = sayOf(d)
		}
		out = append(out, what)
	}
	return strings.Join(distinct(out...), ", ")
}
