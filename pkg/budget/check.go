package budget

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/diag"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// Subject is one system to be checked.
type Subject struct {
	Name        string // of the profile
	Environment string
	Estimate    *bill.Estimate // nil where nothing carries the system
	Infeasible  error          // then why
	Baseline    *bill.Estimate // nil without
	Label       string         // of the baseline
	Repriced    bool           // the baseline is at the estimate's prices
	Diff        *compare.Diff  // against the baseline, for reports
	// At tells where a component stands in the profile, "" where the profile
	// does; nil where that is not known.
	At func(component string) diag.Pos
}

// Check judges the subjects on a day. What the rules or the subjects lack for
// a judgement is an error, diag.Problems: a rule that matches nothing, a
// comparison without a baseline, a total that lacks prices.
func (b *Budget) Check(subjects []Subject, today string, program bill.Program) (*Verdict, error) {
	v := &Verdict{Schema: VerdictSchema, Program: program, Budget: b.Source, Today: today, Systems: []CheckedEstimate{},
		Results: []Finding{}}
	if _, err := ParseDate(today); err != nil {
		return nil, err
	}
	var ps diag.Problems
	unclear := false
	for i := range subjects {
		s := &subjects[i]
		if s.Infeasible != nil {
			unclear = true
			v.Results = append(v.Results, s.infeasible())
			continue
		}
		priced(&ps, s.Estimate, "the estimate of "+s.Name)
		if s.Baseline != nil {
			priced(&ps, s.Baseline, "the baseline "+s.Label)
		}
		v.Systems = append(v.Systems, s.system())
	}
	for _, e := range b.Rules {
		matched := false
		for i := range subjects {
			if s := &subjects[i]; s.Infeasible == nil && e.V.concerns(s) {
				if x := e.V.scope(s); x != nil {
					matched = true
					v.Results = append(v.Results, e.V.judge(x, today, &ps)...)
				}
			}
		}
		if !matched && !unclear {
			ps.Addf(e.KeyPos, e.V.nearest(subjects), "the rule %s matches nothing: %s", e.Key, e.V.selection())
		}
	}
	v.Outcome = v.outcome()
	return v, ps.Err()
}

func (s *Subject) system() CheckedEstimate {
	e := s.Estimate
	y := CheckedEstimate{Profile: e.Profile, Environment: s.environment(), Prices: e.Prices.Vintage,
		Total: e.Total, Diff: s.Diff}
	if b := s.Baseline; b != nil {
		y.Baseline = &Baseline{Label: s.Label, Prices: b.Prices.Vintage, Repriced: s.Repriced, Total: b.Total}
	}
	return y
}

func (s *Subject) environment() string {
	if s.Environment == "" {
		return workload.Production
	}
	return s.Environment
}

func (s *Subject) place(component string) (diag.Pos, bool) {
	if s.At == nil {
		return diag.Pos{}, false
	}
	at := s.At(component)
	return at, at.Line > 0
}

func (s *Subject) infeasible() Finding {
	r := Finding{Rule: "plan", Profile: s.Name, Environment: s.environment(), Limit: "feasible",
		Allowed: "1", Actual: "0", Unit: "plans", Status: Infeasible, Failure: s.Infeasible.Error()}
	var none *plan.Infeasible
	component := ""
	if errors.As(s.Infeasible, &none) {
		component = none.Component
	}
	if at, ok := s.place(component); ok {
		r.At = placeOf(at)
	}
	r.Budget = r.At
	return r
}

// priced refuses totals that lack something.
func priced(ps *diag.Problems, e *bill.Estimate, what string) {
	if n := len(e.Unpriced); n > 0 {
		ps.Addf(diag.Pos{}, "give the prices in an overlay; headroom estimate shows what is missing",
			"%s lacks %d prices (%s %s, …): its total is a lower bound, which no limit can be held against",
			what, n, e.Unpriced[0].Region, e.Unpriced[0].Name())
	}
}

// concerns tells whether a rule is about the system at all.
func (r *Rule) concerns(s *Subject) bool {
	env := r.Environment
	if env == "" {
		env = workload.Production
	}
	return (r.Profile == "" || r.Profile == s.Name) && env == s.environment()
}

