package compare

import (
	"cmp"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
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
	Inputs      []InputChange     `json:"inputs"` // that are others, the most effective cause first
	Components  []ComponentChange `json:"components"`
	Attribution Attribution       `json:"attribution"`
}

// Side is one of the two estimates.
type Side struct {
	Label   string          `json:"label"` // as the user named it
	Program bill.Program    `json:"program"`
	Profile bill.Source     `json:"profile"`
	Prices  bill.PricesUsed `json:"prices"`
	Regions []string        `json:"regions"`
	Scope   string          `json:"scope"`
	Total   bill.Cost       `json:"total"`
	// Together is what production and all environments cost, of a side without environments its
	// total; nil where that is not known, and where neither side has any.
	Together *bill.Cost      `json:"together,omitempty"`
	Unknown  []bill.Unpriced `json:"unpriced"`         // not in the total
	Edited   bool            `json:"edited,omitempty"` // after it was saved, which was accepted
}

// ComponentChange is a component, or an adjustment, that is not the same in both
// estimates.
type ComponentChange struct {
	bill.Owner
	System  string       `json:"system"`
	Change  string       `json:"change"`  // added, removed, changed
	Base    bill.Cost    `json:"base"`    // with its share of the boot volumes, as bill.ComponentCosts has it
	Head    bill.Cost    `json:"head"`    // likewise
	Changes []Change     `json:"changes"` // beside its lines
	Lines   []LineChange `json:"lines"`   // that are billed under its name

	BasePart, HeadPart *bill.Part `json:"-"` // nil where an estimate does not have it
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
	d.withEnvironments(base, head)
	was, is := costsOf(base), costsOf(head)
	for _, of := range owners(base, head) {
		c := compareOwner(of, base, head)
		c.Base, c.Head = was[of], is[of]
		if c.Change != Changed || len(c.Changes) > 0 || len(c.Lines) > 0 || !sameCost(c.Base, c.Head) {
			d.Components = append(d.Components, c)
		}
	}
	d.Inputs = Inputs(base, head)
	d.Attribute(AttributeLines(base, head))
	return d
}

// Attribute gives the difference its effects, and puts the inputs in their order: those of
// the most effective cause first, and of components the one that changed most.
func (d *Diff) Attribute(a Attribution) {
	d.Attribution = a
	effect := func(c *InputChange) (cause, component money.Amount) {
		for _, e := range a.Effects {
			together := e.Cause == CauseNeeds && (c.Cause == CauseWorkload || c.Cause == CauseModel)
			if e.Cause == c.Cause || together {
				cause = e.Amount.Abs()
			}
		}
		for _, x := range a.Components {
			if strings.HasPrefix(c.Path+".", "components."+x.Name+".") {
				component = x.Head.Minus(x.Base).Abs()
			}
		}
		return cause, component
	}
	slices.SortStableFunc(d.Inputs, func(x, y InputChange) int {
		a, p := effect(&x)
		b, q := effect(&y)
		return cmp.Or(b.Cmp(a), q.Cmp(p))
	})
}

// costsOf is what each component costs in an estimate.
func costsOf(e *bill.Estimate) map[bill.Owner]bill.Cost {
	out := map[bill.Owner]bill.Cost{}
	for _, c := range bill.ComponentCosts(e) {
		out[c.Owner()] = out[c.Owner()].Plus(c.Total)
	}
	return out
}

func sameCost(a, b bill.Cost) bool {
	return a.Expected.Equal(b.Expected) && a.Min.Equal(b.Min) && a.Max.Equal(b.Max)
}

func side(e *bill.Estimate) Side {
	s := Side{Program: e.Program, Profile: e.Profile, Prices: e.Prices, Regions: e.Regions, Scope: e.Scope,
		Total: e.Total, Unknown: e.Unpriced, Edited: e.Edited}
	if e.Together != nil {
		s.Together = &e.Together.Total
	}
	return s
}

// withEnvironments gives the side that has production only its own total for what all of its
// environments cost, where the other has environments: else there was nothing to compare that
// side's cost of all with.
func (d *Diff) withEnvironments(base, head *bill.Estimate) {
	for _, x := range []struct {
		one, other *Side
		of         *bill.Estimate
	}{{&d.Base, &d.Head, base}, {&d.Head, &d.Base, head}} {
		if x.one.Together == nil && x.other.Together != nil && !beside(x.of) {
			x.one.Together = &x.of.Total
			return
		}
	}
}

// beside tells whether an estimate leaves out environments that its profile has, as saved ones
// of earlier versions do: what these cost is then not known.
func beside(e *bill.Estimate) bool {
	return slices.ContainsFunc(e.Excluded, func(r remark.Remark) bool { return r.Key == "excluded.environments" })
}

// owners lists the components and adjustments of both in the order of the head,
// those that only the base has behind them by name.
func owners(base, head *bill.Estimate) []bill.Owner {
	var all, gone []bill.Owner
	add := func(to *[]bill.Owner, of bill.Owner) {
		if !slices.Contains(all, of) && !slices.Contains(gone, of) {
			*to = append(*to, of)
		}
	}
	for _, p := range head.Parts {
		add(&all, bill.Owner{Name: p.Name})
	}
	for i := range head.Lines {
		add(&all, head.Lines[i].For())
	}
	for _, p := range base.Parts {
		add(&gone, bill.Owner{Name: p.Name})
	}
	for i := range base.Lines {
		add(&gone, base.Lines[i].For())
	}
	slices.SortFunc(gone, compareOwners)
	return append(all, gone...)
}

// compareOwners orders by name. The adjustments stand together, where that word
// is in the order of the components.
func compareOwners(a, b bill.Owner) int {
	place := func(of bill.Owner) string {
		if of.Adjustment {
			return "adjustment "
		}
		return of.Name
	}
	return cmp.Or(strings.Compare(place(a), place(b)), strings.Compare(a.Name, b.Name))
}

func compareOwner(of bill.Owner, base, head *bill.Estimate) ComponentChange {
	c := ComponentChange{Owner: of, Change: Changed, Changes: []Change{}, Lines: []LineChange{}}
	p, hasBase := base.Part(of)
	q, hasHead := head.Part(of)
	c.System = q.System
	if hasBase {
		c.BasePart = &p
	}
	if hasHead {
		c.HeadPart = &q
	}
	switch {
	case !hasHead:
		c.Change, c.System = Removed, p.System
		c.Changes = append(c.Changes, whole(&p, c.Change)...)
	case !hasBase:
		c.Change = Added
		c.Changes = append(c.Changes, whole(&q, c.Change)...)
	default:
		c.Changes = append(c.Changes, partChanges(&p, &q)...)
		was, is := mixesOf(base, of.Name), mixesOf(head, of.Name)
		if !of.Adjustment && !slices.EqualFunc(was, is, bill.Purchases.Equal) {
			c.Changes = append(c.Changes, Change{OfBought, was, is})
		}
	}
	c.Lines = append(c.Lines, compareLines(base.LinesOf(of), head.LinesOf(of))...)
	return c
}
