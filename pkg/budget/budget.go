package budget

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"time"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Budget is a file of rules.
type Budget struct {
	strict.At
	Source bill.Source `yaml:"-"`

	// Version of the format.
	APIVersion string `yaml:"apiVersion" required:"true" enum:"headroom/v1"`
	// What is checked where the command names nothing: embedded profiles, or files relative to this
	// one.
	Profiles []string `yaml:"profiles"`
	// What is compared with where the command names nothing: a saved estimate or a profile,
	// relative to this file, or one in a git revision, such as main:shop.yaml.
	Baseline string `yaml:"baseline"`
	// What it does that the baseline has no estimate of a profile or environment: allow warns, and
	// holds it to the limits that need no baseline; fail breaches.
	New string `yaml:"new" enum:"allow|fail"`
	// What it does that a component's pinned nodes are too few for its load: fail breaches, allow
	// warns.
	Undersized string `yaml:"undersized" enum:"fail|allow"`
	// The rules by name.
	Rules strict.Map[*Rule] `yaml:"rules" required:"true" min:"1" format:"name"`
}

// Rule holds a part of the bill, or all of it, to one limit or several.
type Rule struct {
	strict.At
	Name string `yaml:"-"`

	// Only the profile of this name; without it, each that is checked.
	Profile string `yaml:"profile"`
	// An environment of the profile instead of production.
	Environment string `yaml:"environment"`
	// Adds up, instead of holding each to the limits: profiles, all that are checked; environments,
	// production and all others of a profile.
	All []string `yaml:"all" enum:"profiles|environments"`
	// Only this region.
	Region string `yaml:"region"`
	// Only this component.
	Component string `yaml:"component"`
	// Only components of this kind.
	Kind string `yaml:"kind"`
	// Only components whose name matches: * is any text, ? a character, [a-c] a choice.
	Match string `yaml:"match"`

	// Most that an expected month may cost.
	Monthly *strict.Value[workload.Dollars] `yaml:"monthly"`
	// Most that a month may cost with all pools at their largest.
	MonthlyMax *strict.Value[workload.Dollars] `yaml:"monthly_max"`
	// Most that the expected month may grow against the baseline, such as 10%.
	Increase *strict.Value[unit.Fraction] `yaml:"increase" min:"0"`
	// The same in dollars.
	IncreaseBy *strict.Value[workload.Dollars] `yaml:"increase_by"`
	// Most that the expected month may shrink against the baseline: more is suspicious.
	Decrease *strict.Value[unit.Fraction] `yaml:"decrease" min:"0" max:"1"`
	// The same in dollars.
	DecreaseBy *strict.Value[workload.Dollars] `yaml:"decrease_by"`
	// Most that a user may cost a month.
	PerUser *strict.Value[workload.Dollars] `yaml:"per_user"`
	// Most that a million requests may cost.
	PerMillion *strict.Value[workload.Dollars] `yaml:"per_million_requests"`
	// Least users beyond the planned ones that the same machines carry, such as 20%.
	Headroom *strict.Value[unit.Fraction] `yaml:"headroom" min:"0"`
	// Whether all aims of the profile must be met; one that lacks an input counts as missed.
	Aims *strict.Value[bool] `yaml:"aims"`
	// Longest outage by any loss that the profile's aims.survive names, or else its policy.survive.
	Outage *strict.Value[unit.Duration] `yaml:"outage"`
	// Longest time of which any of these losses may cost what was written.
	DataLoss *strict.Value[unit.Duration] `yaml:"data_loss"`
	// Least users beyond the planned ones that are carried after any of these losses, such as 10%.
	FailureBuffer *strict.Value[unit.Fraction] `yaml:"failure_buffer" min:"0"`
	// Least part of the cost of nodes that is under a commitment.
	Commitment *strict.Value[unit.Fraction] `yaml:"commitment" min:"0" max:"1"`
	// Greatest age of a price in the bill, such as 400d.
	PriceAge *strict.Value[unit.Duration] `yaml:"price_age"`

	// What a breach does.
	Level string `yaml:"level" enum:"fail|warn"`
	// Why the rule is there; printed with a breach.
	Reason string `yaml:"reason"`
	// Allows a breach for a while.
	Exception *Exception `yaml:"exception"`
}

// Exception allows a breach up to and including a day.
type Exception struct {
	strict.At
	// Last day, such as 2026-12-31.
	Until strict.Value[Date] `yaml:"until" required:"true"`
	// Why it is allowed.
	Reason string `yaml:"reason" required:"true"`
	// Who allowed it.
	ApprovedBy string `yaml:"approved_by"`
}

// allowed is the word for what is only warned of.
const allowed = "allow"

// newBudget warns of what is new and refuses what is overloaded.
func newBudget() *Budget { return &Budget{New: allowed, Undersized: levelFail} }

// Default makes a breach a failure.
func (r *Rule) Default() { r.Level = levelFail }

