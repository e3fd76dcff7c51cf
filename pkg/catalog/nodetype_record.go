package catalog

import (
	"math"
	"strconv"

	"headroom/pkg/diag"
)

// record reads the cells of one table row after another and collects what is
// wrong with them, with file and line.
type record struct {
	t     *table
	row   int      // of the cells; -1 before the first
	cells []string // of CSV text, which is cheapest to split whole
	ps    diag.Problems
}

func newRecord(t *table) *record { return &record{t: t, row: -1} }

// next moves to the next row; the first call moves to the first one.
func (r *record) next() bool {
	if r.row+1 >= r.t.len() {
		return false
	}
	r.at(r.row + 1)
	return true
}

// at moves to a row.
func (r *record) at(row int) {
	r.row = row
	if r.t.columns == nil {
		r.cells = r.t.cells(row, r.cells[:0])
	}
}

// text is a cell of the row.
func (r *record) text(col int) string {
	if r.t.columns != nil {
		return r.t.columns[col].cell(r.row)
	}
	return r.cells[col]
}

// positions are the places of named columns, which readTable has checked.
func (t *table) positions(names []string) []int {
	at := make([]int, len(names))
	for i, n := range names {
		at[i] = t.col(n)
	}
	return at
}

func (r *record) fail(col int, what string) {
	if len(r.ps) < maxProblems {
		r.ps.Addf(diag.Pos{File: r.t.name, Line: r.t.line(r.row)},
			"correct the table, or regenerate it with cmd/gentables", "column %s: %s", r.t.header[col], what)
	}
}

// known reads a number that is not negative; a blank is unknown.
func (r *record) known(col int) Known {
	s := r.text(col)
	if s == "" {
		return Known{}
	}
	if n, ok := digits(s); ok {
		return Is(float64(n))
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0) || math.IsInf(v, 0) {
		r.fail(col, strconv.Quote(s)+" is not a number of zero or more")
		return Known{}
	}
	return Is(v)
}

// number reads a number above zero that must be there.
func (r *record) number(col int) float64 {
	k := r.known(col)
	if k.V <= 0 {
		r.fail(col, "a number above zero is needed")
		return 1
	}
	return k.V
}

// flag reads true or false.
func (r *record) flag(col int) bool {
	switch r.text(col) {
	case "true":
		return true
	case "false":
		return false
	}
	r.fail(col, strconv.Quote(r.text(col))+" is neither true nor false")
	return false
}

// digits reads a short whole number, which most cells are, without the cost of
// a general parser.
func digits(s string) (n int, ok bool) {
	if len(s) > 9 {
		return 0, false
	}
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int(d)
	}
	return n, true
}
