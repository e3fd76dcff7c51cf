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
