package report

import (
	"fmt"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// maximum is the Headline of an estimate whose total is that of the largest
// counts, shown as a range; otherwise the total is the expected one.
const maximum = "maximum"

// New makes the report of estimates: a section each and, for several, a
// summary at the end. The records are the lines of all, the data the estimates
// themselves.
func New(estimates []bill.Estimate) Document {
	doc := Answer(estimates)
	doc.Records = records(estimates)
	for i := range estimates {
		doc.Sections = append(doc.Sections, section(&estimates[i]))
	}
	if len(estimates) > 1 {
		doc.Sections = append(doc.Sections, summary(estimates))
	}
	doc.Data = fileOf(estimates)
	return doc
}

// Answer is New with nothing but the answer in short, for formats that show no more.
func Answer(estimates []bill.Estimate) Document {
	var doc Document
	for i := range estimates {
		doc.Brief = append(doc.Brief, brief(&estimates[i]))
	}
	if len(estimates) > 1 {
		doc.Brief = append(doc.Brief, summary(estimates))
	}
	return doc
}

// view is an estimate with what its rows need to know about all of it.
type view struct {
	*bill.Estimate
	regions []string // of the estimate, then any others that lines name
	binds   bool     // some component says what sized it
	split   bool     // some component has more than nodes
}

func newView(e *bill.Estimate) view {
	v := view{Estimate: e}
	all := append([]string(nil), e.Regions...)
	for _, l := range e.Lines {
		all = append(all, l.Region)
	}
	for _, u := range e.Unpriced {
		all = append(all, u.Region)
	}
	v.regions = distinct(all...)
	for _, p := range e.Parts {
		v.binds = v.binds || p.Binds != nil
	}
	for _, c := range bill.ComponentCosts(e) {
		v.split = v.split || !equalCost(c.Nodes, c.Total)
	}
	return v
}

// part is the component of that name, or an empty one.
func (v view) part(name string) bill.Part {
	for _, p := range v.Parts {
		if p.Name == name {
			return p
		}
	}
	return bill.Part{}
}

// order is the place of a component in the report.
func (v view) order(component string) int {
	for i, p := range v.Parts {
		if p.Name == component {
			return i
		}
	}
	return len(v.Parts)
}

func section(e *bill.Estimate) Section {
	v := newView(e)
	s := Section{Name: e.Profile.Name, Title: e.Title, Facts: v.facts(), Notes: append(v.divided(), v.footnotes()...)}
	if e.Demand != nil {
		if _, title := s.heading(); title == "" {
			s.Title = demand(e.Demand)
		} else {
			s.Lead = append(s.Lead, demand(e.Demand))
		}
	}
	setting := fmt.Sprintf("%s, %s, %s h, prices of %s, $/month",
		strings.Join(e.Regions, " + "), strings.ReplaceAll(e.Purchase, "-", " "), e.Hours, e.Prices.Vintage)
	switch {
	case e.Mirrored && len(v.regions) > 1 && v.sameEverywhere():
		s.Lead = append(s.Lead, setting, "Every region has the machines and prices below.")
		s.Grids = []Grid{v.eachRegion()}
	case e.Mirrored && len(v.regions) > 1:
		s.Lead = append(s.Lead, setting)
		s.Grids = v.byRegion()
	default:
		s.Lead = append(s.Lead, setting)
		s.Grids = []Grid{v.together()}
	}
	return s
}

// eachRegion is the grid of one region for all, with its total and that of
// all regions.
func (v view) eachRegion() Grid {
	one := v.regions[:1]
	g := v.grid(one)
	g.Rows = append(g.Rows, v.totalRow("Each region", v.regionTotal(one[0]), one))
	return g
}

// byRegion is a grid for each region.
func (v view) byRegion() []Grid {
	var grids []Grid
	for _, r := range v.regions {
		g := v.grid([]string{r})
		g.Title = r
		g.Rows = append(g.Rows, v.totalRow("Region total", v.regionTotal(r), []string{r}))
		grids = append(grids, g)
	}
	return grids
}

// together is one grid in which the regions are merged.
func (v view) together() Grid {
	g := v.grid(v.regions)
	label := "Total " + strings.ReplaceAll(v.Purchase, "-", " ")
	g.Rows = append(g.Rows, v.totalRow(label, v.Total, v.regions))
	return g
}

// grid has the body rows of some regions: a row for each component with its one price, which
// is that of all regions, and on pages what it consists of.
func (v view) grid(regions []string) Grid {
	g := Grid{Columns: []Column{leftColumn("System", "system"), leftColumn("Machine", "machine"),
		rightColumn("Count", "count"), decimalColumn("1× price", "unit_price")}}
	if v.split {
		for _, p := range costParts() {
			c := decimalColumn(words.Capital(p.short), p.key)
			c.Paged = true
			g.Columns = append(g.Columns, c)
		}
	}
	g.Columns = append(g.Columns, decimalColumn("Total/month", "total"))
	if len(regions) < len(v.regions) {
		g.Columns = append(g.Columns, decimalColumn(fmt.Sprintf("%d regions", len(v.regions)), "all_regions"))
	}
	if v.binds {
		g.Columns = append(g.Columns, leftColumn("Sized by", "binds"))
	}
	g.Columns = append(g.Columns, leftColumn("Notes", "notes"))
	for _, r := range append(v.rowsOf(regions), v.unpricedRows(regions)...) {
		g.Rows = append(g.Rows, v.row(r, regions))
	}
	return g
}

// bodyRow is a row before it has cells.
type bodyRow struct {
	system, machine, count string
	price                  Cell
	split                  bill.ComponentCost // of the cost
	cost, all              bill.Cost          // in the regions of the grid, and in all
	atLeast, unpriced      bool
	binds                  string
	notes                  []string
}

func (v view) row(b bodyRow, regions []string) Row {
	r := Row{Role: Body, Cells: []Cell{text(b.system), text(b.machine), text(b.count), b.price}}
	notes := b.notes
	if b.unpriced {
		r.Cells = append(r.Cells, v.costCells(nil, Cell{Text: "not priced"}, Cell{}, regions)...)
	} else {
		r.Cells = append(r.Cells, v.costCells(&b.split, v.costCell(b.cost, b.atLeast), v.costCell(b.all, b.atLeast),
			regions)...)
		notes = append([]string{v.spread(b.cost)}, notes...)
	}
	if v.binds {
		r.Cells = append(r.Cells, text(b.binds))
	}
	r.Cells = append(r.Cells, text(strings.Join(distinct(notes...), "; ")))
	return r
}

// costCells are what a cost consists of where that is shown, the cost, and that of all
// regions where the grid is of some.
func (v view) costCells(split *bill.ComponentCost, cost, all Cell, regions []string) []Cell {
	var out []Cell
	if v.split {
		for _, p := range costParts() {
			c := Cell{}
			if split != nil {
				if x := p.of(split); !equalCost(x, bill.Cost{}) {
					c = v.costCell(x, false)
				}
			}
			out = append(out, c)
		}
	}
	if out = append(out, cost); len(regions) < len(v.regions) {
		out = append(out, all)
	}
	return out
}

// totalRow is the sum of a grid. It is a lower bound where something of the regions is not
// priced.
func (v view) totalRow(label string, c bill.Cost, regions []string) Row {
	role, atLeast := Total, len(v.unpricedOf(regions...)) > 0
	if len(regions) < len(v.regions) {
		role = Subtotal
	}
	var split bill.ComponentCost
	for _, x := range bill.ComponentCostsIn(v.Estimate, regions) {
		split.Nodes, split.Storage = split.Nodes.Plus(x.Nodes), split.Storage.Plus(x.Storage)
		split.Boot, split.Other = split.Boot.Plus(x.Boot), split.Other.Plus(x.Other)
	}
	r := Row{Role: role, Cells: append([]Cell{text(label), {}, {}, {}}, v.costCells(&split, v.costCell(c, atLeast),
		v.costCell(v.Total, len(v.Unpriced) > 0), regions)...)}
	if v.binds {
		r.Cells = append(r.Cells, Cell{})
	}
	spread := v.spread(c)
	if spread != "" && atLeast {
		spread = "≥ " + spread
	}
	r.Cells = append(r.Cells, text(spread))
	return r
}

// costCell shows the range where the headline is the maximum, and what is
// expected otherwise.
func (v view) costCell(c bill.Cost, atLeast bool) Cell {
	s := c.Expected.Human()
	if v.Headline == maximum {
		s = between(c.Min.Human(), c.Max.Human())
	}
	if atLeast {
		s = "≥ " + s
	}
	return Cell{Text: s, Value: c}
}

// spread is the range beside an expected cost.
func (v view) spread(c bill.Cost) string {
	if v.Headline == maximum {
		return ""
	}
	return span(c)
}

// regionTotal is the estimate's total of a region.
func (v view) regionTotal(region string) bill.Cost {
	for _, r := range v.PerRegion {
		if r.Region == region {
			return r.Cost
		}
	}
	return bill.Cost{}
}

func (v view) facts() []Fact {
	var list []Fact
	if v.Edited {
		list = append(list, closing(remark.New("fact.edited")))
	}
	if !v.Mirrored && len(v.PerRegion) > 1 {
		var parts []string
		for _, r := range v.PerRegion {
			parts = append(parts, r.Region+" "+v.costCell(r.Cost, false).Text)
		}
		list = append(list, fact("Regions", strings.Join(parts, ", ")))
	}
	for _, r := range v.Facts {
		list = append(list, closing(r))
		if r.Key != "fact.assumed" {
			continue
		}
		for i := range v.Parts { // warnings stand behind what is assumed
			for _, w := range v.Parts[i].Warnings {
				list = append(list, fact("Warning", v.Parts[i].Name+": "+sayOf(w)))
			}
		}
	}
	return list
}

func (v view) footnotes() []string {
	var notes []string
	if n := len(v.Unpriced); n > 0 {
		what := "1 item has"
		if n > 1 {
			what = fmt.Sprintf("%d items have", n)
		}
		notes = append(notes, fmt.Sprintf("≥: %s no price in the tables and %s not in the total.", what, isAre(n)))
	}
	if len(v.Excluded) > 0 {
		excluded := strings.Join(words.SayAll(v.Excluded), "; ")
		notes = append(notes, "Not in this total: "+strings.TrimSuffix(excluded, ".")+".")
	}
	return notes
}

// divided says what the price of a component has in it, where some has more than nodes.
func (v view) divided() []string {
	for _, c := range bill.ComponentCosts(v.Estimate) {
		if !c.Nodes.Expected.IsZero() && !equalCost(c.Nodes, c.Total) {
			return []string{"Total/month is a component's nodes, its storage and its part of the boot volumes; " +
				"headroom explain has the lines of each."}
		}
	}
	return nil
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// sumCost adds costs.
func sumCost(costs ...bill.Cost) bill.Cost {
	var sum bill.Cost
	for _, c := range costs {
		sum = sum.Plus(c)
	}
	return sum
}

// priceCell shows the prices of some lines: one, or from the lowest to the
// highest.
func priceCell(lines []bill.Line) Cell {
	low, high := lines[0].Price, lines[0].Price
	for _, l := range lines {
		if l.Price.Cmp(low) < 0 {
			low = l.Price
		}
		if l.Price.Cmp(high) > 0 {
			high = l.Price
		}
	}
	c := Cell{Text: between(unit.Grouped(low.String()), unit.Grouped(high.String())), Source: priceSources(lines)}
	if low.Equal(high) {
		c.Value = low
	}
	return c
}

// priceSources say of when and where the prices of some lines are, each once.
func priceSources(lines []bill.Line) string {
	var all []string
	for i := range lines {
		l := &lines[i]
		if l.Source != "" {
			all = append(all, strings.Join(distinct("price of "+l.AsOf+", source "+l.Source, l.PriceNote), "; "))
		}
	}
	return strings.Join(distinct(all...), "; ")
}

// quantities adds up the counts of some lines.
func quantities(lines []bill.Line) (low, expected, high money.Quantity) {
	for _, l := range lines {
		low, expected, high = low.Plus(l.Min), expected.Plus(l.Quantity), high.Plus(l.Max)
	}
	return low, expected, high
}
