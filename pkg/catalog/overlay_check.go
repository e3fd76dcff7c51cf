package catalog

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"headroom/pkg/diag"
)

// checkRows finds what is wrong with the rows of an overlay's section.
func checkRows(t *table, kind *tableKind) (ps diag.Problems) {
	for row := range t.len() {
		if len(ps) >= maxProblems {
			break
		}
		n := len(ps)
		ps = append(ps, checkKey(t, row, kind)...)
		if len(ps) > n {
			continue
		}
		if kind.terms == nil {
			ps = append(ps, checkUsageRow(t, row)...)
		} else {
			ps = append(ps, checkPriceRow(t, row, kind)...)
		}
	}
	return ps
}

// checkKey makes sure that the cells that say what is priced are filled.
func checkKey(t *table, row int, kind *tableKind) (ps diag.Problems) {
	for _, c := range kind.key {
		if c == kind.blank {
			continue
		}
		v := t.cell(row, t.col(c))
		switch {
		case v == "":
			ps.Add(hinted(t.problem(row, c, "%s is blank", c), "say what the price is for"))
		case v != strings.TrimSpace(v):
			ps.Add(hinted(t.problem(row, c, "%s %q begins or ends with a space", c, v), "remove the space"))
		case !slices.Contains(kind.text, c) && strings.ContainsAny(v, "/ "):
			ps.Add(hinted(t.problem(row, c, "%s %q is not a name", c, v), "names have neither spaces nor slashes"))
		}
	}
	return ps
}

func checkUsageRow(t *table, row int) (ps diag.Problems) {
	if role := t.cell(row, t.col("role")); role != "" && role != roleBill {
		ps.Add(hinted(t.problem(row, "role", "a row with the role %q is never billed", role),
			"set role to bill, or leave it blank"))
		return ps
	}
	from, to := t.cell(row, t.named("tier_from")), t.cell(row, t.named("tier_to"))
	price := t.cell(row, t.col("price_usd"))
	if price == "" {
		ps.Add(hinted(t.problem(row, "price_usd", "price_usd is blank"), "fill in the price in US dollars per unit"))
	} else if _, err := readTier(t, row, from, to, price); err != nil {
		ps.Add(err.(diag.Problem))
	}
	return append(ps, checkProvenance(t, row, provenance{"as_of", "source"})...)
}

func checkPriceRow(t *table, row int, kind *tableKind) (ps diag.Problems) {
	specs := kind.terms
	sh := &sheet{t: t, specs: specs}
	priced, first := false, ""
	for i, s := range specs {
		c := priceCols{t.named(s.rate), t.named(s.fee), t.named(s.asOf), t.named(s.source)}
		sh.cols = append(sh.cols, c)
		if first == "" && c.rate >= 0 {
			first = s.rate
		}
		_, ok, err := sh.price(row, i)
		switch {
		case err != nil:
			ps.Add(err.(diag.Problem))
			priced = true
		case ok:
			priced = true
			ps = append(ps, checkProvenance(t, row, provenance{s.asOf, s.source})...)
		}
	}
	if saving := t.cell(row, t.named("spot_savings_pct")); saving != "" {
		priced = true
		if n, err := strconv.Atoi(saving); err != nil || n > 100 || n < -1000 {
			ps.Add(hinted(t.problem(row, "spot_savings_pct", "saving %q is not a whole percentage", saving),
				"write 65 for 65 percent"))
		}
		ps = append(ps, checkProvenance(t, row, provenance{"spot_advisor_as_of", "spot_advisor_source"})...)
	}
	for _, c := range []string{"vcpu", "memory_gib"} {
		if v := t.cell(row, t.named(c)); v != "" {
			if x, err := strconv.ParseFloat(v, 64); err != nil || !(x > 0) || x > 1e9 {
				ps.Add(hinted(t.problem(row, c, "%s %q is not a positive number", c, v), "write a plain number"))
			}
		}
	}
	if !priced {
		if first == "" {
			first = "region"
		}
		ps.Add(hinted(t.problem(row, first, "the row gives no price"),
			"fill in a price in US dollars, or remove the row"))
	}
	return dedupe(ps)
}

