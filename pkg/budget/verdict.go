package budget

import (
	"encoding/json"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// VerdictSchema identifies the JSON form of a Verdict.
const VerdictSchema = "headroom.verdict/v2"

// Status of a limit, and the outcome of a check.
const (
	Pass       = "pass"
	Warn       = "warn"       // breached; the rule only warns
	Excepted   = "excepted"   // breached; an exception allows it for now
	Fail       = "fail"       // breached
	Invalid    = "invalid"    // the input has problems, so that no limit could be checked
	Infeasible = "infeasible" // nothing carries the system, so that no limit could be checked
)

// Verdict says of every limit whether it is kept.
type Verdict struct {
	Schema  string       `json:"schema"`
	Program bill.Program `json:"program"`
	Budget  bill.Source  `json:"budget"`
	Today   string       `json:"today"` // the day on which exceptions and ages of prices were judged
	Outcome string       `json:"outcome"`
	// Settings are those that are not from the repository: whoever reads the verdict
	// sees what another machine would do otherwise.
	Settings []Setting         `json:"settings,omitempty"`
	Systems  []CheckedEstimate `json:"systems"`
	// Unchecked are the systems that no limit and no comparison covers.
	Unchecked []Unchecked `json:"unchecked,omitempty"`
	Results   []Finding   `json:"results"`
}

// System is a profile in an environment.
type System struct {
	Profile     string `json:"profile"`
	Environment string `json:"environment"`
}

// String is shop, or shop/dev beside production.
func (s System) String() string {
	if s.Environment == workload.Production {
		return s.Profile
	}
	return s.Profile + "/" + s.Environment
}

// Unchecked is a system that was not checked: an environment that no rule is
// about, or what only the baseline has.
type Unchecked struct {
	System
	Baseline string `json:"baseline,omitempty"` // that has it, where the profile does not
}

// Setting is a tool setting and where it comes from.
type Setting struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Origin string `json:"origin"` // environment HEADROOM_PURCHASE, or the user's file
}

// String is the setting in words.
func (s Setting) String() string { return s.Name + " is " + s.Value + ", from " + s.Origin }

// CheckedEstimate is one of the estimates that were checked.
type CheckedEstimate struct {
	Profile     bill.Source  `json:"profile"`
	Environment string       `json:"environment"`
	Scope       string       `json:"scope"`  // all, or compute: nodes only
	Prices      string       `json:"prices"` // vintage
	Total       bill.Cost    `json:"total"`
	Model       *ModelEffect `json:"model,omitempty"` // on an estimate that was saved
	Baseline    *Baseline    `json:"baseline,omitempty"`
	// Inputs are others than in the baseline.
	Inputs []compare.InputChange `json:"inputs,omitempty"`
	Diff   *compare.Diff         `json:"-"`
}

// Baseline is what a system was compared with, under the model and at the prices of
// the system: what is left between the two totals is the change of the profile.
type Baseline struct {
	Label    string    `json:"label"`
	Prices   string    `json:"prices"`
	Repriced bool      `json:"repriced"` // at the prices of the system
	Total    bill.Cost `json:"total"`
	// Model says what another version of the model does to a saved baseline; nil where
	// it was made by this one and is the same.
	Model *ModelEffect `json:"model,omitempty"`
	// PricesEffect says what the prices of the system do to the baseline; nil where it
	// was at them.
	PricesEffect *PricesEffect `json:"prices_effect,omitempty"`
}

// PricesEffect is a baseline at other prices than those that it was made at, planned
// anew or, where asked for, with the same machines and quantities.
type PricesEffect struct {
	Was           string       `json:"was"`            // vintage
	Is            string       `json:"is"`             // the same where only overlays or tables are others
	From          money.Amount `json:"from"`           // the expected month before
	Effect        money.Amount `json:"effect"`         // on it
	Overlays      bool         `json:"other_overlays"` // the system has other overlays than the baseline had
	KeepsMachines bool         `json:"keeps_machines"`
}

// ModelEffect is a saved estimate under this version of the model: planned anew from
// its inputs and prices, so that like is compared with like.
type ModelEffect struct {
	Was    int          `json:"was"` // version; 0 where the file does not say
	Is     int          `json:"is"`
	Saved  money.Amount `json:"saved"`  // the expected month in the file
	Effect money.Amount `json:"effect"` // of the model, on the expected month
	// Tables says that this version has other tables of the vintage than the file was
	// made with; their effect is in that of the model.
	Tables bool   `json:"other_tables,omitempty"`
	Why    string `json:"failure,omitempty"` // why it was not planned anew; then it is compared as it was saved
}

// Finding is one limit of one rule for one system.
type Finding struct {
	Rule        string        `json:"rule"`
	Profile     string        `json:"profile"`         // "" where several are added up
	Environment string        `json:"environment"`     // likewise
	Covers      []System      `json:"covers"`          // the systems whose costs are added up
	Scope       string        `json:"scope,omitempty"` // of the costs: all, or compute for nodes only
	Of          Selection     `json:"of"`
	Limit       string        `json:"limit"` // the key of the limit: monthly, increase, …
	Allowed     json.Number   `json:"allowed"`
	Actual      json.Number   `json:"actual,omitempty"` // left out where it is not known, or has no end
	Unit        string        `json:"unit"`             // of both
	Status      string        `json:"status"`
	Found       remark.Remark `json:"found"`             // the key budget.LIMIT, and figures; or what the plan warns of
	Failure     string        `json:"failure,omitempty"` // why nothing could be checked; then nothing is found
	Reason      string        `json:"reason"`
	Exception   *Allowance    `json:"exception,omitempty"`
	At          Place         `json:"at"`     // the component's, or else the limit's
	Budget      Place         `json:"budget"` // of the limit
}

// Allowance is an exception as a result shows it.
type Allowance struct {
	Until      string `json:"until"`
	Expired    bool   `json:"expired"`
	Reason     string `json:"reason"`
	ApprovedBy string `json:"approved_by"`
}

// Place is a place in an input file; the line is 0 where it is not known.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func placeOf(p diag.Pos) Place { return Place{p.File, p.Line, p.Col} }

// Count is how many results have a status.
func (v *Verdict) Count(status string) int {
	n := 0
	for i := range v.Results {
		if v.Results[i].Status == status {
			n++
		}
	}
	return n
}

// outcome is the worst of the results.
func (v *Verdict) outcome() string {
	for _, s := range []string{Invalid, Infeasible, Fail, Excepted, Warn} {
		if v.Count(s) > 0 {
			return s
		}
	}
	return Pass
}
