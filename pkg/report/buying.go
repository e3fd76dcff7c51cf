package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// mixes lists how the pools of a component are bought, now and as demand grows.
func mixes(list []bill.PoolBuying) Grid {
	g := Grid{Columns: []Column{{Header: "Region", Key: "region"}, {Header: "Role", Key: "role"},
		{Header: "Now", Key: "mix"}, {Header: "Later", Key: "later"},
		decimalColumn("On demand", "on_demand"),
		decimalColumn("Effective", "effective"), decimalColumn("Upfront", "upfront")}}
	for i := range list {
		m := &list[i]
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(m.Region), text(m.Role), text(mixText(m)),
			text(laterText(m.Later)), amountCell(m.OnDemand.Cents()), amountCell(m.Effective.Cents()),
			amountCell(m.Upfront.Cents())}})
	}
	return g
}

// mixText is the mix of the first month; all on demand has no other name.
func mixText(m *bill.PoolBuying) string {
	if len(m.Mix) == 0 {
		return "on demand"
	}
	if m.Unused > 0 {
		return fmt.Sprintf("%s (%d not used)", m.Mix, m.Unused)
	}
	return m.Mix.String()
}

// laterText says what is bought as demand grows: "4×reserved-3y-all in 3 to 30
// months".
func laterText(list []bill.Later) string {
	var parts []string
	for _, x := range list {
		when := "in " + words.Counted(x.To, "month")
		if x.From != x.To {
			when = fmt.Sprintf("in %d to %s", x.From, words.Counted(x.To, "month"))
		}
		parts = append(parts, fmt.Sprintf("%d×%s %s", x.Nodes, x.Option, when))
	}
	return strings.Join(parts, ", ")
}

// overTime is what the mixes of a component's pools come to over the horizon.
func overTime(list []bill.PoolBuying) Grid {
	g := Grid{Columns: []Column{{Header: "Region", Key: "region"}, {Header: "Role", Key: "role"},
		decimalColumn("Present value", "pv"),
		decimalColumn("On demand", "pv_on_demand"), {Header: "Even in", Key: "break_even"},
		rightColumn("Coverage", "coverage"),
		rightColumn("Utilisation", "utilisation")}}
	for i := range list {
		h := list[i].Horizon
		if h == nil {
			continue
		}
		if len(g.Rows) == 0 {
			for _, x := range h.AtRisk {
				g.Columns = append(g.Columns, Column{Header: "At risk −" + unit.Percent(x.Fall, 0),
					Key: "at_risk_" + unit.Decimals(100*x.Fall, 0), Align: Decimal})
			}
		}
		even := Cell{}
		if h.BreakEven > 0 {
			even = Cell{Text: fmt.Sprintf("month %d", h.BreakEven), Value: h.BreakEven}
		}
		r := Row{Cells: []Cell{text(list[i].Region), text(list[i].Role), amountCell(h.PV.Cents()),
			amountCell(h.PVOnDemand.Cents()), even, percentCell(h.Coverage), percentCell(h.Utilisation)}}
		for _, x := range h.AtRisk {
			r.Cells = append(r.Cells, amountCell(x.Monthly.Cents()))
		}
		g.Rows = append(g.Rows, r)
	}
	return g
}

// buyingSection is the whole system's mix: its figures, and what is paid when.
func buyingSection(b *bill.Buying) Section {
	s := Section{Name: "purchase", Title: "Purchase"}
	g := Grid{Title: "Figures", Columns: []Column{
		{Header: "Figure", Key: "figure"}, decimalColumn("Value", "value"),
		{Header: "Unit", Key: "unit"}}}
	for _, f := range buyingFigures(b) {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(f.name), {Text: machine(f.value), Value: f.value},
			text(f.unit)}})
	}
	s.Grids = append(s.Grids, g)
	cash := Grid{Title: "Cash", Columns: []Column{{Header: "Months", Key: "months"},
		decimalColumn("Upfront", "upfront"), decimalColumn("Hourly", "hourly"),
		decimalColumn("Paid", "paid"), decimalColumn("On demand", "on_demand")}}
	var all [4]money.Amount
	for _, year := range years(b) {
		cash.Rows = append(cash.Rows, Row{Cells: []Cell{text(year.name), amountCell(year.sums[0]),
			amountCell(year.sums[1]), amountCell(year.sums[2]), amountCell(year.sums[3])}})
		for i := range all {
			all[i] = all[i].Plus(year.sums[i])
		}
	}
	cash.Rows = append(cash.Rows, Row{Role: Total, Cells: []Cell{text("All"), amountCell(all[0]), amountCell(all[1]),
		amountCell(all[2]), amountCell(all[3])}})
	s.Grids = append(s.Grids, cash)
	for _, r := range slices.Concat(b.Risks, b.NotTaken) {
		s.Facts = append(s.Facts, closing(r))
	}
	if len(b.Unpriced) > 0 {
		s.Grids = append(s.Grids, unpricedTerms(b.Unpriced))
	}
	return s
}

