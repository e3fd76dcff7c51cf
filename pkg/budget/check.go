package budget

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/diag"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// Subject is one system to be checked.
type Subject struct {
	Name        string // of the profile
	Environment string
	// Environments are those that the profile describes, also where no rule is about
	// them: what a misspelt one may have meant.
	Environments []string
	Estimate     *bill.Estimate // nil where nothing carries the system
	Infeasible   error          // then why
	Baseline     *bill.Estimate // nil without
	Label        string         // of the baseline
	// New is the label of a baseline that has no estimate of the system, and Known
	// what it has instead; "" where it has one, or none is given.
	New   string
	Known []string
	// Baseline and Estimate are of one model and at one set of prices. What it took to
	// make them so, nil where it took nothing:
	Model     *ModelEffect  // on the baseline
	HeadModel *ModelEffect  // on the estimate, where it was saved
	Prices    *PricesEffect // on the baseline, after that of the model
	Repriced  bool          // the baseline is at the estimate's prices
	Diff      *compare.Diff // against the baseline, for reports
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
	for i := range subjects {
		s := &subjects[i]
		if s.Infeasible != nil {
			v.Results = append(v.Results, s.infeasible())
			continue
		}
		priced(&ps, s.Estimate, "the estimate of "+s.label())
		if s.Baseline != nil {
			priced(&ps, s.Baseline, "the baseline "+s.Label)
		}
		v.Systems = append(v.Systems, s.system())
		v.Results = append(v.Results, b.own(s)...)
	}
	if len(ps) > 0 {
		return nil, ps // what lacks a price is not brought to a baseline, which rules would take for none
	}
	for _, e := range b.Rules {
		v.Results = append(v.Results, e.V.findings(e.KeyPos, subjects, today, &ps)...)
	}
	v.Outcome = v.outcome()
	return v, ps.Err()
}

// findings are what the limits of a rule find, in all systems that it is about.
func (r *Rule) findings(at diag.Pos, subjects []Subject, today string, ps *diag.Problems) []Finding {
	var out []Finding
	// A rule may be about a system that has no plan.
	matched := slices.ContainsFunc(subjects, func(s Subject) bool { return s.Infeasible != nil })
	for _, group := range r.groups(subjects) {
		if slices.ContainsFunc(group, func(s *Subject) bool { return s.Infeasible != nil }) {
			continue // that it has no plan is a finding of its own
		}
		if x := r.scope(group); x != nil {
			matched = true
			out = append(out, r.judge(x, today, ps)...)
		}
	}
	if !matched {
		ps.Addf(at, r.nearest(subjects), "the rule %s matches nothing: %s", r.Name, r.selection())
	}
	return out
}

// own are the findings of a system that no rule is about: that it is new, and
// given nodes that are too few.
func (b *Budget) own(s *Subject) []Finding {
	var out []Finding
	add := func(f Finding, component, allow string) {
		f.Profile, f.Environment, f.Scope = s.Name, s.environment(), s.Estimate.Scope
		f.Covers = []System{s.is()}
		f.Status = Fail
		if allow == allowed {
			f.Status = Warn
		}
		f.At, f.Budget = Place{File: b.Source.File}, Place{File: b.Source.File}
		if at, ok := s.place(component); ok {
			f.At = placeOf(at)
		}
		out = append(out, f)
	}
	if s.New != "" {
		add(Finding{Rule: "new", Limit: "baseline", Allowed: "1", Actual: "0", Unit: "estimates",
			Found: remark.New("budget.new", "cost", s.Estimate.Total.Expected.Float64(), "baseline", s.New,
				"has", s.Known)}, "", b.New)
	}
	for _, x := range []struct {
		e     *bill.Estimate
		label string
	}{{s.Estimate, ""}, {s.Baseline, s.Label}} {
		if x.e != nil && x.e.Edited {
			add(Finding{Rule: "edited", Limit: "digest", Allowed: "0", Actual: "1", Unit: "edits",
				Found: remark.New("budget.edited", "baseline", x.label)}, "", allowed)
		}
	}
	for i := range s.Estimate.Parts {
		p := &s.Estimate.Parts[i]
		for _, w := range p.Warnings {
			f := Finding{Rule: "undersized", Limit: "capacity", Found: w,
				Of: Selection{Component: p.Name, Region: w.Text("region")}}
			switch w.Key {
			case "pin.undersized":
				f.Allowed, f.Actual = decimal(w.Number("needed")-w.Number("missing")), decimal(w.Number("needed"))
				f.Unit = "nodes"
			case "pin.overwhelmed":
				f.Allowed, f.Actual, f.Unit = decimal(w.Number("have")), decimal(w.Number("need")), w.Text("unit")
			default:
				continue
			}
			add(f, p.Name, b.Undersized)
		}
	}
	return out
}

func (s *Subject) is() System { return System{s.Name, s.environment()} }

// label names the system: shop, or shop/dev.
func (s *Subject) label() string { return s.is().String() }

func (s *Subject) system() CheckedEstimate {
	e := s.Estimate
	y := CheckedEstimate{Profile: e.Profile, Environment: s.environment(), Scope: e.Scope,
		Prices: e.Prices.Vintage, Total: e.Total, Model: s.HeadModel, Diff: s.Diff}
	if s.Diff != nil {
		y.Inputs = s.Diff.Inputs
	}
	if b := s.Baseline; b != nil {
		y.Baseline = &Baseline{Label: s.Label, Prices: b.Prices.Vintage, Repriced: s.Repriced, Total: b.Total,
			Model: s.Model, PricesEffect: s.Prices}
	}
	return y
}

// production tells whether it is no copy beside production.
func (s *Subject) production() bool { return s.environment() == workload.Production }

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
		Covers: []System{s.is()}, Allowed: "1", Actual: "0", Unit: "plans", Status: Infeasible,
		Failure: s.Infeasible.Error()}
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
		for _, name := range s.Environments {
			add("environment", name)
		}
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
