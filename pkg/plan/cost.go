package plan

import (
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
)

// cost is what a layout costs a month, for ranking. A layout that needs
// something without a price ranks behind all that need nothing such.
type cost struct {
	unpriced int
	dollars  float64 // the bill's
	special  float64 // of these, the price of nodes of families that are not general
	weights  float64 // what policy.running adds
}

// running is what layouts are ranked by.
func (a cost) running() float64 { return a.dollars + a.weights }

func (a cost) compare(b cost) int {
	x, y := a.running(), b.running()
	switch {
	case a.unpriced != b.unpriced:
		return a.unpriced - b.unpriced
	case math.Abs(x-y) <= 1e-9*math.Max(x, y):
		return 0
	case x < y:
		return -1
	}
	return 1
}

func (s *search) cost(k *candidate, l *sizing.Layout) cost {
	var c cost
	for i := range l.Pools {
		p := &l.Pools[i]
		usd := float64(p.Mean * s.nodeMonth(k, p))
		c.dollars += usd
		if s.weights.outside(l.TypeOf(p), l.Storage) {
			c.special += usd
		}
	}
	if s.storage {
		for _, u := range l.Usage {
			d, ok := s.usageCost(u)
			if !ok {
				c.unpriced++
			}
			c.dollars += d
		}
	}
	return c
}

// carried is what replication between zones and regions costs. It is billed with
// all other transfer, but belongs to the choice: a copy more is bytes more on the
// way.
func (s *search) carried(l *sizing.Layout) float64 {
	total := 0.0
	var room [2]sizing.Usage
	for _, f := range l.Crossings {
		for _, u := range s.sys.Carried(room[:0], f) {
			d, _ := s.usageCost(u) // what has no price is named where it is billed
			total += d
		}
	}
	return total
}

// nodeMonth is what a month of one node of a pool costs on demand: of the
// candidate's type, or of the pool's own.
func (s *search) nodeMonth(k *candidate, p *sizing.Pool) float64 {
	if p.Type == nil {
		return k.price[p.Region]
	}
	usd, _ := s.tables.nodeMonth(p.Region, s.tables.Market.Of(p.Type)) // only what is priced is chosen
	return usd
}

// exactCost is what a layout costs on the bill a month, in decimals, and of that
// nodes of families that are not general.
type exactCost struct{ bill, special money.Amount }

// exact is what a layout costs on demand, with what each of its nodes entails.
func (s *search) exact(l *sizing.Layout) exactCost {
	var x exactCost
	for i := range l.Pools {
		p := &l.Pools[i]
		mean, err := money.Float(p.Mean)
		price, ok := s.tables.Market.Of(l.TypeOf(p)).Price(p.Region)
		if err == nil && ok {
			nodes := price.Month(s.tables.Hours).Times(mean)
			x.bill = x.bill.Plus(nodes).Plus(s.entailedBy(l.TypeOf(p), p.Region).Times(mean))
			if s.weights.outside(l.TypeOf(p), l.Storage) {
				x.special = x.special.Plus(nodes)
			}
		}
	}
	if s.storage {
		for _, u := range l.Usage {
			x.bill = x.bill.Plus(s.exactUsage(u))
		}
	}
	x.bill = x.bill.Plus(s.transfer(l))
	return x
}

// transfer is carried, unrounded.
func (s *search) transfer(l *sizing.Layout) money.Amount {
	var total money.Amount
	if !s.storage {
		return total
	}
	var room [2]sizing.Usage
	for _, f := range l.Crossings {
		for _, u := range s.sys.Carried(room[:0], f) {
			total = total.Plus(s.exactUsage(u))
		}
	}
	return total
}

// exactly is exact for later.
func (s *search) exactly(l *sizing.Layout) func() exactCost {
	return func() exactCost { return s.exact(l) }
}

// exactUsage is what a usage costs, unrounded.
func (s *search) exactUsage(u sizing.Usage) money.Amount {
	var total money.Amount
	q, err := money.Float(u.Quantity)
	tiers, ok := s.tables.Regions[u.Region].Usage(u.Meter)
	if err == nil && ok {
		lines, _ := money.Tiered(q, catalog.Tiers(tiers))
		for _, x := range lines {
			total = total.Plus(x.Rate.Times(x.Quantity))
		}
	}
	return total
}

