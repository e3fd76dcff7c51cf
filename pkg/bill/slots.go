package bill

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
)

// course is how the nodes of a choice grow, as it is bought.
type course plan.Course

// poolKey names a pool of a layout.
type poolKey struct {
	region int
	role   string
}

// keys are the pools that the choice ever has, those of the first month first.
func (k *course) keys() []poolKey {
	var out []poolKey
	for _, l := range k.Months {
		for i := range l.Pools {
			if key := (poolKey{l.Pools[i].Region, l.Pools[i].Role}); !slices.Contains(out, key) {
				out = append(out, key)
			}
		}
	}
	return out
}

// in finds the pool in a layout; nil where it has none such.
func (k poolKey) in(l *sizing.Layout) *sizing.Pool {
	for i := range l.Pools {
		if p := &l.Pools[i]; p.Region == k.region && p.Role == k.role {
			return p
		}
	}
	return nil
}

// typeOf is the node type of a pool, in the first month that has it.
func (k *course) typeOf(key poolKey) *catalog.NodeType {
	for _, l := range k.Months {
		if p := key.in(l); p != nil {
			return l.TypeOf(p)
		}
	}
	return k.Months[0].Type
}

// slots are the nodes of a pool over the months of the course.
func (k *course) slots(key poolKey, scheduled unit.Fraction) []purchase.Slot {
	first := key.in(k.Months[0])
	if len(k.Months) == 1 || first != nil && purchase.Counts(*first) == nil {
		return purchase.SlotsOf(scheduled, first) // given machines do not grow
	}
	months := make([][]capacity.NodeHours, len(k.Months))
	for m, l := range k.Months {
		if p := key.in(l); p != nil {
			months[m] = purchase.Counts(*p)
		}
	}
	return purchase.Slots(scheduled, months...)
}

// maxSpot is the reclaim rule's bound on the nodes of a pool, month by month.
func (k *course) maxSpot(key poolKey, types, zones int) []int {
	out := make([]int, len(k.Months))
	for m, l := range k.Months {
		if m > 0 && l == k.Months[m-1] {
			out[m] = out[m-1]
		} else if p := key.in(l); p != nil {
			out[m] = purchase.MaxSpot(p.Max, plan.NodesLeft(l, p), types, zones)
		}
	}
	return out
}
