package resilience

import (
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/workload"
)

// spotMode is the way to buy in which all that may be spot is.
const spotMode = "spot"

// spot is the greatest part of a component's nodes that may be spot instances by the way in
// which they are bought: none where nobody wants spot, or where nodes may not be taken back.
func (b *builder) spot(x *standing) float64 {
	s := b.profile.PurchaseOf(x.choice.Component, b.plan.Purchase)
	if !s.MayBeReclaimed() || s.Option != spotMode && s.Option != workload.Optimal {
		return 0
	}
	types := 1
	if s.SpotTypes != nil {
		types = max(types, int(s.SpotTypes.V))
	}
	l, all, most := x.choice.Layout, 0, 0
	for i := range l.Pools {
		p := &l.Pools[i]
		all += p.Max
		most += purchase.MaxSpot(p.Max, plan.NodesLeft(l, p), types, b.demand.Regions[p.Region].Zones)
	}
	if all == 0 {
		return 0
	}
	part := float64(most) / float64(all)
	if s.MaxSpotShare != nil {
		part = min(part, float64(s.MaxSpotShare.V))
	}
	return part
}
