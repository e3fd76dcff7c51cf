package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
	"headroom/pkg/words"
)

// whatifBrief is the answer in short: the change, its cause, and a row for each component
// that it moves; of several systems a row for each, and what moves beside each other.
func whatifBrief(c *whatif.Comparison) []Section {
	if len(c.Cases) == 1 {
		return []Section{caseBrief(c, &c.Cases[0])}
	}
	return []Section{casesBrief(c)}
}

// baseOf is what a case is compared with.
func baseOf(c *whatif.Comparison, x *whatif.Case) *whatif.Figures {
	if x.Against != nil {
		return x.Against
	}
	return &c.Base
}

// togetherCase says how a case moves what all environments cost; nothing where there is
// production only.
func togetherCase(base *whatif.Figures, x *whatif.Case) []Fact {
	if !knowsTogether(base, x) {
		return nil
	}
	return []Fact{togetherMoves(base.Together.Total.Expected, x.Figures.Together.Total.Expected)}
}

// knowsTogether tells whether it is known what all environments cost before and in a case.
func knowsTogether(base *whatif.Figures, x *whatif.Case) bool {
	return base.Together != nil && x.Figures != nil && x.Figures.Together != nil
}

func caseBrief(c *whatif.Comparison, x *whatif.Case) Section {
	base := baseOf(c, x)
	because := becauseText(caseInputs(x))
	if x.Failure == "" && x.Change.IsZero() {
		because = strings.Replace(because, "because", "although", 1)
	}
	s := Section{Lead: distinct(because)}
	if x.Failure != "" {
		s.Title = fmt.Sprintf("%s  %s → no plan", c.Profile.Name, roundDollars(base.Total.Expected))
		s.Facts = []Fact{{Label: "No plan", Text: x.Failure, Tone: Breach}}
		return s
	}
	s.Title = changedTitle(c.Profile.Name, base.Total.Expected, x.Figures.Total.Expected,
		perUserText(base.PerUser, x.Figures.PerUser))
	if g := caseRows(x).grid(true); len(g.Rows) > 1 {
		s.Grids = []Grid{g}
	}
	s.Facts = append(togetherCase(base, x), idleFacts(x)...)
	for _, r := range x.Kept {
		s.Facts = append(s.Facts, closing(r))
	}
	s.Notes = []string{"Every change with its limit, ranges, the next users: --full"}
	if n := x.Figures.Unpriced; n > 0 {
		s.Notes = append(s.Notes, "Without a price: "+words.Counted(n, "need")+"; the total is a lower bound.")
	}
	return s
}

// perUserText is "$2.29 → $1.97 a user".
func perUserText(was, is *float64) string {
	if was == nil || is == nil {
		return ""
	}
	a, b := unit.PriceOfOne(*was), unit.PriceOfOne(*is)
	if a == b {
		return "$" + b + " a user"
	}
	return fmt.Sprintf("$%s → $%s a user", a, b)
}

// caseInputs are what a case changes, the input with the greatest effect first.
func caseInputs(x *whatif.Case) []string {
	var out []string
	for _, d := range byEffect(x.Inputs) {
		out = append(out, inputText(d.Path, d.Was, d.Is))
	}
	if p := x.Setting.Prices; p != "" {
		out = append(out, "prices of "+p)
	}
	if x.Setting.Scope == scopeCompute {
		out = append(out, "EC2 instances only")
	}
	if r := x.Setting.Regions; len(r) > 0 {
		out = append(out, "in "+strings.Join(r, " + "))
	}
	return out
}

// idleFacts name the inputs that nothing depends on.
func idleFacts(x *whatif.Case) []Fact {
	var out []Fact
	for _, d := range x.Inputs {
		if d.NoEffect {
			out = append(out, Fact{Label: "No effect", Text: d.Path + idleText(d.Path), Tone: Caution})
		}
	}
	return out
}

// caseRows are the rows of a case.
func caseRows(x *whatif.Case) changedRows {
	var rows changedRows
	for i := range x.Deltas {
		d := &x.Deltas[i]
		r := changedRow{system: d.System}
		switch {
		case d.Case == nil:
			r.was, r.rebuilt = d.Base.Cost.Expected, true
			r.what = strings.TrimSpace("gone " + machines(d.Base))
		case d.Base == nil:
			r.is, r.rebuilt = d.Case.Cost.Expected, true
			r.what = strings.TrimSpace("new " + machines(d.Case))
		default:
			r.was, r.is = d.Base.Cost.Expected, d.Case.Cost.Expected
			was, is := standing{d.Base.Machine, d.Base.Pools}, standing{d.Case.Machine, d.Case.Pools}
			r.what = builtText(was, is, d.Changes)
			r.rebuilt = d.Base.Machine != d.Case.Machine
		}
		rows = append(rows, r)
	}
	return rows
}

