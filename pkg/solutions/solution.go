package solutions

import (
	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/workload"
)

// SchemaName identifies the JSON form of a Comparison.
const SchemaName = "headroom.compare/v1"

// Input is a profile with its bill, and with what becomes of it when something fails.
type Input struct {
	Label    string // what reports call it
	Profile  *workload.Profile
	Estimate *bill.Estimate
	// Assessment is nil of machines that are given without a workload.
	Assessment *resilience.Assessment
}

// Comparison is several solutions side by side, in the order in which they were given.
type Comparison struct {
	Schema    string              `json:"schema"`
	Program   bill.Program        `json:"program"`
	Prices    string              `json:"prices"` // vintage of the tables
	Demand    *bill.DemandSummary `json:"demand,omitempty"`
	Solutions []Solution          `json:"solutions"`
	Aims      []Aim               `json:"aims"`
	Failures  []Failure           `json:"failures"`
}

// Solution is what there is to say of one system by itself.
type Solution struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Regions  []string `json:"regions"`
	Purchase string   `json:"purchase"`
	// Month is the expected bill, Full the same without what credits pay. Both are lower bounds
	// where Unpriced needs have no price.
	Month    money.Amount `json:"month"`
	Full     money.Amount `json:"month_without_credits"`
	Unpriced int          `json:"unpriced"`
	Places   []Place      `json:"machines"`
	// Success is how many users are carried while nothing is lost; nil where not known.
	Success *float64 `json:"success_buffer_users"`
	// Failure is how many are carried in the worst of the losses that aims or the policy name: 0
	// where some are not served then; nil where nothing bounds them, or nothing is known.
	Failure *float64 `json:"failure_buffer_users"`
	// Points is how many things must not fail alone; nil where not known.
	Points       *int        `json:"single_points"`
	Availability []Available `json:"availability"`
	// Pros and Cons are derived of the figures of all solutions; Says is what the profile says.
	Pros []remark.Remark `json:"pros"`
	Cons []remark.Remark `json:"cons"`
	Says Said            `json:"stated"`
	// DominatedBy are the solutions that are nowhere worse, and better somewhere.
	DominatedBy []string `json:"dominated_by"`
}

// Said is what whoever wrote a profile says for and against it.
type Said struct {
	Pros []Statement `json:"pros"`
	Cons []Statement `json:"cons"`
}

// Statement is one of these, with where it stands.
type Statement struct {
	Text   string `json:"text"`
	Source string `json:"source,omitempty"`
}

// Available is the part of a year in which requests are answered that are answered least, with
// nobody's help, as users see it.
type Available struct {
	Figure  string   `json:"figure"` // contract, history, own
	Class   string   `json:"class,omitempty"`
	Writes  bool     `json:"writes"`
	Part    *float64 `json:"part"`          // nil where an input is missing
	Down    *float64 `json:"down_per_year"` // seconds
	Missing []string `json:"missing,omitempty"`
}

// Compare puts solutions side by side. The same has to be asked of all of them (Differences).
func Compare(inputs []Input) *Comparison {
	c := &Comparison{Schema: SchemaName, Solutions: make([]Solution, len(inputs))}
	if len(inputs) == 0 {
		return c
	}
	e := inputs[0].Estimate
	c.Program, c.Prices, c.Demand = e.Program, e.Prices.Vintage, e.Demand
	for i := range inputs {
		c.Solutions[i] = solutionOf(&inputs[i])
	}
	c.Aims, c.Failures = aimsOf(inputs), failuresOf(inputs)
	c.dominate()
	c.argue()
	return c
}

// solutionOf is what there is to say of one system by itself.
func solutionOf(in *Input) Solution {
	e, a := in.Estimate, in.Assessment
	s := Solution{Name: in.Label, Title: e.Title, Regions: e.Regions, Purchase: e.Purchase, Month: e.Total.Expected,
		Full: withoutCredits(e), Unpriced: len(e.Unpriced), Places: placesOf(in.Profile, e),
		Availability: []Available{}, Pros: []remark.Remark{}, Cons: []remark.Remark{}, DominatedBy: []string{},
		Says: Said{stated(in.Profile.Pros), stated(in.Profile.Cons)}}
	if e.Headroom != nil {
		users := e.Headroom.Users
		s.Success = &users
	}
	if a == nil {
		return s
	}
	if s.Success == nil && a.Success > 0 {
		users := a.Success
		s.Success = &users
	}
	points := len(a.Points)
	s.Points, s.Failure, s.Availability = &points, failureBuffer(in.Profile, a), availableOf(a.Availability)
	return s
}

func stated(list []workload.Statement) []Statement {
	out := make([]Statement, len(list))
	for i := range list {
		out[i] = Statement{list[i].Text, list[i].Source}
	}
	return out
}

// creditItem is the kind of adjustment that pays for others' lines.
const creditItem = "credit"

// withoutCredits is the bill without the lines of credits. What comes after a credit, such as
// a tax, stays as it is: of what the credit leaves.
func withoutCredits(e *bill.Estimate) money.Amount {
	total := e.Total.Expected
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Term == bill.AdjustmentTerm && l.Item == creditItem {
			total = total.Minus(l.Cost.Expected)
		}
	}
	return total
}

// failureBuffer is the least buffer over the losses that the profile's aims name, or else its
// policy.
func failureBuffer(p *workload.Profile, a *resilience.Assessment) *float64 {
	var least *float64
	none := 0.0
	for i := range a.Rows {
		r := &a.Rows[i]
		if !inScope(p, r) {
			continue
		}
		users := r.Buffer
		if r.Hand.Least() < 1 {
			users = &none
		}
		if users != nil && (least == nil || *users < *least) {
			least = users
		}
	}
	return least
}

// availableOf is the worst of all requests, of each figure.
func availableOf(list []resilience.Availability) []Available {
	out := []Available{}
	for _, figure := range []string{resilience.Own, resilience.Contract, resilience.History} {
		var worst *resilience.Availability
		for i := range list {
			x := &list[i]
			if x.Figure == figure && (worst == nil || x.Users != nil && worst.Users != nil && *x.Users < *worst.Users) {
				worst = x
			}
		}
		if worst != nil {
			out = append(out, Available{figure, worst.Class, worst.Writes, worst.Users, worst.DownUsers, worst.Missing})
		}
	}
	return out
}
