package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// diffsSchema identifies the JSON of several comparisons.
const diffsSchema = "headroom.diffs/v2"

// Diffs is the report of comparisons: per component and per line what changed,
// with the totals before and after beside it, and the effects that add up to
// the change. The records are the changed lines.
func Diffs(all []*compare.Diff) Document {
	doc := Document{Records: diffRecords(all)}
	for _, d := range all {
		doc.Sections = append(doc.Sections, diffSection(d))
		doc.Brief = append(doc.Brief, diffBrief(d))
	}
	for i, d := range all {
		if !d.Empty() {
			doc.illustrate(i, diffCharts(d)...)
		}
	}
	if len(all) == 1 {
		doc.Data = *all[0]
		return doc
	}
	list := make([]compare.Diff, len(all))
	for i, d := range all {
		list[i] = *d
	}
	doc.Data = struct {
		Schema string         `json:"schema"`
		Diffs  []compare.Diff `json:"diffs"`
	}{diffsSchema, list}
	return doc
}

func diffSection(d *compare.Diff) Section {
	s := Section{Name: d.Head.Profile.Name, Title: d.Base.Label + " → " + d.Head.Label,
		Lead: distinct(diffTitle(d), becauseText(changedInputs(d)), sideText("Base", &d.Base),
			sideText("Head", &d.Head))}
	s.Facts = togetherChange(d)
	if d.Empty() {
		s.Lead = []string{sideText("Base", &d.Base), sideText("Head", &d.Head)}
		s.Lead = append(s.Lead, "No differences.")
		return s
	}
	s.Grids = append(s.Grids, componentChanges(d))
	if g := lineChanges(d); len(g.Rows) > 0 {
		s.Grids = append(s.Grids, g)
	}
	if len(d.Attribution.Components) > 0 {
		s.Grids = append(s.Grids, causes(&d.Attribution, d.Base.Total.Expected), componentCauses(&d.Attribution))
	}
	for _, n := range d.Attribution.Notes {
		s.Notes = append(s.Notes, words.Capital(words.Say(n))+".")
	}
	for _, side := range []*compare.Side{&d.Base, &d.Head} {
		if n := len(side.Unknown); n > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("≥: %s lacks %s, so that its total is a lower bound.",
				side.Label, words.Counted(n, "price")))
		}
	}
	return s
}

// diffTitle is the first line.
func diffTitle(d *compare.Diff) string {
	title := changedTitle(d.Head.Profile.Name, d.Base.Total.Expected, d.Head.Total.Expected, "")
	if len(d.Base.Unknown)+len(d.Head.Unknown) > 0 {
		title += "   at least: prices are missing"
	}
	return title
}

// diffBrief is a difference in short: the change, its cause, and the components by what
// they move.
func diffBrief(d *compare.Diff) Section {
	s := Section{Title: diffTitle(d), Lead: distinct(becauseText(changedInputs(d)), d.Base.Label+" → "+d.Head.Label)}
	for _, side := range []*compare.Side{&d.Base, &d.Head} {
		if side.Edited {
			s.Lead = append(s.Lead, side.Label+": "+words.Say(remark.New("fact.edited")))
		}
	}
	s.Facts = togetherChange(d)
	if d.Empty() {
		s.Lead = []string{d.Base.Label + " → " + d.Head.Label, "No differences."}
		return s
	}
	s.Grids = []Grid{diffRows(d).grid(true)}
	if text := effectsText(&d.Attribution); text != "" {
		s.Facts = append([]Fact{fact("By cause", text)}, s.Facts...)
	}
	s.Notes = []string{"Lines, causes by component, ranges: --full"}
	return s
}

// togetherChange says how what all environments cost together changes; nothing where that
// is not known of both.
func togetherChange(d *compare.Diff) []Fact {
	if d.Base.Together == nil || d.Head.Together == nil {
		return nil
	}
	return []Fact{togetherMoves(d.Base.Together.Expected, d.Head.Together.Expected)}
}

// togetherMoves says what all environments cost before and after.
func togetherMoves(was, is money.Amount) Fact {
	return fact(words.TogetherLabel, fmt.Sprintf("%s → %s a month with all environments (%s)", was.Dollars(),
		is.Dollars(), signed(is.Minus(was))))
}

