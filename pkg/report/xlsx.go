package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// fixedDay is the date in every workbook: same inputs, same bytes.
const fixedDay = "2000-01-01T00:00:00Z"

// writeXLSX writes a workbook: what is shown first on one sheet, and what stands behind
// it on a sheet each; documents with nothing behind them have a sheet for each section.
//
// Texts are written as texts, never as formulas, and those that a spreadsheet would take
// for one when they are edited have the format of a text. Formulas are only those of
// Column.Product and of totals; beside them stands what they come to, for programs that
// do not reckon. Sheet names have no apostrophes, which would end them in a formula.
func writeXLSX(b *bytes.Buffer, doc Document, _ Output) error {
	k, err := newBook()
	if err != nil {
		return err
	}
	defer k.file.Close()
	for _, s := range sheets(doc) {
		if err := k.add(s); err != nil {
			return err
		}
	}
	for i := len(k.sheets) - 1; i >= 0; i-- { // what the first sums up is known when it is written
		if err := k.fill(&k.sheets[i]); err != nil {
			return err
		}
	}
	return k.file.Write(b)
}

// sheet is what stands on one sheet: sections below each other.
type sheet struct {
	name     string
	sections []Section
}

// sheets are those of a document: what is shown first, then each section that stands behind
// it; where nothing does, each section.
func sheets(doc Document) []sheet {
	var out []sheet
	each := doc.Behind
	if first := shownFirst(doc); len(doc.Behind) > 0 || len(first) == 0 {
		out = append(out, sheet{"Summary", first})
	} else {
		each = first
	}
	for _, x := range each {
		out = append(out, sheet{x.heading1(), []Section{x}})
	}
	return out
}

// heading1 is the shorter of what a section is called.
func (s Section) heading1() string {
	name, title := s.heading()
	if name == "" {
		return title
	}
	return name
}

// book is a workbook that is written sheet by sheet.
type book struct {
	file   *excelize.File
	sheets []sheet
	totals map[string]string // the sum of the amounts of a section, by its name
	names  []string          // of the sheets, in lower case
	styles map[bookStyle]int
}

// bookStyle is how a cell looks.
type bookStyle struct {
	bold   bool
	number int // a number format of ECMA-376, 18.8.30; 0 for general
}

// Number formats that every spreadsheet has.
const (
	wholePercent = 9  // 0%
	dollarsCents = 4  // #,##0.00
	asText       = 49 // @
)

func newBook() (*book, error) {
	k := &book{file: excelize.NewFile(), styles: map[bookStyle]int{}, totals: map[string]string{}}
	k.file.SetZipWriter(newSortedZip)
	return k, k.file.SetDocProps(&excelize.DocProperties{Creator: "headroom", Created: fixedDay, Modified: fixedDay})
}

// style is the number of a style, which is made when it is first asked for.
func (k *book) style(s bookStyle) (int, error) {
	if s == (bookStyle{}) {
		return 0, nil
	}
	if id, ok := k.styles[s]; ok {
		return id, nil
	}
	id, err := k.file.NewStyle(&excelize.Style{NumFmt: s.number, Font: &excelize.Font{Bold: s.bold}})
	k.styles[s] = id
	return id, err
}

// sheetName is a name that a sheet may have and none has yet
// (https://support.microsoft.com/office/3f1f7148-ee83-404d-8ef0-9ff99fbad1f9).
func (k *book) sheetName(want string) string {
	const most = 31
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`\/?*[]:'`, r) {
			return ' '
		}
		return r
	}, printable(want))
	name = strings.TrimSpace(name)
	if name == "" || strings.EqualFold(name, "history") {
		name = "Sheet " + name
	}
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = fmt.Sprint(" ", n)
		}
		fits := name
		for utf8.RuneCountInString(fits)+len(tail) > most {
			_, size := utf8.DecodeLastRuneInString(fits)
			fits = fits[:len(fits)-size]
		}
		fits = strings.TrimSpace(fits) + tail
		if key := strings.ToLower(fits); !slices.Contains(k.names, key) {
			k.names = append(k.names, key)
			return fits
		}
	}
}

// add makes a sheet, still blank, behind the others.
func (k *book) add(s sheet) error {
	s.name = k.sheetName(s.name)
	k.sheets = append(k.sheets, s)
	if len(k.sheets) == 1 {
		return k.file.SetSheetName(k.file.GetSheetName(0), s.name)
	}
	_, err := k.file.NewSheet(s.name)
	return err
}

// fill writes a sheet.
func (k *book) fill(x *sheet) error {
	w, err := k.file.NewStreamWriter(x.name)
	if err != nil {
		return err
	}
	s := &sheetWriter{k: k, w: w, name: x.name}
	if err := s.widths(x.sections); err != nil {
		return err
	}
	for i := range x.sections {
		s.section(&x.sections[i])
	}
	if s.err != nil {
		return s.err
	}
	return w.Flush()
}

// sheetWriter writes rows, and nothing after its first error.
type sheetWriter struct {
	k    *book
	w    *excelize.StreamWriter
	name string // of the sheet
	of   string // the section that is written
	row  int    // the last row that was written
	err  error
}

