package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/bill"
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
		if i < len(doc.Brief) {
			doc.Brief[i].sumOf(behind[0].Name)
		}
		if b.Backing == nil {
			doc.Lacks = notSaved
		}
		doc.Behind = append(doc.Behind, behind...)
	}
	return doc
}

// notSaved says what the file of a saved estimate does not hold.
const notSaved = "A saved estimate holds neither the load of the week and what the nodes carry of it, nor what " +
	"other numbers of users cost, nor the inputs that are not assumed: headroom estimate shows them."

// sumOf makes the total of the first grid the sum of the amounts of a section.
func (s *Section) sumOf(name string) {
	rows := s.Grids[0].Rows
	j := slices.IndexFunc(s.Grids[0].Columns, func(c Column) bool { return c.Key == "total" })
	if last := &rows[len(rows)-1]; last.Role == Total && j >= 0 {
		last.Cells[j].TotalOf = name
	}
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
		About: "Each with its nodes, their boot volumes and disks. The thin line is from the least to the " +
			"greatest load."}
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
		value, low, high := x.Total.Expected.Float64(), x.Total.Min.Float64(), x.Total.Max.Float64()
		c.Rows = append(c.Rows, ChartRow{Label: cmp.Or(x.System, x.Component), To: value,
			Low: math.Min(low, high), High: math.Max(low, high),
			Text: x.Total.Expected.Human() + partText(value, total), Source: costSource(x)})
	}
	return c
}

// partText is a part of the whole behind its amount, "" where there is no whole.
func partText(part, whole float64) string {
	if whole <= 0 {
		return ""
	}
	return " · " + unit.Percent(part/whole, 0)
}

// costSource says what a component's cost consists of.
func costSource(x *bill.ComponentCost) string {
	out, _ := partsText(x)
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
	row("with the load", "expected "+t.Expected.Human()+"; the least and the greatest number of nodes all month",
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
		row(strings.TrimPrefix(input, "components.")+" ±"+part,
			fmt.Sprintf("planned anew with %s at %s less and more than %s, which is a guess", input, part,
				f.Text("value")), expected, expected+math.Min(down, up), expected+math.Max(down, up))
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
	return ChartRow{Label: label, To: float64(100 * f.Used()), Ceiling: float64(100 * f.Ceiling), Tone: tone,
		Source: strings.Join(distinct(fullSource(f), where), ", "), Text: ofCeiling(f.Used(), f.Ceiling)}
}

// fullSource says what a limit compares.
func fullSource(f *bill.Full) string {
	return fmt.Sprintf("%s of %s, %s, at most %s", unit.Quantity(f.Need, f.Unit), unit.Quantity(f.Have, f.Unit),
		f.State, unit.Percent(f.Ceiling, 0))
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
