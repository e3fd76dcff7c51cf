package compare

import (
	"slices"

	"headroom/pkg/bill"
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

func stageOf(lines []bill.Line) stage {
	s := stage{}
	for i := range lines {
		name := lines[i].For()
		s[name] = s[name].Plus(lines[i].Cost.Expected)
	}
	return s
}

// split is a difference cut into stages: the base, then the bill after each
// cause. The last stage is the head, so that the effects add up.
type split struct {
	method     string
	base, head *bill.Estimate
	causes     []string
	stages     []stage
	notes      []string
}

// attribution makes effects of the stages.
func (s split) attribution() Attribution {
	a := Attribution{Method: s.method, Effects: []Effect{}, Components: []ComponentEffects{},
		Notes: append([]string{}, s.notes...)}
	total := s.base.Total.Expected
	sums := make([]money.Amount, len(s.causes))
	for _, name := range s.names() {
		c := ComponentEffects{Component: name, System: name, Base: s.stages[0][name],
			Effects: make([]money.Amount, len(s.causes)), Head: s.stages[len(s.causes)][name]}
		if p, ok := s.head.Part(name); ok {
			c.System = p.System
		} else if p, ok := s.base.Part(name); ok {
			c.System = p.System
		}
		moved := false
		for i := range s.causes {
			c.Effects[i] = s.stages[i+1][name].Minus(s.stages[i][name])
			sums[i] = sums[i].Plus(c.Effects[i])
			moved = moved || !c.Effects[i].IsZero()
		}
		if moved {
			a.Components = append(a.Components, c)
		}
	}
	for i, cause := range s.causes {
		total = total.Plus(sums[i])
		a.Effects = append(a.Effects, Effect{Cause: cause, Amount: sums[i], Total: total})
	}
	return a
}

// names lists the components of both ends, and then what only a stage between
// them has, such as a component that a changed workload alone would need.
func (s *split) names() []string {
	names := componentNames(s.base, s.head)
	var between []string
	for _, stage := range s.stages {
		for name := range stage {
			if !slices.Contains(names, name) && !slices.Contains(between, name) {
				between = append(between, name)
			}
		}
	}
	slices.Sort(between)
	return append(names, between...)
}
