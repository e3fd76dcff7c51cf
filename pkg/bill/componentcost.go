package bill

// ComponentCost is what one component costs a month: the one price of it that every report
// shows. They add up to the estimate's total exactly.
type ComponentCost struct {
	Component string `json:"component"` // "" for what belongs to none, such as a credit on the whole bill
	System    string `json:"system"`
	Nodes     Cost   `json:"nodes"`   // with its part of what was paid upfront
	Storage   Cost   `json:"storage"` // its own disks and objects
	Boot      Cost   `json:"boot"`    // the boot volumes of its nodes
	Other     Cost   `json:"other"`   // hours, traffic and adjustments
	Total     Cost   `json:"total"`
}

// ComponentCosts are the components' costs, in the order of the profile, then what belongs to
// none of them. Boot volumes are billed together, as one row a region: every component
// bears what its nodes are of those of the region, in whole cents, and what components
// without nodes of their own are billed for stays theirs.
func ComponentCosts(e *Estimate) []ComponentCost {
	s := &dividing{at: map[string]int{}}
	for i := range e.Parts {
		if p := &e.Parts[i]; p.Kind != bootKind {
			s.of(p.Name, p.System)
		}
	}
	for i := range e.Lines {
		l := &e.Lines[i]
		if l.Kind == bootKind && s.divide(e, l) {
			continue
		}
		cost := s.of(l.Component, l.System)
		switch {
		case l.Service == ServiceNodes:
			cost.Nodes = cost.Nodes.Plus(l.Cost)
		case l.Kind == bootKind:
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

const (
	bootKind        = "boot"
	categoryStorage = "storage"
)

type dividing struct {
	list []ComponentCost
	at   map[string]int
}

func (s *dividing) of(component, system string) *ComponentCost {
	i, ok := s.at[component]
	if !ok {
		i = len(s.list)
		s.at[component] = i
		s.list = append(s.list, ComponentCost{Component: component, System: system})
	}
	return &s.list[i]
}

// divide divides a row of boot volumes among the components with nodes in its region,
// and is false where there are none.
func (s *dividing) divide(e *Estimate, l *Line) bool {
	var owners []*Part
	var low, mean, high []float64
	for i := range e.Parts {
		p := &e.Parts[i]
		a, b, c := 0.0, 0.0, 0.0
		for _, pool := range p.Pools {
			if pool.Region == l.Region {
				a, b, c = a+float64(pool.Min), b+pool.Mean.Float64(), c+float64(pool.Max)
			}
		}
		if b > 0 {
			owners, low, mean, high = append(owners, p), append(low, a), append(mean, b), append(high, c)
		}
	}
	if len(owners) == 0 {
		return false
	}
	least, expected, most := l.Cost.Min.Split(low), l.Cost.Expected.Split(mean), l.Cost.Max.Split(high)
	for i, p := range owners {
		cost := s.of(p.Name, p.System)
		cost.Boot = cost.Boot.Plus(Cost{Min: least[i], Expected: expected[i], Max: most[i]})
	}
	return true
}
