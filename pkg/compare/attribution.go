package compare

import (
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
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
	Notes      []remark.Remark    `json:"notes"`      // what could not be told apart
}

// Effect is what one cause does to the expected month.
type Effect struct {
	Cause  string       `json:"cause"`
	Amount money.Amount `json:"amount"`
	Total  money.Amount `json:"total"` // after it
}

// ComponentEffects are the effects on one component or adjustment, in the order
// of the attribution's effects.
type ComponentEffects struct {
	bill.Owner
	System  string         `json:"system"`
	Base    money.Amount   `json:"base"`
	Effects []money.Amount `json:"effects"`
	Head    money.Amount   `json:"head"`
}

// stage is the bill after some causes: the expected month of every component and
// adjustment.
type stage map[bill.Owner]money.Amount

func stageOf(e *bill.Estimate) stage {
	s := stage{}
	for _, c := range bill.ComponentCosts(e) {
		s[c.Owner()] = s[c.Owner()].Plus(c.Total.Expected)
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
	notes      []remark.Remark
}

// attribution makes effects of the stages.
func (s split) attribution() Attribution {
	a := Attribution{Method: s.method, Effects: []Effect{}, Components: []ComponentEffects{},
		Notes: append([]remark.Remark{}, s.notes...)}
	total := s.base.Total.Expected
	sums := make([]money.Amount, len(s.causes))
	for _, of := range s.owners() {
		c := ComponentEffects{Owner: of, System: of.Name, Base: s.stages[0][of],
			Effects: make([]money.Amount, len(s.causes)), Head: s.stages[len(s.causes)][of]}
		if p, ok := s.head.Part(of); ok {
			c.System = p.System
		} else if p, ok := s.base.Part(of); ok {
			c.System = p.System
		}
		moved := false
		for i := range s.causes {
			c.Effects[i] = s.stages[i+1][of].Minus(s.stages[i][of])
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

// owners lists those of both ends, and then what only a stage between them has,
// such as a component that a changed workload alone would need.
func (s *split) owners() []bill.Owner {
	all := owners(s.base, s.head)
	var between []bill.Owner
	for _, stage := range s.stages {
		for of := range stage {
			if !slices.Contains(all, of) && !slices.Contains(between, of) {
				between = append(between, of)
			}
		}
	}
	slices.SortFunc(between, compareOwners)
	return append(all, between...)
}
