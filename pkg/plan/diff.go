package plan

import (
	"cmp"
	"slices"
	"strings"

	"headroom/pkg/money"
)

// DiffSchema identifies the JSON form of a Diff.
const DiffSchema = "headroom.diff/v1"

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
	Program     Program           `json:"program"` // that compared them
	Base        Side              `json:"base"`
	Head        Side              `json:"head"`
	Change      money.Amount      `json:"change"` // of the expected month
	Components  []ComponentChange `json:"components"`
	Attribution Attribution       `json:"attribution"`
}

// Side is one of the two estimates.
type Side struct {
	Label   string     `json:"label"` // as the user named it
	Program Program    `json:"program"`
	Profile Source     `json:"profile"`
	Prices  Prices     `json:"prices"`
	Regions []string   `json:"regions"`
	Scope   string     `json:"scope"`
	Total   Cost       `json:"total"`
	Unknown []Unpriced `json:"unpriced"` // not in the total
}

// ComponentChange is a component that is not the same in both estimates.
type ComponentChange struct {
	Name    string       `json:"name"`
	System  string       `json:"system"`
	Change  string       `json:"change"` // added, removed, changed
	Base    Cost         `json:"base"`
	Head    Cost         `json:"head"`
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
	Cost     Cost           `json:"cost"`
}

// Empty tells whether the two are the same in all that is compared.
func (d *Diff) Empty() bool { return len(d.Components) == 0 && d.Change.IsZero() }

// CompareEstimates finds the differences of two estimates, with the effects
// that the lines alone can tell apart (see AttributeLines).
func CompareEstimates(base, head *Estimate) *Diff {
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

func side(e *Estimate) Side {
	return Side{Program: e.Program, Profile: e.Profile, Prices: e.Prices, Regions: e.Regions, Scope: e.Scope, Total: e.Total, Unknown: e.Unpriced}
}

// componentNames lists the components of both in the order of the head, those
// that only the base has behind them by name.
func componentNames(base, head *Estimate) []string {
	var names, gone []string
	add := func(to *[]string, name string) {
		if !slices.Contains(names, name) && !slices.Contains(gone, name) {
			*to = append(*to, name)
		}
	}
	for _, p := range head.Parts {
		add(&names, p.Name)
	}
	for _, l := range head.Lines {
		add(&names, l.partName())
	}
	for _, p := range base.Parts {
		add(&gone, p.Name)
	}
	for _, l := range base.Lines {
		add(&gone, l.partName())
	}
	slices.Sort(gone)
	return append(names, gone...)
}

func compareComponent(name string, base, head *Estimate) ComponentChange {
	c := ComponentChange{Name: name, Change: Changed, Details: []string{}, Lines: []LineChange{}}
	p, hasBase := base.find(name)
	q, hasHead := head.find(name)
	c.System = q.System
	switch {
	case !hasHead:
		c.Change, c.System = Removed, p.System
	case !hasBase:
		c.Change = Added
	default:
		c.Details = append(c.Details, partChanges(&p, &q)...)
		if was, is := base.boughtAs(name), head.boughtAs(name); was != is {
			c.Details = append(c.Details, "bought "+was+" → "+is)
		}
	}
	was, is := base.linesOf(name), head.linesOf(name)
	c.Base, c.Head = sumLines(was), sumLines(is)
	c.Lines = append(c.Lines, compareLines(was, is)...)
	if c.Change != Changed {
		one := p
		if c.Change == Added {
			one = q
		}
		c.Details = append(c.Details, strings.Join(append(nonEmpty(one.Machine, one.Storage), poolCounts(one.Pools)...), " "))
	}
	return c
}

// boughtAs says how the nodes of a component are bought, pool by pool.
func (e *Estimate) boughtAs(component string) string {
	var mixes []string
	if e.Buying != nil {
		for _, p := range e.Buying.Pools {
			if p.Component == component && !slices.Contains(mixes, p.Mix) {
				mixes = append(mixes, p.Mix)
			}
		}
	}
	for i := range mixes {
		mixes[i] = cmp.Or(mixes[i], "on demand")
	}
	return cmp.Or(strings.Join(mixes, " | "), "on demand")
}

// partName is the component that a line is for; adjustments, which are for
// none, have a name of their own, with a space that no component has.
func (l *Line) partName() string {
	if l.Term == AdjustmentTerm {
		return "adjustment " + l.System
	}
	return l.Component
}

func nonEmpty(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

func (e *Estimate) find(name string) (Part, bool) {
	for _, p := range e.Parts {
		if p.Name == name {
			return p, true
		}
	}
	for _, l := range e.Lines {
		if l.partName() == name {
			return Part{Name: name, System: l.System, Kind: l.Kind}, true
		}
	}
	return Part{}, false
}

func (e *Estimate) linesOf(component string) []Line {
	var out []Line
	for _, l := range e.Lines {
		if l.partName() == component {
			out = append(out, l)
		}
	}
	return out
}

func sumLines(lines []Line) Cost {
	var c Cost
	for _, l := range lines {
		c = c.Plus(l.Cost)
	}
	return c
}

// partChanges names what differs in a component beside its lines.
func partChanges(p, q *Part) []string {
	var out []string
	add := func(what, was, is string) {
		if was != is {
			out = append(out, what+orNone(was)+" → "+orNone(is))
		}
	}
	add("kind ", p.Kind, q.Kind)
	add("", p.Machine, q.Machine)
	add("storage ", p.Storage, q.Storage)
	was, is := slices.Clone(p.Pools), slices.Clone(q.Pools)
	slices.SortFunc(was, comparePools)
	slices.SortFunc(is, comparePools)
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(was) == 0 || len(is) > 0 && poolOrder(is[0], was[0]) < 0:
			add(poolName(is[0])+": ", "", poolCount(is[0]))
			is = is[1:]
		case len(is) == 0 || poolOrder(was[0], is[0]) < 0:
			add(poolName(was[0])+": ", poolCount(was[0]), "")
			was = was[1:]
		default:
			add(poolName(is[0])+": ", poolCount(was[0]), poolCount(is[0]))
			was, is = was[1:], is[1:]
		}
	}
	add("", p.Brief, q.Brief)
	if d := strings.Join(p.Detail, ", "); p.Brief == q.Brief {
		add("", d, strings.Join(q.Detail, ", "))
	}
	return out
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// poolOrder orders pools by region and role; comparePools by all.
func poolOrder(a, b Pool) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Role, b.Role))
}

func comparePools(a, b Pool) int {
	return cmp.Or(poolOrder(a, b), a.Max-b.Max, a.Min-b.Min, a.Mean.Cmp(b.Mean))
}

func poolName(p Pool) string { return strings.TrimSpace(p.Region + " " + p.Role) }

// poolCount is "3", or "2–5, mean 3.2" for what scales.
func poolCount(p Pool) string {
	lo, hi := money.Int(int64(p.Min)).String(), money.Int(int64(p.Max)).String()
	if p.Min == p.Max {
		return hi
	}
	return lo + "–" + hi + ", mean " + p.Mean.String()
}

func poolCounts(pools []Pool) []string {
	var out []string
	for _, p := range pools {
		out = append(out, poolName(p)+": "+poolCount(p))
	}
	return nonEmpty(strings.Join(out, "; "))
}
