package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// This file has the tables of an explanation.

func derivation(steps []derivedText) Grid {
	g := Grid{Columns: []Column{{Header: "What", Key: "what"}, {Header: "Formula", Key: "formula"},
		{Header: "Result", Key: "result"}, {Header: "Source", Key: "source"}}}
	for _, s := range steps {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(s.What), text(s.Formula), text(s.Result), text(s.Source)}})
	}
	return g
}

// alternatives lists the chosen machine and others: the price of the component with each,
// what its nodes send each other, which is billed as data transfer, and how much more both
// are together than with the chosen one.
func alternatives(c *insight.ComponentReasoning) Grid {
	carried := !c.Transfer.IsZero() || slices.ContainsFunc(c.Alternatives,
		func(a insight.OtherMachine) bool { return !a.Transfer.IsZero() })
	g := Grid{Columns: []Column{{Header: "Machine", Key: "machine"}, {Header: "Storage", Key: "storage"},
		{Header: "Nodes", Key: "nodes"}, decimalColumn("Month", "month")}}
	if carried {
		g.Columns = append(g.Columns, decimalColumn("+ Transfer", "transfer"), decimalColumn("= Both", "bill"))
	}
	g.Columns = append(g.Columns, decimalColumn("Difference", "difference"),
		decimalColumn("With running it", "running_cost"), leftColumn("Sized by", "binds"))
	row := func(a *insight.OtherMachine, difference Cell) {
		amount := func(x money.Amount) Cell { return Cell{Text: x.Human(), Value: x} }
		r := Row{Cells: []Cell{text(a.Machine), text(a.Storage), text(nodeCounts(a.Pools)), amount(a.Month)}}
		if carried {
			r.Cells = append(r.Cells, amount(a.Transfer), amount(a.Month.Plus(a.Transfer)))
		}
		r.Cells = append(r.Cells, difference, amount(a.Running.Total), text(bindText(a.Binds)))
		g.Rows = append(g.Rows, r)
	}
	if c.Weighed != nil && c.Part.Cost != nil {
		p := &c.Part
		chosen := insight.OtherMachine{Machine: p.Machine, Storage: p.Storage, Month: p.Cost.Total.Expected,
			Transfer: c.Transfer, Running: c.Weighed.Running, Binds: p.Binds}
		for _, pool := range p.Pools {
			chosen.Pools = append(chosen.Pools, insight.NodeCount{Region: pool.Region, Role: pool.Role, Min: pool.Min,
				Max: pool.Max})
		}
		row(&chosen, text("chosen"))
	}
	for i := range c.Alternatives {
		a := &c.Alternatives[i]
		row(a, Cell{Text: signed(a.Difference), Value: a.Difference})
	}
	return g
}

// partLead is what is said of a component's structure, and what is wrong with it.
func partLead(p *bill.Part) []string {
	var lead, texts []string
	for _, r := range p.Detail {
		texts = append(texts, sayOf(r))
	}
	if len(texts) > 0 {
		lead = append(lead, strings.Join(texts, "; "))
	}
	for _, w := range p.Warnings {
		lead = append(lead, "Warning: "+sayOf(w))
	}
	return lead
}

func titled(title string, g Grid) Grid {
	g.Title = title
	return g
}

func limits(list []insight.LimitCheck) Grid {
	g := Grid{Columns: []Column{{Header: "Resource", Key: "resource"}, {Header: "State", Key: "state"},
		{Header: "Region", Key: "region"},
		rightColumn("Need", "need"), rightColumn("Have", "have"),
		rightColumn("Used", "utilisation"),
		rightColumn("Allowed", "target"), rightColumn("Slack", "slack"),
		{Header: "Remark", Key: "why"}}}
	for _, same := range foldedLimits(list) {
		l := &same[0]
		why := words.Say(l.Why)
		if l.Binding {
			why = strings.TrimSuffix("binds; "+why, "; ")
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(l.Resource), text(states(same)), text(places(same)),
			{Text: unit.Quantity(l.Need, l.Unit), Value: l.Need},
			{Text: unit.Quantity(l.Have, l.Unit), Value: l.Have}, usedCell(l.Utilisation),
			percentCell(l.Target), usedCell(l.Slack), text(why)}})
	}
	return g
}

// foldedLimits groups limits that are the same in all but where they are, and of these such as
// are the same in several states in the same places.
func foldedLimits(list []insight.LimitCheck) [][]insight.LimitCheck {
	key := func(l *insight.LimitCheck) string {
		return fmt.Sprint(l.Resource, "\x00", l.Unit, "\x00", words.Say(l.Why), "\x00", l.Need, " ", l.Have, " ", l.Target,
			" ", l.Nodes, l.Binding, l.Floor)
	}
	byState := alike(list, func(l *insight.LimitCheck) string { return l.State + "\x00" + key(l) })
	at := map[string]int{}
	var out [][]insight.LimitCheck
	for _, same := range byState {
		k := places(same) + "\x00" + key(&same[0])
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], same...)
	}
	return out
}

// states are those of limits: "node loss, zone loss".
func states(list []insight.LimitCheck) string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].State
	}
	return strings.Join(distinct(names...), ", ")
}