// whole tells whether the rule is about all of the bill.
func (r *Rule) whole() bool {
	return r.Region == "" && r.Component == "" && r.Kind == "" && r.Match == ""
}

// selects tells whether the rule is about a component.
func (r *Rule) selects(name, kind string) bool {
	if r.Match != "" {
		if ok, err := path.Match(r.Match, name); err != nil || !ok {
			return false
		}
	}
	return (r.Component == "" || r.Component == name) && (r.Kind == "" || r.Kind == kind)
}

// scope is the part of a system that a rule is about.
type scope struct {
	s          *Subject
	of         Selection
	lines      []bill.Line
	cost, base bill.Cost
	components []string // of the head
}

// scope collects what the rule is about; nil where there is nothing, now or in
// the baseline.
func (r *Rule) scope(s *Subject) *scope {
	x := &scope{s: s, of: r.selection()}
	found := r.whole()
	for _, l := range s.Estimate.Lines {
		if r.takes(&l) {
			x.lines = append(x.lines, l)
			x.cost = x.cost.Plus(l.Cost)
			if !slices.Contains(x.components, l.Component) {
				x.components = append(x.components, l.Component)
			}
			found = true
		}
	}
	for _, e := range []*bill.Estimate{s.Estimate, s.Baseline} {
		if e == nil {
			continue
		}
		found = found || r.Region != "" && r.Component+r.Kind+r.Match == "" && slices.Contains(e.Regions, r.Region)
		for _, p := range e.Parts {
			here := r.Region == "" || slices.ContainsFunc(p.Pools, func(q bill.NodePool) bool {
				return q.Region == r.Region
			})
			found = found || here && r.selects(p.Name, p.Kind)
		}
	}
	if b := s.Baseline; b != nil {
		for _, l := range b.Lines {
			if r.takes(&l) {
				x.base = x.base.Plus(l.Cost)
				found = true
			}
		}
	}
	if !found {
		return nil
	}
	return x
}

func (r *Rule) takes(l *bill.Line) bool {
	return (r.Region == "" || r.Region == l.Region) && r.selects(l.Component, l.Kind)
}

// Selection is what a rule is about; all of the bill where nothing is set.
type Selection struct {
	Component string `json:"component,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Match     string `json:"match,omitempty"`
	Region    string `json:"region,omitempty"`
}

// selection is what the rule is about.
func (r *Rule) selection() Selection {
	return Selection{Component: r.Component, Kind: r.Kind, Match: r.Match, Region: r.Region}
}

// String names what a rule is about: "component db, region us-east-1".
func (x Selection) String() string {
	var parts []string
	for _, p := range []struct{ what, name string }{{"component", x.Component}, {"kind", x.Kind},
		{"components", x.Match}, {"region", x.Region}} {
		if p.name != "" {
			parts = append(parts, p.what+" "+p.name)
		}
	}
	if len(parts) == 0 {
		return "total"
	}
	return strings.Join(parts, ", ")
}

// nearest is the advice for a rule that matches nothing.
func (r *Rule) nearest(subjects []Subject) string {
	known := map[string][]string{}
	add := func(what, name string) {
		if !slices.Contains(known[what], name) {
			known[what] = append(known[what], name)
		}
	}
	for _, s := range subjects {
		add("profile", s.Name)
		add("environment", s.environment())
		for _, name := range s.Estimate.Regions {
			add("region", name)
		}
		for _, p := range s.Estimate.Parts {
			add("component", p.Name)
			add("kind", p.Kind)
		}
	}
	for _, p := range []struct{ what, name string }{{"profile", r.Profile}, {"environment", r.Environment},
		{"region", r.Region}, {"component", r.Component}, {"kind", r.Kind}} {
		if p.name == "" || slices.Contains(known[p.what], p.name) {
			continue
		}
		if near := diag.Suggest(p.name, known[p.what]); near != "" {
			return fmt.Sprintf("no %s is called %s; did you mean %s?", p.what, p.name, near)
		}
		return fmt.Sprintf("no %s is called %s; there are %s", p.what, p.name, strings.Join(known[p.what], ", "))
	}
	return "there are the components " + strings.Join(known["component"], ", ")
}
