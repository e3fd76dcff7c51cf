package report

import "strings"

// Align says how a column is aligned.
type Align int

// The alignments. Decimal lines up the last decimal point of each cell.
const (
	Left Align = iota
	Right
	Decimal
)

// RowKind says what a row is to the rows above it.
type RowKind int

// The roles. A Subtotal is the sum of the body rows of its grid, a Total the
// sum over the section.
const (
	Body RowKind = iota
	Subtotal
	Total
)

// Document is a report before it has a format.
type Document struct {
	Title    string // of Sections; "" for none
	Sections []Section

	// Brief are the sections in short, the answer first: what a terminal shows
	// unless all is asked for. Nil where the sections are short already.
	Brief []Section

	// Behind is what the answer rests on, such as lines with their sources, inputs and
	// limits: formats that can unfold or have sheets show it.
	Behind []Section
	// Lacks says what Behind does not have of all that there could be; "" for nothing.
	Lacks string

	// Records are the rows for programs, one per item, which CSV writes. Nil
	// means the body rows of the sections' grids.
	Records *Grid
	// Data is what JSON writes. Nil means the sections as they are.
	Data any
}

// Section is one subject: a heading, lines that introduce it, grids, closing
// facts and footnotes.
type Section struct {
	Name  string // short: "medium"
	Title string // "" for none
	Lead  []string
	Grids []Grid
	// Charts are in the sections that are shown first: of Brief where there is one.
	Charts []Chart
	Facts  []Fact   // labelled closing lines
	Notes  []string // footnotes
}

// Fact is a labelled closing line.
type Fact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
	Tone  Tone   `json:"-"`
}

// heading is the name and the title, "" for what is missing or would only
// repeat the name.
func (s Section) heading() (name, title string) {
	if strings.EqualFold(s.Name, s.Title) {
		return s.Name, ""
	}
	return s.Name, s.Title
}

// Grid is a table. Every row has a cell for every column.
type Grid struct {
	Title   string // "" for none
	Columns []Column
	Rows    []Row
	Light   bool // no line below the headers: a short table under a headline
}

// Column is a column of a grid.
type Column struct {
	Header string // for people
	Key    string // for programs: the name in CSV and JSON
	Align  Align
	Spare  bool // goes where the terminal is narrow: it says nothing that another does not
	Paged  bool // not on terminals, which may be too narrow: on pages and in files for programs
	// Product are the keys of the two columns of which this one is the product, in whole
	// cents, and of which totals are sums; "" for none. Sheets have it as a formula.
	Product [2]string
}

// The columns by alignment.
func leftColumn(header, key string) Column  { return Column{Header: header, Key: key} }
func rightColumn(header, key string) Column { return Column{Header: header, Key: key, Align: Right} }
func decimalColumn(header, key string) Column {
	return Column{Header: header, Key: key, Align: Decimal}
}

// Row is a row of a grid.
type Row struct {
	Role  RowKind
	Cells []Cell
}

// Cell is a text for people and the same as a value: a string, an integer, a
// float64, a bool, one of money's types or a bill.Cost; nil where there is none.
type Cell struct {
	Text  string
	Value any
	Tone  Tone
	Over  bool // the text goes on over the columns to its right, which are empty
	Bar   *Bar // where the text is a bar: what it shows, for formats that draw

	// Source is how the value comes about and where from, for formats that show it on
	// demand; "" where there is nothing to say.
	Source string

	// TotalOf is the name of the section behind the document of whose amounts this is the
	// sum: sheets have it as a formula over them. "" for none.
	TotalOf string
}

// text is a cell whose value is its text.
func text(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Text: s, Value: s}
}

// fact is a labelled closing line of a section.
func fact(label, text string) Fact { return Fact{Label: label, Text: text} }
