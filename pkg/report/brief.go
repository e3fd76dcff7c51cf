package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

const (
	mostRows   = 9  // of components; the smallest of more are one row
	mostRisks  = 3  // that are said; of more their number
	longestBar = 10 // of the largest component, in places
	nearFull   = 0.9
)

// brief is an estimate in short: what it comes to, the components by cost, and what is to
// be known before it is used.
func brief(e *bill.Estimate) Section {
	v := newView(e)
	s := Section{Title: v.headline(), Lead: v.setting(), Grids: []Grid{v.components()}, Facts: v.briefFacts()}
	if n := len(v.footnotes()); n > 0 {
		s.Notes = v.footnotes()
	}
	return s
}

// headline is the answer: the name, the total, its range, and what a user costs.
func (v view) headline() string {
	total := wholeDollars(v.Total.Expected.Float64())
	if v.Headline == maximum {
		total = dollarRange(v.Total)
	}
	if len(v.Unpriced) > 0 {
		total = "≥ " + total
	}
	text := v.Profile.Name + "  " + total + " a month"
	var more []string
	if v.Headline != maximum && !v.Total.Min.Equal(v.Total.Max) {
		more = append(more, dollarRange(v.Total)+" with the load")
	}
	if v.Demand != nil && v.Demand.Users > 0 {
		more = append(more, "$"+unit.PriceOfOne(v.Total.Expected.Float64()/v.Demand.Users)+" a user")
	}
	if len(more) > 0 {
		text += "   " + strings.Join(more, " · ")
	}
	return text
}

// wholeDollars prints dollars without cents, and cents where there are few dollars.
func wholeDollars(x float64) string {
	sign := ""
	if x < 0 {
		sign, x = "−", -x
	}
	if x < fewDollars {
		return sign + "$" + unit.Fixed(x, 2)
	}
	return sign + "$" + unit.Whole(x)
}

// fewDollars are so few that their cents are read.
const fewDollars = 100

// dollarRange is a cost from its least to its most: "$5,222–6,153".
func dollarRange(c bill.Cost) string {
	low, high := wholeDollars(c.Min.Float64()), wholeDollars(c.Max.Float64())
	return between(low, strings.TrimPrefix(high, "$"))
}

// setting is what the estimate is of: the load, where, how bought and at which prices.
func (v view) setting() []string {
	var parts []string
	if d := v.Demand; d != nil {
		if d.Users > 0 {
			parts = append(parts, unit.Count(d.Users).Human()+" users")
		}
		parts = append(parts, unit.Count(d.Requests).Human()+" req/s")
	}
	where := []string{strings.Join(v.Regions, "+"), strings.ReplaceAll(v.Purchase, "-", " ")}
	if v.Scope == scopeCompute {
		where = append(where, "nodes only")
	}
	if h := v.Hours.String(); h != usualHours {
		where = append(where, h+" h")
	}
	parts = append(parts, strings.Join(append(where, "prices "+v.Prices.Vintage), ", "))
	lead := []string{strings.Join(parts, " · ")}
	if v.Title != "" && !strings.EqualFold(v.Title, v.Profile.Name) {
		lead = append([]string{v.Title}, lead...)
	}
	return lead
}

// usualHours are those of a month that need no mention: the convention of AWS.
const usualHours = "730"

