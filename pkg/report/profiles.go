package report

import (
	"strings"

	"headroom/pkg/workload"
)

// ProfileList is the document that lists profiles.
func ProfileList(all []*workload.Profile) Document {
	g := Grid{Columns: []Column{
		{Header: "Profile", Key: "profile"}, {Header: "Title", Key: "title"}, {Header: "Regions", Key: "regions"},
		{Header: "Tables", Key: "prices"}, {Header: "Components", Key: "components"},
	}}
	for _, p := range all {
		tables := p.Prices.Vintage
		if tables == "" {
			tables = "newest"
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(p.Name), text(p.Title),
			text(strings.Join(p.RegionNames(), " + ")), text(tables), text(strings.Join(p.ComponentNames(), ", "))}})
	}
	return Document{Sections: []Section{{Name: "profiles", Grids: []Grid{g}}}}
}
