package catalog

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"headroom/pkg/diag"
	"headroom/pkg/money"
)

// sheet is the rows of one region in a keyed price table (EC2, managed) or in
// an overlay, ready to be searched by key.
type sheet struct {
	t     *table
	file  string // overlay file, "" for a table
	keys  []string
	rows  []int32
	specs []termSpec
	cols  []priceCols
	asOf  int
	src   int
	note  int
}

// priceCols are the columns of one termSpec; -1 where the table has none.
type priceCols struct{ rate, fee, asOf, source int }

// newSheet indexes the rows of a region. In a table all rows must be of that
// region; of an overlay the others are passed over.
func newSheet(t *table, kind *tableKind, file, region string) (*sheet, error) {
	sh := &sheet{t: t, file: file, specs: kind.terms,
		asOf: t.col("as_of"), src: t.col("source"), note: t.col("note")}
	for _, s := range sh.specs {
		sh.cols = append(sh.cols, priceCols{t.named(s.rate), t.named(s.fee), t.named(s.asOf), t.named(s.source)})
	}
	key := kind.rowKey(t)
	at := t.col("region")
	sh.keys = make([]string, 0, t.len())
	sh.rows = make([]int32, 0, t.len())
	sorted := true
	for i := range t.len() {
		if t.cell(i, at) != region {
			if file != "" {
				continue
			}
			return nil, t.problem(i, "region", "the row is not of the region %s", region)
		}
		k := key(i)
		if n := len(sh.keys); n > 0 && sh.keys[n-1] >= k {
			sorted = false
		}
		sh.keys = append(sh.keys, k)
		sh.rows = append(sh.rows, int32(i))
	}
	if !sorted {
		sh.sort(key)
	}
	for i := 1; i < len(sh.keys); i++ {
		if sh.keys[i-1] == sh.keys[i] {
			return nil, t.problem(int(sh.rows[i]), "region", "%s is priced twice", sh.keys[i])
		}
	}
	return sh, nil
}

func (sh *sheet) sort(key func(int) string) {
	slices.SortStableFunc(sh.rows, func(a, b int32) int { return strings.Compare(key(int(a)), key(int(b))) })
	for i, r := range sh.rows {
		sh.keys[i] = key(int(r))
	}
}

func (sh *sheet) find(key string) (row int, ok bool) {
	i, ok := slices.BinarySearch(sh.keys, key)
	if !ok {
		return 0, false
	}
	return int(sh.rows[i]), true
}

// has tells whether a row states a price, without parsing it.
func (sh *sheet) has(row, spec int) bool {
	c := sh.cols[spec]
	return sh.t.cell(row, c.rate) != "" || sh.t.cell(row, c.fee) != ""
}

// price reads one price of a row; false where its cells are blank.
func (sh *sheet) price(row, spec int) (TermPrice, bool, error) {
	c, s := sh.cols[spec], &sh.specs[spec]
	rate, fee := sh.t.cell(row, c.rate), sh.t.cell(row, c.fee)
	if rate == "" && fee == "" {
		return TermPrice{}, false, nil
	}
	p := TermPrice{Term: s.term, Kind: s.kind, Years: s.years, Option: s.option, Basis: s.basis}
	p.AsOf = firstOf(sh.t.cell(row, c.asOf), sh.t.cell(row, sh.asOf))
	p.Source = firstOf(sh.t.cell(row, c.source), sh.t.cell(row, sh.src))
	p.Note = noteOn(sh.t.cell(row, sh.note), s.kind)
	p.Overlay = sh.file
	var err error
	switch {
	case s.rate != "" && rate == "":
		return TermPrice{}, false, sh.t.problem(row, s.fee, "%s has a value and %s has none", s.fee, s.rate)
	case s.fee != "" && fee == "":
		return TermPrice{}, false, sh.t.problem(row, s.rate, "%s has a value and %s has none", s.rate, s.fee)
	}
	if s.rate != "" {
		if p.Rate, err = money.ParseRate(rate); err != nil {
			return TermPrice{}, false, sh.t.problem(row, s.rate, "%s", err)
		}
	}
	if s.fee != "" {
		// A fee is a price like any other: not negative, digits only.
		once, err := money.ParseRate(fee)
		if err != nil {
			return TermPrice{}, false, sh.t.problem(row, s.fee, "%s", err)
		}
		p.Fee = once.Times(money.Int(1))
	}
	return p, true, nil
}

// noteOn keeps the parts of a row's note that concern a kind of price: the
// tables begin a remark on one price with its name.
func noteOn(note, kind string) string {
	if note == "" {
		return ""
	}
	var keep []string
	for _, part := range strings.Split(note, "; ") {
		switch {
		case strings.HasPrefix(part, "spot (") && kind != "spot":
		case strings.HasPrefix(part, "ri_1y_conv") && kind != "convertible":
		default:
			keep = append(keep, part)
		}
	}
	return strings.Join(keep, "; ")
}

// named is col for a column that may have no name.
func (t *table) named(name string) int {
	if name == "" {
		return -1
	}
	return t.col(name)
}

// problemAt is what is wrong with a line of the table.
func (t *table) problemAt(line int, format string, args ...any) diag.Problem {
	return diag.Problem{Pos: diag.Pos{File: t.name, Line: line}, Summary: fmt.Sprintf(format, args...)}
}

// problem is what is wrong with a cell, with its place and line.
func (t *table) problem(row int, column, format string, args ...any) diag.Problem {
	text := t.text(row)
	at := diag.Pos{File: t.name, Line: t.line(row), Col: 1}
	if c := t.col(column); c > 0 {
		off := 0
		for ; c > 0; c-- {
			n, _ := cellLen(text[off:])
			off += n + 1
		}
		at.Col = utf8.RuneCountInString(text[:off]) + 1
	}
	return diag.Problem{Pos: at, Summary: fmt.Sprintf(format, args...), Source: text}
}