// usageKey names a usage price in a region.
type usageKey struct {
	region int
	meter  catalog.Meter
}

// tier is a step of a price in floats.
type tier struct{ from, to, price float64 }

// usageCost prices a usage in floats, for ranking.
func (s *search) usageCost(u sizing.Usage) (float64, bool) {
	tiers := s.tiersOf(u)
	if len(tiers) == 0 {
		return 0, false
	}
	total := 0.0
	for _, t := range tiers {
		if u.Quantity > t.from {
			total += float64((math.Min(u.Quantity, t.to) - t.from) * t.price)
		}
	}
	return total, true
}

// perNode is what every node costs a month beside its own price, by region of
// the profile: its boot volume. It is billed with another component, but
// belongs to the choice: else ten small nodes would win over five that are
// twice as large, cost a cent more and boot from half as many volumes.
type perNode struct {
	exact   []money.Amount
	dollars []float64
}

// entail adds what a layout costs on other components' lines: what its nodes cost
// beside their own price, and what its replication costs on the way.
func (s *search) entail(x *scored) { x.cost.dollars += s.entailed(x.layout) }

// entailed is what entail adds.
func (s *search) entailed(l *sizing.Layout) float64 {
	total := 0.0
	for i := range l.Pools {
		p := &l.Pools[i]
		total += float64(p.Mean * s.beside(l.TypeOf(p), p.Region))
	}
	if s.storage {
		total += s.carried(l)
	}
	return total
}

// beside is what a node costs a month beside its own price: nothing where it boots from a
// disk of its own. entailedBy is the same, exactly.
func (s *search) beside(t *catalog.NodeType, region int) float64 {
	if sizing.BootsItself(s.sys.Profile, region, t) {
		return 0
	}
	return s.each.dollars[region]
}

func (s *search) entailedBy(t *catalog.NodeType, region int) money.Amount {
	if sizing.BootsItself(s.sys.Profile, region, t) {
		return money.Amount{}
	}
	return s.each.exact[region]
}

// perNode adds up what the kinds bill for each node. Problems with their specs
// are reported when they are sized themselves.
func (s *search) perNode() perNode {
	n := len(s.tables.Regions)
	out := perNode{make([]money.Amount, n), make([]float64, n)}
	if !s.storage {
		return out
	}
	for _, e := range s.sys.Profile.Components {
		k, _ := sizing.Find(e.V.Kind)
		kind, ok := k.(sizing.PerNode)
		if !ok {
			continue
		}
		each, err := kind.EachNode(s.sys.Task(e.V))
		if err != nil {
			continue
		}
		for _, u := range each {
			out.exact[u.Region] = out.exact[u.Region].Plus(s.exactUsage(u))
			d, _ := s.usageCost(u)
			out.dollars[u.Region] += d
		}
	}
	return out
}

// leastCost is what a usage costs at least, in however many rows it is billed: all
// of it at the price of its cheapest tier.
func (s *search) leastCost(u sizing.Usage) float64 {
	tiers := s.tiersOf(u)
	if len(tiers) == 0 {
		return 0
	}
	least := tiers[0].price
	for _, t := range tiers[1:] {
		least = math.Min(least, t.price)
	}
	return float64(u.Quantity * least)
}

func (s *search) tiersOf(u sizing.Usage) []tier {
	key := usageKey{u.Region, u.Meter}
	tiers, ok := s.tiers[key]
	if ok {
		return tiers
	}
	list, _ := s.tables.Regions[u.Region].Usage(u.Meter)
	for _, t := range list {
		x := tier{from: t.Tier.From.Float64(), to: math.Inf(1), price: t.Tier.Rate.Float64()}
		if t.Tier.To != nil {
			x.to = t.Tier.To.Float64()
		}
		tiers = append(tiers, x)
	}
	s.tiers[key] = tiers
	return tiers
}
