package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/insight"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// Backing is what an estimate rests on, for formats that show it: HTML and sheets. What
// is nil is not shown.
type Backing struct {
	*insight.Backing
	// Users is the system planned at other numbers of users.
	Users *whatif.Sweep
}

// Backed is New with what each estimate rests on beside it.
func Backed(estimates []bill.Estimate, backing []Backing) Document {
	doc := New(estimates)
	shown := doc.Sections
	if doc.Brief != nil {
		shown = doc.Brief
	}
	for i := range estimates {
		e, b := &estimates[i], &Backing{}
		if i < len(backing) {
			b = &backing[i]
		}
		if i < len(shown) {
			shown[i].Charts = estimateCharts(e, b)
		}
		behind := behindEstimate(e, b)
		for k := range behind {
			if len(estimates) > 1 {
				behind[k].Name += ", " + e.Profile.Name
			}
		}
		doc.Behind = append(doc.Behind, behind...)
	}
	return doc
}

// estimateCharts are the pictures of an estimate.
func estimateCharts(e *bill.Estimate, b *Backing) []Chart {
	charts := []Chart{billChart(e), intervalChart(e)}
	if c, ok := limitsChart(e); ok {
		charts = append(charts, c)
	}
	if b.Backing != nil {
		charts = append(charts, weekCharts(b.Week)...)
		if c, ok := boughtChart(b.Bought); ok {
			charts = append(charts, c)
		}
	}
	if b.Users != nil {
		charts = append(charts, usersChart(b.Users, e.Demand.Users))
	}
	return charts
}

const perMonth = "$/month"

// billChart has a bar for every component, the dearest first.
func billChart(e *bill.Estimate) Chart {
	c := Chart{Title: "Bill by component", Unit: perMonth,
		About: "Each with its nodes, their boot volumes and disks. The thin line is from the least to the greatest load."}
	costs := bill.ComponentCosts(e)
	slices.SortStableFunc(costs, func(a, b bill.ComponentCost) int {
		return b.Total.Expected.Cmp(a.Total.Expected)
	})
	total := e.Total.Expected.Float64()
	for i := range costs {
		x := &costs[i]
		if x.Total.Expected.IsZero() && x.Total.Max.IsZero() {
			continue
		}
		value := x.Total.Expected.Float64()
		c.Rows = append(c.Rows, ChartRow{Label: cmp.Or(x.System, x.Component), To: value,
			Low: x.Total.Min.Float64(), High: x.Total.Max.Float64(),
			Text: x.Total.Expected.Human() + shareText(value, total), Source: costParts(x)})
	}
	return c
}

// shareText is a part of the whole behind its amount, "" where there is no whole.
func shareText(part, whole float64) string {
	if whole <= 0 {
		return ""
	}
	return " · " + unit.Percent(part/whole, 0)
}

// costParts says what a component's cost consists of.
func costParts(x *bill.ComponentCost) string {
	var parts []string
	for _, p := range []struct {
		name string
		cost bill.Cost
	}{{"nodes", x.Nodes}, {"storage", x.Storage}, {"boot volumes", x.Boot}, {"other", x.Other}} {
		if !p.cost.Expected.IsZero() {
			parts = append(parts, p.name+" "+p.cost.Expected.Human())
		}
	}
	out := strings.Join(parts, " + ")
	if s := span(x.Total); s != "" {
		out += "; " + s + " with the load"
	}
	return out
}

