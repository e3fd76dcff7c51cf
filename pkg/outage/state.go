package outage

// state is a system with damage, after a reaction.
type state struct {
	s *System
	d *damage
	r reaction

	gone  []bool // regions that answer no user
	moved []bool // of those, the ones whose users are elsewhere by now

	answers map[question]float64
	asked   []bool    // what users wait for, see index
	loads   []float64 // by part and region; 0 where not worked out yet
	carried *carriers
}

// newState is a system with damage after a reaction.
func newState(s *System, d *damage, r reaction, c *carriers) *state {
	n, all := len(s.Regions), len(s.Parts)*len(s.Regions)
	st := &state{s: s, d: d, r: r, gone: make([]bool, n), moved: make([]bool, n),
		answers: map[question]float64{}, asked: make([]bool, 2*all), loads: make([]float64, all), carried: c}
	for i := range s.Regions {
		st.gone[i] = d.dark[i] || st.closed(i)
		st.moved[i] = st.gone[i] && s.DNS.Moves &&
			(s.DNS.Retries || d.moved[i] || r == byPeople || r >= byItself && s.DNS.Checks)
	}
	return st
}

// index is the place of what a part is asked for by a region.
func (st *state) index(part, from int, writes bool) int {
	at := 2 * (part*len(st.s.Regions) + from)
	if writes {
		at++
	}
	return at
}

// side tells whether two regions reach each other.
func (st *state) side(a, b int) bool { return a == b || !st.d.cut[a] && !st.d.cut[b] }

// up is how many nodes of a pool run.
func (st *state) up(part, pool int) int {
	p, o := &st.s.Parts[part], &st.d.out[part][pool]
	x := &p.Pools[pool]
	if st.r >= replaced && p.Rule == Alike && st.launches(x.Region) && !st.d.gone(x.Host) {
		return x.Nodes
	}
	n := x.Nodes - o.lost
	if st.r < byPeople && (st.r < byItself || !p.Supervised) {
		n -= o.crashed
	}
	if st.r == atOnce {
		n -= o.batch
	}
	return max(0, n)
}

// launches tells whether nodes are replaced by themselves in a region.
func (st *state) launches(region int) bool {
	r := &st.s.Regions[region]
	return r.Launches && !st.d.stuck[region] && !st.d.dark[region] && !st.d.dark[r.From] && st.side(region, r.From)
}

// each is how many nodes of a pool a piece of the data has.
func (p *Part) each(pool int) int { return p.Pools[pool].Nodes / max(1, p.Pieces) }

// members is how many nodes of a pool run for a piece of the data: one that was hit by all
// that is lost, or one of the others.
func (st *state) members(part, pool int, hit bool) int {
	p, up := &st.s.Parts[part], st.up(part, pool)
	switch {
	case hit:
		return max(0, p.each(pool)-(p.Pools[pool].Nodes-up))
	case up > 0:
		return p.each(pool)
	}
	return 0
}

// hit is the part of the pieces that have lost a node while others have not.
func (st *state) hit(part int) float64 {
	p := &st.s.Parts[part]
	most := 0
	for k := range p.Pools {
		if lost := p.Pools[k].Nodes - st.up(part, k); lost > 0 && lost < p.Pools[k].Nodes {
			most = max(most, lost)
		}
	}
	return min(1, float64(most)/float64(max(1, p.Pieces)))
}

// stands tells whether a part has nodes in a region.
func (p *Part) stands(region int) bool { return p.all(region) > 0 }

// all are the nodes of a part in a region while nothing is lost.
func (p *Part) all(region int) int {
	n := 0
	for k := range p.Pools {
		if p.Pools[k].Region == region {
			n += p.Pools[k].Nodes
		}
	}
	return n
}

// nodes are how many of a part's run in a region.
func (st *state) nodes(part, region int) int {
	n := 0
	for k := range st.s.Parts[part].Pools {
		if st.s.Parts[part].Pools[k].Region == region {
			n += st.up(part, k)
		}
	}
	return n
}

// awake is the part of the nodes that callers ask in a region which answers: at once they do
// not know yet which are dead. only tells of the pools that are asked; nil for all.
func (st *state) awake(part, region int, only func(pool int) bool) float64 {
	if st.r != atOnce {
		return 1
	}
	p := &st.s.Parts[part]
	up, asked := 0, 0
	for k := range p.Pools {
		if p.Pools[k].Region != region || only != nil && !only(k) {
			continue
		}
		o := &st.d.out[part][k]
		n := st.up(part, k)
		up, asked = up+n, asked+max(n, p.Pools[k].Nodes-o.absent-o.batch)
	}
	if asked == 0 {
		return 1
	}
	return float64(up) / float64(asked)
}