// effectsText lists the causes that have an effect, with the method that told them apart:
// two methods may split the same difference in two ways.
func effectsText(a *compare.Attribution) string {
	var parts []string
	for _, e := range a.Effects {
		if !e.Amount.IsZero() {
			parts = append(parts, causeText(e.Cause)+" "+signed(e.Amount))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + " (" + methodText(a.Method) + ")"
}

// methodText names the way in which a difference was split.
func methodText(method string) string {
	if method == compare.ByLines {
		return "from the lines of the two bills"
	}
	return "planned again with each in turn"
}

func sideText(what string, s *compare.Side) string {
	least := ""
	if len(s.Unknown) > 0 {
		least = "≥ "
	}
	text := fmt.Sprintf("%s %s: %s, %s, prices of %s, %s%s $/month", what, s.Label, s.Profile.Name,
		strings.Join(s.Regions, " + "), s.Prices.Vintage, least, s.Total.Expected.Human())
	if sp := span(s.Total); sp != "" {
		text += " (" + sp + ")"
	}
	if s.Edited {
		text += "; " + words.Say(remark.New("fact.edited"))
	}
	return withoutAims(text, s.Profile)
}

// signed shows an amount with its sign, "+" too.
func signed(a money.Amount) string {
	switch a.Cmp(money.Amount{}) {
	case 0:
		return "0.00"
	case 1:
		return "+" + a.Human()
	}
	return "−" + a.Neg().Human()
}

func signedCell(a money.Amount) Cell { return Cell{Text: signed(a), Value: a} }

// relative is a change in percent of what was before.
func relative(was, change money.Amount) string {
	if was.IsZero() || change.IsZero() {
		return ""
	}
	return unit.SignedPercent(change.Float64(), was.Float64(), 1)
}

func amountCell(a money.Amount) Cell { return Cell{Text: a.Human(), Value: a} }

func componentChanges(d *compare.Diff) Grid {
	g := Grid{Title: "Components", Columns: []Column{
		leftColumn("System", "system"), leftColumn("Change", "change"), decimalColumn("Before", "before"),
		decimalColumn("After", "after"), decimalColumn("Difference", "difference"), rightColumn("%", "percent"),
		leftColumn("Details", "details")}}
	row := func(role RowKind, c compare.ComponentChange) {
		was, is, details := c.Base, c.Head, distinct(changeText(&c))
		diff := is.Expected.Minus(was.Expected)
		if was.Expected.Equal(is.Expected) && !equalCost(was, is) {
			details = append(details, "range "+between(was.Min.Human(), was.Max.Human())+" → "+
				between(is.Min.Human(), is.Max.Human()))
		}
		g.Rows = append(g.Rows, Row{Role: role, Cells: []Cell{text(c.System), text(c.Change), amountCell(was.Expected),
			amountCell(is.Expected), signedCell(diff), text(relative(was.Expected, diff)),
			text(strings.Join(details, "; "))}})
	}
	same := d.Base.Total.Expected
	for _, c := range d.Components {
		if c.Change != compare.Changed || !equalCost(c.Base, bill.Cost{}) || !equalCost(c.Head, bill.Cost{}) ||
			len(c.Changes) > 0 {
			row(Body, c) // boot volumes are in the rows of those that have them
		}
		same = same.Minus(c.Base.Expected)
	}
	if !same.IsZero() {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text("all others"), text("none"), amountCell(same), amountCell(same),
			signedCell(money.Amount{}), {}, {}}})
	}
	row(Total, compare.ComponentChange{System: "Total", Base: d.Base.Total, Head: d.Head.Total})
	return g
}

// arrow is "a → b", or one of them where they are equal or there is only one.
func arrow(was, is string) string {
	switch {
	case was == is || was == "":
		return is
	case is == "":
		return was
	}
	return was + " → " + is
}

// lineTexts are a line's item, quantity, price and term as texts.
type lineTexts struct{ item, quantity, unit, price, term string }

func textsOf(l *compare.LineSide) lineTexts {
	if l == nil {
		return lineTexts{}
	}
	t := lineTexts{item: l.Item, quantity: amountOf(l.Quantity, ""), price: unit.Grouped(l.Price.String()),
		term: l.Term}
	if l.Unit != nodeUnit {
		t.unit = shortUnit(l.Unit)
	}
	return t
}

func sideCost(l *compare.LineSide) bill.Cost {
	if l == nil {
		return bill.Cost{}
	}
	return l.Cost
}

func lineChanges(d *compare.Diff) Grid {
	g := Grid{Title: "Lines", Columns: []Column{
		leftColumn("Region", "region"), leftColumn("System", "system"), leftColumn("Item", "item"),
		leftColumn("Quantity", "quantity"), leftColumn("1× price", "unit_price"), decimalColumn("Before", "before"),
		decimalColumn("After", "after"), decimalColumn("Difference", "difference")}}
	for _, c := range d.Components {
		for _, l := range c.Lines {
			was, is := textsOf(l.Base), textsOf(l.Head)
			before, after := sideCost(l.Base).Expected, sideCost(l.Head).Expected
			if l.Base != nil && l.Head != nil && was.quantity == is.quantity &&
				l.Base.Quantity.Cmp(l.Head.Quantity) != 0 {
				was.quantity, is.quantity = unit.Grouped(l.Base.Quantity.String()),
					unit.Grouped(l.Head.Quantity.String())
			}
			item := arrow(was.item, is.item)
			if l.Change != compare.Changed {
				item = l.Change + ": " + item
			} else if was.term != is.term {
				item += ", " + arrow(was.term, is.term)
			}
			quantity := arrow(was.quantity, is.quantity) + " " + arrow(was.unit, is.unit)
			g.Rows = append(g.Rows, Row{Cells: []Cell{text(l.Region), text(strings.TrimSpace(c.System + " " + l.Role)),
				text(item), text(strings.TrimSpace(quantity)), text(arrow(was.price, is.price)), amountCell(before),
				amountCell(after), signedCell(after.Minus(before))}})
		}
	}
	return g
}

