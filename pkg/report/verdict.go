package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/budget"
	"headroom/pkg/diag"
	"headroom/pkg/money"
)

// headline says in a sentence how the check came out.
func headline(v *budget.Verdict) string {
	n := v.Count(budget.Fail)
	parts := []string{}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(v.Count(budget.Invalid), "invalid")
	add(v.Count(budget.Infeasible), "infeasible")
	add(n, "breached")
	add(v.Count(budget.Excepted), "excepted")
	add(v.Count(budget.Warn), "warned of")
	add(v.Count(budget.Pass), "kept")
	limits := "limits"
	if v.Outcome == budget.Invalid {
		limits = "problems"
	}
	if len(v.Results) == 1 {
		limits = strings.TrimSuffix(limits, "s")
	}
	return fmt.Sprintf("Budget %s: %s of %d %s", verdictWord(v.Outcome), strings.Join(parts, ", "),
		len(v.Results), limits)
}

func verdictWord(outcome string) string {
	switch outcome {
	case budget.Fail:
		return "breached"
	case budget.Infeasible, budget.Invalid:
		return "not checked"
	}
	return "kept"
}

// verdictDocument has the results, worst first, and the systems.
func verdictDocument(v *budget.Verdict) Document {
	s := Section{Title: headline(v), Lead: distinct(append(causeTexts(v), systemTexts(v)...)...)}
	s.Grids = append(s.Grids, resultGrid(v.Results))
	for i := range v.Results {
		for _, f := range remarks(&v.Results[i]) {
			if !slices.Contains(s.Facts, f) { // once for a rule with several limits
				s.Facts = append(s.Facts, f)
			}
		}
	}
	doc := Document{Sections: []Section{s}, Brief: checkBrief(v), Records: resultRecords(v), Data: *v}
	for _, y := range v.Systems {
		if y.Diff != nil && !y.Diff.Empty() {
			d := Section{Name: y.Profile.Name, Title: "against " + y.Baseline.Label,
				Grids: []Grid{componentChanges(y.Diff)}}
			if len(y.Diff.Attribution.Components) > 0 {
				d.Grids = append(d.Grids, causes(&y.Diff.Attribution, y.Diff.Base.Total.Expected))
			}
			d.Charts = diffCharts(y.Diff)
			doc.Sections = append(doc.Sections, d)
		}
	}
	if c, ok := verdictChart(v); ok {
		doc.illustrate(0, c)
	}
	return doc
}

// causeTexts say what was changed.
func causeTexts(v *budget.Verdict) []string {
	var out []string
	for i := range v.Systems {
		if d := v.Systems[i].Diff; d != nil && !d.Change.IsZero() {
			out = append(out, becauseText(changedInputs(d)))
		}
	}
	return out
}

func systemTexts(v *budget.Verdict) []string {
	out := settingTexts(v)
	for _, y := range v.Systems {
		s := fmt.Sprintf("%s: %s $/month", y.Profile.Name, y.Total.Expected.Human())
		if sp := span(y.Total); sp != "" {
			s += " (" + sp + ")"
		}
		if y.Scope == scopeCompute {
			s += ", nodes only"
		}
		s += ", prices of " + y.Prices
		if b := y.Baseline; b != nil {
			s += fmt.Sprintf("; baseline %s: %s", b.Label, b.Total.Expected.Human())
			if b.Repriced {
				s += " at the same prices"
			}
		}
		out = append(out, withoutAims(s, y.Profile))
		out = append(out, effectTexts(&y)...)
	}
	return append(out, uncheckedTexts(v)...)
}

// uncheckedTexts name the systems that were not checked.
func uncheckedTexts(v *budget.Verdict) []string {
	var out []string
	for _, u := range v.Unchecked {
		if u.Baseline != "" {
			out = append(out, fmt.Sprintf("not checked: %s, which only the baseline %s has", u, u.Baseline))
		} else {
			out = append(out, fmt.Sprintf("not checked: %s, as no rule is about that environment", u))
		}
	}
	return out
}

// settingTexts are the settings that are not from the repository.
func settingTexts(v *budget.Verdict) []string {
	var out []string
	for _, s := range v.Settings {
		out = append(out, "not from the repository: "+s.String())
	}
	return out
}

