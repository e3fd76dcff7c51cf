package purchase

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// This file is a second way to buy an instance savings plan: pooled over a
// family and region (MODEL section 7), for holding the mix of slots against.
// As all pools run most at the same hours, the plan's (1−d)·quantile_d of the
// spend covers just the slots with a duty above 1−d, which is what Best takes:
// TestSlotsEqualThePooledPlan.

// Usage is the nodes of one type and pool that may come under an instance
// savings plan: what reservations leave on demand.
type Usage struct {
	Name     string
	OnDemand money.Rate    // USD per node hour
	Discount unit.Fraction // of the plan on this type
	// Duty is the part of the hours in which each of the nodes runs, descending.
	Duty []float64
}

// Coverage is an instance savings plan for one family in one region: a sum per
// hour that is paid whether used or not, and what it does.
type Coverage struct {
	Commitment money.Rate `json:"commitment"` // USD per hour
	// Per hour on average, in USD: what the nodes cost on demand, what they cost
	// with the plan (commitment and the rest on demand), and that rest.
	OnDemand  float64 `json:"on_demand"`
	Cost      float64 `json:"cost"`
	Uncovered float64 `json:"uncovered"`
	// Utilisation is the part of the commitment that is used; 1 without any.
	Utilisation float64 `json:"utilisation"`
}

// Family is what a savings plan is bound to: the part of an instance type's
// name before the point (m7g of m7g.large).
func Family(instanceType string) string {
	family, _, _ := strings.Cut(instanceType, ".")
	return family
}

// segment is a part of the hours in which the on-demand spend of each usage
// stays the same.
type segment struct {
	weight float64
	spend  []float64 // USD per hour, parallel to the usages
}

// segments cuts the hours where the number of nodes of any usage changes. All
// usages are taken to have their busy hours together, as the pools of a region
// that follow one load curve have.
func segments(usages []Usage) []segment {
	cuts := []float64{0, 1}
	for _, u := range usages {
		cuts = append(cuts, u.Duty...)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []segment
	for i := range len(cuts) - 1 {
		s := segment{weight: cuts[i+1] - cuts[i], spend: make([]float64, len(usages))}
		for j, u := range usages {
			nodes := 0
			for _, d := range u.Duty {
				if d >= cuts[i+1] {
					nodes++
				}
			}
			s.spend[j] = float64(nodes) * u.OnDemand.Float64()
		}
		out = append(out, s)
	}
	return out
}

// Cover finds the commitment to an instance savings plan that costs least, to
// the millionth of a dollar an hour. The plan covers the usage with the highest
// discount first. The cost as a function of the commitment is convex, so the
// best commitment is where a further dollar saves no more than it costs; with
// one discount d this is (1−d) times the quantile d of the on-demand spend of
// an hour (docs/model.md section 7).
func Cover(usages []Usage) (*Coverage, error) {
	for _, u := range usages {
		if !(u.Discount >= 0 && u.Discount < 1) {
			return nil, fmt.Errorf("%s: a savings plan with a discount of %g; it is at least 0 and below 1",
				u.Name, float64(u.Discount))
		}
		for _, d := range u.Duty {
			if !(d >= 0 && d <= 1) {
				return nil, fmt.Errorf("%s: a node is needed in %g of the hours; that is a part between 0 and 1",
					u.Name, d)
			}
		}
	}
	usages = slices.Clone(usages)
	slices.SortStableFunc(usages, func(a, b Usage) int { return cmp.Compare(b.Discount, a.Discount) })
	segs := segments(usages)

	// Up to each step a segment's next dollar of commitment replaces 1/(1−d)
	// dollars on demand.
	type step struct{ at, gain float64 }
	var steps []step
	slope := 1.0 // of cost by commitment
	for _, s := range segs {
		at, last := 0.0, 0.0
		for j, u := range usages {
			if s.spend[j] == 0 {
				continue
			}
			gain := s.weight / (1 - float64(u.Discount))
			if last == 0 {
				slope -= gain
			} else { // the gain drops from that of the usage before
				steps = append(steps, step{at, last - gain})
			}
			at, last = at+float64(s.spend[j]*(1-float64(u.Discount))), gain
		}
		if last > 0 {
			steps = append(steps, step{at, last})
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	commit := 0.0
	for _, st := range steps {
		if slope >= -tie {
			break
		}
		commit = st.at
		slope += st.gain
	}
	q, err := money.Float(commit)
	if err != nil {
		return nil, fmt.Errorf("savings plan: %w", err)
	}
	return evaluateCover(usages, segs, money.MustRate("1").Scale(q)), nil
}

// evaluateCover works out what a commitment does; usages by falling discount.
func evaluateCover(usages []Usage, segs []segment, commitment money.Rate) *Coverage {
	c := &Coverage{Commitment: commitment, Utilisation: 1}
	commit, used := commitment.Float64(), 0.0
	for _, s := range segs {
		left := commit
		for j, u := range usages {
			price := s.spend[j] * (1 - float64(u.Discount))
			take := math.Min(left, price)
			left -= take
			c.OnDemand += float64(s.weight * s.spend[j])
			c.Uncovered += float64(s.weight * (price - take) / (1 - float64(u.Discount)))
			used += float64(s.weight * take)
		}
	}
	c.Cost = commit + c.Uncovered
	if commit > 0 {
		c.Utilisation = math.Min(1, used/commit)
	}
	return c
}
