package serve

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/report"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
)

// Options are what a Page is made of.
type Options struct {
	Model *whatif.Model
	Name  string   // of the profile, as the user wrote it
	Flags []string // of the command line that change a plan, such as --purchase, optimal
	// Fixed says of paths which flag gives them; what the profile says there has no effect.
	Fixed    map[string]string
	Vintages []string // that there are, the newest first
	Regions  []string // of the newest
	Types    []string // of nodes
	// Shown leaves out of an error what may not be shown, and quotes what may; nil keeps
	// it as it is.
	Shown func(error) error
}

// Page answers for one profile. Several goroutines may use it.
type Page struct {
	o      Options
	base   *bill.Result
	inputs *Inputs
	slots  chan slot
}

// slot is the right to plan: as many plans are made at once as there are processors.
type slot struct {
	reuse *plan.Reuse
	used  int
}

// renewed is after how many plans the tables of a slot are made anew: they grow with
// every other number of hours or list of regions, and nobody bounds those.
const renewed = 200

// New plans the profile as it is. The error is that of the plan.
func New(o Options) (*Page, error) {
	n := runtime.GOMAXPROCS(0)
	p := &Page{o: o, slots: make(chan slot, n)}
	first := slot{reuse: &plan.Reuse{}, used: 1}
	var err error
	if p.base, err = o.Model.PlanReusing(nil, first.reuse); err != nil {
		return nil, err
	}
	p.base.Together() // planned now: later several answers look at it at the same time
	p.slots <- first
	for range n - 1 {
		p.slots <- slot{reuse: &plan.Reuse{}}
	}
	p.inputs = o.list()
	return p, nil
}

// Request is what is asked: the plan with other values, and what else is wanted of it.
type Request struct {
	Sets []Set  `json:"sets"`
	Want string `json:"want"` // "", or one of the Wants
}

// Set gives an input another value.
type Set struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

// What may be wanted of a plan beside its bill.
const (
	WantInputs  = "inputs"  // what may be set: for the first answer
	WantDetails = "details" // what else there is to see, which takes some twenty times as long
	WantProfile = "profile" // the changed profile as a file
	// WantFailures is what becomes of the system when something fails, and WantRemedies the same
	// in full, with what protections cost and what would meet the aims: that takes many plans.
	WantFailures = "failures"
	WantRemedies = "remedies"
)

// Bounds of a request.
const (
	maxSets  = 500
	maxValue = 4096 // bytes of a path or a value
)

// Answer is what a page shows. Either it has problems, or all else.
type Answer struct {
	Problems []Problem `json:"problems,omitempty"`

	Name    string `json:"name"`
	Title   string `json:"title"`
	Total   string `json:"total"`           // a month, in dollars
	Exact   string `json:"exact"`           // the same for programs
	Bound   bool   `json:"bound,omitempty"` // prices are missing: it is the least
	Range   string `json:"range,omitempty"` // with the load
	Change  string `json:"change"`          // to the profile as it is
	Part    string `json:"part,omitempty"`  // the same as a part of it
	PerUser string `json:"per_user"`        // and month
	All     string `json:"all,omitempty"`   // with the profile's other environments
	Command string `json:"command"`         // that gives the same on the command line
	Bill    string `json:"bill"`            // HTML
	Differs string `json:"differs"`         // HTML; "" without changes
	More    string `json:"more,omitempty"`  // HTML, where details are wanted
	// Failures and Remedies are HTML, each where it is wanted.
	Failures string  `json:"failures,omitempty"`
	Remedies string  `json:"remedies,omitempty"`
	Inputs   *Inputs `json:"inputs,omitempty"` // where they are wanted
	File     *File   `json:"file,omitempty"`   // where the profile is wanted
}

// Answer plans with other values. The error is the context's, where that ends before the
// plan; anything wrong with the values is in the answer.
func (p *Page) Answer(ctx context.Context, q Request) (*Answer, error) {
	a, err := p.planned(ctx, q)
	if err == nil && q.Want == WantInputs { // also where the values of a link are wrong
		a.Inputs = p.inputs
	}
	return a, err
}