// components has a row for each component, the costliest first.
func (v view) components() Grid {
	g := Grid{Light: true, Columns: []Column{leftColumn("", "system"), decimalColumn("$/month", "total"),
		rightColumn("%", "share"), {Key: "bar", Spare: true}, leftColumn("machine", "machine"),
		leftColumn("nodes", "nodes"), leftColumn("fullest limit", "limit")}}
	costs := bill.ComponentCosts(v.Estimate)
	slices.SortStableFunc(costs, func(a, b bill.ComponentCost) int { return b.Total.Expected.Cmp(a.Total.Expected) })
	costs, small := v.fold(costs)
	most := 0.0
	for _, c := range append(costs, small...) {
		most = math.Max(most, c.Total.Expected.Float64())
	}
	for _, c := range costs {
		p := v.part(c.Component)
		r := v.costRow(Body, c.System, c.Total, v.lacks(c.Component), most)
		r.Cells[1].Source = costParts(&c)
		if nodes := nodesIn(&p, v.regions); p.Machine != "" && nodes != "" {
			r.Cells = append(r.Cells, text(p.Machine), text(nodes), v.fullest(&p))
		} else {
			what := text(v.amount(&p))
			what.Over = true
			r.Cells = append(r.Cells, what, Cell{}, Cell{})
		}
		g.Rows = append(g.Rows, r)
	}
	if len(small) > 0 {
		var names []string
		var sum bill.Cost
		lacking := false
		for _, c := range small {
			names, sum, lacking = append(names, c.System), sum.Plus(c.Total), lacking || v.lacks(c.Component)
		}
		r := v.costRow(Body, fmt.Sprintf("%d smaller", len(small)), sum, lacking, most)
		r.Cells = append(r.Cells, Cell{Text: listed(distinct(names...)), Over: true}, Cell{}, Cell{})
		g.Rows = append(g.Rows, r)
	}
	total := v.costRow(Total, "Total", v.Total, len(v.Unpriced) > 0, 0)
	g.Rows = append(g.Rows, Row{Role: Total, Cells: append(total.Cells[:2], make([]Cell, 5)...)})
	return g
}

// listed joins as many names as stand beside a cost on a narrow terminal, and says how many
// more there are.
func listed(names []string) string {
	const most = 40 // places that are left of 80
	text := names[0]
	for i, name := range names[1:] {
		rest := ""
		if left := len(names) - i - 2; left > 0 {
			rest = fmt.Sprintf(" and %d more", left)
		}
		if twwidth.Width(text+", "+name+rest) > most {
			return fmt.Sprintf("%s and %d more", text, len(names)-i-1)
		}
		text += ", " + name
	}
	return text
}

// fold parts the smallest of many components, but never the one that gives way first.
func (v view) fold(costs []bill.ComponentCost) (large, small []bill.ComponentCost) {
	if len(costs) <= mostRows {
		return costs, nil
	}
	for _, c := range costs {
		if len(large) < mostRows-1 || v.isFirst(c.Component) {
			large = append(large, c)
			continue
		}
		small = append(small, c)
	}
	if len(large) == mostRows { // the first to give way is beside the largest: in the place of the least of these
		last := len(large) - 2
		small = append([]bill.ComponentCost{large[last]}, small...)
		large = slices.Delete(large, last, last+1)
	}
	return large, small
}

// isFirst tells whether a component is the one that gives way first as users come.
func (v view) isFirst(component string) bool {
	return v.Estimate.Headroom != nil && component != "" && component == v.Estimate.Headroom.Component
}

// lacks tells whether some of a component has no price.
func (v view) lacks(component string) bool {
	return slices.ContainsFunc(v.Unpriced, func(u bill.Unpriced) bool { return u.Component == component })
}

// costRow is a cost with its part of the total and a bar.
func (v view) costRow(role RowKind, label string, c bill.Cost, atLeast bool, most float64) Row {
	cost, share := c.Expected.Float64(), 0.0
	if total := v.Total.Expected.Float64(); total != 0 {
		share = cost / total
	}
	bar := Cell{}
	if most > 0 {
		bar = barCell(cost/most, longestBar)
	}
	return Row{Role: role, Cells: []Cell{text(label), v.costCell(c, atLeast),
		{Text: unit.Decimals(100*share, 0), Value: share}, bar}}
}

