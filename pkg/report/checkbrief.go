package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/budget"
	"headroom/pkg/money"
	"headroom/pkg/words"
)

// checkBrief is a verdict in short: what the system costs and whether it may, why, the limits
// that are not kept with what was found, what grew, and where the limits stand.
func checkBrief(v *budget.Verdict) []Section {
	s := Section{Title: checkTitle(v), Lead: checkLead(v)}
	about := mainSystem(v)
	open := notKept(v)
	if g := limitGrid(open, about); len(g.Rows) > 0 {
		s.Grids = []Grid{g}
	}
	for i := range open {
		if r := &open[i]; !hasFigures(r) {
			mark, tone := sign(r.Status)
			s.Facts = append(s.Facts, Fact{Label: mark + " " + r.Rule, Text: message(r), Tone: tone})
		}
	}
	if f, ok := keptFact(v.Results); ok {
		f.Text += "   (--full)"
		s.Facts = append(s.Facts, f)
	}
	for i := range v.Systems {
		if y := &v.Systems[i]; len(y.Profile.NotEvaluated) > 0 {
			text := withoutAims(y.Profile.Name, y.Profile)
			s.Facts = append(s.Facts, Fact{Label: "! aims", Text: text, Tone: Caution})
		}
	}
	out := []Section{s}
	last := Section{Facts: placeFacts(open)}
	if y := mostChanged(v); y != nil {
		if g := diffRows(y.Diff).grid(false); len(g.Rows) > 0 {
			g.Columns[0].Header = moveTitle(y.Diff.Change)
			if y.Profile.Name != v.Systems[0].Profile.Name {
				g.Columns[0].Header += " in " + y.Profile.Name
			}
			last.Grids = []Grid{g}
		}
	}
	if len(last.Grids)+len(last.Facts) > 0 {
		out = append(out, last)
	}
	return out
}

// moveTitle is the heading of the components that a change moves.
func moveTitle(change money.Amount) string {
	if change.Cmp(money.Amount{}) < 0 {
		return "What fell"
	}
	return "What grew"
}

// notKept are the findings that are not kept, the worst first.
func notKept(v *budget.Verdict) []budget.Finding {
	return slices.DeleteFunc(bySeverity(v.Results), func(r budget.Finding) bool { return r.Status == budget.Pass })
}

// mainSystem is the system that the report is about: the first.
func mainSystem(v *budget.Verdict) budget.System {
	if len(v.Systems) == 0 {
		return budget.System{}
	}
	name, _, _ := strings.Cut(v.Systems[0].Profile.Name, "/")
	return budget.System{Profile: name, Environment: v.Systems[0].Environment}
}

// checkTitle is the first line: "✗ shop is over budget: $1,979 a month, +$935.44 (+90 %)
// against baseline.json".
func checkTitle(v *budget.Verdict) string {
	mark, _ := sign(v.Outcome)
	if len(v.Systems) == 0 {
		return mark + " " + headline(v)
	}
	verdict := map[string]string{budget.Fail: "is over budget", budget.Infeasible: "is not checked as a whole",
		budget.Invalid: "is not checked", budget.Excepted: "is over budget, which is excepted",
		budget.Warn: "is within budget, with a warning"}[v.Outcome]
	if verdict == "" {
		verdict = "is within budget"
	}
	y := &v.Systems[0]
	name := mainSystem(v).Profile
	if manyProfiles(v) {
		return fmt.Sprintf("%s %s: %s", mark, strings.Replace(verdict, "is ", "", 1), limitCount(v))
	}
	return fmt.Sprintf("%s %s %s: %s a month%s", mark, name, verdict, roundDollars(y.Total.Expected),
		changeAgainst(y))
}

// changeAgainst is ", +$935.44 (+90 %) against baseline.json"; "" without a baseline.
func changeAgainst(y *budget.CheckedEstimate) string {
	b := y.Baseline
	if b == nil {
		return ""
	}
	change := y.Total.Expected.Minus(b.Total.Expected)
	if change.IsZero() {
		return ", as " + b.Label
	}
	return fmt.Sprintf(", %s%s against %s", signedDollars(change, false),
		inBrackets(shortPercent(b.Total.Expected, change)), b.Label)
}

// limitCount is "4 of 10 limits breached".
func limitCount(v *budget.Verdict) string {
	return fmt.Sprintf("%d of %s breached", v.Count(budget.Fail), words.Counted(len(v.Results), "limit"))
}

func manyProfiles(v *budget.Verdict) bool {
	one := mainSystem(v).Profile
	return slices.ContainsFunc(v.Systems, func(y budget.CheckedEstimate) bool {
		name, _, _ := strings.Cut(y.Profile.Name, "/")
		return name != one
	})
}

// checkLead has the cause, the other systems, what the model and the prices did, and what is
// not from the repository or was not checked.
func checkLead(v *budget.Verdict) []string {
	var out []string
	said := ""
	for i := range v.Systems {
		y := &v.Systems[i]
		because := ""
		if y.Diff != nil && !y.Diff.Change.IsZero() {
			because = becauseText(changedInputs(y.Diff))
		}
		line := ""
		if i > 0 || manyProfiles(v) {
			line = y.Profile.Name + " " + roundDollars(y.Total.Expected) + " a month" + changeAgainst(y)
		}
		if because != said && because != "" {
			line = strings.TrimSpace(line + "  " + because)
			said = because
		}
		if y.Scope == scopeCompute {
			line = strings.TrimPrefix(line+", nodes only", ", ")
		}
		out = append(out, line)
		out = append(out, effectTexts(y)...)
	}
	return distinct(append(append(out, settingTexts(v)...), uncheckedTexts(v)...)...)
}

// mostChanged is the system whose cost moved most against its baseline; nil where none did.
func mostChanged(v *budget.Verdict) *budget.CheckedEstimate {
	var most *budget.CheckedEstimate
	for i := range v.Systems {
		y := &v.Systems[i]
		if y.Diff == nil || y.Diff.Empty() {
			continue
		}
		if most == nil || y.Diff.Change.Abs().Cmp(most.Diff.Change.Abs()) > 0 {
			most = y
		}
	}
	return most
}

// placeFacts say where the breached limits stand, once for each rule, and what to do.
func placeFacts(open []budget.Finding) []Fact {
	var out []Fact
	var rules []string
	for i := range open {
		r := &open[i]
		if r.Status != budget.Fail || r.Budget.Line == 0 || slices.Contains(rules, r.Rule) {
			continue
		}
		rules = append(rules, r.Rule)
		what := r.Rule
		for _, f := range remarks(r) {
			what += ", " + f.Text
		}
		out = append(out, Fact{Label: fmt.Sprintf("%s:%d", r.Budget.File, r.Budget.Line),
			Text: what + ": change it or add an exception"})
	}
	return out
}