// places are the regions of limits with the roles there: "us-east-1 primary, standby +
// us-west-2 failover"; regions with the same roles stand together.
func places(list []insight.LimitCheck) string {
	var regions []string
	roles := map[string][]string{}
	for i := range list {
		l := &list[i]
		regions = append(regions, l.Region)
		roles[l.Region] = append(roles[l.Region], l.Role)
	}
	var texts []string
	byRoles := map[string][]string{}
	for _, region := range distinct(regions...) {
		text := strings.Join(distinct(roles[region]...), ", ")
		byRoles[text] = append(byRoles[text], region)
	}
	for _, region := range distinct(regions...) {
		text := strings.Join(distinct(roles[region]...), ", ")
		if same := byRoles[text]; same[0] == region {
			texts = append(texts, strings.TrimSpace(strings.Join(same, " + ")+" "+text))
		}
	}
	return strings.Join(texts, " + ")
}

// usedCell is a part of what there is, where there is anything.
func usedCell(part *float64) Cell {
	if part == nil {
		return text("none left")
	}
	return percentCell(*part)
}

func percentCell(x float64) Cell { return Cell{Text: unit.Percent(x, 0), Value: x} }

func priceLines(list []bill.Line) Grid {
	g := Grid{Columns: []Column{{Header: "Region", Key: "region"}, {Header: "Item", Key: "item"},
		{Header: "Term", Key: "term"}, decimalColumn("Quantity", "quantity"),
		{Header: "Unit", Key: "unit"},
		decimalColumn("Price", "unit_price"), decimalColumn("Month", "total"),
		{Header: "As of", Key: "price_as_of"}, {Header: "Source", Key: "price_source"}}}
	for _, l := range list {
		item := strings.TrimSpace(l.Name() + " " + l.Role)
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(l.Region), text(item), text(l.Term),
			{Text: l.Quantity.String(), Value: l.Quantity}, text(l.Unit),
			{Text: l.Price.String(), Value: l.Price}, {Text: l.Cost.Expected.String(), Value: l.Cost.Expected},
			text(l.AsOf), text(l.Source)}})
	}
	return g
}

// offers lists the ways to buy a machine. Those without a price share a row.
func offers(list []insight.Offer) Grid {
	g := Grid{Columns: []Column{{Header: "Option", Key: "option"},
		decimalColumn("$/h", "effective_per_hour"), decimalColumn("Upfront", "fee"),
		rightColumn("Pays from", "break_even"), {Header: "As of", Key: "as_of"},
		{Header: "Source", Key: "source"}, {Header: "Remark", Key: "remark"}}}
	var without []string
	why := ""
	for _, o := range list {
		if o.Effective == 0 {
			without = append(without, o.Option)
			why = offerText(&o)
			continue
		}
		from := Cell{}
		if o.BreakEven > 0 {
			from = Cell{Text: unit.Percent(o.BreakEven, 0) + " of hours", Value: o.BreakEven}
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(o.Option),
			{Text: unit.Decimals(o.Effective, 4), Value: o.Effective}, {Text: o.Fee.String(), Value: o.Fee}, from,
			text(o.AsOf), text(o.Source), text(offerText(&o))}})
	}
	if len(without) > 0 {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text("no price"), {}, {}, {}, {}, {},
			text(strings.Join(without, ", ") + ": " + why)}})
	}
	return g
}

// offerText is why an option has no price, what is known of its spot prices, or
// what about its price is assumed.
func offerText(o *insight.Offer) string {
	if !o.Missing.IsZero() {
		return words.Say(o.Missing)
	}
	if len(o.Spot) == 0 {
		return words.Say(o.Assumed)
	}
	var parts []string
	for _, q := range o.Spot {
		s := fmt.Sprintf("list %s; advisor %s; interruptions %s", known(q.HasPrice, q.Price, q.PriceAsOf),
			known(q.HasAdvisor, q.Advisor, q.AdvisorAsOf), cmp.Or(q.Band, "not known"))
		if len(o.Spot) > 1 {
			s = q.Type + ": " + s
		}
		parts = append(parts, s)
	}
	if o.Note != "" {
		parts = append(parts, o.Note)
	}
	out := strings.Join(parts, " | ")
	if o.SpotBelow > 0 {
		out += fmt.Sprintf("; cheaper than the best commitment below %s of hours", unit.Percent(o.SpotBelow, 0))
	}
	return out
}

func known(ok bool, price money.Rate, asOf string) string {
	if !ok {
		return "not known"
	}
	return price.String() + " of " + asOf
}

// nodeCounts is the number of nodes of pools in the notation of inRegions.
func nodeCounts(pools []insight.NodeCount) string {
	var regions []string
	var part bill.Part
	for _, p := range pools {
		regions = append(regions, p.Region)
		part.Pools = append(part.Pools, bill.NodePool{Region: p.Region, Role: p.Role, Min: p.Min, Max: p.Max})
	}
	if len(pools) == 0 {
		return ""
	}
	return nodesIn(&part, distinct(regions...))
}

// nearestText is the machine that misses a need by least, and by how much.
func nearestText(n *insight.NearMiss) string {
	why := words.Say(n.Why)
	if machine := strings.TrimSpace(n.Machine + " " + n.Storage); machine != "" {
		return machine + ": " + why
	}
	return why
}

func inputs(list []insight.InputUse) Grid {
	g := Grid{Columns: []Column{{Header: "Input", Key: "input"}, {Header: "Value", Key: "value"},
		{Header: "From", Key: "from"}}}
	for _, in := range list {
		from := in.Source
		if in.Assumed != "" {
			from = "assumed: " + in.Assumed
		}
		if in.Default {
			from = strings.TrimSuffix("default; "+from, "; ")
		} else if from == "" {
			from = fmt.Sprintf("the profile, line %d", in.Line)
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(in.Path), text(in.Value), text(from)}})
	}
	return g
}
