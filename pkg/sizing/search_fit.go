package sizing

import "headroom/pkg/catalog"

// searchPool is the data nodes of a region as they were chosen.
type searchPool struct {
	arrangement
	disks disks
	need  diskNeed // of the busiest node
}

func (s *searchSizer) Fit(t *catalog.NodeType, st Storage) (*Layout, *Rejection) {
	node, rej := s.node(t, st)
	if rej != nil {
		return nil, rej
	}
	l := &Layout{Type: t, Storage: st, Pools: make([]Pool, 0, 2*len(s.regions))}
	pools := make([]searchPool, len(s.regions))
	for i := range s.regions {
		if pools[i], rej = s.choose(i, node); rej != nil {
			return nil, rej
		}
		s.put(l, i, &pools[i])
	}
	l.Usage = append(l.Usage, s.snapshot...)
	l.Queue = s.queue(node, s.spec.perQuery(pools[0].shards()), node.cpu.vcpus)
	l.Counted = true
	l.Describe = func(l *Layout) { s.describe(l, node, pools) }
	return l, nil
}

// choose finds the cheapest way for a region's index to lie on nodes of a type.
func (s *searchSizer) choose(i int, n *searchNode) (best searchPool, rej *Rejection) {
	found, rej := s.arrange(&s.regions[i], n)
	var pools []searchPool
	for k := range found {
		pools = append(pools, s.more(&s.regions[i], n, &found[k])...)
	}
	var cheapest *Layout // only where there is a choice
	for k := range pools {
		p := &pools[k]
		if short := s.buy(n, p); short != nil {
			rej = short
			continue
		}
		if best.alike(&p.arrangement) && best.disks.noMoreThan(&p.disks) {
			continue
		}
		if len(pools) > 1 {
			l := &Layout{Type: n.t, Storage: n.st}
			if s.put(l, i, p); cheapest != nil && !s.cheaper(l, cheapest) {
				continue
			}
			cheapest = l
		}
		best = *p
	}
	if best.nodes > 0 {
		return best, nil
	}
	return best, rej
}

// cheaper tells whether one layout costs less than another; without prices, whether
// it has fewer nodes.
func (s *searchSizer) cheaper(a, b *Layout) bool {
	if s.c.Market == nil {
		return a.Pools[0].Max < b.Pools[0].Max
	}
	return s.c.Market.Cheaper(s.c, a, b)
}

// onDisks is what the disks of an arrangement must carry.
func (s *searchSizer) onDisks(r *searchRegion, x *arrangement) searchPool {
	p := searchPool{arrangement: *x}
	role := s.role(r, nil, x.copies)
	p.need = s.disk(r, &role, x)
	return p
}

// buy finds the disks of the nodes.
func (s *searchSizer) buy(n *searchNode, p *searchPool) (rej *Rejection) {
	p.disks, rej = s.c.disks(n.t, n.st, &p.need)
	return rej
}

// noMoreThan tells whether the disks carry no more than those of another pool.
func (p *searchPool) noMoreThan(q *searchPool) bool {
	within := func(a, b *diskLoad) bool { return a.Reads <= b.Reads*(1+1e-9) && a.In <= b.In*(1+1e-9) }
	return float64(p.need.Bytes) <= float64(q.need.Bytes)*(1+1e-9) && within(&p.need.Own, &q.need.Own) &&
		within(&p.need.Degraded, &q.need.Degraded) && within(&p.need.Late, &q.need.Late)
}

// put adds the nodes of a region, and what is billed beside them, to a layout.
func (s *searchSizer) put(l *Layout, i int, p *searchPool) {
	r := &s.regions[i]
	l.Pools = append(l.Pools, Fixed(r.Index, "", p.all()))
	if s.dedicated(&p.arrangement) {
		l.Pools = append(l.Pools, s.masterPool(r, &p.arrangement, l.Type))
	}
	disks := p.disks.usage(s.c, r.Index, float64(p.all()), s.c.Component.Label()+" disks")
	l.Usage = append(l.Usage, s.c.sizedFor(disks, s.spec.Role != "logs")...)
	l.Crossings = append(l.Crossings, s.crossings(i, p.copies)...)
}
