package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/resilience"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// aimName is an aim in words: "outage", "disk failures", "survive zone".
func aimName(a *resilience.Aim) string { return words.AimName(a.Key, a.Loss) }

// wantText is what is aimed at: "at most 3 s", "at least 99.95 %", "3", "yes".
func wantText(a *resilience.Aim) string {
	switch a.Unit {
	case "s":
		return "at most " + words.Span(a.Want)
	case "part":
		return "at least " + unit.Fraction(a.Want).Human()
	case "disks":
		return unit.Whole(a.Want)
	}
	return "yes"
}

// gotText is what is reached: "over 60 s", "until repaired", "99.9 %", "no"; "" where nothing
// is known of it.
func gotText(a *resilience.Aim) string {
	switch {
	case a.Unit == "" && a.Verdict == resilience.Met:
		return "yes"
	case a.Unit == "" && a.Verdict == resilience.Missed:
		return "no"
	case a.Got == nil && a.Verdict != resilience.Missed:
		return ""
	case a.Got == nil && a.Key == "aims.data_loss":
		return "everything lost"
	case a.Got == nil:
		return untilRepaired
	}
	switch text := ""; a.Unit {
	case "s":
		if a.Least {
			text = "over "
		}
		return text + words.Span(*a.Got)
	case "part":
		return words.Availability(*a.Got)
	}
	return unit.Whole(*a.Got)
}

// verdictSign is the sign of a verdict, as those of limits.
func verdictSign(v resilience.Verdict) (string, Tone) {
	switch v {
	case resilience.Met:
		return "✓", Good
	case resilience.Missed:
		return "✗", Breach
	}
	return "?", Caution
}

// decidesText is what decides on an aim: a scenario, a component, or inputs that lack.
func decidesText(a *resilience.Aim) string {
	if a.Verdict == resilience.NotEvaluated && len(a.Missing) > 0 {
		return missingText(a.Missing)
	}
	return strings.Join(distinct(a.Scenario, a.Component), ", ")
}

// remedyText is the cheapest change that meets an aim, and what it costs.
func remedyText(r *resilience.Remedy) string {
	if r == nil {
		return ""
	}
	text := ""
	for _, set := range r.Set {
		if strings.ContainsAny(set, " []{}'*") { // which a shell would take for its own
			set = "'" + strings.ReplaceAll(set, "'", `'\''`) + "'"
		}
		text += "--set " + set + " "
	}
	text += "(" + signedDollars(r.Month, false) + " a month"
	// Copies of a profile are in no bill, so that the difference leaves out what they cost.
	if slices.ContainsFunc(r.Set, func(set string) bool { return strings.HasPrefix(set, "copies.") }) {
		text += " without the copies, which are in no bill"
	}
	return text + ")"
}

// aimRows has a row for each aim, those that are missed first.
func aimRows(a *resilience.Assessment, light bool) Grid {
	g := Grid{Light: light, Title: "Aims", Columns: []Column{leftColumn("", "sign"), leftColumn("aim", "aim"),
		leftColumn("wanted", "wanted"), leftColumn("reached", "reached"), leftColumn("decided by", "decides")}}
	remedies := false
	for i := range a.Aims {
		remedies = remedies || a.Aims[i].Remedy != nil
	}
	if remedies {
		g.Columns = append(g.Columns, leftColumn("met by", "remedy"))
	}
	for _, v := range []resilience.Verdict{resilience.Missed, resilience.NotEvaluated, resilience.Met} {
		for i := range a.Aims {
			x := &a.Aims[i]
			if x.Verdict != v {
				continue
			}
			mark, tone := verdictSign(v)
			got := text(gotText(x))
			got.Tone = tone
			cells := []Cell{{Text: mark, Value: string(v), Tone: tone}, text(aimName(x)), text(wantText(x)), got,
				text(decidesText(x))}
			if remedies {
				remedy := remedyText(x.Remedy)
				if x.Remedy == nil && v != resilience.Met {
					remedy = "none was found"
				}
				cells = append(cells, text(remedy))
			}
			g.Rows = append(g.Rows, Row{Cells: cells})
		}
	}
	return g
}

// aimCount is how many aims are met: "1 of 6 aims met", "all 3 aims met", "no aims stated".
func aimCount(a *resilience.Assessment) string {
	met, open := 0, 0
	for i := range a.Aims {
		switch a.Aims[i].Verdict {
		case resilience.Met:
			met++
		case resilience.NotEvaluated:
			open++
		}
	}
	text := fmt.Sprintf("%d of %s met", met, words.Counted(len(a.Aims), "aim"))
	switch {
	case len(a.Aims) == 0:
		return "no aims stated"
	case met == len(a.Aims) && met > 1:
		text = "all " + words.Counted(met, "aim") + " met"
	case open > 0:
		text += fmt.Sprintf(", %d not evaluated", open)
	}
	return text
}

// firstMissed is the first aim that is missed, with the figure and what decides; "" for none.
func firstMissed(a *resilience.Assessment) string {
	for i := range a.Aims {
		x := &a.Aims[i]
		if x.Verdict != resilience.Missed {
			continue
		}
		text := "✗ " + aimName(x)
		if x.Unit != "" {
			text += " " + wantText(x) + ": " + gotText(x)
		}
		if what := decidesText(x); what != "" {
			text += ", " + what
		}
		return text
	}
	return ""
}