// firstColumn is a column of its own where the table has it, else the common.
func firstColumn(t *table, own, common string) string {
	if own != "" && t.col(own) >= 0 {
		return own
	}
	return common
}

// provenance names the columns of a price's date and source.
type provenance struct{ asOf, source string }

// checkProvenance makes sure that a price has a date and a source, in its own
// columns or the common ones.
func checkProvenance(t *table, row int, own provenance) (ps diag.Problems) {
	asOf, source := firstColumn(t, own.asOf, "as_of"), firstColumn(t, own.source, "source")
	date := firstOf(t.cell(row, t.named(asOf)), t.cell(row, t.named("as_of")))
	switch {
	case date == "":
		ps.Add(hinted(t.problem(row, asOf, "as_of is blank"), "give the date of the price, YYYY-MM-DD"))
	case !isDate(date):
		ps.Add(hinted(t.problem(row, asOf, "as_of %q is not a date", date),
			"write a day or month of the calendar, YYYY-MM-DD or YYYY-MM"))
	}
	if strings.TrimSpace(firstOf(t.cell(row, t.named(source)), t.cell(row, t.named("source")))) == "" {
		ps.Add(hinted(t.problem(row, source, "source is blank"), "say where the price comes from"))
	}
	return ps
}

// isDate accepts the days YYYY-MM-DD and months YYYY-MM of the calendar.
func isDate(s string) bool {
	for _, layout := range []string{time.DateOnly, "2006-01"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// checkDates refuses prices of a day, or month, that is still to come.
func (o *overlay) checkDates(today string) (ps diag.Problems) {
	for _, s := range o.sections {
		for _, h := range s.t.header {
			if h != "as_of" && !strings.HasSuffix(h, "_as_of") {
				continue
			}
			for row := range s.t.len() {
				date := s.t.cell(row, s.t.col(h))
				if isDate(date) && date > today[:min(len(date), len(today))] {
					ps.Add(hinted(s.t.problem(row, h, "%s %s is in the future, after %s", h, date, today),
						"give the day from which the price is known"))
				}
			}
		}
	}
	return ps
}

func hinted(p diag.Problem, hint string) diag.Problem {
	p.Hint = hint
	return p
}

// dedupe drops problems that repeat the one before: a blank source is one
// problem of a row, however many prices the row has.
func dedupe(ps diag.Problems) diag.Problems {
	var out diag.Problems
	for _, p := range ps {
		seen := false
		for _, o := range out {
			seen = seen || o.Pos == p.Pos && o.Summary == p.Summary
		}
		if !seen {
			out = append(out, p)
		}
	}
	return out
}

// checkTwice refuses two rows of one file that price the same thing.
func (o *overlay) checkTwice() (ps diag.Problems) {
	seen := seenPrices{}
	for _, s := range o.sections {
		for row := range s.t.len() {
			region := s.t.cell(row, s.t.col("region"))
			if s.kind.terms == nil {
				item := s.t.cell(row, s.t.col("service")) + "/" + s.t.cell(row, s.t.col("item"))
				from := s.t.cell(row, s.t.named("tier_from"))
				ps = append(ps, seen.twice(s.t, row, region+"/"+item, from, "tier_from")...)
				continue
			}
			key := region + "/" + s.kind.rowKey(s.t)(row)
			for _, spec := range s.kind.terms {
				for _, c := range []string{spec.rate, spec.fee} {
					if s.t.cell(row, s.t.named(c)) != "" {
						ps = append(ps, seen.twice(s.t, row, s.kind.name+"/"+key, c, c)...)
					}
				}
			}
		}
	}
	if len(ps) > maxProblems {
		ps = ps[:maxProblems]
	}
	return ps
}

// seenPrices are the lines of what has been priced so far. It is only looked up,
// never listed.
type seenPrices map[string]int

func (seen seenPrices) twice(t *table, row int, key, part, column string) (ps diag.Problems) {
	id := key + "\x00" + part
	if line, ok := seen[id]; ok {
		ps.Add(hinted(t.problem(row, column, "%s is priced twice, first in line %d", key, line),
			"remove one of the rows"))
		return ps
	}
	seen[id] = t.line(row)
	return nil
}
