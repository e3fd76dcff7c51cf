package catalog

import (
	"strings"

	"headroom/pkg/diag"
)

// table is a CSV file. It is either scanned once for its rows, and cells are cut
// out of the text when they are asked for, or it is taken from the compact form.
//
// Cells may be quoted as RFC 4180 says but must not span lines. Lines end in
// LF or CRLF; a byte-order mark is skipped.
type table struct {
	name   string
	header []string

	data   string
	starts []int32 // byte offset of each row
	lines  []int32 // line number of each row, from 1

	columns []column // of the compact form; nil for CSV text
	rows    int      // with columns
}

// maxTable bounds what is read as one table; the largest of this program is a
// tenth of it.
const maxTable = 8 << 20

// readTable reads a CSV table with one header line. The required columns must
// be there, every row must have as many cells as the header, and blank lines
// are skipped. The error is a diag.Problems with places in the named file.
func readTable(name string, data []byte, required ...string) (*table, error) {
	return readTableAt(name, data, 1, required...)
}

// readTableAt reads a table that begins at a line of a larger file.
func readTableAt(name string, data []byte, firstLine int, required ...string) (*table, error) {
	var ps diag.Problems
	if len(data) > maxTable {
		ps.Addf(diag.Pos{File: name}, "split the table by region",
			"the table has %d bytes, more than %d", len(data), maxTable)
		return nil, ps
	}
	t := &table{name: name, data: strings.TrimPrefix(string(data), "\ufeff")}
	lineNo := int32(firstLine - 1)
	for pos := 0; pos < len(t.data); {
		lineNo++
		end, n, bad := scanLine(t.data, pos)
		switch {
		case bad != "":
			ps.Addf(diag.Pos{File: name, Line: int(lineNo), Col: 1}, "", "%s", bad)
		case n == 0: // blank
		case t.header == nil:
			t.header = splitCells(t.data[pos:end], nil)
		case n != len(t.header):
			ps.Addf(diag.Pos{File: name, Line: int(lineNo), Col: 1}, "compare the row with the header",
				"the row has %d cells, the header has %d", n, len(t.header))
		default:
			t.starts = append(t.starts, int32(pos))
			t.lines = append(t.lines, lineNo)
		}
		if len(ps) >= maxProblems {
			break
		}
		if pos = end + 1; end < len(t.data) && t.data[end] == '\r' {
			pos++
		}
	}
	if t.header == nil && len(ps) == 0 {
		ps.Addf(diag.Pos{File: name}, "the first line names the columns", "the table is empty")
	}
	if ps = append(t.misheaded(firstLine, required), ps...); len(ps) > 0 {
		return nil, ps[:min(len(ps), maxProblems)].Err()
	}
	return t, nil
}

// misheaded is what the header has twice, and what it does not have of the required
// columns. Without a header that is said of the table.
func (t *table) misheaded(line int, required []string) (ps diag.Problems) {
	if t.header == nil {
		return nil
	}
	for i, h := range t.header {
		if t.col(h) < i {
			ps.Addf(diag.Pos{File: t.name, Line: line, Col: 1}, "", "column %q occurs twice", h)
		}
	}
	return append(ps, t.lacking(line, required)...)
}

// lacking is what the header does not have of the required columns.
func (t *table) lacking(line int, required []string) (ps diag.Problems) {
	for _, r := range required {
		if t.col(r) < 0 {
			ps.Addf(diag.Pos{File: t.name, Line: line, Col: 1}, "the columns here are "+strings.Join(t.header, ", "),
				"column %q is missing", r)
		}
	}
	return ps
}

// maxProblems is how many problems of one file are reported at once.
const maxProblems = 20

// scanLine finds the end of the line at pos (the offset of its CR LF, LF or of
// the end of s) and counts its cells; a blank line has none.
func scanLine(s string, pos int) (end, cells int, bad string) {
	line := s[pos:]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	line = strings.TrimSuffix(line, "\r")
	end = pos + len(line)
	if line == "" {
		return end, 0, ""
	}
	for rest := line; ; {
		cells++
		n, bad := cellLen(rest)
		if bad != "" {
			return end, 0, bad
		}
		if n == len(rest) {
			return end, cells, ""
		}
		rest = rest[n+1:]
	}
}

// cellLen is the length of the first cell of a line, quotes included.
func cellLen(line string) (n int, bad string) {
	if len(line) == 0 || line[0] != '"' {
		if i := strings.IndexByte(line, ','); i >= 0 {
			return i, ""
		}
		return len(line), ""
	}
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			i++
			continue
		}
		if i+1 < len(line) && line[i+1] != ',' {
			return 0, "a quoted cell is followed by more text; double a quote inside quotes"
		}
		return i + 1, ""
	}
	return 0, "a quoted cell is not closed on its line"
}

// splitCells appends the cells of a sound line to buf.
func splitCells(line string, buf []string) []string {
	for {
		n, _ := cellLen(line)
		buf = append(buf, unquote(line[:n]))
		if n == len(line) {
			return buf
		}
		line = line[n+1:]
	}
}

func unquote(cell string) string {
	if len(cell) < 2 || cell[0] != '"' {
		return cell
	}
	cell = cell[1 : len(cell)-1]
	if strings.IndexByte(cell, '"') >= 0 {
		cell = strings.ReplaceAll(cell, `""`, `"`)
	}
	return cell
}

// len is the number of rows.
func (t *table) len() int {
	if t.columns != nil {
		return t.rows
	}
	return len(t.starts)
}

// line is the line number of a row in the file.
func (t *table) line(row int) int {
	if t.columns != nil {
		return row + compactFirstLine
	}
	return int(t.lines[row])
}

// col is the index of a column, -1 where the table has none of that name.
func (t *table) col(name string) int {
	for i, h := range t.header {
		if h == name {
			return i
		}
	}
	return -1
}

// text is the row as it stands in the file, without its line ending.
func (t *table) text(row int) string {
	if t.columns != nil {
		return t.rowText(row)
	}
	pos := int(t.starts[row])
	end := len(t.data)
	if i := strings.IndexByte(t.data[pos:], '\n'); i >= 0 {
		end = pos + i
	}
	return strings.TrimSuffix(t.data[pos:end], "\r")
}

// cells appends all cells of a row to buf; pass buf[:0] to use it again. The
// strings share the table's memory.
func (t *table) cells(row int, buf []string) []string {
	if t.columns == nil {
		return splitCells(t.text(row), buf)
	}
	for i := range t.columns {
		buf = append(buf, t.columns[i].cell(row))
	}
	return buf
}

// cell is one cell of a row; a column that is not there (-1) is blank.
func (t *table) cell(row, col int) string {
	if col < 0 {
		return ""
	}
	if t.columns != nil {
		return t.columns[col].cell(row)
	}
	line := t.data[t.starts[row]:]
	for ; col > 0; col-- {
		n, _ := cellLen(line)
		line = line[n+1:]
	}
	// Only the last column needs the end of the line.
	if i := strings.IndexAny(line, ",\r\n\""); i >= 0 && line[i] != '"' {
		return line[:i]
	}
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = strings.TrimSuffix(line[:i], "\r")
	}
	n, _ := cellLen(line)
	return unquote(line[:n])
}