// causeText names a cause for people.
func causeText(cause string) string {
	switch cause {
	case compare.CauseModel:
		return "model, profile"
	case compare.CauseMachines:
		return "instance choice"
	case compare.CausePurchase:
		return "purchase mix"
	case compare.CausePrices:
		return "unit prices"
	}
	return cause
}

func causes(a *compare.Attribution, base money.Amount) Grid {
	g := Grid{Title: "Why, " + methodText(a.Method), Columns: []Column{
		leftColumn("Cause", "cause"), decimalColumn("Effect", "effect"), decimalColumn("Total", "total")}}
	g.Rows = append(g.Rows, Row{Cells: []Cell{text("before"), {}, amountCell(base)}})
	for _, e := range a.Effects {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(causeText(e.Cause)), signedCell(e.Amount), amountCell(e.Total)}})
	}
	last := a.Effects[len(a.Effects)-1].Total
	g.Rows = append(g.Rows, Row{Role: Total,
		Cells: []Cell{text("after"), signedCell(last.Minus(base)), amountCell(last)}})
	return g
}

// componentCauses are the effects by component; causes without any are left
// out.
func componentCauses(a *compare.Attribution) Grid {
	g := Grid{Title: "Why, by component", Columns: []Column{leftColumn("System", "system"),
		decimalColumn("Before", "before")}}
	var shown []int
	for i, e := range a.Effects {
		if slices.ContainsFunc(a.Components, func(c compare.ComponentEffects) bool { return !c.Effects[i].IsZero() }) {
			shown = append(shown, i)
			key := strings.ReplaceAll(e.Cause, " ", "_")
			g.Columns = append(g.Columns, decimalColumn(words.Capital(causeText(e.Cause)), key))
		}
	}
	g.Columns = append(g.Columns, decimalColumn("After", "after"))
	for _, c := range a.Components {
		cells := []Cell{text(c.System), amountCell(c.Base)}
		for _, i := range shown {
			cells = append(cells, signedCell(c.Effects[i]))
		}
		g.Rows = append(g.Rows, Row{Cells: append(cells, amountCell(c.Head))})
	}
	return g
}

// diffRecords has one row for each changed line, and one for all environments, in columns of
// its own so that the costs still add up.
func diffRecords(all []*compare.Diff) *Grid {
	g := &Grid{}
	for _, key := range []string{"profile", "component", "system", "change", "region", "role", "category",
		"item_before", "item_after", "unit", "term_before", "term_after", "quantity_before", "quantity_after",
		"unit_price_before", "unit_price_after", "cost_before", "cost_after", "difference",
		"edited_before", "edited_after", togetherColumn + "_before", togetherColumn + "_after"} {
		g.Columns = append(g.Columns, Column{Key: key})
	}
	for _, d := range all {
		for _, c := range d.Components {
			for _, l := range c.Lines {
				was, is := textsOf(l.Base), textsOf(l.Head)
				before, after := sideCost(l.Base).Expected, sideCost(l.Head).Expected
				cells := []Cell{text(d.Head.Profile.Name), text(ownerText(c.Owner)), text(c.System), text(l.Change),
					text(l.Region), text(l.Role), text(l.Category), text(was.item), text(is.item), text(unitOf(l)),
					text(was.term), text(is.term),
					quantityCell(l.Base), quantityCell(l.Head), rateCell(l.Base), rateCell(l.Head),
					{Text: before.String(), Value: before}, {Text: after.String(), Value: after},
					{Text: after.Minus(before).String(), Value: after.Minus(before)},
					{Text: machine(d.Base.Edited), Value: d.Base.Edited},
					{Text: machine(d.Head.Edited), Value: d.Head.Edited}, {}, {}}
				g.Rows = append(g.Rows, Row{Cells: cells})
			}
		}
		if d.Base.Together != nil && d.Head.Together != nil {
			g.Rows = append(g.Rows, togetherRecord(g.Columns, d))
		}
	}
	return g
}

// togetherRecord has what all environments cost before and after.
func togetherRecord(columns []Column, d *compare.Diff) Row {
	values := map[string]any{"profile": d.Head.Profile.Name, "category": togetherKind,
		"edited_before": d.Base.Edited, "edited_after": d.Head.Edited,
		togetherColumn + "_before": d.Base.Together.Expected, togetherColumn + "_after": d.Head.Together.Expected}
	return rowOf(columns, values)
}

func unitOf(l compare.LineChange) string {
	if l.Head != nil {
		return l.Head.Unit
	}
	return l.Base.Unit
}

func quantityCell(l *compare.LineSide) Cell {
	if l == nil {
		return Cell{}
	}
	return Cell{Text: l.Quantity.String(), Value: l.Quantity}
}

func rateCell(l *compare.LineSide) Cell {
	if l == nil {
		return Cell{}
	}
	return Cell{Text: l.Price.String(), Value: l.Price}
}
