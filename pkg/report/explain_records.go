package report

import (
	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/words"
)

// This file has the parts of an explanation as tables for programs, each with the component
// in its first column.

// table makes a grid for programs.
func table(keys ...string) *Grid {
	g := &Grid{}
	for _, k := range keys {
		g.Columns = append(g.Columns, leftColumn(k, k))
	}
	return g
}

// add adds a row of values.
func (g *Grid) add(values ...any) {
	r := Row{Cells: make([]Cell, len(values))}
	for i, v := range values {
		if s, ok := v.(string); ok && s == "" {
			v = nil
		}
		r.Cells[i] = Cell{Text: machine(v), Value: v}
	}
	g.Rows = append(g.Rows, r)
}

// part is a part as a value; nil where there is none.
func part(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

// nodesBetween are the least and the most nodes of pools.
func nodesBetween(pools []insight.NodeCount) (low, high int) {
	for _, p := range pools {
		low, high = low+p.Min, high+p.Max
	}
	return low, high
}

// summaryRecords has a row for each component: what it is, what it costs, what decided its
// size, and the next best machine.
func summaryRecords(x *insight.Explanation) *Grid {
	g := table("component", "system", "kind", "machine", "storage", "nodes_min", "nodes_max", "nodes_cost",
		"storage_cost", "boot_cost", "other_cost", "cost", "share", "layouts", "rejected", "binds", "binds_state",
		"binds_used", "next_machine", "next_storage", "next_difference")
	for i := range x.Components {
		c := &x.Components[i]
		low, high := 0, 0
		for _, pool := range c.Part.Pools {
			low, high = low+pool.Min, high+pool.Max
		}
		values := []any{c.Part.Name, c.Part.System, c.Part.Kind, c.Part.Machine, c.Part.Storage, low, high}
		cost := c.Part.Cost
		if cost == nil {
			cost = &bill.PartCost{}
		}
		values = append(values, cost.Nodes.Expected, cost.Storage.Expected, cost.Boot.Expected, cost.Other.Expected,
			cost.Total.Expected, cost.Share)
		if c.Why.Has("layouts") {
			values = append(values, c.Why.Int("layouts"), c.Why.Int("rejected"))
		} else {
			values = append(values, nil, nil)
		}
		if b := c.Part.Binds; b != nil {
			values = append(values, b.Resource, b.State, part(b.Utilisation))
		} else {
			values = append(values, nil, nil, nil)
		}
		if len(c.Alternatives) > 0 {
			a := &c.Alternatives[0]
			values = append(values, a.Machine, a.Storage, a.Difference)
		} else {
			values = append(values, nil, nil, nil)
		}
		g.add(values...)
	}
	return g
}

func loadRecords(x *insight.Explanation) *Grid {
	g := table("component", "what", "formula", "text", "value", "unit", "source", "of", "region")
	add := func(component string, list []insight.Derived) {
		for i, s := range derivedTexts(list) {
			var value, unit any // of what arrives at a component; the values of steps are in JSON
			if rate := list[i].Rate; rate > 0 {
				value, unit = rate, "/s"
			}
			g.add(component, s.What, s.Formula, s.Result, value, unit, s.Source, s.Of, s.Region)
		}
	}
	add("", x.Demand)
	for i := range x.Components {
		c := &x.Components[i]
		add(c.Part.Name, c.Load)
		add(c.Part.Name, c.Steps)
	}
	return g
}

func limitRecords(x *insight.Explanation) *Grid {
	g := table("component", "resource", "state", "region", "role", "need", "have", "unit", "utilisation", "target",
		"slack", "least_nodes", "binding", "floor", "why")
	for i := range x.Components {
		c := &x.Components[i]
		for _, l := range c.Limits {
			g.add(c.Part.Name, l.Resource, l.State, l.Region, l.Role, l.Need, l.Have, l.Unit, part(l.Utilisation),
				l.Target, part(l.Slack), l.Nodes, l.Binding, l.Floor, words.Say(l.Why))
		}
	}
	return g
}

func alternativeRecords(x *insight.Explanation) *Grid {
	g := table("component", "machine", "storage", "nodes_min", "nodes_max", "month", "difference", "running_cost",
		"binds", "binds_state", "binds_used", "transfer")
	for i := range x.Components {
		c := &x.Components[i]
		for k := range c.Alternatives {
			a := &c.Alternatives[k]
			low, high := nodesBetween(a.Pools)
			b := a.Binds
			if b == nil {
				b = &bill.Bind{}
			}
			g.add(c.Part.Name, a.Machine, a.Storage, low, high, a.Month, a.Difference, a.Running.Total, b.Resource,
				b.State, part(b.Utilisation), a.Transfer)
		}
	}
	return g
}

func rejectedRecords(x *insight.Explanation) *Grid {
	g := table("component", "resource", "layouts", "nearest_machine", "nearest_storage", "nearest_why")
	for i := range x.Components {
		c := &x.Components[i]
		for _, r := range c.Rejected {
			g.add(c.Part.Name, r.Resource, r.Layouts, r.Nearest.Machine, r.Nearest.Storage, words.Say(r.Nearest.Why))
		}
	}
	return g
}

func buyRecords(x *insight.Explanation) *Grid {
	g := table("component", "region", "option", "kind", "years", "upfront", "effective_per_hour", "fee", "break_even",
		"spot_below", "as_of", "source", "remark")
	some := func(v float64) any { // 0 is of what there is none
		if v == 0 {
			return nil
		}
		return v
	}
	for i := range x.Components {
		c := &x.Components[i]
		for k := range c.Purchase {
			o := &c.Purchase[k]
			var years, fee any
			if o.Years > 0 {
				years = o.Years
			}
			if o.Effective != 0 {
				fee = o.Fee
			}
			g.add(c.Part.Name, o.Region, o.Option, o.Kind, years, o.Upfront, some(o.Effective), fee, some(o.BreakEven),
				some(o.SpotBelow), o.AsOf, o.Source, offerText(o))
		}
	}
	return g
}

// explainedLines are the lines of the bill as the records of an estimate have them.
func explainedLines(x *insight.Explanation) *Grid {
	g := &Grid{Columns: recordColumns()}
	for i := range x.Components {
		for _, l := range x.Components[i].Lines {
			r := lineRecord(x.Profile.Name, l)
			r.set(editedColumn, false) // planned anew
			g.Rows = append(g.Rows, r)
		}
	}
	return g
}

func inputRecords(x *insight.Explanation) *Grid {
	g := table("component", "input", "text", "value", "unit", "default", "assumed", "source", "line")
	for i := range x.Components {
		c := &x.Components[i]
		for _, in := range c.Inputs {
			var line any
			if in.Line > 0 {
				line = in.Line
			}
			g.add(c.Part.Name, in.Path, in.Value, part(in.Number), in.Unit, in.Default, in.Assumed, in.Source, line)
		}
	}
	return g
}
