package report

import (
	"fmt"

	"headroom/pkg/bill"
	"headroom/pkg/words"
)

// Reconciliations is the document that sets printed figures beside computed
// ones. Only what differs is shown to people; programs get every check.
func Reconciliations(all []*bill.Reconciliation) Document {
	columns := []Column{
		{Header: "System", Key: "system"}, {Header: "Figure", Key: "figure"},
		rightColumn("Printed", "printed"), rightColumn("Computed", "computed"),
		{Header: "Remark", Key: "remark"},
	}
	records := Grid{Columns: append([]Column{{Header: "Profile", Key: "profile"}},
		append(columns[:4:4], Column{Key: "matches"}, columns[4])...)}
	var doc Document
	for _, r := range all {
		grid := Grid{Columns: columns}
		for _, c := range r.Checks {
			cells := []Cell{text(c.System), text(c.Figure), text(c.Printed), text(c.Computed),
				text(words.Say(c.Remark))}
			if !c.Matches {
				grid.Rows = append(grid.Rows, Row{Cells: cells})
			}
			row := append([]Cell{text(r.Profile)}, cells[:4]...)
			records.Rows = append(records.Rows,
				Row{Cells: append(row, Cell{Text: fmt.Sprint(c.Matches), Value: c.Matches}, cells[4])})
		}
		s := Section{Name: r.Profile, Title: r.Profile, Lead: []string{"Compared with " + r.Source,
			fmt.Sprintf("%d of %d printed figures match", len(r.Checks)-r.Differences(), len(r.Checks))}}
		if len(grid.Rows) > 0 {
			s.Grids = append(s.Grids, grid)
		}
		if len(r.Readings) > 0 {
			g := Grid{Columns: []Column{{Header: "System", Key: "system"}, {Header: "Reading", Key: "reading"},
				rightColumn("Total", "total"),
				rightColumn("All regions", "all_regions")}}
			for _, x := range r.Readings {
				g.Rows = append(g.Rows, Row{Cells: []Cell{text(x.System), text(words.Say(x.Says)),
					text(x.Total.String()), text(x.AllRegions.String())}})
			}
			s.Grids = append(s.Grids, g)
		}
		doc.Sections = append(doc.Sections, s)
	}
	doc.Records = &records
	return doc
}
