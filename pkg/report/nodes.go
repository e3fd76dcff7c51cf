package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/bill"
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
				role = words.Counted(pool.Max, role)
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
