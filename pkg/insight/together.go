package insight

import (
	"headroom/pkg/bill"
	"headroom/pkg/remark"
)

// TogetherFact says what production and its environments cost together.
func TogetherFact(t *bill.Together) remark.Remark {
	names, amounts := t.Names()
	costs := make([]float64, len(amounts))
	for i, a := range amounts {
		costs[i] = a.Float64()
	}
	f := remark.New("fact.together", "environments", names, "costs", costs, "total", t.Total.Expected.Float64(),
		"at_least", t.Lacks())
	if len(t.NotCounted) > 0 {
		f = f.With("not_counted", t.NotCounted)
	}
	return f
}

// hostFacts say which hosts of a site production and its environments need more of than there are.
func hostFacts(list []bill.SharedHosts) []remark.Remark {
	var out []remark.Remark
	for i := range list {
		h := &list[i]
		needs := make([]float64, len(h.Needs))
		for k, n := range h.Needs {
			needs[k] = float64(n)
		}
		out = append(out, remark.New("fact.hosts_short", "machine", h.Machine, "at", h.Region, "need", h.Need,
			"have", h.Have, "environments", h.Environments, "needs", needs))
	}
	return out
}
