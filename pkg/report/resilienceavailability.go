package report

import (
	"strings"

	"headroom/pkg/resilience"
	"headroom/pkg/words"
)

// figures are the three figures of availability, which are never mixed, with their headers.
func figures() []struct{ key, header string } {
	return []struct{ key, header string }{{resilience.Contract, "contract"}, {resilience.History, "history"},
		{resilience.Own, "own rates"}}
}

// requestsText is requests of a class that read, or that write.
func requestsText(x *resilience.Availability, only bool) string {
	what := "reads"
	if x.Writes {
		what = "writes"
	}
	if only || x.Class == "" {
		return what
	}
	return x.Class + " " + what
}

// availabilityRows has two rows for each kind of request: with people who act at once, and as
// users see it while nobody does, where that is less; in short those of the class that is worst.
func availabilityRows(a *resilience.Assessment, short bool) Grid {
	g := Grid{Light: short, Title: "Availability, and downtime a year",
		Columns: []Column{leftColumn("requests", "requests")}}
	for _, f := range figures() {
		g.Columns = append(g.Columns, leftColumn(f.header, f.key))
	}
	kinds := availabilityKinds(a)
	if short {
		kinds = worstKinds(a, kinds)
	}
	for _, k := range kinds {
		served, alone := Row{}, Row{}
		differs, known := false, false
		for _, f := range figures() {
			x := figureOf(a, f.key, &k)
			served.Cells, alone.Cells = append(served.Cells, figureCell(x.Part, x.Down)),
				append(alone.Cells, figureCell(x.Users, x.DownUsers))
			known = known || x.Part != nil
			differs = differs || x.Part != nil && x.Users != nil && *x.Part != *x.Users
		}
		if short && !known {
			continue
		}
		served.Cells = append([]Cell{text(requestsText(&k, oneClass(a)))}, served.Cells...)
		g.Rows = append(g.Rows, served)
		if differs {
			alone.Cells = append([]Cell{text("… if nobody acts")}, alone.Cells...)
			g.Rows = append(g.Rows, alone)
		}
	}
	return g
}

// availabilityKinds are the kinds of requests, each once.
func availabilityKinds(a *resilience.Assessment) []resilience.Availability {
	var out []resilience.Availability
	for _, x := range a.Availability {
		if x.Figure == a.Availability[0].Figure {
			out = append(out, x)
		}
	}
	return out
}

// worstKinds are of reads and of writes the kind that is answered least by any figure.
func worstKinds(a *resilience.Assessment, kinds []resilience.Availability) []resilience.Availability {
	var out []resilience.Availability
	for _, writes := range []bool{false, true} {
		worst, least := -1, 2.0
		for i := range kinds {
			if kinds[i].Writes != writes {
				continue
			}
			lowest := 1.0
			for _, f := range figures() {
				if x := figureOf(a, f.key, &kinds[i]); x.Users != nil {
					lowest = min(lowest, *x.Users)
				}
			}
			if lowest < least {
				worst, least = i, lowest
			}
		}
		if worst >= 0 {
			out = append(out, kinds[worst])
		}
	}
	return out
}

// figureOf is one of the three figures of a kind of request.
func figureOf(a *resilience.Assessment, figure string, kind *resilience.Availability) resilience.Availability {
	for _, x := range a.Availability {
		if x.Figure == figure && x.Class == kind.Class && x.Writes == kind.Writes {
			return x
		}
	}
	return resilience.Availability{}
}

func oneClass(a *resilience.Assessment) bool {
	for i := range a.Availability {
		if a.Availability[i].Class != a.Availability[0].Class {
			return false
		}
	}
	return true
}

func figureCell(part, down *float64) Cell {
	if part == nil || down == nil {
		return text("not known")
	}
	return Cell{Text: words.Availability(*part) + ", " + words.Span(*down), Value: *part}
}

// availabilityNeeds say what is missing for a figure that is not known: "own rates need
// regions[].availability".
func availabilityNeeds(a *resilience.Assessment) []string {
	var out []string
	for _, f := range figures() {
		var missing []string
		for i := range a.Availability {
			if x := &a.Availability[i]; x.Figure == f.key {
				missing = append(missing, x.Missing...)
			}
		}
		if missing = distinct(missing...); len(missing) > 0 {
			need := " needs "
			if strings.HasSuffix(f.header, "s") {
				need = " need "
			}
			out = append(out, "availability: "+f.header+need+strings.Join(missing, ", "))
		}
	}
	return out
}

// basisRows has of each figure and region what it is the product of.
func basisRows(a *resilience.Assessment) Grid {
	g := Grid{Title: "What availability is made of", Columns: []Column{leftColumn("Figure", "figure"),
		leftColumn("Region", "region"), rightColumn("There", "part"), leftColumn("Of", "of")}}
	for _, f := range figures() {
		for i := range a.Availability {
			x := &a.Availability[i]
			if x.Figure != f.key {
				continue
			}
			for _, b := range x.Basis {
				g.Rows = append(g.Rows, Row{Cells: []Cell{text(f.header), text(b.Region),
					{Text: words.Availability(b.Part), Value: b.Part}, text(strings.Join(b.Of, ", "))}})
			}
			break // it is the same for all requests
		}
	}
	return g
}
