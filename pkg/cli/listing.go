package cli

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/report"
	"headroom/pkg/unit"
)

// listing is what the commands about inputs print: a table with a few lines
// around it. It becomes a report.Document, which knows the formats.
type listing struct {
	schema string // name of the JSON form
	lead   []string
	cols   []listCol
	rows   []listRow
	facts  []listFact
}

// listRow is a row; rows with different groups, which follow each other, are
// in tables of their own for people, with the group as title.
type listRow struct {
	group string
	cells []report.Cell
}

// listCol is a column: its key for programs and its heading for people.
// Without a heading only programs see it.
type listCol struct {
	key, head string
	align     report.Align
}

// listFact is a closing line; key is its name in JSON, which leaves it out
// without one.
type listFact struct{ key, label, text string }

// plain is a cell that is the same for people and programs.
func plain(s string) report.Cell { return report.Cell{Text: s, Value: s} }

// cell has a text for people and a value for programs.
func cell(text string, value any) report.Cell { return report.Cell{Text: text, Value: value} }

// count is a whole number with thousands separators for people.
func count(n int) report.Cell { return report.Cell{Text: grouped(n), Value: n} }

// names is a list in a cell: an array in JSON, joined with semicolons in CSV.
type names []string

func (n names) String() string { return strings.Join(n, ";") }

// MarshalJSON writes [] rather than null.
func (n names) MarshalJSON() ([]byte, error) { return json.Marshal(append([]string{}, n...)) }

func (l *listing) add(cells ...report.Cell)  { l.rows = append(l.rows, listRow{cells: cells}) }
func (l *listing) fact(key, label, s string) { l.facts = append(l.facts, listFact{key, label, s}) }

// grouped puts thousands separators into a count.
func grouped(n int) string { return unit.Grouped(strconv.Itoa(n)) }

// document gives people the columns with a heading, and programs all of them.
func (l listing) document() report.Document {
	all := report.Grid{Columns: l.columns(false)}
	s := report.Section{Lead: l.lead}
	for i, row := range l.rows {
		all.Rows = append(all.Rows, report.Row{Cells: row.cells})
		if i == 0 || row.group != l.rows[i-1].group {
			s.Grids = append(s.Grids, report.Grid{Title: row.group, Columns: l.columns(true)})
		}
		var shown []report.Cell
		for k, c := range l.cols {
			if c.head != "" {
				shown = append(shown, row.cells[k])
			}
		}
		g := &s.Grids[len(s.Grids)-1]
		g.Rows = append(g.Rows, report.Row{Cells: shown})
	}
	for _, f := range l.facts {
		s.Facts = append(s.Facts, report.Fact{Label: f.label, Text: f.text})
	}
	return report.Document{Sections: []report.Section{s}, Records: &all, Data: listingJSON{l}}
}

// columns are all columns, or those for people.
func (l listing) columns(people bool) []report.Column {
	var out []report.Column
	for _, c := range l.cols {
		if c.head != "" || !people {
			out = append(out, report.Column{Header: c.head, Key: c.key, Align: c.align})
		}
	}
	return out
}

// listingJSON is a listing for programs: an object with the schema, the facts
// under their keys, and the rows as objects.
type listingJSON struct{ l listing }

// MarshalJSON keeps the order of columns.
func (j listingJSON) MarshalJSON() ([]byte, error) {
	top := []member{{"schema", j.l.schema}}
	if len(j.l.lead) > 0 {
		top = append(top, member{"about", j.l.lead})
	}
	for _, f := range j.l.facts {
		if f.key != "" {
			top = append(top, member{f.key, f.text})
		}
	}
	rows := []object{}
	for _, r := range j.l.rows {
		var row object
		for i, c := range r.cells {
			row = append(row, member{j.l.cols[i].key, c.Value})
		}
		rows = append(rows, row)
	}
	return json.Marshal(object(append(top, member{"rows", rows})))
}

// object is a JSON object with its members in order.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		value := m.value
		if x, ok := value.(float64); ok {
			value = unit.Significant(x)
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// listOutput is the flags of a command that prints a listing.
type listOutput struct{ format, out string }

// addFlags adds them.
func (o *listOutput) addFlags(a *app, cmd *cobra.Command) {
	a.addFormat(cmd, &o.format, report.DocumentFormats())
	a.addOut(cmd, &o.out)
}

// list makes a listing and prints it. The format is checked before any work
// is done.
func (a *app) list(o listOutput, of func() (listing, error)) error {
	if err := knownFormat(o.format, report.DocumentFormats()); err != nil {
		return err
	}
	l, err := of()
	if err != nil {
		return err
	}
	return a.write(o.out, o.format, l.document())
}