// fullest is the limit of which a component has the least room, with its ceiling:
// "cpu 79/85 %"; "3 replicas" where so many must be there whatever the load.
func (v view) fullest(p *bill.Part) Cell {
	f := p.Fullest
	if f == nil {
		return text(bindText(p.Binds))
	}
	c := Cell{Value: f.Used(), Source: fullSource(f)}
	switch {
	case f.Floor:
		c.Text = fmt.Sprintf("%s %s of %s", f.Resource, unit.Count(f.Need).Human(), unit.Count(f.Have).Human())
	default:
		c.Text = words.ShortResource(f.Resource) + " " + ofCeiling(f.Used(), f.Ceiling)
		switch full := f.Filled(); {
		case full > 1+1e-9:
			c.Tone = Breach
		case full >= nearFull:
			c.Tone = Caution
		}
	}
	if v.isFirst(p.Name) {
		c.Text += " ◀ first"
	}
	return c
}

// ofCeiling is a part beside the part that is allowed: "79/85 %".
func ofCeiling(used, ceiling float64) string {
	return unit.Decimals(100*used, 0) + "/" + unit.Percent(ceiling, 0)
}

// amount is what a component without nodes is: its structure in a few words, or how much
// there is of what costs most.
func (v view) amount(p *bill.Part) string {
	if s := structure(*p, v.regions); s != "" {
		return s
	}
	var most []bill.Line
	for _, lines := range gather(v.Lines, func(l bill.Line) string { return l.Component + "\x00" + l.Name() }) {
		if lines[0].Component == p.Name && !ofNodes(lines[0]) && lines[0].Unit != "" &&
			(most == nil || costOf(lines).Expected.Cmp(costOf(most).Expected) > 0) {
			most = lines
		}
	}
	if most == nil {
		return p.Notes
	}
	_, n, _ := quantities(most)
	return amountOf(n, most[0].Unit) + " " + most[0].Item
}

// briefFacts are the closing lines that an estimate in short has: how much room there is,
// what can be saved, what may go wrong, what was guessed, and what leads on.
func (v view) briefFacts() []Fact {
	var list []Fact
	if v.Edited {
		list = append(list, toned(words.Short(remark.New("fact.edited"))))
	}
	said, quotas := map[string][]Fact{}, []string{}
	labels := words.ShortLabels()
	for _, r := range v.Facts {
		label, what := words.Short(r)
		if label == words.QuotaLabel {
			quotas = append(quotas, what)
		} else if label != "" && what != "" {
			said[label] = append(said[label], toned(label, what))
			labels = append(labels, label)
		}
	}
	if len(quotas) > 0 {
		said[words.QuotaLabel] = []Fact{toned(words.QuotaLabel, strings.Join(quotas, "; "))}
	}
	said[words.RiskLabel] = v.risks(said[words.RiskLabel])
	for _, label := range distinct(labels...) {
		list = append(list, said[label]...)
	}
	return list
}

// risks are those of the whole system, then what is to be said of components: what is too
// small first, and only how many where there are many.
func (v view) risks(list []Fact) []Fact {
	var serious, others []Fact
	for i := range v.Parts {
		for _, w := range v.Parts[i].Warnings {
			_, what := words.Short(w)
			if region := w.Text("region"); region != "" {
				what = region + ": " + what
			}
			f := toned(words.RiskLabel, v.Parts[i].Name+": "+what)
			if strings.HasPrefix(w.Key, "pin.") {
				serious = append(serious, f)
			} else {
				others = append(others, f)
			}
		}
	}
	list = slices.Concat(list, serious, others)
	if more := len(list) - mostRisks; more > 1 {
		list = append(list[:mostRisks:mostRisks], toned(words.RiskLabel, fmt.Sprintf("%d more: --full", more)))
	}
	return list
}

// toned is a closing line in the colour of its label.
func toned(label, text string) Fact {
	f := fact(label, text)
	switch label {
	case words.RoomLabel, words.SaveLabel:
		f.Tone = Good
	case words.RiskLabel, words.GuessLabel:
		f.Tone = Caution
	}
	return f
}
