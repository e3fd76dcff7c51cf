package plan

import (
	"errors"
	"fmt"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Result is an estimate with what the search saw on the way, for explain.
type Result struct {
	Estimate *Estimate
	Profile  *workload.Profile // as adjusted by the options
	System   *sizing.System    // nil where every machine is given and there is no workload
	Choices  []*Choice         // in the order of the profile

	pricer *pricer
	sizer  *sizer
	chosen []candidate // prices of the machines chosen, in the order of sizing
	order  []*Choice   // as they were sized: callers before what they call
	more   func(users float64) (*Estimate, error)
	// onDemand plans the same system with everything on demand.
	onDemand    func() (*Estimate, error)
	environment string
}

// Build sizes and prices a profile. Invalid input and missing prices come as
// diag.Problems or catalog.MissingPrices; a system that nothing
// can carry as *Infeasible.
func Build(p *workload.Profile, cat *catalog.Catalog, o Options) (*Result, error) {
	r, err := build(p, cat, o)
	return r, listed(err)
}

func build(p *workload.Profile, cat *catalog.Catalog, o Options) (*Result, error) {
	if o.Reuse == nil {
		o.Reuse = &Reuse{} // for the plan of the next users
	}
	more := o.others(p, cat)
	p, err := o.adjust(p)
	if err != nil {
		return nil, asProblem(err)
	}
	if err := checkPurchases(p, cat); err != nil {
		return nil, err
	}
	v, err := o.open(cat, p)
	if err != nil {
		return nil, err
	}
	h, err := hours(p)
	if err != nil {
		return nil, err
	}
	if len(p.Regions) == 0 {
		return nil, diag.Problem{Pos: p.Pos, Summary: "no region is given", Hint: "add regions to the profile or --regions us-east-1,us-west-2"}
	}
	pr, err := newPricer(v, h, p.RegionNames())
	if err != nil {
		return nil, err
	}
	r := &Result{Profile: p, pricer: pr, more: more.users, onDemand: more.onDemand, environment: o.Environment}
	if p.Pinned() && p.Peak.Users.V == 0 {
		r.Choices, err = given(p, cat)
	} else {
		err = r.size(cat, pr, o)
	}
	if err != nil {
		return nil, err
	}
	if r.Estimate, err = r.bill(pr, o); err != nil {
		return nil, err
	}
	return r, nil
}

// asProblem makes input problems of errors that are none yet.
func asProblem(err error) error {
	var one diag.Problem
	var many diag.Problems
	if errors.As(err, &one) || errors.As(err, &many) {
		return err
	}
	return diag.Problem{Summary: err.Error()}
}

// listed makes a list of a single problem, to which whoever prints it can add
// the line of its file.
func listed(err error) error {
	if one, ok := err.(diag.Problem); ok {
		return diag.Problems{one}
	}
	return err
}

// given takes the machines of a profile without a workload as they are.
func given(p *workload.Profile, cat *catalog.Catalog) ([]*Choice, error) {
	var ps diag.Problems
	var out []*Choice
	for _, e := range p.Components {
		c := e.V
		t, ok := cat.NodeType(c.Pin.Type.V)
		if !ok {
			ps.Addf(c.Pin.Type.Pos, nearestType(cat, c.Pin.Type.V), "component %q: instance type %q is not known", c.Name, c.Pin.Type.V)
			continue
		}
		l := &sizing.Layout{Type: t}
		for i, r := range p.Regions {
			if runsIn(c, r.Name) {
				n := c.Pin.Count.V
				l.Pools = append(l.Pools, sizing.Pool{Region: i, Min: n.Min, Max: n.Max, Mean: float64(n.Max)})
			}
		}
		out = append(out, &Choice{Component: c, Layout: l, Pinned: true})
	}
	return out, ps.Err()
}

func nearestType(cat *catalog.Catalog, name string) string {
	if s := cat.SuggestType(name); s != "" {
		return "did you mean " + s + "?"
	}
	return "headroom prices show TYPE tells what is known of a type"
}

func runsIn(c *workload.Component, region string) bool {
	if len(c.Regions) == 0 {
		return true
	}
	for _, r := range c.Regions {
		if r == region {
			return true
		}
	}
	return false
}

// bill turns the choices into an estimate.
func (r *Result) bill(pr *pricer, o Options) (*Estimate, error) {
	p := r.Profile
	e := &Estimate{
		Schema: SchemaName, Program: o.Program,
		Profile: Source{Name: p.Name, File: p.File, Digest: p.Digest},
		Title:   p.Title, Hours: pr.hours, Scope: p.Prices.Scope, Purchase: "on-demand", Headline: "expected",
		Regions: p.RegionNames(), Mirrored: mirrored(r.Choices, len(p.Regions)),
		Lines: []Line{}, Parts: []Part{}, Facts: []Fact{}, Assumed: []Assumption{}, Unpriced: []Unpriced{}, Excluded: []string{},
	}
	if e.Title == "" {
		e.Title = p.Name
	}
	var buy *buyer
	if buys(p, o) {
		buy = &buyer{r: r, pr: pr, mode: o.Purchase, commits: o.Commit, used: map[string]bool{}, courses: r.courses(purchase.DefaultHorizon)}
		if e.Purchase = o.Purchase; e.Purchase == "" {
			e.Purchase = p.Purchase.Option
		}
		if len(o.Commit) > 0 || e.Purchase == "" {
			e.Purchase = "mixed"
		}
	}
	for i, c := range r.Choices {
		part, err := c.part(p)
		if err != nil {
			return nil, err
		}
		if buy != nil && c.Layout.Type != nil {
			lines, err := buy.lines(i, c, &part)
			if err != nil {
				return nil, err
			}
			e.Lines = append(e.Lines, lines...)
		}
		for i, pool := range part.Pools {
			if r.System == nil && pool.Min != pool.Max {
				e.Headline = "maximum"
			}
			if c.Layout.Type == nil || buy != nil {
				continue
			}
			if line, ok := pr.nodes(&part, pool, c.Layout.Pools[i].Region); ok {
				e.Lines = append(e.Lines, line)
			}
		}
		if p.Prices.Scope != "compute" {
			for _, u := range c.Layout.Usage {
				lines, err := pr.usage(&part, u)
				if err != nil {
					return nil, err
				}
				e.Lines = append(e.Lines, lines...)
			}
		}
		e.Parts = append(e.Parts, part)
	}
	if err := pr.err(); err != nil {
		return nil, err
	}
	if len(pr.missing) > 0 && !o.ShowUnpriced {
		return nil, pr.missing
	}
	e.Unpriced = append(e.Unpriced, pr.unknown...)
	if buy != nil {
		b, err := buy.finish()
		if err != nil {
			return nil, err
		}
		e.Buying = b
	}
	if err := e.adjust(o.layers(p)); err != nil {
		return nil, err
	}
	e.total()
	e.Prices = pr.summary(o.Overlays)
	if o.Lean {
		r.demand(e)
		return e, nil
	}
	r.facts(e, pr, o)
	return e, nil
}

// layers are the adjustments in their order. A credit, which an account has
// once, is production's: environments beside it have none.
func (o Options) layers(p *workload.Profile) []workload.Adjustment {
	list := slices.Concat(p.Adjustments, o.Adjustments)
	if p.Copy {
		list = slices.DeleteFunc(list, func(a workload.Adjustment) bool { return a.Kind == "credit" })
	}
	return list
}

// part describes one component of the estimate.
func (c *Choice) part(p *workload.Profile) (Part, error) {
	l := c.Layout
	part := Part{Name: c.Component.Name, System: c.Component.Label(), Kind: c.Component.Kind, Storage: l.Storage.String(),
		Pinned: c.Pinned, Pools: []Pool{}, Detail: []string{}, Notes: c.Component.Notes, Binds: c.binds(), Brief: l.Brief}
	if l.Type != nil {
		part.Machine = l.Type.Name
	}
	part.Detail = append(part.Detail, l.Structure...)
	part.Warnings = append(part.Warnings, l.Warnings...)
	for _, pool := range l.Pools {
		mean, err := money.Float(pool.Mean)
		if err != nil {
			return part, fmt.Errorf("%s: %w", part.Name, err)
		}
		part.Pools = append(part.Pools, Pool{Region: p.Regions[pool.Region].Name, Role: pool.Role, Min: pool.Min, Max: pool.Max, Mean: mean})
	}
	return part, nil
}

// total adds the rounded lines up, exactly.
func (e *Estimate) total() {
	e.PerRegion = make([]RegionTotal, len(e.Regions))
	for i, name := range e.Regions {
		e.PerRegion[i].Region = name
		for j := range e.Lines {
			if e.Lines[j].Region == name {
				e.PerRegion[i].Cost = e.PerRegion[i].Cost.Plus(e.Lines[j].Cost)
			}
		}
		e.Total = e.Total.Plus(e.PerRegion[i].Cost)
	}
}

// mirrored tells whether every component has the same machines in every
// region, as the 2016 model's do.
func mirrored(choices []*Choice, regions int) bool {
	for _, c := range choices {
		if !c.Pinned || len(c.Layout.Pools) != regions {
			return false
		}
		for _, p := range c.Layout.Pools[1:] {
			if p.Min != c.Layout.Pools[0].Min || p.Max != c.Layout.Pools[0].Max {
				return false
			}
		}
	}
	return true
}
