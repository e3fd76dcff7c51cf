package catalog

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"math"
	"strings"

	"headroom/pkg/diag"
)

// MakeCompact is the compact form of a folder of tables, made from the CSV
// files alone. Same tables, same bytes.
func MakeCompact(fsys fs.FS) ([]byte, error) {
	c, err := openCSV(fsys)
	if err != nil {
		return nil, err
	}
	var entries, sections []byte
	starts := make([]int, 0, len(c.manifest)) // where to write the start of each section
	for _, f := range c.manifest {
		t, err := c.readTable(f.Path)
		if err != nil {
			return nil, err
		}
		at := len(sections)
		if sections, err = appendTable(sections, t); err != nil {
			return nil, err
		}
		entries = appendText(appendText(entries, f.Path), f.SHA256)
		starts = append(starts, len(entries))
		entries = binary.LittleEndian.AppendUint32(entries, uint32(at))
		entries = binary.LittleEndian.AppendUint32(entries, uint32(len(sections)-at))
	}
	out := binary.LittleEndian.AppendUint32([]byte(compactMagic), uint32(len(c.manifest)))
	for _, at := range starts { // the sections follow the entries
		start := binary.LittleEndian.Uint32(entries[at:]) + uint32(len(out)+len(entries))
		binary.LittleEndian.PutUint32(entries[at:], start)
	}
	return append(append(out, entries...), sections...), nil
}

// appendTable writes one table. Its rows must be what rowText gives back, one
// on each line from the second on: places in error messages follow from that.
func appendTable(out []byte, t *table) ([]byte, error) {
	for row := range t.len() {
		if t.line(row) != row+compactFirstLine {
			return nil, hinted(t.problem(row, "", "a blank line comes before the row"),
				"remove it; the compact form has one row on each line")
		}
		if t.text(row) != strings.Join(quoteCells(t.cells(row, nil)), ",") {
			return nil, hinted(t.problem(row, "", "a cell is quoted that need not be"),
				"remove the quotes; the compact form does not keep them")
		}
	}
	if t.len() == 0 || t.len() > math.MaxUint16 {
		return nil, hinted(t.problemAt(1, "the table has %d rows", t.len()),
			"give it 1 to 65535 rows; the compact form counts them in two bytes")
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(t.len()))
	out = binary.LittleEndian.AppendUint16(out, uint16(len(t.header)))
	for col, name := range t.header {
		out = appendText(out, name)
		out = appendColumn(out, t, col)
	}
	return out, nil
}

// compactFirstLine is the line of the first row, after the header.
const compactFirstLine = 2

func appendColumn(out []byte, t *table, col int) []byte {
	numbers := make(map[string]int, t.len())
	index := make([]int, t.len())
	var ends []byte
	var text strings.Builder
	for row := range t.len() {
		cell := t.cell(row, col)
		n, ok := numbers[cell]
		if !ok {
			n = len(numbers)
			numbers[cell] = n
			text.WriteString(cell)
			ends = binary.LittleEndian.AppendUint32(ends, uint32(text.Len()))
		}
		index[row] = n
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(numbers)))
	out = append(append(out, ends...), text.String()...)
	width := indexWidth(t.len(), len(numbers))
	for _, n := range index {
		for k := range width {
			out = append(out, byte(n>>(8*k)))
		}
	}
	return out
}

func appendText(out []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint16(out, uint16(len(s))), s...)
}

func quoteCells(cells []string) []string {
	for i, c := range cells {
		cells[i] = quoteCell(c)
	}
	return cells
}

// csvOnly hides the compact form of a folder.
type csvOnly struct{ fs.FS }

// compactForm holds the compact form to the tables it was made from.
func (vf *verifier) compactForm(fsys fs.FS) {
	var have []byte
	if made, ok := fsys.(compacted); ok {
		have = []byte(made.form)
	} else if data, err := fs.ReadFile(fsys, CompactName); err == nil {
		have = data
	} else {
		return // a folder of CSV files alone is whole
	}
	want, err := MakeCompact(fsys)
	if err != nil {
		vf.add(err)
		return
	}
	if !bytes.Equal(have, want) {
		vf.ps.Addf(diag.Pos{File: CompactName}, "run go generate ./pricing and build the program again",
			"the compact form is not what the tables give")
	}
}
