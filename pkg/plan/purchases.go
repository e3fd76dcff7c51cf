package plan

import (
	"errors"

	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/purchase"
	"headroom/pkg/workload"
)

// checkPurchases holds what the profile says of buying against itself and the
// catalog, also where it is not asked for now.
func checkPurchases(p *workload.Profile, k *market.Market) error {
	var ps diag.Problems
	rates := func(s *workload.Purchase) {
		for i := range s.Rates {
			if t := s.Rates[i].Type; t != "" {
				if _, ok := k.Find(t); !ok {
					ps.Addf(s.Rates[i].Pos, nearestType(k, t), "instance type %q is not known", t)
				}
			}
		}
	}
	rates(&p.Purchase)
	for _, e := range p.Components {
		own := e.V.Purchase
		if own == nil {
			continue
		}
		rates(own)
		s := p.Purchase.With(own)
		if len(own.Allow) > 0 && s.Option != "" && s.Option != "optimal" {
			ps.Addf(own.Pos, "write option: optimal beside it",
				"allow is for option: optimal; the profile's option for %s is %s", e.Key, s.Option)
		}
		if _, _, err := purchase.FromProfile(&s); err != nil {
			var one diag.Problem
			if errors.As(err, &one) {
				ps.Add(one)
			}
		}
	}
	return ps.Err()
}

func nearestType(k *market.Market, name string) string {
	if s := k.Suggest(name); s != "" {
		return "did you mean " + s + "?"
	}
	return "headroom prices show TYPE tells what is known of a type"
}
