package plan

import (
	"headroom/pkg/money"
	"headroom/pkg/sizing"
)

// perNode is what every node costs a month beside its own price, by region of
// the profile: its boot volume. It is billed with another component, but
// belongs to the choice: else ten small nodes would win over five that are
// twice as large, cost a cent more and boot from half as many volumes.
type perNode struct {
	exact   []money.Amount
	dollars []float64
}

// perNode adds up what the kinds bill for each node. Problems with their specs
// are reported when they are sized themselves.
func (s *sizer) perNode() perNode {
	n := len(s.pr.regions)
	out := perNode{make([]money.Amount, n), make([]float64, n)}
	if !s.storage {
		return out
	}
	for _, e := range s.sys.Profile.Components {
		k, _ := sizing.Find(e.V.Kind)
		kind, ok := k.(sizing.PerNode)
		if !ok {
			continue
		}
		each, err := kind.EachNode(s.sys.Case(e.V))
		if err != nil {
			continue
		}
		for _, u := range each {
			out.exact[u.Region] = out.exact[u.Region].Plus(s.exactUsage(u))
			d, _ := s.usageCost(u)
			out.dollars[u.Region] += d
		}
	}
	return out
}