// intervalChart is what the month may cost: with the load, and if the guess that matters
// most is wrong.
func intervalChart(e *bill.Estimate) Chart {
	c := Chart{Title: "What the month may cost", Unit: perMonth,
		About: "The bar is what is expected, the thin line from the least to the most."}
	row := func(label, source string, expected, low, high float64) {
		c.Rows = append(c.Rows, ChartRow{Label: label, To: expected, Low: low, High: high, Source: source,
			Text: between(unit.Fixed(low, 2), unit.Fixed(high, 2))})
	}
	t := e.Total
	expected := t.Expected.Float64()
	row("with the load", "expected "+t.Expected.Human()+"; the least and the greatest number of nodes for the whole month",
		expected, t.Min.Float64(), t.Max.Float64())
	for _, r := range e.PerRegion {
		if len(e.PerRegion) > 1 {
			row(r.Region, "expected "+r.Cost.Expected.Human(), r.Cost.Expected.Float64(), r.Cost.Min.Float64(),
				r.Cost.Max.Float64())
		}
	}
	for _, f := range e.Facts {
		input := f.Text("input")
		if f.Key != "fact.assumed" || input == "" {
			continue
		}
		down, up := f.Number("down"), f.Number("up")
		part := unit.Percent(f.Number("change"), 0)
		row(input+" ±"+part, fmt.Sprintf("planned anew with %s at %s less and more than %s, which is a guess", input,
			part, f.Text("value")), expected, expected+math.Min(down, up), expected+math.Max(down, up))
	}
	return c
}

// limitsChart is the limit of which each component has the least room, the fullest first.
func limitsChart(e *bill.Estimate) (Chart, bool) {
	c := Chart{Title: "Fullest limit of each component", Unit: "% of what there is",
		About: "The upright line is the ceiling that the policy allows: whoever reaches it first gives way first."}
	var parts []*bill.Part
	for i := range e.Parts {
		if p := &e.Parts[i]; p.Fullest != nil {
			parts = append(parts, p)
		}
	}
	slices.SortStableFunc(parts, func(a, b *bill.Part) int {
		return cmp.Compare(b.Fullest.Filled(), a.Fullest.Filled())
	})
	for _, p := range parts {
		c.Rows = append(c.Rows, limitRow(p.System+" "+words.ShortResource(p.Fullest.Resource), p.Fullest, ""))
	}
	return c, len(c.Rows) > 0
}

// limitRow is a limit with its ceiling. What must be there whatever the load is no caution.
func limitRow(label string, f *bill.Full, where string) ChartRow {
	tone := Measure
	switch full := f.Filled(); {
	case full > 1+1e-9:
		tone = Breach
	case full >= nearFull && !f.Floor:
		tone = Caution
	}
	source := strings.Join(distinct(fmt.Sprintf("%s of %s", unit.Quantity(f.Need, f.Unit), unit.Quantity(f.Have, f.Unit)),
		f.State, where, "at most "+unit.Percent(f.Ceiling, 0)), ", ")
	return ChartRow{Label: label, To: 100 * f.Used(), Ceiling: 100 * f.Ceiling, Tone: tone, Source: source,
		Text: ofCeiling(f.Used(), f.Ceiling)}
}

// weekCharts are the load and the capacity of every region.
func weekCharts(weeks []insight.RegionWeek) []Chart {
	var charts []Chart
	for _, w := range weeks {
		charts = append(charts, Chart{Title: "Load and capacity in " + w.Region, Unit: "requests/s", X: weekAxis(),
			About: "What the nodes of the hour may carry, also while what they must outlive is lost; " +
				"the distance to the load is the room.",
			Series: []Series{{Name: "load", Shape: Area, X: hours(), Y: w.Load},
				{Name: "capacity", Shape: Limit, X: hours(), Y: w.Capacity}}})
	}
	return charts
}

// boughtChart is how nodes are bought, hour by hour; false without nodes.
func boughtChart(bought []insight.BoughtWeek) (Chart, bool) {
	c := Chart{Title: "Nodes by the way they are bought", Unit: "nodes", X: weekAxis(),
		About: "What always runs is worth a commitment, what runs in few hours is not."}
	for _, b := range bought {
		c.Series = append(c.Series, Series{Name: strings.ReplaceAll(b.Option, "-", " "), Shape: Stacked, X: hours(),
			Y: b.Nodes})
	}
	return c, len(c.Series) > 0
}

func hours() []float64 {
	out := make([]float64, workload.Hours)
	for h := range out {
		out[h] = float64(h)
	}
	return out
}

func weekAxis() ChartAxis {
	x := ChartAxis{Label: "hours of the week, UTC"}
	for i, day := range []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		x.Ticks = append(x.Ticks, Tick{float64(24 * i), day})
	}
	return x
}

