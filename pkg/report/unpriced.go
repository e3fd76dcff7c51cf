package report

import (
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// unpricedRows has a row for every need without a price.
func (v view) unpricedRows(regions []string) []bodyRow {
	var rows []bodyRow
	unpriced := v.unpricedOf(regions...)
	slices.SortStableFunc(unpriced, func(a, b bill.Unpriced) int {
		return v.order(a.Component) - v.order(b.Component)
	})
	for i, u := range unpriced {
		same := func(o bill.Unpriced) bool {
			return o.Component == u.Component && o.Name() == u.Name() && o.Unit == u.Unit
		}
		if slices.IndexFunc(unpriced, same) < i {
			continue // merged into an earlier row
		}
		var sum money.Quantity
		var where, counts []string
		for _, o := range unpriced {
			if same(o) {
				sum = sum.Plus(o.Quantity)
				where = append(where, o.Region)
				counts = append(counts, unit.Grouped(o.Quantity.String()))
			}
		}
		part := v.part(u.Component)
		r := bodyRow{system: part.System, unpriced: true, binds: bindText(part.Binds)}
		if r.system == "" {
			r.system = u.Component
		}
		if u.IsNodes() {
			r.machine, r.count = u.Name(), strings.Join(counts, "+")
			r.notes = []string{structure(part, regions), part.Notes}
		} else {
			r.machine, r.notes = amountOf(sum, u.Unit), []string{u.Name()}
		}
		if where = distinct(where...); len(where) < len(regions) {
			r.notes = append(r.notes, strings.Join(where, " + "))
		}
		rows = append(rows, r)
	}
	return rows
}

func (v view) unpricedOf(regions ...string) []bill.Unpriced {
	var out []bill.Unpriced
	for _, u := range v.Unpriced {
		if slices.Contains(regions, u.Region) {
			out = append(out, u)
		}
	}
	return out
}

func sameUnpriced(a, b bill.Unpriced) bool {
	return a.Component == b.Component && a.Name() == b.Name() && a.Unit == b.Unit && a.Quantity.Cmp(b.Quantity) == 0
}
