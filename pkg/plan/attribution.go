package plan

import (
	"slices"

	"headroom/pkg/money"
)

// Causes of a difference, in the order in which they are substituted (docs/model.md
// section 12).
const (
	CauseWorkload = "workload" // peak, classes, curve, data, growth, shares of the regions
	CauseModel    = "model"    // all else of the profile: components, policy, regions, hours
	CauseMachines = "machines" // the choice of node types and storage
	CausePurchase = "purchase" // on demand, reserved, committed, spot
	CausePrices   = "prices"   // unit prices
	// CauseNeeds is workload and model together, where lines are all that is
	// known.
	CauseNeeds = "workload and model"
)

// Ways in which a difference was split.
const (
	BySubstitution = "substitution" // profiles were planned again, one cause after the other
	ByLines        = "lines"        // from quantities and prices of the bills alone
)

// Attribution splits the difference of two totals into effects that add up to
// it exactly, over all and for every component.
type Attribution struct {
	Method     string             `json:"method"`
	Effects    []Effect           `json:"effects"`
	Components []ComponentEffects `json:"components"` // those with any effect
	Notes      []string           `json:"notes"`      // what could not be told apart
}

// Effect is what one cause does to the expected month.
type Effect struct {
	Cause  string       `json:"cause"`
	Amount money.Amount `json:"amount"`
	Total  money.Amount `json:"total"` // after it
}

// ComponentEffects are the effects on one component, in the order of the
// attribution's effects.
type ComponentEffects struct {
	Component string         `json:"component"`
	System    string         `json:"system"`
	Base      money.Amount   `json:"base"`
	Effects   []money.Amount `json:"effects"`
	Head      money.Amount   `json:"head"`
}

// stage is the bill after some causes: the expected month of every component.
type stage map[string]money.Amount

func stageOf(lines []Line) stage {
	s := stage{}
	for _, l := range lines {
		s[l.partName()] = s[l.partName()].Plus(l.Cost.Expected)
	}
	return s
}

// attribution makes the effects of stages: the base, then the bill after each
// cause. The last stage is the head, so that the effects add up.
func attribution(method string, base, head *Estimate, causes []string, stages []stage, notes []string) Attribution {
	a := Attribution{Method: method, Effects: []Effect{}, Components: []ComponentEffects{}, Notes: append([]string{}, notes...)}
	names := componentNames(base, head)
	// A stage may have what neither end has, such as a component that a
	// changed workload alone would need.
	var between []string
	for _, s := range stages {
		for name := range s {
			if !slices.Contains(names, name) && !slices.Contains(between, name) {
				between = append(between, name)
			}
		}
	}
	slices.Sort(between)
	names = append(names, between...)
	total := base.Total.Expected
	sums := make([]money.Amount, len(causes))
	for _, name := range names {
		c := ComponentEffects{Component: name, System: name, Base: stages[0][name], Head: stages[len(causes)][name], Effects: make([]money.Amount, len(causes))}
		if p, ok := head.find(name); ok {
			c.System = p.System
		} else if p, ok := base.find(name); ok {
			c.System = p.System
		}
		any := false
		for i := range causes {
			c.Effects[i] = stages[i+1][name].Minus(stages[i][name])
			sums[i] = sums[i].Plus(c.Effects[i])
			any = any || !c.Effects[i].IsZero()
		}
		if any {
			a.Components = append(a.Components, c)
		}
	}
	for i, cause := range causes {
		total = total.Plus(sums[i])
		a.Effects = append(a.Effects, Effect{Cause: cause, Amount: sums[i], Total: total})
	}
	return a
}
