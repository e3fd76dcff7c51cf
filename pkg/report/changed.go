package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// This file says in few lines what a change costs and why: the total before and after, the
// inputs that are others, and a row for each component that it moves.

// changeBar is the longest bar beside a difference, in places.
const changeBar = 10

// smallChanges is the part of all differences that the smallest rows have together at most
// where they are folded into one.
const smallChanges = 0.05

// namedInputs is how many changed inputs the first lines name.
const namedInputs = 3

// wholeFrom is the change in percent from which decimals say nothing.
const wholeFrom = 10

// roundDollars is an amount in the first line: $5,719, and $3.20 where it is small.
func roundDollars(a money.Amount) string { return wholeDollars(a.Float64()) }

// signedDollars is a change in the first line: +$4,134, and exactly where that is wanted.
func signedDollars(a money.Amount, round bool) string {
	text := a.Dollars
	if round {
		text = func() string { return roundDollars(a) }
	}
	if a.Cmp(money.Amount{}) > 0 {
		return "+" + text()
	}
	return text()
}

// shortPercent is a change in percent of what was before: +72 %, −3.4 %; "" of nothing.
func shortPercent(was, change money.Amount) string {
	if was.IsZero() || change.IsZero() {
		return ""
	}
	decimals := 1
	if math.Abs(change.Float64()/was.Float64()) >= wholeFrom/100.0 {
		decimals = 0
	}
	return unit.SignedPercent(change.Float64(), was.Float64(), decimals)
}

// inBrackets is " (+72 %)", or nothing.
func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// changedTitle is the first line: "medium  $5,719 → $9,853 a month   +$4,134 (+72 %)".
func changedTitle(name string, was, is money.Amount, more string) string {
	change := is.Minus(was)
	if change.IsZero() {
		return strings.TrimSpace(fmt.Sprintf("%s  %s a month   unchanged   %s", name, roundDollars(is), more))
	}
	return strings.TrimSpace(fmt.Sprintf("%s  %s → %s a month   %s%s   %s", name, roundDollars(was), roundDollars(is),
		signedDollars(change, true), inBrackets(shortPercent(was, change)), more))
}

// inputText is "peak.users 1000 → 2000". What a profile does not state is not "none", which
// is a value that some inputs have.
func inputText(path string, was, is compare.Value) string {
	stated := func(v compare.Value) string {
		if v.Text == "" {
			return "unset"
		}
		return v.Text
	}
	return path + " " + stated(was) + " → " + stated(is)
}

