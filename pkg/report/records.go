package report

import (
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// editedColumn says of every row whether its estimate was edited after it was saved, so
// that tables of many files can be asked for it.
const editedColumn = "edited"

// recordColumns are the columns of the CSV of estimates. They are a promise to
// those who read the files: columns may be added at the end, nothing else.
func recordColumns() []Column {
	keys := []string{
		"profile", "region", "component", "system", "kind", "role", "category",
		"item", "unit", "quantity_min", "quantity", "quantity_max",
		"price_per_hour", "unit_price", "cost_min", "cost_expected", "cost_max",
		"term", "price_as_of", "price_source", "price_note", "notes",
		editedColumn, "component_cost",
	}
	columns := make([]Column, len(keys))
	for i, k := range keys {
		columns[i] = Column{Header: k, Key: k}
	}
	return columns
}

// componentKind is the category of the rows that have the price of a component.
const componentKind = "component"

// records has a row for every line of the bill; for every need without a price one without
// price and cost, whose price_note is "not priced"; and for every component one with its
// price, which is in a column of its own so that the costs of lines still add up.
func records(estimates []bill.Estimate) *Grid {
	g := &Grid{Columns: recordColumns()}
	for i := range estimates {
		e, first := &estimates[i], len(g.Rows)
		for _, l := range e.Lines {
			g.Rows = append(g.Rows, lineRecord(e.Profile.Name, l))
		}
		v := newView(e)
		for _, u := range e.Unpriced {
			part := v.part(u.Component)
			r := lineRecord(e.Profile.Name, bill.Line{
				Region: u.Region, Component: u.Component, System: part.System, Kind: part.Kind,
				Item: u.Name(), Unit: u.Unit, Min: u.Quantity, Quantity: u.Quantity, Max: u.Quantity,
				PriceNote: "not priced",
			})
			for j, c := range g.Columns {
				switch c.Key {
				case "unit_price", "cost_min", "cost_expected", "cost_max":
					r.Cells[j] = Cell{}
				}
			}
			g.Rows = append(g.Rows, r)
		}
		if e.Buying != nil {
			g.Rows = append(g.Rows, buyingRecords(e)...)
		}
		g.Rows = append(g.Rows, togetherRecords(e)...)
		for _, c := range bill.ComponentCosts(e) {
			g.Rows = append(g.Rows, record(map[string]any{"profile": e.Profile.Name, "component": c.Component,
				"system": c.System, "kind": v.part(c.Component).Kind, "category": componentKind,
				"component_cost": c.Total.Expected}))
		}
		for _, r := range g.Rows[first:] {
			r.set(editedColumn, e.Edited)
		}
	}
	return g
}

// togetherColumn is the column of what all environments cost, where the costs of its row
// would else be added to those of the components.
const togetherColumn = "cost_together"

// adjustmentKind is the category of the rows of adjustments.
const adjustmentKind = "adjustment"

// Categories of the rows that have what an environment costs, and what all do.
const (
	environmentKind = "environment"
	togetherKind    = "all environments"
)

// togetherRecords are what the environments cost, in the column of what is no line of the
// bill; none where there is production only.
func togetherRecords(e *bill.Estimate) []Row {
	if e.Together == nil {
		return nil
	}
	row := func(name, category string, cost money.Amount) Row {
		return record(map[string]any{"profile": e.Profile.Name, "item": name, "category": category,
			"component_cost": cost})
	}
	var out []Row
	for _, s := range e.Together.Systems {
		out = append(out, row(s.Environment, environmentKind, s.Cost.Expected))
	}
	return append(out, row("", togetherKind, e.Together.Total.Expected))
}

// record is a row of some values.
func record(values map[string]any) Row { return rowOf(recordColumns(), values) }

// rowOf is a row of the values of some columns; the others are empty.
func rowOf(columns []Column, values map[string]any) Row {
	r := Row{Cells: make([]Cell, len(columns))}
	for i, c := range columns {
		if x := values[c.Key]; x != nil {
			r.Cells[i] = Cell{Text: machine(x), Value: x}
		}
	}
	return r
}

// set gives a row of records the value of a column.
func (r *Row) set(key string, x any) {
	for j, c := range recordColumns() {
		if c.Key == key {
			r.Cells[j] = Cell{Text: machine(x), Value: x}
		}
	}
}

// purchaseKind is the kind and category of the rows about how nodes are bought.
const purchaseKind = "purchase"

// buyingRecords are the figures of the mix, and the mix of every pool. They
// cost nothing: what they cost is in the rows of the nodes.
func buyingRecords(e *bill.Estimate) []Row {
	var out []Row
	row := func(values map[string]any) { out = append(out, record(values)) }
	for _, f := range buyingFigures(e.Buying) {
		row(map[string]any{"profile": e.Profile.Name, "kind": purchaseKind, "category": purchaseKind, "item": f.name,
			"unit": f.unit, "quantity": f.value})
	}
	for i := range e.Buying.Pools {
		p := &e.Buying.Pools[i]
		row(map[string]any{"profile": e.Profile.Name, "region": p.Region, "component": p.Component, "role": p.Role,
			"kind": purchaseKind, "category": purchaseKind, "item": "mix",
			"notes": strings.TrimSuffix(mixText(p)+"; "+laterText(p.Later), "; ")})
	}
	return out
}

// lineRecord is a line's row but for what is the estimate's or a component's.
func lineRecord(profile string, l bill.Line) Row {
	var hour any
	if l.HourPrice != nil {
		hour = *l.HourPrice
	}
	values := []any{
		profile, l.Region, l.Component, l.System, l.Kind, l.Role, l.Category,
		l.Name(), l.Unit, l.Min, l.Quantity, l.Max,
		hour, l.Price, l.Cost.Min, l.Cost.Expected, l.Cost.Max,
		l.Term, l.AsOf, l.Source, l.PriceNote,
		strings.Join(distinct(noteOf(&l), momentOf(&l)), "; "),
	}
	r := Row{Cells: make([]Cell, len(recordColumns()))}
	for i, v := range values {
		r.Cells[i] = Cell{Text: machine(v), Value: v}
	}
	return r
}
