package compare

import (
	"encoding/csv"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/plan"
)

// lacking are prices that the base's tables do not have, as the head's have
// them.
type lacking struct {
	head         *catalog.Vintage
	nodes, usage [][]string
}

// lacking are the prices of the machines and of the usage in both plans that
// the base's tables lack: a region, a node type, a service.
func (s *substitution) lacking() *lacking {
	l := &lacking{head: s.head.Plan.Tables.Vintage}
	for _, r := range s.head.Plan.Tables.Regions {
		old, err := s.base.Plan.Tables.Vintage.Region(r.Name())
		if err != nil {
			old = nil
		}
		for _, p := range []*plan.Plan{s.base.Plan, s.head.Plan} {
			l.compare(p, old, r)
		}
	}
	return l
}

// compare finds what a plan uses in a region that the old prices, which may be
// nil, do not have.
func (l *lacking) compare(p *plan.Plan, old, now *catalog.RegionPrices) {
	for _, c := range p.Choices {
		for i := range c.Layout.Pools {
			t := c.Layout.TypeOf(&c.Layout.Pools[i])
			if t != nil && (old == nil || !priced(old, t.Name)) {
				l.node(now, t.Name)
			}
		}
		for _, u := range c.Layout.Usage {
			if p.Tables.Regions[u.Region].Name() != now.Name() {
				continue
			}
			if old == nil || !metered(old, u.Meter) {
				l.meter(now, u.Meter)
			}
		}
	}
}

func priced(r *catalog.RegionPrices, machine string) bool {
	_, ok := r.OnDemand(machine)
	return ok
}

func metered(r *catalog.RegionPrices, m catalog.Meter) bool {
	_, ok := r.Usage(m)
	return ok
}

// add takes over what a plan found missing; false where the head's tables do
// not have all of it either.
func (l *lacking) add(missing catalog.MissingPrices) bool {
	for _, m := range missing {
		r, err := l.head.Region(m.Region)
		if err != nil {
			return false
		}
		ok := false
		switch {
		case m.TierFrom != "":
		case m.Table == catalog.TableUsage:
			if meter, known := catalog.MeterOf(m.Service, m.Item); known {
				ok = l.meter(r, meter)
			}
		case m.Table == catalog.TableEC2:
			ok = l.node(r, m.Item)
		}
		if !ok {
			return false
		}
	}
	return true
}

// node adds the price of a type; false where there is none or it is there.
func (l *lacking) node(r *catalog.RegionPrices, machine string) bool {
	p, ok := r.OnDemand(machine)
	if !ok {
		return false
	}
	return appendNew(&l.nodes, []string{r.Name(), machine, p.Rate.String(), p.AsOf, p.Source})
}

// meter adds the price of a usage, with all its tiers.
func (l *lacking) meter(r *catalog.RegionPrices, m catalog.Meter) bool {
	tiers, ok := r.Usage(m)
	for _, t := range tiers {
		to := ""
		if t.Tier.To != nil {
			to = t.Tier.To.String()
		}
		ok = appendNew(&l.usage, []string{r.Name(), m.Service(), m.Item(), t.Unit, t.Tier.From.String(), to,
			t.Tier.Rate.String(), t.Price.AsOf, t.Price.Source}) && ok
	}
	return ok
}

func appendNew(rows *[][]string, row []string) bool {
	if slices.ContainsFunc(*rows, func(r []string) bool { return slices.Equal(r, row) }) {
		return false
	}
	*rows = append(*rows, row)
	return true
}

// overlay is the file of the prices; empty where there are none.
func (l *lacking) overlay() []byte {
	var b strings.Builder
	section := func(header string, rows [][]string) {
		if len(rows) == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(header + "\n")
		// Only what is written to could fail: here it cannot.
		_ = csv.NewWriter(&b).WriteAll(rows)
	}
	section("region,instance_type,on_demand_hourly,as_of,source", l.nodes)
	section("region,service,item,unit,tier_from,tier_to,price_usd,as_of,source", l.usage)
	return []byte(b.String())
}