// planned is the answer without inputs.
func (p *Page) planned(ctx context.Context, q Request) (*Answer, error) {
	sets, ps := p.assignments(q)
	if ps != nil {
		return &Answer{Problems: ps}, nil
	}
	var s slot
	select {
	case s = <-p.slots:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { p.slots <- s.next() }()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	is, err := p.plan(sets, q, s.reuse)
	if err == nil && q.Want == WantDetails && ctx.Err() == nil {
		err = insight.Remark(is)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return &Answer{Problems: p.problems(sets, err)}, nil
	}
	return p.answer(ctx, is, sets, q)
}

// next is the slot for the next plan.
func (s slot) next() slot {
	if s.used++; s.used > renewed {
		return slot{reuse: &plan.Reuse{}}
	}
	return s
}

// plan is the base itself where nothing is changed and nothing is added to it.
func (p *Page) plan(sets []whatif.Assignment, q Request, u *plan.Reuse) (*bill.Result, error) {
	if len(sets) == 0 && q.Want != WantDetails {
		return p.base, nil
	}
	return p.o.Model.PlanReusing(sets, u)
}

func (p *Page) answer(ctx context.Context, is *bill.Result, sets []whatif.Assignment, q Request) (*Answer, error) {
	e := is.Estimate
	a := &Answer{Name: e.Profile.Name, Title: e.Title, Total: e.Total.Expected.Human(),
		Exact: e.Total.Expected.String(), Bound: len(e.Unpriced) > 0, Command: p.o.command(sets)}
	if !e.Total.Min.Equal(e.Total.Max) {
		a.Range = e.Total.Min.Human() + "–" + e.Total.Max.Human()
	}
	a.Change, a.Part = change(p.base.Estimate.Total.Expected, e.Total.Expected)
	if d := e.Demand; d != nil && d.Users > 0 {
		a.PerUser = unit.PriceOfOne(e.Total.Expected.Float64() / d.Users)
	}
	if t := is.Together(); t != nil {
		a.All = t.Total.Expected.Human()
		if t.Lacks() {
			a.All = "≥ " + a.All
		}
	}
	var err error
	if a.Bill, err = report.Fragment(billOf(e)); err != nil {
		return nil, fmt.Errorf("the bill: %w", err)
	}
	var behind []report.Section
	if len(sets) > 0 {
		var doc report.Document
		doc, behind = differenceOf(p.o.Model.Beside(p.base, is, sets))
		if a.Differs, err = report.Fragment(doc); err != nil {
			return nil, fmt.Errorf("the difference: %w", err)
		}
	}
	switch q.Want {
	case WantProfile:
		a.File = p.file(sets)
	case WantDetails:
		a.More, err = p.more(ctx, is, sets, behind)
	case WantFailures:
		a.Failures, err = failures(is)
	case WantRemedies:
		a.Remedies, err = p.remedies(ctx, sets)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// change is a difference with its sign, and as a part of the base where that has one.
func change(base, is money.Amount) (amount, part string) {
	d := is.Minus(base)
	sign := ""
	if d.Cmp(money.Amount{}) > 0 {
		sign = "+"
	}
	if b := base.Float64(); b > 0 {
		part = sign + unit.Percent(d.Float64()/b, 1)
	}
	return sign + d.Human(), part
}

// assignments are those of a request, which is held to its bounds.
func (p *Page) assignments(q Request) ([]whatif.Assignment, []Problem) {
	switch q.Want {
	case "", WantInputs, WantDetails, WantProfile, WantFailures, WantRemedies:
	default:
		return nil, []Problem{{Text: fmt.Sprintf("%.40q cannot be wanted of a plan", q.Want)}}
	}
	if len(q.Sets) > maxSets {
		return nil, []Problem{{Text: fmt.Sprintf("%d inputs are changed; at most %d can be", len(q.Sets), maxSets)}}
	}
	var out []whatif.Assignment
	var ps []Problem
	for _, s := range q.Sets {
		a, err := whatif.ParseAssignment(s.Path + "=" + s.Value)
		switch fixed, is := p.o.Fixed[s.Path]; {
		case len(s.Path)+len(s.Value) > maxValue:
			ps = append(ps, Problem{Path: s.Path[:min(len(s.Path), 100)], Text: "the value is too long"})
		case strings.Contains(s.Path, "="), err != nil:
			ps = append(ps, Problem{Path: s.Path, Text: "there is no value", Hint: "write a value, or undo the change"})
		case is:
			ps = append(ps, Problem{Path: s.Path, Text: fixed + " gives it, so that a change has no effect",
				Hint: "start headroom serve without " + fixed})
		default:
			out = append(out, a)
		}
	}
	return out, ps
}