// besideEachOther is how many systems stand beside each other on a narrow terminal.
const besideEachOther = 3

// casesBrief has a row for each of several systems, and below what moves in them.
func casesBrief(c *whatif.Comparison) Section {
	s := Section{Title: fmt.Sprintf("%s  %s a month", c.Profile.Name, roundDollars(c.Base.Total.Expected))}
	g := Grid{Light: true, Columns: []Column{leftColumn("what if", "case"), decimalColumn("a month", "total"),
		decimalColumn("Δ", "difference"), rightColumn("", "percent"), {Key: "bar", Spare: true},
		leftColumn("because", "because")}}
	top := 0.0
	for i := range c.Cases {
		top = math.Max(top, math.Abs(c.Cases[i].Change.Float64()))
	}
	for i := range c.Cases {
		x := &c.Cases[i]
		because := strings.TrimPrefix(becauseText(caseInputs(x)), "because ")
		if x.Failure != "" {
			g.Rows = append(g.Rows, Row{Cells: []Cell{text(x.Title), {Text: "no plan", Tone: Breach}, {}, {}, {},
				text(because)}})
			s.Notes = append(s.Notes, x.Title+": no plan: "+x.Failure)
			continue
		}
		base := baseOf(c, x)
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(x.Title), amountCell(x.Figures.Total.Expected),
			signedCell(x.Change), text(shortPercent(base.Total.Expected, x.Change)),
			barCell(math.Abs(x.Change.Float64())/top, changeBar), text(because)}})
		if x.Against != nil {
			s.Notes = append(s.Notes, fmt.Sprintf("%s: the difference is to the base of the same scope, %s $/month.",
				x.Title, totalText(x.Against)))
		}
		for _, f := range append(togetherCase(base, x), idleFacts(x)...) {
			f.Text = x.Title + ": " + f.Text
			s.Facts = append(s.Facts, f)
		}
	}
	s.Grids = []Grid{g}
	if len(c.Cases) <= besideEachOther {
		s.Grids = append(s.Grids, movedGrid(c))
	}
	s.Notes = append(s.Notes, "Every system with what changes and why: --full")
	return s
}

// movedGrid has what the components cost in every case, those that one of them moves most
// first, and the rest in one row.
func movedGrid(c *whatif.Comparison) Grid {
	g := Grid{Light: true, Columns: []Column{leftColumn("", "system"), decimalColumn("now", "base")}}
	for i := range c.Cases {
		g.Columns = append(g.Columns, decimalColumn(c.Cases[i].Title, c.Cases[i].Name))
	}
	rows := componentRows(c)
	most := make(map[string]float64, len(rows))
	top := 0.0
	for _, r := range rows {
		name := r.Cells[0].Text
		for k := range c.Cases {
			if c.Cases[k].Figures != nil {
				by := amountIn(r.Cells[2+k]).Minus(amountIn(r.Cells[1]))
				most[name] = math.Max(most[name], math.Abs(by.Float64()))
			}
		}
		top = math.Max(top, most[name])
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(most[b.Cells[0].Text], most[a.Cells[0].Text]) })
	n := len(rows)
	for n > 0 && most[rows[n-1].Cells[0].Text] < smallChanges*top {
		n--
	}
	if rest := rows[n:]; len(rest) > 1 {
		sum := Row{Cells: []Cell{text(words.Counted(len(rest), "other"))}}
		for k := 1; k < len(g.Columns); k++ {
			var all money.Amount
			for _, r := range rest {
				all = all.Plus(amountIn(r.Cells[k]))
			}
			sum.Cells = append(sum.Cells, amountCell(all))
		}
		rows = append(rows[:n:n], sum)
	}
	g.Rows = append(rows, totalRows(c)[0])
	return g
}

// amountIn is the amount in a cell, nothing where it is empty.
func amountIn(c Cell) money.Amount {
	a, _ := c.Value.(money.Amount)
	return a
}

// byEffect puts the inputs with the greatest effect first.
func byEffect(inputs []whatif.InputDelta) []whatif.InputDelta {
	size := func(d *whatif.InputDelta) money.Amount {
		if d.Effect == nil {
			return money.Amount{}
		}
		return d.Effect.Abs()
	}
	out := slices.Clone(inputs)
	slices.SortStableFunc(out, func(a, b whatif.InputDelta) int { return size(&b).Cmp(size(&a)) })
	return out
}
