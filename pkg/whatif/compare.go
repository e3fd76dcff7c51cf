package whatif

import (
	"context"
	"fmt"
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// ComparisonSchema identifies the JSON form of a Comparison.
const ComparisonSchema = "headroom.whatif/v2"

// Comparison is a base with changed systems beside it.
type Comparison struct {
	Schema  string       `json:"schema"`
	Program bill.Program `json:"program"`
	Profile bill.Source  `json:"profile"`
	Title   string       `json:"title"`
	Prices  string       `json:"prices"` // vintage of the base
	Regions []string     `json:"regions"`
	Base    Figures      `json:"base"`
	NextOne *Marginal    `json:"next_users,omitempty"` // of the base
	Cases   []Case       `json:"cases"`
}

// Case is one changed system.
type Case struct {
	Name    string       `json:"name"`
	Title   string       `json:"title"`
	About   string       `json:"description"`
	Inputs  []InputDelta `json:"inputs"`
	Setting Setting      `json:"setting"`          // other prices, regions, scope
	Failure string       `json:"failure"`          // why nothing carries it; then there are no figures
	Against *Figures     `json:"against,omitzero"` // the base where it had to be planned for this case in another scope
	Figures *Figures     `json:"figures,omitempty"`
	NextOne *Marginal    `json:"next_users,omitempty"`
	// Kept says which machines of a saved plan are held; none where none is given.
	Kept   []remark.Remark `json:"kept,omitempty"`
	Change money.Amount    `json:"change"` // of the expected month
	Deltas []Delta         `json:"components"`
}

// Setting is what a case plans with instead of what the base has; what is empty
// is as in the base.
type Setting struct {
	Prices  string   `json:"prices"` // vintage
	Scope   string   `json:"scope"`  // all or compute
	Regions []string `json:"regions"`
}

// InputDelta is an input that a case changes.
type InputDelta struct {
	Path string        `json:"path"`
	Was  compare.Value `json:"was"`
	Is   compare.Value `json:"is"`
	// Effect is what the total is more with it than without it, with all others: nil where
	// it is the only one, or nothing carries the system without it. As each is taken back
	// alone, effects need not add up to the change.
	Effect *money.Amount `json:"effect,omitempty"`
	// NoEffect says that plan and bill are the same without it.
	NoEffect bool `json:"no_effect,omitempty"`
}

// Delta is a component, or an adjustment, in the base and in a case.
type Delta struct {
	bill.Owner
	System  string           `json:"system"`
	Base    *ComponentState  `json:"base,omitempty"` // nil where only the case has it
	Case    *ComponentState  `json:"case,omitempty"` // nil where only the base has it
	Change  money.Amount     `json:"change"`
	Changes []compare.Change `json:"changes"` // where both have it
}

// Marginal is what further users cost, planned anew.
type Marginal struct {
	Users   float64      `json:"users"`
	Cost    money.Amount `json:"cost"` // in addition, a month
	PerUser float64      `json:"per_user"`
	Rebuilt []string     `json:"rebuilt"` // components of which type, storage or structure change
}

// NextUsers is the step of the marginal cost.
const NextUsers = 1000

// Compare plans the base and every case beside it.
func (s *Model) Compare(ctx context.Context, scenarios []Scenario) (*Comparison, error) {
	base, err := s.Plan(nil)
	if err != nil {
		return nil, err
	}
	e := base.Estimate
	c := &Comparison{Schema: ComparisonSchema, Program: e.Program, Profile: e.Profile, Title: e.Title,
		Prices: e.Prices.Vintage, Regions: e.Regions, Base: figures(e), Cases: make([]Case, len(scenarios))}
	c.Base.Together = base.Together()
	if c.NextOne, err = s.marginal(nil, s.opts, &c.Base); err != nil {
		return nil, err
	}
	for i := range scenarios {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if c.Cases[i], err = s.compare(&scenarios[i], c, e); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Beside compares two plans that were made: the base, and that of other values. It plans
// nothing, so that neither further users nor inputs without effect are told of.
func (s *Model) Beside(base, is *bill.Result, sets []Assignment) *Comparison {
	sc := Changed(sets)
	e := base.Estimate
	c := &Comparison{Schema: ComparisonSchema, Program: e.Program, Profile: e.Profile, Title: e.Title,
		Prices: e.Prices.Vintage, Regions: e.Regions, Base: figures(e)}
	f := figures(is.Estimate)
	c.Cases = []Case{{Name: sc.Name, Title: sc.Title, Inputs: s.inputDeltas(sets), Figures: &f,
		Change: f.Total.Expected.Minus(c.Base.Total.Expected), Deltas: deltas(&c.Base, &f),
		Kept: insight.KeptFacts(is)}}
	return c
}

func (s *Model) compare(sc *Scenario, c *Comparison, base *bill.Estimate) (Case, error) {
	out := Case{Name: sc.Name, Title: sc.Title, About: sc.Description}
	sets, err := s.assignments(sc)
	if err != nil {
		return out, err
	}
	o := s.options(sc, base)
	out.Setting = Setting{Prices: sc.Prices, Scope: sc.Scope}
	if sc.KeepRegions > 0 || len(sc.Regions) > 0 {
		out.Setting.Regions = o.Regions
	}
	out.Inputs = s.inputDeltas(sets)
	r, err := s.planWith(sets, o)
	if why, none := infeasible(err); none {
		out.Failure = why
		return out, nil
	}
	if err != nil {
		return out, sc.quote(err)
	}
	s.markIdle(out.Inputs, sets, o, r.Estimate)
	f := figures(r.Estimate)
	f.Together = r.Together()
	out.Figures = &f
	against := &c.Base
	if r.Estimate.Scope != base.Scope {
		same := s.opts
		same.Scope = r.Estimate.Scope
		b, err := s.planWith(nil, same)
		if err != nil {
			return out, err
		}
		narrow := figures(b.Estimate)
		narrow.Together = b.Together()
		out.Against, against = &narrow, &narrow
	}
	out.Change = f.Total.Expected.Minus(against.Total.Expected)
	out.Deltas = deltas(against, &f)
	out.Kept = insight.KeptFacts(r)
	out.NextOne, err = s.marginal(sets, o, &f)
	return out, err
}

func (s *Model) inputDeltas(sets []Assignment) []InputDelta {
	var out []InputDelta
	for _, a := range sets {
		d := InputDelta{Path: a.Path, Is: compare.Value{Text: a.Text}}
		if l, ok := s.input(a.Path); ok {
			d.Was, d.Is = compare.ValueOf(&l, l.Now), compare.ValueOf(&l, a.Text)
		}
		out = append(out, d)
	}
	return out
}

// deltas lists the components of both, in the order of the base.
func deltas(base, is *Figures) []Delta {
	var out []Delta
	for i := range base.Components {
		a := &base.Components[i]
		d := Delta{Owner: a.Owner, System: a.System, Base: a, Case: is.find(a.Owner)}
		if d.Case == nil {
			d.Change = a.Cost.Expected.Neg()
		} else {
			d.Change, d.Changes = d.Case.Cost.Expected.Minus(a.Cost.Expected), changes(a, d.Case, true)
		}
		out = append(out, d)
	}
	for i := range is.Components {
		b := &is.Components[i]
		if base.find(b.Owner) == nil {
			out = append(out, Delta{Owner: b.Owner, System: b.System, Case: b, Change: b.Cost.Expected})
		}
	}
	return out
}

// marginal plans the system for further users; nil where it has none, or where
// nothing would carry them.
func (s *Model) marginal(sets []Assignment, o bill.Request, f *Figures) (*Marginal, error) {
	if f.Users <= 0 {
		return nil, nil
	}
	// In the place of the environment's users, which are a part of those that the
	// profile has.
	o.Inputs = append(slices.Clone(o.Inputs), workload.Override{Path: usersPath, Value: f.Users + NextUsers})
	r, err := s.planWith(sets, o)
	if _, none := infeasible(err); none {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the next %d users: %w", NextUsers, err)
	}
	m := &Marginal{Users: NextUsers, Cost: r.Estimate.Total.Expected.Minus(f.Total.Expected)}
	m.PerUser = m.Cost.Float64() / NextUsers
	next := figures(r.Estimate)
	for i := range next.Components {
		b := &next.Components[i]
		if a := f.find(b.Owner); a != nil && !a.asBuilt(b) {
			m.Rebuilt = append(m.Rebuilt, b.Name)
		}
	}
	return m, nil
}

// usersPath is the input that users are.
const usersPath = "peak.users"