// unpricedTerms lists the terms without a price, and where they lack it: those
// that lack it at the same places share a row.
func unpricedTerms(list []bill.UnpricedTerm) Grid {
	g := Grid{Title: "Without a price in these tables",
		Columns: []Column{{Header: "Terms", Key: "terms"}, {Header: "Where", Key: "where"}}}
	var whys []remark.Remark
	var sets []string
	terms, places := map[string][]string{}, map[string][]string{}
	for _, t := range list {
		why := words.Say(t.Why)
		if terms[why] == nil {
			whys = append(whys, t.Why)
		}
		terms[why] = append(terms[why], t.Option)
	}
	for _, r := range whys {
		why := words.Say(r)
		set, place := strings.Join(terms[why], ", "), why
		if r.Has("machine") { // the vintage is that of the estimate
			place = r.Text("region") + " " + r.Text("machine")
		}
		if places[set] == nil {
			sets = append(sets, set)
		}
		places[set] = append(places[set], place)
	}
	for _, set := range sets {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(set), text(strings.Join(places[set], ", "))}})
	}
	return g
}

// year is the sums of twelve months: upfront, hourly, both, and on demand.
type year struct {
	name string
	sums [4]money.Amount
}

func years(b *bill.Buying) []year {
	var out []year
	at := 1
	for months := range slices.Chunk(b.Months, 12) {
		y := year{name: fmt.Sprintf("%d–%d", at, at+len(months)-1)}
		for _, m := range months {
			for i, x := range [4]money.Amount{m.Upfront, m.Hourly, m.Upfront.Plus(m.Hourly), m.OnDemand} {
				y.sums[i] = y.sums[i].Plus(x)
			}
		}
		out, at = append(out, y), at+len(months)
	}
	return out
}

// buyingFigure is one figure of a purchase.
type buyingFigure struct {
	name  string
	value any
	unit  string
}

// buyingFigures are the figures of a mix, in the order in which they are
// reported.
func buyingFigures(b *bill.Buying) []buyingFigure {
	const month, once = "USD a month", "USD"
	out := []buyingFigure{
		{"on demand, the same nodes", b.OnDemand.Cents(), month},
		{"effective", b.Effective.Cents(), month},
		{"uncovered", b.Uncovered.Cents(), month},
		{"upfront", b.Upfront.Cents(), once},
	}
	if b.BreakEven > 0 {
		out = append(out, buyingFigure{"break-even", b.BreakEven, "month"})
	}
	out = append(out, buyingFigure{"present value over " + words.Counted(b.Horizon, "month"), b.PV.Cents(), once},
		buyingFigure{"present value on demand", b.PVOnDemand.Cents(), once},
		buyingFigure{"residual commitment", b.Residual.Cents(), once},
		buyingFigure{"coverage", percentOf(b.Coverage), "%"},
		buyingFigure{"utilisation", percentOf(b.Utilisation), "%"})
	for _, f := range []struct {
		name string
		part *float64
	}{{"coverage in dollars", b.CoverageInDollars}, {"effective savings rate", b.SavingsRate}} {
		if f.part != nil {
			out = append(out, buyingFigure{f.name, percentOf(*f.part), "%"})
		}
	}
	for _, x := range b.AtRisk {
		out = append(out, buyingFigure{"at risk if demand falls " + unit.Percent(x.Fall, 0), x.Monthly.Cents(),
			month})
	}
	if b.Optimum != nil {
		out = append(out, buyingFigure{"optimum", b.Optimum.Cents(), month})
	}
	return out
}

// percentOf is a part in percent with one decimal.
func percentOf(x float64) number { return number(unit.Decimals(100*x, 1)) }
