package plan

import (
	"math/big"
	"regexp"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
)

// This file is what brute force counts a layout at: fractions, from the tables.

// cost is what a layout costs a month on demand: nodes by the hour, with the
// boot volume that each of them has, disks and whatever else it uses. missing
// counts what has no price.
func (b *brute) cost(l *sizing.Layout) (total *big.Rat, missing int) {
	total = new(big.Rat)
	for _, p := range l.Pools {
		month, ok := b.month(p.Region, typeIn(l, p).Name)
		require.True(b.t, ok)
		if b.p.Prices.Scope != "compute" && !onItsOwn(b.p, p.Region, typeIn(l, p).Name) {
			meter := catalog.VolumeStorage(catalog.GP3)
			volume, ok := b.usage(sizing.Usage{Region: p.Region, Meter: meter, Quantity: 20})
			require.True(b.t, ok)
			month.Add(month, volume)
		}
		total.Add(total, month.Mul(month, meanNodes(p)))
	}
	if b.p.Prices.Scope == "compute" {
		return total, 0
	}
	for _, u := range l.Usage {
		c, ok := b.usage(u)
		if !ok {
			missing++
			continue
		}
		total.Add(total, c)
	}
	for _, f := range l.Crossings { // out of one zone and into another, or to the other region
		u := sizing.Usage{Region: f.From, Quantity: float64(f.Bytes) / (1 << 30)}
		meters := []catalog.Meter{catalog.ZoneOut(), catalog.ZoneIn()}
		switch f.To {
		case f.From:
		case -1: // out to operators
			meters = []catalog.Meter{catalog.InternetOut()}
		default:
			meters = []catalog.Meter{catalog.ToRegion(b.p.Regions[f.To].Name)}
			if b.site(f.From) || b.site(f.To) {
				meters[0] = catalog.InternetOut()
			} else if _, ok := b.regions[f.From].Usage(meters[0]); !ok {
				meters[0] = catalog.ToOtherRegions()
			}
		}
		for _, u.Meter = range meters {
			if c, ok := b.usage(u); ok {
				total.Add(total, c)
			}
		}
	}
	return total, missing
}

// weights is what policy.running adds: for each node, each shard beyond the first,
// and on the price of nodes of families that are not general.
func (b *brute) weights(l *sizing.Layout, st sizing.Storage) *big.Rat {
	total := new(big.Rat)
	if b.p.Policy.Running.None {
		return total
	}
	w := b.p.Policy.Running.V
	for _, p := range l.Pools {
		t := typeIn(l, p)
		general := regexp.MustCompile(`^([mcr][0-9]+[agi]?(d|n|dn)?(-flex)?|t[0-9]+[ag]?)$`).MatchString(t.Family) ||
			regexp.MustCompile(`^i[ms]?[0-9]`).MatchString(t.Family) && st.Volume == "local"
		if !t.Own && (!general || !t.CurrentGeneration) {
			x, ok := b.month(p.Region, t.Name)
			require.True(b.t, ok)
			x.Mul(x, asBilled(new(big.Rat).SetFloat64(float64(w.Family.V))))
			total.Add(total, x.Mul(x, meanNodes(p)))
		}
	}
	for _, p := range l.Pools {
		total.Add(total, new(big.Rat).Mul(rational(b.t, w.Node.V.String()), meanNodes(p)))
	}
	if l.Shards > 1 {
		total.Add(total, new(big.Rat).Mul(rational(b.t, w.Shard.V.String()), big.NewRat(int64(l.Shards-1), 1)))
	}
	return total
}

// typeIn is the type of a pool's nodes: its own, else the layout's.
func typeIn(l *sizing.Layout, p sizing.Pool) *catalog.NodeType {
	if p.Type != nil {
		return p.Type
	}
	return l.Type
}

// meanNodes is a pool's mean over the hours of the week.
func meanNodes(p sizing.Pool) *big.Rat {
	if p.Min == p.Max {
		return big.NewRat(int64(p.Max), 1)
	}
	nodeHours := 0
	for _, h := range p.ByHour {
		nodeHours += h.Nodes * h.Hours
	}
	return asBilled(big.NewRat(int64(nodeHours), 168))
}

// asBilled rounds a quantity half up to the digits with which it is billed.
func asBilled(q *big.Rat) *big.Rat {
	scale := big.NewRat(1, 1)
	for range money.QuantityPlaces {
		scale.Mul(scale, big.NewRat(10, 1))
	}
	up := new(big.Rat).Add(new(big.Rat).Mul(q, scale), big.NewRat(1, 2))
	whole := new(big.Int).Div(up.Num(), up.Denom())
	return new(big.Rat).Quo(new(big.Rat).SetInt(whole), scale)
}

// usage prices a quantity step by step.
func (b *brute) usage(u sizing.Usage) (*big.Rat, bool) {
	tiers, ok := b.regions[u.Region].Usage(u.Meter)
	if !ok {
		return nil, false
	}
	total, q := new(big.Rat), asBilled(new(big.Rat).SetFloat64(u.Quantity))
	for _, t := range tiers {
		from := rational(b.t, t.Tier.From.String())
		to := q
		if t.Tier.To != nil {
			if end := rational(b.t, t.Tier.To.String()); end.Cmp(q) < 0 {
				to = end
			}
		}
		if to.Cmp(from) > 0 {
			part := new(big.Rat).Sub(to, from)
			total.Add(total, part.Mul(part, rational(b.t, t.Tier.Rate.String())))
		}
	}
	return total, true
}
