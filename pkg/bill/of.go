package bill

import (
	"cmp"
	"fmt"
	"slices"

	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// Terms are what the bill reads beside the plan. The zero value leaves
// everything to the profile.
type Terms struct {
	Program Program
	// Commit is bought as the user says, beside what would be best.
	Commit []purchase.Commit
	// CommitText and AdjustmentsFile are the texts of Commit and Adjustments, kept for
	// whoever makes the estimate again.
	CommitText      string
	AdjustmentsFile *File
	// Adjustments come after the profile's own.
	Adjustments []workload.Adjustment
	// ShowUnpriced prices what it can and lists the rest, instead of failing.
	ShowUnpriced bool
}

// Of turns a plan into an estimate, without remarks.
func Of(p *plan.Plan, t Terms) (*Estimate, error) {
	buy, err := buyerOf(p, t)
	if err != nil {
		return nil, err
	}
	return of(p, t, buy)
}

// Total is the expected total of Of. The plan's layouts need not be described.
func Total(p *plan.Plan, t Terms) (money.Amount, error) {
	e, err := Of(p, t)
	if err != nil {
		return money.Amount{}, err
	}
	return e.Total.Expected, nil
}

// buyerOf buys the nodes of a plan; nil where all are on demand.
func buyerOf(p *plan.Plan, t Terms) (*buyer, error) {
	if !buys(p, t.Commit) {
		return nil, nil
	}
	courses, err := p.Courses(purchase.DefaultHorizon)
	if err != nil {
		return nil, err
	}
	return &buyer{plan: p, pr: &pricer{Tables: p.Tables, profile: p.Profile}, option: p.Purchase, commits: t.Commit,
		used: map[string]bool{}, courses: courses}, nil
}

// of is Of with the nodes bought by a buyer, nil for all on demand.
func of(p *plan.Plan, t Terms, buy *buyer) (*Estimate, error) {
	if buy == nil {
		return priced(p, t, &pricer{Tables: p.Tables, profile: p.Profile}, lineSources{})
	}
	return priced(p, t, buy.pr, lineSources{nodes: buy.lines, finish: func(e *Estimate) error {
		if e.Purchase = wanted(p); len(t.Commit) > 0 || e.Purchase == "" {
			e.Purchase = "mixed"
		}
		if len(buy.pr.missing) > 0 && !t.ShowUnpriced {
			return nil // which comes first
		}
		b, err := buy.finish()
		e.Buying = b
		return err
	}})
}

// wanted is how nodes are to be bought; "" where only components say it.
func wanted(p *plan.Plan) string { return cmp.Or(p.Purchase, p.Profile.Purchase.Option) }

// lineSources are where lines come from that are not the same for every bill.
type lineSources struct {
	// nodes are the lines of a choice's nodes, the i-th; nil where all are on demand.
	nodes func(i int, c *plan.Choice, part *Part) ([]Line, error)
	// finish adds what else there is before adjustments; nil for nothing.
	finish func(*Estimate) error
}

// priced makes the estimate of a plan.
func priced(p *plan.Plan, t Terms, pr *pricer, from lineSources) (*Estimate, error) {
	e := newEstimate(p, t.Program)
	e.Lines, e.Parts = make([]Line, 0, atMost(p.Choices)), make([]Part, 0, len(p.Choices))
	for i, c := range p.Choices {
		if err := e.add(p, i, c, pr, from.nodes); err != nil {
			return nil, err
		}
	}
	if from.finish != nil {
		if err := from.finish(e); err != nil {
			return nil, err
		}
	}
	if err := pr.err(); err != nil {
		return nil, err
	}
	if len(pr.missing) > 0 && !t.ShowUnpriced {
		return nil, pr.missing
	}
	e.Unpriced = append(e.Unpriced, pr.unknown...)
	if err := e.state(e.stated(p.Choices)); err != nil {
		return nil, err
	}
	if err := e.adjust(t.layers(p.Profile)); err != nil {
		return nil, err
	}
	e.total()
	e.Prices = pr.summary()
	e.Demand, e.Edges = demandOf(p), edgesOf(p)
	return e, nil
}

// atMost is about how many lines a bill of choices has: those of tiers beyond the
// first are few.
func atMost(choices []*plan.Choice) int {
	n := 0
	for _, c := range choices {
		n += len(c.Layout.Pools) + len(c.Layout.Usage)
	}
	return n + n/8
}

// newEstimate has all that does not depend on prices but the components.
func newEstimate(p *plan.Plan, program Program) *Estimate {
	q := p.Profile
	e := &Estimate{
		Schema: SchemaName, Program: program,
		Profile: Source{Name: q.Name, File: q.File, Digest: q.Digest},
		Title:   q.Title, Hours: p.Tables.Hours, Scope: q.Prices.Scope, Purchase: onDemand, Headline: "expected",
		Regions: q.RegionNames(), Mirrored: mirrored(p.Choices, len(q.Regions)),
		Lines: []Line{}, Parts: []Part{}, Unpriced: []Unpriced{},
		Facts: []remark.Remark{}, Assumed: []Assumption{}, Excluded: []remark.Remark{},
	}
	if e.Title == "" {
		e.Title = q.Name
	}
	return e
}

// add adds a component with its lines.
func (e *Estimate) add(p *plan.Plan, i int, c *plan.Choice, pr *pricer,
	nodes func(int, *plan.Choice, *Part) ([]Line, error)) error {
	part, err := partOf(c, p.Profile)
	if err != nil {
		return err
	}
	if p.System != nil && p.System.Flow.Of(c.Component.Name) != nil { // not of what a stage removed
		part.Warnings = append(slices.Clone(part.Warnings), p.System.Doubts(c.Component)...)
	}
	if nodes != nil && c.Layout.Type != nil {
		lines, err := nodes(i, c, &part)
		if err != nil {
			return err
		}
		e.Lines = append(e.Lines, lines...)
	}
	for i, pool := range part.Pools {
		if p.System == nil && pool.Min != pool.Max {
			e.Headline = "maximum"
		}
		if c.Layout.Type == nil || nodes != nil {
			continue
		}
		if line, ok := pr.nodes(&part, &pool, c.Layout.Pools[i].Region); ok {
			e.Lines = append(e.Lines, line)
		}
	}
	if p.Profile.Prices.Scope != scopeCompute {
		for i := range c.Layout.Usage {
			var err error
			if e.Lines, err = pr.usage(e.Lines, &part, &c.Layout.Usage[i]); err != nil {
				return err
			}
		}
	}
	e.Parts = append(e.Parts, part)
	return nil
}

// stated are the costs that the profile states; none where nodes alone are billed.
func (e *Estimate) stated(choices []*plan.Choice) []statedBy {
	var out []statedBy
	for i, c := range choices {
		if len(c.Layout.Stated) > 0 && e.Scope != scopeCompute {
			out = append(out, statedBy{&e.Parts[i], c.Layout.Stated})
		}
	}
	return out
}

// scopeCompute leaves out everything but nodes.
const scopeCompute = "compute"

// layers are the adjustments in their order. A credit, which an account has
// once, is production's: environments beside it have none.
func (t *Terms) layers(p *workload.Profile) []workload.Adjustment {
	list := slices.Concat(p.Adjustments, t.Adjustments)
	if p.Copy {
		list = slices.DeleteFunc(list, func(a workload.Adjustment) bool { return a.Kind == "credit" })
	}
	return list
}

// partOf describes one component of the estimate.
func partOf(c *plan.Choice, p *workload.Profile) (Part, error) {
	l := c.Layout
	part := Part{Name: c.Component.Name, System: c.Component.Label(), Kind: c.Component.Kind,
		Storage: l.Storage.String(), Pinned: c.Pinned, Pools: []NodePool{}, Brief: l.Brief,
		Detail: append([]remark.Remark{}, l.Structure...), Warnings: l.Warnings,
		Notes: c.Component.Notes, Binds: Binds(l), Fullest: Fullest(l)}
	if l.Type != nil {
		part.Machine = l.Type.Name
	}
	for _, pool := range l.Pools {
		mean, err := money.Float(pool.Mean)
		if err != nil {
			return part, fmt.Errorf("%s: %w", part.Name, err)
		}
		x := NodePool{Region: p.Regions[pool.Region].Name, Role: pool.Role, Min: pool.Min, Max: pool.Max, Mean: mean}
		if pool.Type != nil {
			x.Machine = pool.Type.Name
		}
		part.Pools = append(part.Pools, x)
	}
	part.structureOf(c, p)
	return part, nil
}

// total adds the rounded lines up, exactly.
func (e *Estimate) total() {
	e.Total, e.PerRegion = Cost{}, make([]RegionTotal, len(e.Regions))
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
func mirrored(choices []*plan.Choice, regions int) bool {
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

// demandOf is the demand of a system that was sized from a workload; nil for
// others.
func demandOf(p *plan.Plan) *DemandSummary {
	if p.System == nil {
		return nil
	}
	d := p.Demand
	return &DemandSummary{Users: float64(d.Users), Requests: float64(d.Requests), Writes: float64(d.Writes),
		Egress: float64(d.Egress), Ingress: float64(d.Ingress),
		MonthlyReqs: d.Monthly(float64(d.Requests), d.MeanTotal)}
}
