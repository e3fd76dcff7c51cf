package bill

import (
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// Request is all that decides an estimate beside the profile and the catalog.
// The zero value leaves everything to the profile.
type Request struct {
	workload.Settings
	workload.Situation
	plan.Options
	Terms
	// KeptEdited says that the saved plan whose machines are kept was edited after it
	// was saved, which the user accepted.
	KeptEdited bool
}

// Planned is a plan, with what it was made from: what is asked about it later plans
// again with the same.
type Planned struct {
	Plan    *plan.Plan
	Request Request
	Catalog *catalog.Catalog

	whole *workload.Profile // as it was given, with all environments; nil where only a demand was
}

// Result is a billed plan.
type Result struct {
	Planned
	Estimate *Estimate

	bought *buyer  // nil where all nodes are on demand
	beside *beside // nil until somebody asks for it
}

// beside are the results of all environments of a profile, and those that have none.
type beside struct {
	all    []*Result
	failed []string
}

// Make plans a profile and bills the plan. Invalid input and missing prices come
// as diag.Problems or catalog.MissingPrices; a system that nothing can carry as
// *plan.Infeasible.
func Make(p *workload.Profile, cat *catalog.Catalog, r Request) (*Result, error) {
	x, err := Search(p, cat, r)
	if err != nil {
		return nil, err
	}
	return x.Bill()
}

// Search is the first half of Make: it plans a profile.
func Search(p *workload.Profile, cat *catalog.Catalog, r Request) (*Planned, error) {
	if r.Reuse == nil {
		r.Reuse = &plan.Reuse{} // for whoever plans again
	}
	d, err := r.demand(p)
	if err != nil {
		return nil, listed(asProblem(err))
	}
	x, err := r.search(d, cat)
	if err == nil {
		x.whole = p
	}
	return x, err
}

// Bill is the second half of Make.
func (x *Planned) Bill() (*Result, error) {
	x.Plan.Describe()
	if err := x.Plan.Alternatives(); err != nil {
		return nil, listed(err)
	}
	r, err := x.Outline()
	if err != nil {
		return nil, err
	}
	for i, c := range x.Plan.Choices {
		r.Estimate.Parts[i].Limits = LimitsOf(c.Layout, x.Plan.Profile)
	}
	return r, nil
}

// Outline is Bill for less, where many plans are made of which no report of its own is: without
// limits, and without what would be chosen in the place of kept machines.
func (x *Planned) Outline() (*Result, error) {
	x.Plan.Outline()
	r := &Result{Planned: *x}
	var err error
	if r.bought, err = buyerOf(x.Plan, x.Request.Terms); err != nil {
		return nil, listed(err)
	}
	if r.Estimate, err = of(x.Plan, x.Request.Terms, r.bought); err != nil {
		return nil, listed(err)
	}
	if x.whole != nil {
		r.Estimate.From = x.Request.from(x.whole)
	}
	return r, nil
}

// demand is the profile's in the situation asked for: of the stage that it is in first the environment, then
// the settings in the place of what it says, then the numbers that are others.
func (r *Request) demand(p *workload.Profile) (*workload.Demand, error) {
	q, err := p.Stage(r.Situation).Environment(r.Environment)
	if err != nil {
		return nil, err
	}
	if q, err = q.With(r.Settings); err != nil {
		return nil, err
	}
	s := r.Situation
	s.Environment = ""
	return q.In(s)
}

// Again plans and bills a demand whose profile has the settings and the
// situation already, such as another one of a plan's own profile.
func (r Request) Again(d *workload.Demand, cat *catalog.Catalog) (*Result, error) {
	x, err := r.search(d, cat)
	if err != nil {
		return nil, err
	}
	return x.Bill()
}

// Total is the expected total that Again bills, for less: nothing is said of limits.
func (r Request) Total(d *workload.Demand, cat *catalog.Catalog) (money.Amount, error) {
	x, err := r.search(d, cat)
	if err != nil {
		return money.Amount{}, err
	}
	return Total(x.Plan, r.Terms)
}

func (r Request) search(d *workload.Demand, cat *catalog.Catalog) (*Planned, error) {
	p, err := plan.Search(d, cat, r.Options)
	if err != nil {
		return nil, listed(err)
	}
	return &Planned{Plan: p, Request: r, Catalog: cat}, nil
}

// asProblem makes input problems of errors that are none yet.
func asProblem(err error) error {
	if diag.Of(err) != nil {
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
