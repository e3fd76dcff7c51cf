package bill

import (
	"slices"

	"headroom/pkg/catalog"
)

// UnusedOverlays are the rows of overlays of which no line of the bill has the
// region, the item and the term: they changed at most what was chosen.
func (r *Result) UnusedOverlays() []catalog.OverlayRow {
	var out []catalog.OverlayRow
	for _, row := range r.Plan.Tables.Vintage.OverlayRows() {
		if !slices.ContainsFunc(r.Estimate.Lines, func(l Line) bool { return l.billedBy(&row) }) {
			out = append(out, row)
		}
	}
	return out
}

func (l *Line) billedBy(row *catalog.OverlayRow) bool {
	service := row.Service
	if service == "" {
		service = ServiceNodes
	}
	return l.Region == row.Region && l.Service == service && l.Item == row.Item && slices.Contains(row.Terms, l.Term)
}

// UnusedByAll keeps the rows that none of several bills uses.
func UnusedByAll(lists [][]catalog.OverlayRow) []catalog.OverlayRow {
	var out []catalog.OverlayRow
	for i, list := range lists {
		if i == 0 {
			out = slices.Clone(list)
			continue
		}
		out = slices.DeleteFunc(out, func(r catalog.OverlayRow) bool {
			return !slices.ContainsFunc(list, func(o catalog.OverlayRow) bool { return o.Pos == r.Pos })
		})
	}
	return out
}
