package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/compare"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/whatif"
)

// illustrate adds pictures to one of the sections that are shown first, the last of them
// where there are fewer.
func (d *Document) illustrate(i int, charts ...Chart) {
	shown := d.Sections
	if d.Brief != nil {
		shown = d.Brief
	}
	if len(shown) > 0 && len(charts) > 0 {
		s := &shown[min(i, len(shown)-1)]
		s.Charts = append(s.Charts, charts...)
	}
}

// step is one step of a waterfall.
type step struct {
	label, source string
	change        money.Amount
}

// waterfall leads in steps from nothing to the whole difference: what costs more goes
// right, what costs less goes left. The scale is that of the difference, as beside two
// whole bills a step would not be seen.
func waterfall(title, about string, steps []step, whole money.Amount) Chart {
	c := Chart{Title: title, Unit: "$/month, difference", About: about}
	at := money.Amount{}
	for _, s := range steps {
		if s.change.IsZero() {
			continue
		}
		next := at.Plus(s.change)
		c.Rows = append(c.Rows, ChartRow{Label: s.label, From: at.Float64(), To: next.Float64(), Text: signed(s.change),
			Tone: changeTone(s.change), Source: s.source})
		at = next
	}
	c.Rows = append(c.Rows, ChartRow{Label: "Difference", To: whole.Float64(), Text: signed(whole),
		Tone: changeTone(whole)})
	return c
}

// changeTone is that of a change: its sign says the same.
func changeTone(a money.Amount) Tone {
	if a.Cmp(money.Amount{}) > 0 {
		return Caution
	}
	return Good
}

// bySize puts the greatest change first.
func bySize(steps []step) []step {
	size := func(a money.Amount) money.Amount {
		if a.Cmp(money.Amount{}) < 0 {
			return a.Neg()
		}
		return a
	}
	slices.SortStableFunc(steps, func(a, b step) int { return size(b.change).Cmp(size(a.change)) })
	return steps
}

// diffCharts show a difference component by component, and cause by cause where causes
// are told apart.
func diffCharts(d *compare.Diff) []Chart {
	var parts, causes []step
	for i := range d.Components {
		x := &d.Components[i]
		parts = append(parts, step{x.System, x.Base.Expected.Human() + " → " + x.Head.Expected.Human(),
			x.Head.Expected.Minus(x.Base.Expected)})
	}
	about := "From " + d.Base.Total.Expected.Human() + " to " + d.Head.Total.Expected.Human() + "."
	charts := []Chart{waterfall("Difference by component", about, bySize(parts), d.Change)}
	for _, e := range d.Attribution.Effects {
		causes = append(causes, step{causeText(e.Cause), "then " + e.Total.Human(), e.Amount})
	}
	if len(causes) > 1 {
		charts = append(charts, waterfall("Difference by cause", about, causes, d.Change))
	}
	return charts
}

// caseChart shows what a changed system costs more and less, component by component;
// false for one without a plan.
func caseChart(c *whatif.Comparison, x *whatif.Case) (Chart, bool) {
	if x.Figures == nil {
		return Chart{}, false
	}
	base := &c.Base
	if x.Against != nil {
		base = x.Against
	}
	var parts []step
	for i := range x.Deltas {
		d := &x.Deltas[i]
		was, is := "new", "gone"
		if d.Base != nil {
			was = d.Base.Cost.Expected.Human()
		}
		if d.Case != nil {
			is = d.Case.Cost.Expected.Human()
		}
		parts = append(parts, step{d.System, was + " → " + is, d.Change})
	}
	return waterfall(x.Title, "From "+base.Total.Expected.Human()+" to "+x.Figures.Total.Expected.Human()+".",
		bySize(parts), x.Change), true
}

// verdictChart holds what budgets allow against what is, each as a part of what is
// allowed: so that dollars and percentages stand beside each other.
func verdictChart(v *budget.Verdict) (Chart, bool) {
	c := Chart{Title: "Limits of the budget", Unit: "% of what is allowed",
		About: "The upright line is what the budget allows; bars end at five times as much."}
	for i := range v.Results {
		f := &v.Results[i]
		allowed, err := strconv.ParseFloat(f.Allowed.String(), 64)
		actual, bad := strconv.ParseFloat(f.Actual.String(), 64)
		if err != nil || bad != nil || !(allowed > 0) {
			continue
		}
		tone := Measure
		switch f.Status {
		case budget.Fail:
			tone = Breach
		case budget.Warn:
			tone = Caution
		}
		const most = 500
		used := 100 * actual / allowed
		c.Rows = append(c.Rows, ChartRow{Label: strings.Join(distinct(f.Profile, f.Rule, f.Limit), " "),
			To: min(max(used, -most), most), Ceiling: 100, Tone: tone,
			Text:   fmt.Sprintf("%s · %s of %s %s", f.Status, f.Actual, f.Allowed, f.Unit),
			Source: fmt.Sprintf("%s:%d", f.Budget.File, f.Budget.Line)})
	}
	return c, len(c.Rows) > 0
}

// reasoningCharts are the limits of a component, at most so many, and what other machines
// would cost.
func reasoningCharts(x *insight.ComponentReasoning, most int) []Chart {
	var charts []Chart
	limits := Chart{Title: "Limits of " + x.Part.System, Unit: "% of what there is",
		About: "The upright line is the ceiling that the policy allows."}
	for _, l := range fullestFirst(x.Limits, most) {
		full := bill.Full{Need: l.Need, Have: l.Have, Unit: l.Unit, Ceiling: l.Target, State: l.State}
		limits.Rows = append(limits.Rows, limitRow(l.Resource+", "+l.State, &full, l.Region))
	}
	if len(limits.Rows) > 0 {
		charts = append(charts, limits)
	}
	if len(x.Alternatives) > 0 {
		c := Chart{Title: "Other machines for " + x.Part.System, Unit: "$/month more on the bill",
			About: "Machines are chosen by their running cost, in which a bar that goes left may be dearer."}
		for i := range x.Alternatives {
			o := &x.Alternatives[i]
			c.Rows = append(c.Rows, ChartRow{Label: strings.TrimSpace(o.Machine + " " + o.Storage),
				To: o.Difference.Float64(), Text: signed(o.Difference), Tone: changeTone(o.Difference),
				Source: o.Month.Human() + " $/month; " + bindText(o.Binds)})
		}
		charts = append(charts, c)
	}
	return charts
}

// mostDrawn are as many limits as a picture shows, and fewDrawn as those of all components
// beside each other do.
const mostDrawn, fewDrawn = 12, 6

// fullestFirst are the limits that have a measure and ask for something, the fullest
// first and each resource and state once, at most so many.
func fullestFirst(limits []insight.LimitCheck, most int) []insight.LimitCheck {
	list := slices.DeleteFunc(slices.Clone(limits), func(l insight.LimitCheck) bool {
		return l.Utilisation == nil || l.Target <= 0 || l.Have <= 0 || l.Need == 0
	})
	slices.SortStableFunc(list, func(a, b insight.LimitCheck) int {
		return cmp.Compare(*b.Utilisation/b.Target, *a.Utilisation/a.Target)
	})
	seen := map[[2]string]bool{}
	list = slices.DeleteFunc(list, func(l insight.LimitCheck) bool {
		k := [2]string{l.Resource, l.State}
		again := seen[k]
		seen[k] = true
		return again
	})
	return list[:min(len(list), most)]
}
