package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// writeCSV writes the records of a document: a header of column keys, then
// machine values. Without records it writes the body rows of the grids, a
// header whenever the columns change. Totals are not rows: they would be added
// to themselves.
//
// A text that begins with = + - @, a tab or a carriage return is preceded by
// an apostrophe, because spreadsheets would run it as a formula (OWASP, CSV
// Injection). Numbers are not texts and stay as they are.
func writeCSV(b *bytes.Buffer, doc Document, _ Output) error {
	w := csv.NewWriter(b)
	var last []string
	for _, g := range recordGrids(doc) {
		keys := make([]string, len(g.Columns))
		for i, c := range g.Columns {
			keys[i] = c.Key
		}
		if !equal(keys, last) {
			if err := w.Write(keys); err != nil {
				return err
			}
			last = keys
		}
		for _, r := range g.Rows {
			if r.Role != Body {
				continue
			}
			record := make([]string, len(r.Cells))
			for i, c := range r.Cells {
				record[i] = machine(c.Value)
			}
			if err := w.Write(record); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

func recordGrids(doc Document) []Grid {
	if doc.Records != nil {
		return []Grid{*doc.Records}
	}
	var grids []Grid
	for _, s := range doc.Sections {
		grids = append(grids, s.Grids...)
	}
	return grids
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// number is a number with the digits that it is printed with.
type number string

// MarshalJSON writes the number as it is.
func (n number) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// machine is a value as CSV has it.
func machine(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return harmless(x)
	case float64:
		return unit.Plain(unit.Significant(x))
	case number:
		return string(x)
	case int, int64, bool, money.Amount, money.Rate, money.Quantity:
		return fmt.Sprint(x)
	case bill.Cost:
		return x.Range().String()
	}
	return harmless(fmt.Sprint(v))
}

// harmless keeps a spreadsheet from taking a text for a formula, and escapes what is
// not printable, line breaks too: a record is a line.
func harmless(s string) string {
	if s == "" {
		return s
	}
	formula := strings.IndexByte("=+-@\t\r", s[0]) >= 0
	if s = printable(s); formula {
		return "'" + s
	}
	return s
}
