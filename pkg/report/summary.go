package report

import (
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// summary puts estimates side by side.
func summary(estimates []bill.Estimate) Section {
	return Section{Name: "summary", Grids: []Grid{summaryGrid(estimates)}}
}

func summaryGrid(estimates []bill.Estimate) Grid {
	users, elsewhere, costs := false, false, []string{}
	for i := range estimates {
		elsewhere = elsewhere || !slices.Equal(estimates[i].Regions, estimates[0].Regions)
		users = users || estimates[i].Demand != nil
		for _, l := range estimates[i].Lines {
			costs = append(costs, l.Category)
		}
	}
	costs = distinct(costs...)
	slices.SortStableFunc(costs, func(a, b string) int { return categoryOrder(a) - categoryOrder(b) })

	g := Grid{Columns: []Column{leftColumn("Profile", "profile")}}
	if users {
		g.Columns = append(g.Columns, rightColumn("Users", "users"))
	}
	g.Columns = append(g.Columns, rightColumn("Nodes", "nodes"))
	if len(costs) > 1 {
		for _, c := range costs {
			g.Columns = append(g.Columns, decimalColumn(words.Capital(c), c))
		}
	}
	g.Columns = append(g.Columns, decimalColumn("Total/month", "total"))
	if users {
		g.Columns = append(g.Columns, decimalColumn("$/user", "per_user"))
	}
	for i := range estimates {
		g.Rows = append(g.Rows, summaryRow(&estimates[i], users, costs))
	}
	if slices.ContainsFunc(estimates, func(e bill.Estimate) bool { return e.Together != nil }) {
		g.Columns = append(g.Columns, decimalColumn("All environments", "together"))
		for i := range estimates {
			g.Rows[i].Cells = append(g.Rows[i].Cells, allCell(&estimates[i]))
		}
	}
	if elsewhere {
		g.Columns = append(g.Columns, leftColumn("Regions", "regions"))
		for i := range estimates {
			g.Rows[i].Cells = append(g.Rows[i].Cells, text(strings.Join(estimates[i].Regions, " + ")))
		}
	}
	return g
}

func summaryRow(e *bill.Estimate, users bool, categories []string) Row {
	v := newView(e)
	r := Row{Cells: []Cell{text(e.Profile.Name)}}
	if users {
		c := Cell{}
		if e.Demand != nil {
			c = Cell{Text: unit.Count(e.Demand.Users).Human(), Value: e.Demand.Users}
		}
		r.Cells = append(r.Cells, c)
	}
	var nodes []bill.Line
	for _, l := range e.Lines {
		if isNode(l) {
			nodes = append(nodes, l)
		}
	}
	low, _, high := quantities(nodes)
	r.Cells = append(r.Cells, text(between(low.String(), high.String())))
	if len(categories) > 1 {
		for _, category := range categories {
			var c bill.Cost
			for _, l := range e.Lines {
				if l.Category == category {
					c = c.Plus(l.Cost)
				}
			}
			r.Cells = append(r.Cells, Cell{Text: c.Expected.Human(), Value: c.Expected})
		}
	}
	r.Cells = append(r.Cells, v.costCell(e.Total, len(e.Unpriced) > 0))
	if users {
		c := Cell{}
		if e.Demand != nil && e.Demand.Users > 0 {
			each := e.Total.Expected.Float64() / e.Demand.Users
			c = Cell{Text: unit.PriceOfOne(each), Value: each}
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

// allCell is what a system costs with its environments; itself where it has none.
func allCell(e *bill.Estimate) Cell {
	total, atLeast := e.Total.Expected, len(e.Unpriced) > 0
	if t := e.Together; t != nil {
		total, atLeast = t.Total.Expected, t.Lacks()
	}
	c := Cell{Text: total.Human(), Value: total}
	if atLeast {
		c.Text = "≥ " + c.Text
	}
	return c
}