// becauseText is the line of the cause: the first of the inputs that changed, and how many
// more there are; "" where none is known.
func becauseText(inputs []string) string {
	if len(inputs) == 0 {
		return ""
	}
	text := "because " + strings.Join(inputs[:min(len(inputs), namedInputs)], " · ")
	if more := len(inputs) - namedInputs; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// changedInputs are the inputs that a difference has, as values.
func changedInputs(d *compare.Diff) []string {
	out := make([]string, len(d.Inputs))
	for i, c := range d.Inputs {
		out[i] = inputText(c.Path, c.Was, c.Is)
	}
	return out
}

// changedRow is a component with what it costs before and after.
type changedRow struct {
	system  string
	was, is money.Amount
	what    string // machines and nodes before and after
	rebuilt bool   // of another machine, new or gone: never folded
}

func (r *changedRow) change() money.Amount { return r.is.Minus(r.was) }

// changedRows has the rows with the largest difference first. What is small is one row
// together, and so is what is unchanged.
type changedRows []changedRow

// grid shows the rows; with all also those that are unchanged, and the total.
func (rows changedRows) grid(all bool) Grid {
	g := Grid{Light: true, Columns: []Column{leftColumn("", "system"), decimalColumn("before", "before"),
		decimalColumn("after", "after"), decimalColumn("Δ", "difference"), {Key: "bar", Spare: true},
		leftColumn("", "what")}}
	var moved, same changedRows
	for _, r := range rows {
		switch {
		case !r.change().IsZero() || r.rebuilt || r.what != "":
			moved = append(moved, r)
		case !r.was.IsZero():
			same = append(same, r)
		}
	}
	slices.SortStableFunc(moved, func(a, b changedRow) int { return b.change().Abs().Cmp(a.change().Abs()) })
	shown, small := moved.fold()
	top := 0.0
	if len(shown) > 0 {
		top = math.Abs(shown[0].change().Float64())
	}
	row := func(role RowKind, r changedRow) {
		bar := Cell{}
		if role == Body {
			bar = barCell(math.Abs(r.change().Float64())/top, changeBar)
		}
		difference := signedCell(r.change())
		if r.change().IsZero() {
			difference.Text = ""
		}
		g.Rows = append(g.Rows, Row{Role: role, Cells: []Cell{text(r.system), amountCell(r.was), amountCell(r.is),
			difference, bar, text(r.what)}})
	}
	for _, r := range shown {
		row(Body, r)
	}
	if len(small) > 0 {
		row(Body, small.sum(fmt.Sprintf("%d smaller", len(small)), small.names()))
	}
	if !all {
		return g
	}
	if len(same) > 0 {
		row(Body, same.sum(fmt.Sprintf("%d unchanged", len(same)), ""))
	}
	row(Total, rows.sum("Total", ""))
	return g
}

// fold parts off the smallest rows. A single one takes no more room by itself.
func (rows changedRows) fold() (shown, small changedRows) {
	all, rest := 0.0, 0.0
	for i := range rows {
		all += math.Abs(rows[i].change().Float64())
	}
	for _, r := range slices.Backward(rows) {
		rest += math.Abs(r.change().Float64())
		if rest > float64(smallChanges*all) || r.rebuilt {
			shown = append(shown, r)
		} else {
			small = append(small, r)
		}
	}
	if len(small) < 2 {
		return rows, nil
	}
	slices.Reverse(shown)
	slices.Reverse(small)
	return shown, small
}

func (rows changedRows) sum(system, what string) changedRow {
	out := changedRow{system: system, what: what}
	for i := range rows {
		out.was, out.is = out.was.Plus(rows[i].was), out.is.Plus(rows[i].is)
	}
	return out
}

func (rows changedRows) names() string {
	names := make([]string, len(rows))
	for i := range rows {
		names[i] = rows[i].system
	}
	return listed(names)
}

// shortEnough is how long a change may be that stands beside a cost.
const shortEnough = 40

// standing is what a component is built of.
type standing struct {
	machine string
	pools   []bill.NodePool // none where its nodes are another's
}

func (s standing) text() string { return strings.TrimSpace(s.machine + " " + nodesText(s.pools)) }

// builtText says what is built differently in few words: machine and nodes, or else what
// other change there is.
func builtText(was, is standing, changes []compare.Change) string {
	switch {
	case was.machine != is.machine && nodesText(was.pools) == nodesText(is.pools):
		return orNone(was.machine) + " → " + orNone(is.machine)
	case was.machine != is.machine:
		return orNone(was.text()) + " → " + orNone(is.text())
	case nodesText(was.pools) != nodesText(is.pools):
		return was.text() + " → " + nodesText(is.pools)
	}
	for _, what := range []string{compare.OfStorage, compare.OfStructure, compare.OfBought} {
		for i := range changes {
			if changes[i].What != what {
				continue
			}
			if s := shortChange(&changes[i]); utf8.RuneCountInString(s) <= shortEnough {
				return s
			}
		}
	}
	return ""
}

// diffRows are the rows of two estimates.
func diffRows(d *compare.Diff) changedRows {
	var rows changedRows
	same := d.Base.Total.Expected
	for i := range d.Components {
		c := &d.Components[i]
		same = same.Minus(c.Base.Expected)
		r := changedRow{system: c.System, was: c.Base.Expected, is: c.Head.Expected,
			rebuilt: c.Change != compare.Changed}
		was, is := standingOf(c.BasePart), standingOf(c.HeadPart)
		switch c.Change {
		case compare.Added:
			r.what = strings.TrimSpace("new " + is.text())
		case compare.Removed:
			r.what = strings.TrimSpace("gone " + was.text())
		default:
			r.what = builtText(was, is, c.Changes)
			r.rebuilt = was.machine != is.machine
		}
		if r.was.IsZero() && r.is.IsZero() && r.what == "" {
			continue
		}
		rows = append(rows, r)
	}
	if !same.IsZero() {
		rows = append(rows, changedRow{system: "all others", was: same, is: same})
	}
	return rows
}

func standingOf(p *bill.Part) standing {
	if p == nil || p.Machine == "" {
		return standing{}
	}
	return standing{p.Machine, p.Pools}
}