// Levels of a rule.
const (
	levelFail = "fail"
	levelWarn = "warn"
)

// Check finds rules that could not say anything.
func (r *Rule) Check(c *strict.Checker) {
	if len(r.limits()) == 0 {
		c.Errorf(c.At(), "add a limit, such as monthly: $5000", "the rule has no limit")
	}
	if r.Match != "" {
		if _, err := path.Match(r.Match, ""); err != nil {
			c.Errorf(c.At("match"), "write a pattern such as es-* or web?", "match %q is not a pattern", r.Match)
		}
	}
	for _, key := range []string{"monthly", "monthly_max", "increase_by", "decrease_by", "per_user",
		"per_million_requests"} {
		if v := r.dollars(key); v != nil && v.V.Cmp(zero) < 0 {
			c.Errorf(v.Pos, "write an amount of 0 or more", "%s %s is negative", key, v.V)
		}
	}
	for _, x := range []struct{ what, one string }{{allProfiles, r.Profile}, {allEnvironments, r.Environment}} {
		if r.sums(x.what) && x.one != "" {
			c.Errorf(c.At("all"), "leave one of them out", "the rule is about %s only, but adds up all %s",
				x.one, x.what)
		}
	}
	for _, key := range r.ofWhole() {
		if len(r.All) > 0 {
			c.Errorf(c.At(key), "write a rule of its own for it",
				"%s is that of one system, but the rule adds up several", key)
		}
		if r.Region != "" || r.Component != "" || r.Kind != "" || r.Match != "" {
			c.Errorf(c.At(key), "write a rule of its own for it",
				"%s is that of the whole system, but the rule is about a part of it", key)
		}
	}
	if r.Aims != nil && !r.Aims.V {
		c.Errorf(c.At("aims"), "write aims: true, or leave it out", "aims: false asks for nothing")
	}
}

// ofWhole are the limits that the rule has of those that are about a system as a whole.
func (r *Rule) ofWhole() []string {
	var out []string
	for _, x := range []struct {
		key   string
		given bool
	}{{"headroom", r.Headroom != nil}, {"aims", r.Aims != nil}, {"outage", r.Outage != nil},
		{"data_loss", r.DataLoss != nil}, {"failure_buffer", r.FailureBuffer != nil}} {
		if x.given {
			out = append(out, x.key)
		}
	}
	return out
}

// Failures tells whether a rule asks what a system withstands.
func (b *Budget) Failures() bool {
	return slices.ContainsFunc(b.Rules, func(e strict.Entry[*Rule]) bool {
		r := e.V
		return r.Aims != nil || r.Outage != nil || r.DataLoss != nil || r.FailureBuffer != nil
	})
}

func (r *Rule) dollars(key string) *strict.Value[workload.Dollars] {
	switch key {
	case "monthly":
		return r.Monthly
	case "monthly_max":
		return r.MonthlyMax
	case "increase_by":
		return r.IncreaseBy
	case "decrease_by":
		return r.DecreaseBy
	case "per_user":
		return r.PerUser
	}
	return r.PerMillion
}

// Parse reads a budget. The error is diag.Problems.
func Parse(file string, src []byte) (*Budget, error) {
	b := newBudget()
	if err := strict.Decode(file, src, b, strict.ReadOptions{}); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(src)
	b.Source = bill.Source{Name: "budget", File: file, Digest: hex.EncodeToString(sum[:])}
	for _, e := range b.Rules {
		e.V.Name = e.Key
	}
	return b, nil
}

// Environments lists the environments that the rules are about, production
// first.
func (b *Budget) Environments() []string {
	out := []string{workload.Production}
	for _, e := range b.Rules {
		if n := e.V.Environment; n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// AllEnvironments tells whether a rule is about every environment that a profile
// has.
func (b *Budget) AllEnvironments() bool {
	return slices.ContainsFunc(b.Rules, func(e strict.Entry[*Rule]) bool { return e.V.sums(allEnvironments) })
}

// Schema is the JSON Schema of budgets, for editors.
func Schema() []byte {
	return strict.Schema(newBudget(), strict.SchemaOptions{
		ID: "https://headroom.invalid/schema/budget-v1.json", Title: "headroom budget, version 1",
	})
}

// Date is a day.
type Date struct{ text string }

// ParseScalar reads a day such as 2026-12-31.
func (d *Date) ParseScalar(s string) error {
	if _, err := ParseDate(s); err != nil {
		return err
	}
	d.text = s
	return nil
}

// String prints the day as it is written.
func (d Date) String() string { return d.text }

// JSONSchema is the editor's view of ParseScalar.
func (Date) JSONSchema() map[string]any {
	return map[string]any{
		"description": "A day, for example 2026-12-31.", "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
}

// ParseDate reads a day such as 2026-12-31.
func ParseDate(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, diag.Problem{Summary: "\"" + s + "\" is not a day such as 2026-12-31"}
	}
	return t, nil
}