// usersChart is cost and cost a user over the number of users, with the places where a
// component is built differently. users is what is planned.
func usersChart(s *whatif.Sweep, users float64) Chart {
	c := sweepChart(s)
	c.Title = "Cost over users"
	c.Marks = append(c.Marks, Mark{users, unit.Count(users).Human() + ": this plan"})
	slices.SortStableFunc(c.Marks, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	return c
}

// sweepChart is cost and unit cost over a varied number.
func sweepChart(s *whatif.Sweep) Chart {
	axis := &s.Axes[0]
	c := Chart{Title: "Cost over " + axis.Path, Unit: perMonth, X: ChartAxis{Label: axis.Path}}
	total, each := Series{Name: "total"}, Series{Name: "a user", Right: "$/user"}
	for i := range s.Points {
		p := &s.Points[i]
		if p.Figures == nil {
			continue
		}
		x, shown := axis.Values[p.At[0]], axis.Shown[p.At[0]]
		total.X, total.Y = append(total.X, x), append(total.Y, p.Figures.Total.Expected.Float64())
		total.Texts = append(total.Texts, shown+": "+p.Figures.Total.Expected.Human()+" $/month")
		if u := p.Figures.PerUser; u != nil {
			each.X, each.Y = append(each.X, x), append(each.Y, *u)
			each.Texts = append(each.Texts, shown+": "+unit.PriceOfOne(*u)+" $/user")
		}
		if text := rebuilt(p); text != "" {
			c.Marks = append(c.Marks, Mark{x, shown + ": " + text})
		}
	}
	c.Series = append(c.Series, total)
	if len(each.X) > 0 {
		c.Series = append(c.Series, each)
	}
	if n := len(total.X); n > 1 && total.X[0] > 0 && total.X[n-1] > logFrom*total.X[0] {
		c.X.Log = true
	}
	c.X.Ticks = fewTicks(total.X)
	return c
}

// logFrom is the ratio of the ends from which on equal distances are equal ratios.
const logFrom = 8

// fewTicks are about five of the values, the ends among them.
func fewTicks(values []float64) []Tick {
	const about = 5
	step := max(1, (len(values)-1+about-2)/(about-1))
	var out []Tick
	for i := 0; i < len(values); i += step {
		out = append(out, Tick{values[i], unit.Count(values[i]).Human()})
	}
	return out
}

// rebuilt names the components that have another machine than at the point before.
func rebuilt(p *whatif.Point) string {
	var names []string
	for _, m := range p.Marks {
		if !slices.ContainsFunc(m.Changes, func(c compare.Change) bool { return c.What == compare.OfMachine }) {
			continue // the limit that binds, or a shard more: there are many of them
		}
		name := m.System
		if f := p.Figures; f != nil {
			for i := range f.Components {
				if x := &f.Components[i]; x.Name == m.Component && x.Machine != "" {
					name += " " + x.Machine
				}
			}
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// behindEstimate is what stands behind an estimate, to be unfolded: its lines with the
// sources of their prices, the limits and the inputs.
func behindEstimate(e *bill.Estimate, b *Backing) []Section {
	out := []Section{{Name: "Lines", Grids: []Grid{linesGrid(e)}}}
	if b.Backing != nil {
		out = append(out, Section{Name: "Limits", Grids: []Grid{limitsGrid(b.Limits)}},
			Section{Name: "Inputs", Grids: []Grid{inputsGrid(b.Inputs)}})
	}
	return out
}

// linesGrid is the bill line by line; the amount says how it comes about.
func linesGrid(e *bill.Estimate) Grid {
	g := Grid{Columns: []Column{leftColumn("Region", "region"), leftColumn("System", "system"),
		leftColumn("Item", "item"), rightColumn("Quantity", "quantity"), leftColumn("Unit", "unit"),
		rightColumn("Price", "unit_price"), {Header: "$/month", Key: "cost", Align: Right,
			Product: [2]string{"quantity", "unit_price"}}, leftColumn("As of", "price_as_of"),
		leftColumn("Source", "price_source"), leftColumn("Note", "price_note"), leftColumn("Term", "term")}}
	for i := range e.Lines {
		l := &e.Lines[i]
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(l.Region), text(l.System), text(l.Name()),
			{Text: unit.Grouped(l.Quantity.String()), Value: l.Quantity}, text(l.Unit),
			{Text: l.Price.String(), Value: l.Price},
			{Text: l.Cost.Expected.Human(), Value: l.Cost.Expected, Source: lineSource(l)},
			text(l.AsOf), text(l.Source), text(l.PriceNote), text(l.Term)}})
	}
	g.Rows = append(g.Rows, Row{Role: Total, Cells: []Cell{text("Total"), {}, {}, {}, {}, {},
		{Text: e.Total.Expected.Human(), Value: e.Total.Expected}, {}, {}, {}, {}}})
	return g
}

// lineSource is how the amount of a line comes about.
func lineSource(l *bill.Line) string {
	s := fmt.Sprintf("%s %s × %s $ = %s", l.Quantity, l.Unit, l.Price, l.Cost.Expected)
	if l.HourPrice != nil {
		s += fmt.Sprintf("; %s $ an hour", *l.HourPrice)
	}
	if l.Source != "" {
		s += "; price of " + l.AsOf + ", source " + l.Source
	}
	return strings.Join(distinct(s, l.PriceNote, l.Notes, momentOf(l)), "; ")
}

// alike are the limits that ask for something, those that are the same in several
// regions once.
func alike(limits []insight.ComponentLimit) []*insight.ComponentLimit {
	type key struct {
		component, resource, state, role string
		need, have, target               float64
		binding                          bool
	}
	at := map[key]*insight.ComponentLimit{}
	var out []*insight.ComponentLimit
	for _, l := range limits {
		k := key{l.Component, l.Resource, l.State, l.Role, l.Need, l.Have, l.Target, l.Binding}
		switch first := at[k]; {
		case l.Need == 0:
		case first == nil:
			at[k] = &l
			out = append(out, &l)
		case !slices.Contains(strings.Split(first.Region, " + "), l.Region):
			first.Region += " + " + l.Region
		}
	}
	return out
}

// limitsGrid has a row for every limit that asks for something.
func limitsGrid(limits []insight.ComponentLimit) Grid {
	g := Grid{Columns: []Column{leftColumn("Component", "component"), leftColumn("Resource", "resource"),
		leftColumn("State", "state"), leftColumn("Region", "region"), leftColumn("Role", "role"),
		rightColumn("Need", "need"), rightColumn("Have", "have"), leftColumn("Unit", "unit"),
		rightColumn("Used", "utilisation"), rightColumn("Ceiling", "target"), leftColumn("", "binding")}}
	for _, l := range alike(limits) {
		used, binds := Cell{}, Cell{}
		if l.Utilisation != nil {
			used = Cell{Text: unit.Percent(*l.Utilisation, 0), Value: *l.Utilisation}
		}
		if l.Binding {
			binds = text("binds")
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(l.Component), text(l.Resource), text(l.State), text(l.Region),
			text(l.Role), {Text: unit.Quantity(l.Need, l.Unit), Value: l.Need},
			{Text: unit.Quantity(l.Have, l.Unit), Value: l.Have}, text(l.Unit), used,
			{Text: unit.Percent(l.Target, 0), Value: l.Target}, binds}})
	}
	return g
}

func inputsGrid(inputs []insight.InputUse) Grid {
	g := Grid{Columns: []Column{leftColumn("Input", "path"), leftColumn("Value", "value"),
		leftColumn("From", "from"), leftColumn("Source", "source")}}
	for _, in := range inputs {
		from := "the profile, line " + strconv.Itoa(in.Line)
		if in.Default {
			from = "default"
		}
		source := text(cmp.Or(in.Source, in.Assumed))
		if in.Assumed != "" {
			from += ", a guess"
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(in.Path), text(in.Value), text(from), source}})
	}
	return g
}
