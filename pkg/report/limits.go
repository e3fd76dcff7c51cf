package report

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/budget"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// This file shows limits of a budget beside what was found.

// budgetBar is the longest bar of a limit in places, of which budgetPart is up to the limit:
// what is over it by more than the rest has a mark at its end.
const (
	budgetBar  = 20
	budgetPart = 0.75
)

// ratioFrom is from how many times the limit a number of times is read, not a percentage.
const ratioFrom = 3

// sign says how a limit came out.
func sign(status string) (string, Tone) {
	switch status {
	case budget.Pass:
		return "✓", Good
	case budget.Warn, budget.Excepted:
		return "!", Caution
	}
	return "✗", Breach
}

// ofLimit is what was found as a part of the limit.
func ofLimit(r *budget.Finding) float64 {
	actual, err := r.Actual.Float64()
	if err != nil {
		return 0
	}
	limit, err := r.Allowed.Float64()
	switch {
	case err != nil || actual <= 0:
		return 0
	case limit <= 0:
		return math.Inf(1)
	}
	return actual / limit
}

// ratioText is "132 %", or "9.0 ×" far beyond the limit.
func ratioText(part float64) string {
	switch {
	case part == 0 || math.IsInf(part, 0):
		return ""
	case part >= ratioFrom:
		return unit.Fixed(part, 1) + " ×"
	}
	return unit.Percent(part, unit.BesideLimit(float64(100*part), 100, 0))
}

// hasFigures tells whether a finding has figures to be shown beside its limit.
func hasFigures(r *budget.Finding) bool {
	actual, _ := words.LimitValues(r.Found)
	return actual != "" && r.Failure == ""
}

// limitGrid has a row for each of the findings that have figures. Systems other than the one
// that the report is about are named.
func limitGrid(list []budget.Finding, about budget.System) Grid {
	g := Grid{Light: true, Columns: []Column{leftColumn("", "rule"), rightColumn("actual", "actual"),
		rightColumn("limit", "limit"), {Key: "bar", Spare: true}, rightColumn("", "part"), leftColumn("", "note")}}
	for i := range list {
		r := &list[i]
		if !hasFigures(r) {
			continue
		}
		mark, tone := sign(r.Status)
		actual, limit := words.LimitValues(r.Found)
		part := ofLimit(r)
		bar := ceilingCell(min(part, ratioFrom)*budgetPart, budgetPart, budgetBar)
		if bar.Tone == Breach {
			bar.Tone = tone
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{{Text: mark + " " + r.Rule, Tone: tone}, text(actual), text(limit),
			bar, text(ratioText(part)), text(limitNote(r, about))}})
	}
	return g
}

// limitNote says what a limit is of and what becomes of it, where that is not plain.
func limitNote(r *budget.Finding, about budget.System) string {
	var parts []string
	if !r.Of.Whole() {
		parts = append(parts, r.Of.String())
	}
	switch r.Limit {
	case "monthly_max":
		parts = append(parts, "at most")
	case "per_user":
		parts = append(parts, "a user")
	case "per_million_requests":
		parts = append(parts, "a million requests")
	case "price_age":
		parts = append(parts, "days")
	case "headroom", "commitment":
		parts = append(parts, r.Limit)
	}
	if len(r.Covers) != 1 || r.Covers[0] != about {
		parts = append(parts, systemName(r))
	}
	switch e := r.Exception; {
	case e != nil && e.Expired:
		parts = append(parts, "exception expired on "+e.Until)
	case e != nil:
		parts = append(parts, "excepted until "+e.Until)
	case r.Status == budget.Warn:
		parts = append(parts, "warns")
	}
	return strings.Join(distinct(parts...), ", ")
}

// keptFact folds what is kept; false where nothing is.
func keptFact(results []budget.Finding) (Fact, bool) {
	limits := map[string]int{}
	for i := range results {
		limits[results[i].Rule]++
	}
	var names []string
	kept := 0
	for i := range results {
		r := &results[i]
		if r.Status != budget.Pass {
			continue
		}
		kept++
		name := r.Rule
		if limits[r.Rule] > 1 {
			name = strings.ReplaceAll(r.Limit, "_", " ")
		}
		names = append(names, name)
	}
	f := Fact{Label: fmt.Sprintf("✓ %d kept", kept), Text: strings.Join(distinct(names...), ", "), Tone: Good}
	return f, kept > 0
}
