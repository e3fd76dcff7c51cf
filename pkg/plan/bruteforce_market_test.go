package plan

import (
	"math/big"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
)

var _ sizing.Market = (*brute)(nil)

// scored is a layout with what it costs.
func (b *brute) scored(l *sizing.Layout) bruteChoice {
	x := bruteChoice{layout: l}
	x.cost, x.unpriced = b.cost(l)
	x.running = new(big.Rat).Add(x.cost, b.weights(l, l.Storage))
	for _, p := range l.Pools {
		x.nodes += p.Max
	}
	return x
}

// before tells whether one is chosen before another.
func (x *bruteChoice) before(o *bruteChoice) bool {
	order := []int{x.unpriced - o.unpriced, x.running.Cmp(o.running), x.nodes - o.nodes,
		strings.Compare(x.layout.Type.Name, o.layout.Type.Name),
		strings.Compare(x.layout.Storage.String(), o.layout.Storage.String())}
	k := slices.IndexFunc(order, func(x int) bool { return x != 0 })
	return k >= 0 && order[k] < 0
}

// Cheapest and Cheaper answer what a kind asks of the market while it fits.
func (b *brute) Cheapest(c *sizing.Task, ok func(*catalog.NodeType) bool) *catalog.NodeType {
	types, err := b.cat.NodeTypes()
	require.NoError(b.t, err)
	var best bruteChoice
	for i := range types {
		if !b.mayUse(&types[i], c.Component) || !ok(&types[i]) {
			continue
		}
		l := &sizing.Layout{Type: &types[i]}
		for _, r := range c.Regions {
			l.Pools = append(l.Pools, sizing.Fixed(r.Index, "", 1))
		}
		if x := b.scored(l); best.layout == nil || x.before(&best) {
			best = x
		}
	}
	if best.layout == nil {
		return nil
	}
	return best.layout.Type
}

func (b *brute) Cheaper(_ *sizing.Task, x, y *sizing.Layout) bool {
	p, q := b.scored(x), b.scored(y)
	return p.before(&q)
}
