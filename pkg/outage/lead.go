package outage

import "slices"

// reaction is how far things have gone since the loss.
type reaction uint8

const (
	atOnce   reaction = iota // nothing and nobody has reacted
	byItself                 // all that goes without people
	replaced                 // lost nodes, too, where that goes without people
	byPeople                 // people have done what they can before repair
)

// state is a system with damage, after a reaction.
type state struct {
	s *System
	d *damage
	r reaction

	gone  []bool // regions that answer no user
	moved []bool // of those, the ones whose users are elsewhere by now

	answers map[question]float64
	carried *carriers
}

// side tells whether two regions reach each other.
func (st *state) side(a, b int) bool { return a == b || !st.d.cut[a] && !st.d.cut[b] }

// up is how many nodes of a pool run.
func (st *state) up(part, pool int) int {
	p := &st.s.Parts[part]
	x := &p.Pools[pool]
	n := x.Nodes - st.d.lost[part][pool]
	if st.r == byPeople || st.r >= byItself && p.Supervised {
		n += st.d.crashed[part][pool]
	}
	if st.r >= replaced && p.Rule == Alike && st.launches(x.Region) {
		n = x.Nodes
	}
	return n
}

// launches tells whether nodes are replaced by themselves in a region.
func (st *state) launches(region int) bool {
	r := &st.s.Regions[region]
	return r.Launches && !st.d.stuck[region] && !st.d.dark[region] && !st.d.dark[r.From] && st.side(region, r.From)
}

// alive tells whether a pool has a node for a piece of the data: for one that was hit by
// what is lost, or for the others.
func (st *state) alive(part, pool int, hit bool) bool {
	up := st.up(part, pool)
	if !hit {
		return up > 0
	}
	p := &st.s.Parts[part]
	each := p.Pools[pool].Nodes / max(1, p.Pieces)
	return each-(p.Pools[pool].Nodes-up) > 0
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

// Words for what stops a part.
const (
	whyMajority    = "no majority"
	whyLeader      = "no leader"
	whyElectable   = "no electable member"
	whyBlocked     = "blocked"
	whyUnreachable = "unreachable"
	whyGone        = "all lost"
	whyPieces      = "pieces lost"
	whyFull        = "full"
)

// leader is the pool that leads, as a region sees it; -1 and why where there is none.
func (st *state) leader(part, from int, hit bool) (pool int, why string) {
	p := &st.s.Parts[part]
	now := st.d.leaders[part].pool
	if st.d.failsBack(p, now) {
		if st.r < byPeople && (p.FarByHand && !p.Elects || st.r < byItself) {
			return -1, whyLeader
		}
	}
	here := func(k int) bool { return st.side(from, p.Pools[k].Region) && st.alive(part, k, hit) }
	if p.Elects {
		return st.elect(part, now, here)
	}
	if now >= 0 && st.alive(part, now, hit) {
		if here(now) {
			return now, ""
		}
		// The leader is there, but out of reach. Who promotes here by itself makes a second one.
		if st.r >= byItself && !p.FarByHand {
			if k := st.candidate(part, now, here, func(far bool) bool { return far }); k >= 0 {
				return k, ""
			}
		}
		return -1, whyUnreachable
	}
	allowed := func(far bool) bool {
		switch {
		case st.r == byPeople:
			return true
		case st.r == atOnce:
			return false
		case far:
			return !p.FarByHand
		}
		return !p.ByHand
	}
	if k := st.candidate(part, now, here, allowed); k >= 0 {
		return k, ""
	}
	return -1, whyLeader
}

// elect is the leader where a majority of the votes decides.
func (st *state) elect(part, now int, here func(int) bool) (pool int, why string) {
	p := &st.s.Parts[part]
	all, up := 0, 0
	for k := range p.Pools {
		all += p.Pools[k].Votes
		if here(k) {
			up += p.Pools[k].Votes
		}
	}
	switch {
	case 2*up <= all:
		return -1, whyMajority
	case now >= 0 && here(now):
		return now, ""
	case st.r == atOnce:
		return -1, whyLeader
	}
	if k := st.candidate(part, now, here, func(bool) bool { return true }); k >= 0 {
		return k, ""
	}
	return -1, whyElectable
}

// candidate is the first pool that may lead, those of the region of the one that led first; -1
// for none. allowed tells whether one there, or one in another region, may take over.
func (st *state) candidate(part, now int, here func(int) bool, allowed func(far bool) bool) int {
	p := &st.s.Parts[part]
	for _, far := range [...]bool{false, true} {
		for k := range p.Pools {
			x := &p.Pools[k]
			if x.Leads && x.Data && here(k) && (now < 0 || x.Region != p.Pools[now].Region) == far && allowed(far) {
				return k
			}
		}
	}
	return -1
}

// failsBack tells whether the leader goes back to a region that is there again.
func (d *damage) failsBack(p *Part, now int) bool {
	return p.Rule == Led && now >= 0 && d.back[p.Pools[now].Region] && slices.ContainsFunc(p.Pools, func(x Pool) bool {
		return x.Leads && x.Region != p.Pools[now].Region
	})
}

// led is what a part with a leader answers of writes and reads of a region, of pieces that
// were hit or of the others.
func (st *state) led(part, from int, writes, hit bool) (answered float64, at int, why string) {
	p := &st.s.Parts[part]
	k, why := st.leader(part, from, hit)
	if !writes {
		if at := st.reader(part, from, k, hit); at >= 0 {
			return 1, at, ""
		}
		return 0, -1, why
	}
	if k < 0 {
		return 0, -1, why
	}
	if st.blocked(part, k, hit) {
		return 0, -1, whyBlocked
	}
	return 1, p.Pools[k].Region, ""
}

// reader is the region whose nodes answer reads of another: the same, or else the leader's, or
// else the first that has any; -1 for none.
func (st *state) reader(part, from, leader int, hit bool) int {
	p := &st.s.Parts[part]
	first := -1
	for k := range p.Pools {
		x := &p.Pools[k]
		if !x.Data || !(x.Reads || k == leader) || !st.side(from, x.Region) || !st.alive(part, k, hit) {
			continue
		}
		if x.Region == from {
			return from
		}
		if first < 0 || k == leader {
			first = x.Region
		}
	}
	return first
}

// blocked tells whether a leader may not answer writes, as too few other members have them.
func (st *state) blocked(part, leader int, hit bool) bool {
	p := &st.s.Parts[part]
	has, standby := 0, false
	for k := range p.Pools {
		x := &p.Pools[k]
		if !x.Data || !st.side(p.Pools[leader].Region, x.Region) || !st.alive(part, k, hit) {
			continue
		}
		has += max(1, x.Votes)
		standby = standby || k != leader && x.Leads
	}
	if has < p.Acks {
		return true
	}
	// Who was promoted goes on alone: it was the candidate.
	return p.Sync && p.Blocks && leader == p.first() && !standby
}
