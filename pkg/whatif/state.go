package whatif

import (
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/money"
	"headroom/pkg/remark"
)

// Figures are the plan at one set of inputs in short.
type Figures struct {
	Total bill.Cost `json:"total"`
	// Together is what production and all environments cost; nil where there is production
	// only, and where they were not asked for.
	Together   *bill.Together   `json:"together,omitempty"`
	Users      float64          `json:"users"`
	PerUser    *float64         `json:"per_user,omitempty"`             // dollars a user and month
	PerMillion *float64         `json:"per_million_requests,omitempty"` // dollars a million requests
	NodesMin   int              `json:"nodes_min"`
	NodesMax   int              `json:"nodes_max"`
	Unpriced   int              `json:"unpriced"` // needs without a price: the total is a lower bound
	Components []ComponentState `json:"components"`
}

// ComponentState is a component, or an adjustment of the bill, in one plan.
type ComponentState struct {
	bill.Owner
	System  string          `json:"system"`
	Machine string          `json:"machine"`
	Storage string          `json:"storage"`
	Pools   []bill.NodePool `json:"pools"`              // empty where the nodes are another's
	Brief   remark.Remark   `json:"structure,omitzero"` // partitions, shards, copies
	Binds   *bill.Bind      `json:"binds,omitempty"`
	Terms   []string        `json:"terms"` // on which its nodes are bought, each once
	Cost    bill.Cost       `json:"cost"`  // with its share of the boot volumes
}

// figures sums an estimate up. A component costs what bill.ComponentCosts says; boot volumes
// are with those that have them.
func figures(e *bill.Estimate) Figures {
	f := Figures{Total: e.Total, Unpriced: len(e.Unpriced), Components: make([]ComponentState, 0, len(e.Parts))}
	terms := map[string][]string{}
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Category == "compute" && !slices.Contains(terms[l.Component], l.Term) {
			terms[l.Component] = append(terms[l.Component], l.Term)
		}
	}
	for _, c := range bill.ComponentCosts(e) {
		s := ComponentState{Owner: c.Owner(), System: c.System, Cost: c.Total}
		if p, ok := e.Part(s.Owner); ok && !s.Adjustment {
			s.Machine, s.Storage, s.Brief, s.Binds, s.Terms = p.Machine, p.Storage, p.Brief, p.Binds, terms[p.Name]
			if p.Machine != "" { // else the nodes are another's
				s.Pools = p.Pools
				for _, pool := range p.Pools {
					f.NodesMin += pool.Min
					f.NodesMax += pool.Max
				}
			}
		}
		f.Components = append(f.Components, s)
	}
	if d := e.Demand; d != nil {
		f.Users = d.Users
		f.PerUser = ratio(e.Total.Expected, d.Users)
		f.PerMillion = ratio(e.Total.Expected, d.MonthlyReqs/1e6)
	}
	return f
}

// ratio is dollars by a quantity, nil by nothing.
func ratio(a money.Amount, by float64) *float64 {
	if !(by > 0) {
		return nil
	}
	x := a.Float64() / by
	return &x
}

// asBuilt tells whether two states are the same in what grows in steps that
// somebody has to plan: not in the number of nodes.
func (s *ComponentState) asBuilt(o *ComponentState) bool {
	return s.Machine == o.Machine && s.Storage == o.Storage && s.Brief.Equal(o.Brief)
}

// changes lists what is another in the second state: always type, storage,
// structure, binding limit and purchase, and where wanted the number of nodes.
func changes(a, b *ComponentState, counts bool) []compare.Change {
	var out []compare.Change
	add := func(another bool, what string, was, is any) {
		if another {
			out = append(out, compare.Change{What: what, Was: was, Is: is})
		}
	}
	restructured := !a.Brief.Equal(b.Brief)
	add(a.Machine != b.Machine, compare.OfMachine, a.Machine, b.Machine)
	// The structure in a few words names the storage.
	add(a.Storage != b.Storage && !restructured, compare.OfStorage, a.Storage, b.Storage)
	add(counts && !slices.EqualFunc(a.Pools, b.Pools, asMany), compare.OfNodes, a.Pools, b.Pools)
	add(restructured, compare.OfStructure, a.Brief, b.Brief)
	add(!a.Binds.Same(b.Binds), compare.OfBinds, a.Binds, b.Binds)
	add(!slices.Equal(a.Terms, b.Terms), compare.OfBought, a.Terms, b.Terms)
	return out
}

// asMany tells whether two pools have as many nodes at least and at most.
func asMany(a, b bill.NodePool) bool { return a.Min == b.Min && a.Max == b.Max }

// find looks for a component or an adjustment.
func (f *Figures) find(of bill.Owner) *ComponentState {
	for i := range f.Components {
		if f.Components[i].Owner == of {
			return &f.Components[i]
		}
	}
	return nil
}