// settingStatus is the status of a row of a list of limits that is a setting.
const settingStatus = "setting"

// severity orders results, the worst first.
func severity(status string) int {
	return slices.Index([]string{budget.Invalid, budget.Infeasible, budget.Fail, budget.Excepted,
		budget.Warn, budget.Pass}, status)
}

func bySeverity(results []budget.Finding) []budget.Finding {
	out := slices.Clone(results)
	slices.SortStableFunc(out, func(a, b budget.Finding) int { return severity(a.Status) - severity(b.Status) })
	return out
}

func resultGrid(results []budget.Finding) Grid {
	g := Grid{Columns: []Column{leftColumn("Status", "status"), leftColumn("Rule", "rule"),
		leftColumn("System", "profile"),
		leftColumn("Limit", "limit"), leftColumn("Finding", "message"), leftColumn("At", "at")}}
	for _, r := range bySeverity(results) {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(r.Status), text(r.Rule), text(systemName(&r)), text(r.Limit),
			text(foundText(&r)), text(placeText(r.At))}})
	}
	return g
}

// manySystems is how many systems a list of names has at most.
const manySystems = 3

// systemName names the systems that a finding is about.
func systemName(r *budget.Finding) string {
	if len(r.Covers) > manySystems {
		return fmt.Sprintf("%d systems", len(r.Covers))
	}
	names := make([]string, len(r.Covers))
	for i, s := range r.Covers {
		names[i] = s.String()
	}
	return strings.Join(names, ", ")
}

func placeText(p budget.Place) string {
	return diag.Pos{File: p.File, Line: p.Line, Col: p.Column}.String()
}

// remarks are the reason of what is breached and its exception.
func remarks(r *budget.Finding) []Fact {
	if r.Status == budget.Pass {
		return nil
	}
	var parts []string
	if r.Reason != "" {
		parts = append(parts, r.Reason)
	}
	if e := r.Exception; e != nil {
		parts = append(parts, exceptionText(e))
	}
	if len(parts) == 0 {
		return nil
	}
	return []Fact{fact(r.Rule, strings.Join(parts, "; "))}
}

func exceptionText(e *budget.Allowance) string {
	s := "excepted until " + e.Until
	if e.Expired {
		s = "the exception expired on " + e.Until
	}
	s += ": " + e.Reason
	if e.ApprovedBy != "" {
		s += " (" + e.ApprovedBy + ")"
	}
	return s
}

func resultRecords(v *budget.Verdict) *Grid {
	g := &Grid{}
	for _, key := range []string{"status", "rule", "profile", "environment", "of", "limit", "allowed", "actual", "unit",
		"message", "reason", "exception_until", "file", "line"} {
		g.Columns = append(g.Columns, Column{Key: key})
	}
	for _, s := range v.Settings {
		cells := make([]Cell, len(g.Columns))
		for i := range cells {
			cells[i] = text("")
		}
		cells[0], cells[1], cells[9] = text(settingStatus), text(s.Name), text(s.String())
		g.Rows = append(g.Rows, Row{Cells: cells})
	}
	for i := range v.Results {
		r := &v.Results[i]
		until := ""
		if r.Exception != nil {
			until = r.Exception.Until
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(r.Status), text(r.Rule), text(r.Profile), text(r.Environment),
			text(r.Of.String()), text(r.Limit), numberCell(r.Allowed), numberCell(r.Actual), text(r.Unit),
			text(foundText(r)), text(r.Reason), text(until), text(r.At.File),
			{Text: fmt.Sprint(r.At.Line), Value: r.At.Line}}})
	}
	return g
}

// numberCell is a figure of a finding.
func numberCell(n json.Number) Cell {
	if n == "" {
		return Cell{}
	}
	a, err := money.ParseAmount(n.String())
	if err != nil {
		return text(n.String())
	}
	return Cell{Text: n.String(), Value: a}
}

// message is a result with its system, reason and exception, on one line.
func message(r *budget.Finding) string {
	s := foundText(r)
	if name := systemName(r); name != "" {
		s = name + ": " + s
	}
	for _, f := range remarks(r) {
		s += " — " + f.Text
	}
	return s
}
