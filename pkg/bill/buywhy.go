package bill

import (
	"slices"

	"headroom/pkg/purchase"
	"headroom/pkg/remark"
)

// refusal is a pool that is bought in none of the ways that are asked for.
type refusal struct {
	component, region string
	why               remark.Remark
}

// notTaken says why components are bought in none of the ways that are asked for;
// those with the same reason share a remark. One that is bought so elsewhere is named
// with its region.
func (b *buyer) notTaken() {
	for _, x := range b.refused {
		name := x.component
		if slices.ContainsFunc(b.taken, func(t string) bool { return t == x.component }) {
			name += " in " + x.region
		}
		at := slices.IndexFunc(b.out.NotTaken, func(r remark.Remark) bool {
			return x.why.With("components", r.List("components")).Equal(r)
		})
		if at < 0 {
			b.out.NotTaken = append(b.out.NotTaken, x.why.With("components", []string{name}))
			continue
		}
		r := &b.out.NotTaken[at]
		if list := r.List("components"); !slices.Contains(list, name) {
			*r = x.why.With("components", append(slices.Clone(list), name))
		}
	}
}

// gaps notes the savings plans that have no price at all for a machine.
func (b *buyer) gaps(options []purchase.Option, region, machine string) {
	for _, kind := range []string{purchase.SavingsPlan, purchase.ComputePlan} {
		gap := PlanGap{kind, region, machine}
		priced := slices.ContainsFunc(options, func(o purchase.Option) bool {
			return o.Kind == kind && o.Missing.IsZero()
		})
		if !priced && !slices.Contains(b.out.Plans, gap) {
			b.out.Plans = append(b.out.Plans, gap)
		}
	}
}
