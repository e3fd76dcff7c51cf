package catalog

import (
	"fmt"
	"io/fs"
	"strings"

	"headroom/pkg/diag"
)

// CompactName is the path of the compact form beside the tables.
const CompactName = "compact.bin"

// WithCompact is a folder of tables from which a catalog reads the compact form.
// Only the tables inside the program have it: what was built in cannot change any
// more, and Verify holds it to the CSV files. A folder on disk can change at any
// time, so there the CSV files are read and their digests checked.
func WithCompact(tables fs.FS, form string) fs.FS { return compacted{tables, form} }

type compacted struct {
	fs.FS
	form string
}

// The compact form holds every table of the manifest column by column: each
// distinct cell once, as the characters of the CSV file, and for each row the
// number of its cell. A table is thus ready as soon as its columns are found;
// no row is parsed, and a cell that nobody asks for costs nothing. Numbers are
// little-endian; text is preceded by its length in two bytes.
//
//	file     compactMagic, number of tables (4), entries, sections
//	entry    path, SHA-256 of the CSV file as the manifest writes it,
//	         start (4) and length (4) of the section
//	section  rows (4), columns (2), columns
//	column   name, distinct cells (4), ends of the cells in their text (4 each),
//	         the text, then for each row the number of its cell
//
// The numbers are left out where one cell serves all rows or where every row
// has its own; they take one byte up to 256 distinct cells and two beyond.
const compactMagic = "headroom tables 1\n"

// compact is the compact form with the places of its tables.
type compact struct {
	data     string
	sections map[string]compactEntry // by path
}

type compactEntry struct {
	sha256        string
	start, length int
}

// openCompact reads the list of tables at the front.
func openCompact(data string) (*compact, error) {
	c := compactReader{data: data}
	magic := c.take(len(compactMagic))
	n := c.number(4)
	if magic != compactMagic || n > len(data) {
		return nil, compactProblem("it does not begin as this version of the program writes it")
	}
	out := &compact{data: data, sections: make(map[string]compactEntry, n)}
	for range n {
		path := c.text()
		e := compactEntry{sha256: c.text()}
		e.start, e.length = c.number(4), c.number(4)
		if e.start > len(data) || e.length > len(data)-e.start {
			return nil, compactProblem(path + " lies beyond its end")
		}
		out.sections[path] = e
	}
	if c.short {
		return nil, compactProblem("it is cut short")
	}
	return out, nil
}

func compactProblem(what string) error {
	return diag.Problem{Pos: diag.Pos{File: CompactName}, Summary: "the compact form of the tables is damaged: " + what,
		Hint: "run go generate ./pricing and build the program again"}
}

// table is the table of a path; nil where the compact form has none, or was
// made from another version of the CSV file than the manifest lists.
func (c *compact) table(f File) (*table, error) {
	if c == nil {
		return nil, nil
	}
	e, ok := c.sections[f.Path]
	if !ok || e.sha256 != f.SHA256 {
		return nil, nil
	}
	r := compactReader{data: c.data[e.start : e.start+e.length]}
	t := &table{name: f.Path, rows: r.number(4)}
	n := r.number(2)
	t.header = make([]string, 0, n)
	t.columns = make([]column, 0, n)
	for range n {
		name, col := r.column(t.rows)
		t.header = append(t.header, name)
		t.columns = append(t.columns, col)
	}
	if r.short {
		return nil, compactProblem(fmt.Sprintf("%s is cut short", f.Path))
	}
	return t, nil
}

// column is one column of the compact form.
type column struct {
	ends  string // where each distinct cell ends in text
	text  string // all distinct cells
	index string // the number of the cell of each row
	width int    // bytes of such a number; else oneCell or ownCells
}

// Columns without numbers of cells.
const (
	oneCell  = 0  // the same cell in all rows
	ownCells = -1 // cell n belongs to row n
)

// indexWidth is how the rows of a column find their cells.
func indexWidth(rows, distinct int) int {
	switch {
	case distinct == 1:
		return oneCell
	case distinct == rows:
		return ownCells
	case distinct <= 1<<8:
		return 1
	}
	return 2
}

// cell is the cell of a row.
func (c *column) cell(row int) string {
	n := row
	switch c.width {
	case oneCell:
		n = 0
	case 1:
		n = int(c.index[row])
	case 2:
		n = int(c.index[2*row]) | int(c.index[2*row+1])<<8
	}
	start := 0
	if n > 0 {
		start = le32(c.ends[4*n-4:])
	}
	return c.text[start:le32(c.ends[4*n:])]
}

func le32(s string) int {
	_ = s[3]
	return int(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
}

// compactReader takes one part after another off the front. Beyond the end
// everything is empty, and short says so.
type compactReader struct {
	data  string
	short bool
}

func (r *compactReader) take(n int) string {
	if n < 0 || n > len(r.data) {
		r.short = true
		return ""
	}
	s := r.data[:n]
	r.data = r.data[n:]
	return s
}

func (r *compactReader) number(bytes int) (n int) {
	for i, b := range []byte(r.take(bytes)) {
		n |= int(b) << (8 * i)
	}
	return n
}

func (r *compactReader) text() string { return r.take(r.number(2)) }

func (r *compactReader) column(rows int) (string, column) {
	name, distinct := r.text(), r.number(4)
	c := column{ends: r.take(4 * distinct), width: indexWidth(rows, distinct)}
	if len(c.ends) > 0 {
		c.text = r.take(le32(c.ends[len(c.ends)-4:]))
	}
	c.index = r.take(rows * max(0, c.width))
	return name, c
}

// rowText is a row as it stands in the CSV file.
func (t *table) rowText(row int) string {
	var b strings.Builder
	for i := range t.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoteCell(t.columns[i].cell(row)))
	}
	return b.String()
}
