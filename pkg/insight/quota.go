package insight

import (
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
)

// quotaFacts say how much of which quotas to ask for: once for each, whatever the
// number of regions.
func quotaFacts(list []bill.Quota) []remark.Remark {
	var out []remark.Remark
	for i := range list {
		same := func(q bill.Quota) bool { return q.Of == list[i].Of }
		if slices.IndexFunc(list, same) == i {
			out = append(out, quotaFact(list[i:], same))
		}
	}
	return out
}

// quotaFact is one quota in its regions.
func quotaFact(list []bill.Quota, same func(bill.Quota) bool) remark.Remark {
	q := &list[0]
	var regions, more []string
	var needs, months []float64
	for _, x := range list {
		if !same(x) {
			continue
		}
		regions, needs = append(regions, x.Region), append(needs, float64(x.Need))
		months = append(months, float64(x.Month))
		if x.AtLeast {
			more = append(more, x.Region)
		}
	}
	f := remark.New("quota."+q.Of, "regions", regions, "needs", needs, "months", months, "default", q.Default)
	if q.Zone > 0 {
		f = f.With("zone", q.Zone)
	}
	if len(more) > 0 {
		f = f.With("at_least", more)
	}
	if q.AsOf != "" {
		f = f.With("as_of", q.AsOf)
	}
	if q.Weak {
		f = f.With("weak", true)
	}
	if len(q.Environments) > 0 {
		f = f.With("environments", q.Environments)
	}
	if len(q.NotCounted) > 0 {
		f = f.With("not_counted", q.NotCounted)
	}
	return f
}
