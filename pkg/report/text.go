package report

import (
	"fmt"
	"strings"
	"unicode"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// between writes "a–b", or "a" where both are the same.
func between(a, b string) string {
	if a == b {
		return a
	}
	if strings.HasPrefix(b, "-") {
		return a + " to " + b // no dash before a minus
	}
	return a + "–" + b
}

// span is the range of a cost, "" where it has none.
func span(c bill.Cost) string {
	if c.Min.Equal(c.Max) {
		return ""
	}
	return between(c.Min.Human(), c.Max.Human())
}

// amountOf writes a quantity for people, with its unit.
func amountOf(q money.Quantity, unitName string) string {
	return strings.TrimSpace(unit.Count(q.Float64()).Human() + " " + shortUnit(unitName))
}

// shortUnit is a unit in a table. The table is per month, so the unit need not
// repeat it.
func shortUnit(name string) string {
	if name = strings.TrimSuffix(name, "-month"); name == "hour" {
		return "h"
	}
	return name
}

// demand is the demand at the peak on one line.
func demand(d *bill.DemandSummary) string {
	n := func(x float64) string { return unit.Count(x).Human() }
	s := ""
	if d.Users > 0 {
		s = fmt.Sprintf("%s users × %s/min = ", n(d.Users), n(d.Requests/d.Users*60))
	}
	return s + fmt.Sprintf("%s req/s, %s writes/s", n(d.Requests), n(d.Writes))
}

// visible is a rune as it may be sent to a terminal: control characters, marks
// that turn the direction of writing and line separators are escaped, because
// texts come from files that somebody else may have written.
func visible(r rune) string {
	switch {
	case r == '\t':
		return " "
	case r == ' ' || unicode.IsPrint(r):
		return string(r)
	}
	return strings.Trim(fmt.Sprintf("%+q", r), "'")
}

// printable is a text on one line without what could change a terminal, turn the
// direction of writing or be a command to the runner of a CI system.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(visible(r))
	}
	return diag.Harmless(b.String())
}

// distinct drops empty texts and repetitions, keeping the order.
func distinct(texts ...string) []string {
	var out []string
	for _, t := range texts {
		seen := t == ""
		for _, o := range out {
			seen = seen || o == t
		}
		if !seen {
			out = append(out, t)
		}
	}
	return out
}

// few joins up to three names and says how many more there are.
func few(names []string) string {
	const most = 3
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
