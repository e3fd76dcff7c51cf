package bill

import (
	"slices"
	"strings"

	"headroom/pkg/market"
)

// ComponentCost is what one component costs a month: the one price of it that every report
// shows. They add up to the estimate's total exactly.
type ComponentCost struct {
	Component string `json:"component"` // "" for what belongs to none, such as a credit on the whole bill
	System    string `json:"system"`
	Nodes     Cost   `json:"nodes"`   // with its part of what was paid upfront
	Storage   Cost   `json:"storage"` // its own disks and objects
	Boot      Cost   `json:"boot"`    // the boot volumes of its nodes
	Other     Cost   `json:"other"`   // hours, traffic, fixed costs and adjustments
	Total     Cost   `json:"total"`
}

// ComponentCosts are the components' costs, in the order of the profile, then what belongs to
// none of them. Boot volumes are billed together, as one row a region: every component
// bears its share of them, and what components without nodes of their own are billed for
// stays theirs.
func ComponentCosts(e *Estimate) []ComponentCost { return ComponentCostsIn(e, nil) }

// ComponentCostsIn is the part of ComponentCosts that some regions have; nil is for all.
func ComponentCostsIn(e *Estimate, regions []string) []ComponentCost {
	s := &dividing{at: map[Owner]int{}}
	for i := range e.Parts {
		if p := &e.Parts[i]; p.Kind != bootKind {
			s.of(Owner{Name: p.Name}, p.System)
		}
	}
	for i := range e.Lines {
		l := &e.Lines[i]
		if regions != nil && !slices.Contains(regions, l.Region) {
			continue
		}
		if shares := e.BootShares(l); len(shares) > 0 {
			for k := range shares {
				cost := s.of(shares[k].For(), shares[k].System)
				cost.Boot = cost.Boot.Plus(shares[k].Cost)
			}
			continue
		}
		cost := s.of(l.For(), l.System)
		switch {
		case l.Service == ServiceNodes, l.Service == market.OwnService:
			cost.Nodes = cost.Nodes.Plus(l.Cost)
		case l.IsBoot():
			cost.Boot = cost.Boot.Plus(l.Cost)
		case l.Category == categoryStorage:
			cost.Storage = cost.Storage.Plus(l.Cost)
		default:
			cost.Other = cost.Other.Plus(l.Cost)
		}
	}
	for i := range s.list {
		x := &s.list[i]
		x.Total = x.Nodes.Plus(x.Storage).Plus(x.Boot).Plus(x.Other)
	}
	return s.list
}

// Owner is what the cost is for: a component, or what belongs to none.
func (c *ComponentCost) Owner() Owner {
	if c.Component == "" {
		return Owner{Name: c.System, Adjustment: true}
	}
	return Owner{Name: c.Component}
}

const (
	bootKind        = "boot"
	categoryStorage = "storage"
)

type dividing struct {
	list []ComponentCost
	at   map[Owner]int
}

func (s *dividing) of(owner Owner, system string) *ComponentCost {
	i, ok := s.at[owner]
	if !ok {
		i = len(s.list)
		s.at[owner] = i
		component := owner.Name
		if owner.Adjustment {
			component = ""
		}
		s.list = append(s.list, ComponentCost{Component: component, System: system})
	}
	return &s.list[i]
}

// BootShares divides a row of boot volumes among the components with nodes in its region:
// each bears what its nodes are of those of the region in the mean of the week, which is what
// the volumes are billed for, in whole cents. Who runs on the nodes of another has none.
// There are no shares of another row, and none where no component has nodes. Their order, by
// name, decides who bears the odd cents.
func (e *Estimate) BootShares(l *Line) []Line {
	if !l.IsBoot() {
		return nil
	}
	var owners []*Part
	var nodes []float64
	parts := make([]*Part, len(e.Parts))
	for i := range e.Parts {
		parts[i] = &e.Parts[i]
	}
	slices.SortStableFunc(parts, func(p, q *Part) int { return strings.Compare(p.Name, q.Name) })
	for _, p := range parts {
		mean := 0.0
		for i := range p.Pools {
			pool := &p.Pools[i]
			machine := p.MachineOf(pool)
			if pool.Region == l.Region && machine != "" && !e.owns(p, pool.Region, machine) {
				mean += pool.Mean.Float64()
			}
		}
		if mean > 0 {
			owners, nodes = append(owners, p), append(nodes, mean)
		}
	}
	if len(owners) == 0 {
		return nil
	}
	expected := l.Cost.Expected.Split(nodes)
	least, most := expected, expected
	if !l.Cost.fixed() {
		least, most = l.Cost.Min.Split(nodes), l.Cost.Max.Split(nodes)
	}
	out := make([]Line, len(owners))
	for i, p := range owners {
		out[i] = *l
		out[i].Component, out[i].System, out[i].Kind = p.Name, p.System, p.Kind
		out[i].Cost = Cost{Min: least[i], Expected: expected[i], Max: most[i]}
	}
	return out
}

// owns tells whether a component's machine in a region is one of its user's own, which boots
// from a disk of its own; what is rented in the place of such a one has a price of the tables.
func (e *Estimate) owns(p *Part, region, machine string) bool {
	for i := range e.Lines {
		l := &e.Lines[i]
		if l.Service == market.OwnService && l.IsNodes() && l.AsOf == "" && l.Component == p.Name &&
			l.Region == region && l.Item == machine {
			return true
		}
	}
	return false
}