// widths makes columns as wide as the cells of tables, within bounds.
func (s *sheetWriter) widths(sections []Section) error {
	const least, most, room = 8, 60, 2
	var widths []int
	for i := range sections {
		for _, g := range sections[i].Grids {
			for j, c := range g.Columns {
				if j == len(widths) {
					widths = append(widths, least)
				}
				widths[j] = max(widths[j], utf8.RuneCountInString(c.Header)+room)
				for _, r := range g.Rows {
					widths[j] = max(widths[j], utf8.RuneCountInString(r.Cells[j].Text)+room)
				}
			}
		}
	}
	for j, w := range widths {
		if err := s.w.SetColWidth(j+1, j+1, float64(min(w, most))); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheetWriter) section(x *Section) {
	if s.row > 0 {
		s.row++
	}
	s.of = x.Name
	s.line(true, htmlHeading(*x))
	for _, l := range x.Lead {
		s.line(false, l)
	}
	for i := range x.Grids {
		if len(x.Grids[i].Columns) > 0 {
			s.grid(&x.Grids[i])
		}
	}
	if len(x.Facts)+len(x.Notes) > 0 {
		s.row++
	}
	for _, f := range x.Facts {
		s.line(false, f.Label, f.Text)
	}
	for _, n := range x.Notes {
		s.line(false, n)
	}
}

// line writes texts.
func (s *sheetWriter) line(bold bool, texts ...string) {
	if len(texts) == 1 && texts[0] == "" {
		return
	}
	cells := make([]any, len(texts))
	for i, t := range texts {
		cells[i] = s.text(t, bold)
	}
	s.write(cells)
}

func (s *sheetWriter) write(cells []any) {
	s.row++
	if s.err == nil {
		s.err = s.w.SetRow(fmt.Sprint("A", s.row), cells)
	}
}

// styled is a cell with a style.
func (s *sheetWriter) styled(c excelize.Cell, style bookStyle) any {
	id, err := s.k.style(style)
	if s.err == nil {
		s.err = err
	}
	c.StyleID = id
	return c
}

func (s *sheetWriter) text(t string, bold bool) any {
	if t == "" {
		return nil
	}
	style := bookStyle{bold: bold}
	if strings.IndexByte("=+-@\t\r", t[0]) >= 0 {
		style.number = asText
	}
	return s.styled(excelize.Cell{Value: clean(t)}, style)
}

// grid writes a table: a row of headers, then its rows.
func (s *sheetWriter) grid(g *Grid) {
	if s.row > 0 {
		s.row++
	}
	s.line(true, g.Title)
	head := make([]any, len(g.Columns))
	for j, c := range g.Columns {
		head[j] = s.text(c.Header, true)
	}
	s.write(head)
	first := s.row + 1
	for i := range g.Rows {
		r := &g.Rows[i]
		cells := make([]any, len(r.Cells))
		for j := range r.Cells {
			cells[j] = s.cell(g, r, j, first)
		}
		s.write(cells)
	}
}

// cell is a cell of the next row; first is the row of the table's first.
func (s *sheetWriter) cell(g *Grid, r *Row, j, first int) any {
	c, bold := &r.Cells[j], r.Role != Body
	number, ok := asNumber(c.Value)
	switch {
	case c.Bar != nil:
		return nil
	case !ok:
		return s.text(c.Text, bold)
	}
	style := bookStyle{bold: bold}
	switch c.Value.(type) {
	case money.Amount, bill.Cost:
		style.number = dollarsCents
	case float64:
		if strings.HasSuffix(c.Text, "%") || g.Columns[j].Header == "%" {
			style.number = wholePercent
		}
	}
	out := excelize.Cell{Value: number}
	if of := g.Columns[j].Product; of[0] != "" {
		if r.Role == Body {
			out.Formula = fmt.Sprintf("ROUND(%s*%s,2)", s.place(g, of[0]), s.place(g, of[1]))
		} else {
			column := columnName(j)
			out.Formula = fmt.Sprintf("SUM(%s%d:%s%d)", column, first, column, s.row)
			s.k.totals[s.of] = fmt.Sprintf("SUM('%s'!%s%d:%s%d)", s.name, column, first, column, s.row)
		}
	}
	if c.TotalOf != "" {
		out.Formula = s.k.totals[c.TotalOf]
	}
	return s.styled(out, style)
}

// place is the cell of a column, by its key, in the next row.
func (s *sheetWriter) place(g *Grid, key string) string {
	j := slices.IndexFunc(g.Columns, func(c Column) bool { return c.Key == key })
	return fmt.Sprint(columnName(j), s.row+1)
}

func columnName(j int) string {
	name, _ := excelize.ColumnNumberToName(j + 1) // an error for what is no column
	return name
}

// asNumber is a value as spreadsheets have numbers.
func asNumber(v any) (float64, bool) {
	switch x := v.(type) {
	case int:
		return float64(x), true
	case int64:
		return float64(x), true
	case float64:
		return x, true
	case money.Amount:
		return x.Float64(), true
	case money.Rate:
		return x.Float64(), true
	case money.Quantity:
		return x.Float64(), true
	case bill.Cost:
		return x.Expected.Float64(), true
	}
	return 0, false
}
