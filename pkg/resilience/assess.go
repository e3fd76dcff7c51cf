package resilience

import (
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// assessor puts one system into scenarios.
type assessor struct {
	profile  *workload.Profile
	facts    *catalog.Facts
	system   *outage.System
	stands   []standing // in the order of the system's parts
	standard []outage.Scenario
	runner   *outage.Runner
	known    map[string]*outage.Outcome // by the text of the scenario
}

func newAssessor(p *plan.Plan, facts *catalog.Facts) (*assessor, error) {
	b, err := build(p, facts)
	if err != nil {
		return nil, err
	}
	s := b.out
	return &assessor{profile: p.Profile, facts: facts, system: s, stands: b.stands, standard: Standard(s),
		runner: outage.NewRunner(s),
		known:  map[string]*outage.Outcome{}}, nil
}

// run is what comes of a scenario, each of which is looked at once.
func (a *assessor) run(x outage.Scenario) (*outage.Outcome, error) {
	key := x.String()
	if o, ok := a.known[key]; ok {
		return o, nil
	}
	o, err := a.runner.Run(x)
	if err == nil {
		a.known[key] = o
	}
	return o, err
}

// Options say what is assessed.
type Options struct {
	// Scenarios are looked at instead of the standard ones and the profile's; nil for these.
	Scenarios []outage.Scenario
}

// Assess is all that there is to say of a plan that fails. A scenario that names what the
// system does not have is a *ScenarioError.
func Assess(p *plan.Plan, facts *catalog.Facts, o Options) (*Assessment, error) {
	a, err := newAssessor(p, facts)
	if err != nil {
		return nil, err
	}
	out := &Assessment{Schema: SchemaName, Profile: p.Profile.Name, Title: p.Profile.Title,
		Regions: p.Profile.RegionNames(), Users: float64(p.Demand.Users), Rows: []Row{}, Aims: []Aim{},
		Points: []Point{}}
	scenarios := o.Scenarios
	if scenarios == nil {
		own, err := Stated(p.Profile)
		if err != nil {
			return nil, err
		}
		scenarios = slices.Concat(a.standard, own)
	}
	out.Stores, out.Keepers = a.keeping()
	for _, x := range scenarios {
		row, err := a.row(x, out.Users)
		if err != nil {
			return nil, err
		}
		out.Rows = append(out.Rows, row)
	}
	if aims, err := a.evaluate(); err != nil {
		return nil, err
	} else if aims != nil {
		out.Aims = aims
	}
	out.Findings = a.findings()
	if out.Points, err = a.points(); err != nil {
		return nil, err
	}
	if out.Availability, err = a.availability(); err != nil {
		return nil, err
	}
	return out, nil
}

// keeping are the components that keep data, and those that keep copies of them.
func (a *assessor) keeping() (stores, keepers []string) {
	stores, keepers = []string{}, []string{}
	for i := range a.system.Parts {
		if p := &a.system.Parts[i]; p.Keeps {
			stores = append(stores, p.Name)
		}
	}
	for i := range a.system.Copies {
		x := &a.system.Copies[i]
		if c, ok := a.profile.Components.Get(x.Name); ok && !slices.Contains(x.Of, c.Name) {
			keepers = append(keepers, c.Name)
		}
	}
	return stores, slices.Compact(keepers)
}

// Stated are the scenarios of a profile.
func Stated(p *workload.Profile) ([]outage.Scenario, error) {
	var out []outage.Scenario
	for _, e := range p.Scenarios {
		x, err := Parse(e.V.V)
		if err != nil {
			return nil, err // they were checked when the profile was read
		}
		x.Name = e.Key
		out = append(out, x)
	}
	return out, nil
}

// Parse reads a scenario with times as profiles have them.
func Parse(text string) (outage.Scenario, error) {
	return outage.Parse(text, func(text string) (float64, error) {
		d, err := unit.ParseDuration(text)
		return float64(d), err
	})
}

// ScenarioError says what of a scenario a system does not have.
type ScenarioError struct{ Err error }

func (e *ScenarioError) Error() string { return e.Err.Error() }

// Unwrap is what is wrong.
func (e *ScenarioError) Unwrap() error { return e.Err }

// row is what comes of a scenario, and what would do harm after it.
func (a *assessor) row(x outage.Scenario, users float64) (Row, error) {
	o, err := a.run(x)
	if err != nil {
		return Row{}, &ScenarioError{err}
	}
	r := rowOf(a.system, x, o, users)
	worse, err := a.runner.Unprotected(x, a.basics())
	if err != nil {
		return Row{}, err
	}
	for _, w := range worse {
		r.Unprotected = append(r.Unprotected, w.String())
	}
	if len(worse) > 0 {
		r.Until = timeOf(a.until(x))
	}
	return r, nil
}

// basics are the scenarios that may come on top of another: a region, a zone, a node of each
// store.
func (a *assessor) basics() []outage.Scenario {
	return slices.DeleteFunc(slices.Clone(a.standard), func(x outage.Scenario) bool {
		loss := lossOf(x)
		return loss != "region" && loss != "zone" && x.Steps[0][0].Kind != outage.Node
	})
}

// until is how long it takes until what is lost is replaced, where that goes by itself.
func (a *assessor) until(x outage.Scenario) outage.Span {
	e := x.Steps[0][0]
	if e.Kind == outage.Node || e.Kind == outage.Process {
		for i := range a.system.Regions {
			if r := &a.system.Regions[i]; r.Launches && (e.Region == "" || e.Region == r.Name) {
				return r.Replace
			}
		}
	}
	return a.system.People.OnCall.Plus(a.system.People.Rebuild)
}
