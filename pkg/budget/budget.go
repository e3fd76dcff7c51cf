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

	APIVersion string            `yaml:"apiVersion" required:"true" enum:"headroom/v1" doc:"Version of the format."`
	Profiles   []string          `yaml:"profiles" doc:"What is checked where the command names nothing: embedded profiles, or files relative to this one."`
	Baseline   string            `yaml:"baseline" doc:"What is compared with where the command names nothing: a saved estimate or a profile, relative to this file, or one in a git revision, such as main:shop.yaml."`
	New        string            `yaml:"new" enum:"allow|fail" doc:"What it does that the baseline has no estimate of a profile or environment: allow warns, and holds it to the limits that need no baseline; fail breaches."`
	Undersized string            `yaml:"undersized" enum:"fail|allow" doc:"What it does that a component's pinned nodes are too few for its load: fail breaches, allow warns."`
	Rules      strict.Map[*Rule] `yaml:"rules" required:"true" min:"1" pattern:"^[a-z][a-z0-9_-]{0,62}$" says:"lower-case letters, digits, - and _, a letter first" doc:"The rules by name."`
}

// Rule holds a part of the bill, or all of it, to one limit or several.
type Rule struct {
	strict.At
	Name string `yaml:"-"`

	Profile     string   `yaml:"profile" doc:"Only the profile of this name; without it, each that is checked."`
	Environment string   `yaml:"environment" doc:"An environment of the profile instead of production."`
	All         []string `yaml:"all" enum:"profiles|environments" doc:"Adds up, instead of holding each to the limits: profiles, all that are checked; environments, production and all others of a profile."`
	Region      string   `yaml:"region" doc:"Only this region."`
	Component   string   `yaml:"component" doc:"Only this component."`
	Kind        string   `yaml:"kind" doc:"Only components of this kind."`
	Match       string   `yaml:"match" doc:"Only components whose name matches: * is any text, ? a character, [a-c] a choice."`

	Monthly    *strict.Value[workload.Dollars] `yaml:"monthly" doc:"Most that an expected month may cost."`
	MonthlyMax *strict.Value[workload.Dollars] `yaml:"monthly_max" doc:"Most that a month may cost with all pools at their largest."`
	Increase   *strict.Value[unit.Fraction]    `yaml:"increase" min:"0" doc:"Most that the expected month may grow against the baseline, such as 10%."`
	IncreaseBy *strict.Value[workload.Dollars] `yaml:"increase_by" doc:"The same in dollars."`
	Decrease   *strict.Value[unit.Fraction]    `yaml:"decrease" min:"0" max:"1" doc:"Most that the expected month may shrink against the baseline: more is suspicious."`
	DecreaseBy *strict.Value[workload.Dollars] `yaml:"decrease_by" doc:"The same in dollars."`
	PerUser    *strict.Value[workload.Dollars] `yaml:"per_user" doc:"Most that a user may cost a month."`
	PerMillion *strict.Value[workload.Dollars] `yaml:"per_million_requests" doc:"Most that a million requests may cost."`
	Headroom   *strict.Value[unit.Fraction]    `yaml:"headroom" min:"0" doc:"Least users beyond the planned ones that the same machines carry, such as 20%."`
	Commitment *strict.Value[unit.Fraction]    `yaml:"commitment" min:"0" max:"1" doc:"Least part of the cost of nodes that is under a commitment."`
	PriceAge   *strict.Value[unit.Duration]    `yaml:"price_age" doc:"Greatest age of a price in the bill, such as 400d."`

	Level     string     `yaml:"level" enum:"fail|warn" doc:"What a breach does."`
	Reason    string     `yaml:"reason" doc:"Why the rule is there; printed with a breach."`
	Exception *Exception `yaml:"exception" doc:"Allows a breach for a while."`
}

// Exception allows a breach up to and including a day.
type Exception struct {
	strict.At
	Until      strict.Value[Date] `yaml:"until" required:"true" doc:"Last day, such as 2026-12-31."`
	Reason     string             `yaml:"reason" required:"true" doc:"Why it is allowed."`
	ApprovedBy string             `yaml:"approved_by" doc:"Who allowed it."`
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
	if r.Headroom != nil && len(r.All) > 0 {
		c.Errorf(c.At("headroom"), "write a rule of its own for it",
			"headroom is that of one system, but the rule adds up several")
	}
	if r.Headroom != nil && (r.Region != "" || r.Component != "" || r.Kind != "" || r.Match != "") {
		c.Errorf(c.At("headroom"), "write a rule of its own for it",
			"headroom is that of the whole system, but the rule is about a part of it")
	}
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
