package compare

import (
	"cmp"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// DiffSchema identifies the JSON form of a Diff.
const DiffSchema = "headroom.diff/v2"

// Changes of components and lines.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// Diff is what distinguishes two estimates. Lines and components that are the
// same, in whatever order, are not in it.
type Diff struct {
	Schema      string            `json:"schema"`
	Program     bill.Program      `json:"program"` // that compared them
	Base        Side              `json:"base"`
	Head        Side              `json:"head"`
	Change      money.Amount      `json:"change"` // of the expected month
	Components  []ComponentChange `json:"components"`
	Attribution Attribution       `json:"attribution"`
}

// Side is one of the two estimates.
type Side struct {
	Label   string          `json:"label"` // as the user named it
	Program bill.Program    `json:"program"`
	Profile bill.Source     `json:"profile"`
	Prices  bill.Prices     `json:"prices"`
	Regions []string        `json:"regions"`
	Scope   string          `json:"scope"`
	Total   bill.Cost       `json:"total"`
	Unknown []bill.Unpriced `json:"unpriced"` // not in the total
}

// ComponentChange is a component that is not the same in both estimates.
type ComponentChange struct {
	Name    string       `json:"name"`
	System  string       `json:"system"`
	Change  string       `json:"change"` // added, removed, changed
	Base    bill.Cost    `json:"base"`
	Head    bill.Cost    `json:"head"`
	Details []string     `json:"details"` // "m7g.xlarge → m7g.2xlarge", "us-east-1: 3 → 4"
	Lines   []LineChange `json:"lines"`
}

// LineChange is a line of the bill that is not the same in both.
type LineChange struct {
	Change   string    `json:"change"`
	Region   string    `json:"region"`
	Role     string    `json:"role"`
	Category string    `json:"category"`
	Base     *LineSide `json:"base,omitempty"`
	Head     *LineSide `json:"head,omitempty"`
}

// LineSide is a line in one of the estimates.
type LineSide struct {
	Item     string         `json:"item"`
	Unit     string         `json:"unit"`
	Quantity money.Quantity `json:"quantity"`
	Price    money.Rate     `json:"unit_price"`
	Term     string         `json:"term"`
	Cost     bill.Cost      `json:"cost"`
}

// Empty tells whether the two are the same in all that is compared.
func (d *Diff) Empty() bool { return len(d.Components) == 0 && d.Change.IsZero() }

// Estimates finds the differences of two estimates, with the effects
// that the lines alone can tell apart (see AttributeLines).
func Estimates(base, head *bill.Estimate) *Diff {
	d := &Diff{Schema: DiffSchema, Program: head.Program, Base: side(base), Head: side(head),
		Change: head.Total.Expected.Minus(base.Total.Expected), Components: []ComponentChange{}}
	for _, name := range componentNames(base, head) {
		c := compareComponent(name, base, head)
		if len(c.Details) > 0 || len(c.Lines) > 0 {
			d.Components = append(d.Components, c)
		}
	}
	d.Attribution = AttributeLines(base, head)
	return d
}

func side(e *bill.Estimate) Side {
	return Side{Program: e.Program, Profile: e.Profile, Prices: e.Prices, Regions: e.Regions, Scope: e.Scope,
		Total: e.Total, Unknown: e.Unpriced}
}

// componentNames lists the components of both in the order of the head, those
// that only the base has behind them by name.
func componentNames(base, head *bill.Estimate) []string {
	var names, gone []string
	add := func(to *[]string, name string) {
		if !slices.Contains(names, name) && !slices.Contains(gone, name) {
			*to = append(*to, name)
		}
	}
	for _, p := range head.Parts {
		add(&names, p.Name)
	}
	for i := range head.Lines {
		add(&names, head.Lines[i].For())
	}
	for _, p := range base.Parts {
		add(&gone, p.Name)
	}
	for i := range base.Lines {
		add(&gone, base.Lines[i].For())
	}
	slices.Sort(gone)
	return append(names, gone...)
}

func compareComponent(name string, base, head *bill.Estimate) ComponentChange {
	c := ComponentChange{Name: name, Change: Changed, Details: []string{}, Lines: []LineChange{}}
	p, hasBase := base.Part(name)
	q, hasHead := head.Part(name)
	c.System = q.System
	switch {
	case !hasHead:
		c.Change, c.System = Removed, p.System
	case !hasBase:
		c.Change = Added
	default:
		c.Details = append(c.Details, partChanges(&p, &q)...)
		if was, is := boughtAs(base, name), boughtAs(head, name); was != is {
			c.Details = append(c.Details, "bought "+was+" → "+is)
		}
	}
	was, is := base.LinesOf(name), head.LinesOf(name)
	c.Base, c.Head = bill.Sum(was), bill.Sum(is)
	c.Lines = append(c.Lines, compareLines(was, is)...)
	if c.Change != Changed {
		one := p
		if c.Change == Added {
			one = q
		}
		parts := append(nonEmpty(one.Machine, one.Storage), poolCounts(one.Pools)...)
		c.Details = append(c.Details, strings.Join(parts, " "))
	}
	return c
}

// boughtAs says how the nodes of a component are bought, pool by pool.
func boughtAs(e *bill.Estimate, component string) string {
	var mixes []string
	if e.Buying != nil {
		for _, p := range e.Buying.Pools {
			if p.Component == component && !slices.Contains(mixes, p.Mix.String()) {
				mixes = append(mixes, p.Mix.String())
			}
		}
	}
	for i := range mixes {
		mixes[i] = cmp.Or(mixes[i], "on demand")
	}
	return cmp.Or(strings.Join(mixes, " | "), "on demand")
}
