package bill

import (
	"slices"

	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/remark"
)

// declined notes why a component is bought in none of the ways that are asked for;
// components with the same reason share a remark.
func (b *buyer) declined(c *plan.Choice, why remark.Remark) {
	for i, r := range b.out.NotTaken {
		list := r.List("components")
		if slices.Contains(list, c.Component.Label()) {
			return
		}
		if why.With("components", list).Equal(r) {
			b.out.NotTaken[i] = why.With("components", append(slices.Clone(list), c.Component.Label()))
			return
		}
	}
	b.out.NotTaken = append(b.out.NotTaken, why.With("components", []string{c.Component.Label()}))
}

// gaps notes the savings plans that have no price at all for a machine.
func (b *buyer) gaps(options []purchase.Option, region, machine string) {
	for _, kind := range []string{purchase.SavingsPlan, purchase.ComputePlan} {
		gap := PlanGap{kind, region, machine}
		if !slices.ContainsFunc(options, func(o purchase.Option) bool { return o.Kind == kind && o.Missing.IsZero() }) &&
			!slices.Contains(b.out.Plans, gap) {
			b.out.Plans = append(b.out.Plans, gap)
		}
	}
}

// quotas notes the regions in which more reservations are bought in a month than an
// account may.
func (b *buyer) quotas() {
	for _, r := range b.pr.Regions {
		if first, most, ok := purchase.Beyond(b.months[r.Name()].Months); ok {
			b.out.Risks = append(b.out.Risks, remark.New("risk.quota", "region", r.Name(), "month", first+1,
				"nodes", most, "quota", purchase.QuotaRegion, "zone", purchase.QuotaZone))
		}
	}
}
