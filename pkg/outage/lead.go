package outage

// reaction is how far things have gone since the loss.
type reaction uint8

const (
	atOnce   reaction = iota // nothing and nobody has reacted
	byItself                 // all that goes without people
	replaced                 // lost nodes, too, where that goes without people
	byPeople                 // people have done what they can before repair
)

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

// leader is the pool that leads the group which a region asks, as that region sees it; -1 and
// why where there is none.
func (st *state) leader(part, from int, hit bool) (pool int, why string) {
	p := &st.s.Parts[part]
	g := p.group(from)
	now := st.d.leaders[part][g].pool
	if st.d.failsBack(p) {
		if st.r < byPeople && p.FarByHand && !p.Elects || st.r < byItself {
			return -1, whyLeader
		}
		now = p.first(g)
	}
	here := func(k int) bool {
		return p.in(k, g) && st.side(from, p.Pools[k].Region) && st.members(part, k, hit) > 0
	}
	if p.Elects {
		return st.elect(part, from, now, hit)
	}
	near := -1
	if now >= 0 {
		near = p.Pools[now].Region
	}
	if now >= 0 && st.members(part, now, hit) > 0 {
		if here(now) {
			return now, ""
		}
		// The leader is there, but out of reach. Who promotes here by itself makes a second one.
		if st.r >= byItself && !p.FarByHand {
			if k := p.candidate(near, func(k int, far bool) bool { return far && here(k) }); k >= 0 {
				return k, ""
			}
		}
		return -1, whyUnreachable
	}
	if k := p.candidate(near, func(k int, far bool) bool { return st.promotes(p, far) && here(k) }); k >= 0 {
		return k, ""
	}
	return -1, whyLeader
}

// promotes tells whether a member in the leader's region, or in another, has been made leader
// by now.
func (st *state) promotes(p *Part, far bool) bool {
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

// elect is the leader where a majority of the votes decides.
func (st *state) elect(part, from, now int, hit bool) (pool int, why string) {
	p := &st.s.Parts[part]
	g, all, up := p.group(from), 0, 0
	here := func(k int) int {
		if !p.in(k, g) || !st.side(from, p.Pools[k].Region) {
			return 0
		}
		return st.members(part, k, hit)
	}
	for k := range p.Pools {
		if p.in(k, g) {
			all += p.Pools[k].Votes * p.each(k)
			up += p.Pools[k].Votes * here(k)
		}
	}
	near := -1
	if now >= 0 {
		near = p.Pools[now].Region
	}
	switch {
	case 2*up <= all:
		return -1, whyMajority
	case now >= 0 && here(now) > 0:
		return now, ""
	case st.r == atOnce:
		return -1, whyLeader
	}
	if k := p.candidate(near, func(k int, _ bool) bool { return here(k) > 0 }); k >= 0 {
		return k, ""
	}
	return -1, whyElectable
}

// candidate is the first pool that may take over, those of a region first; -1 for none. may
// tells of a pool, and of whether it is in another region.
func (p *Part) candidate(near int, may func(pool int, far bool) bool) int {
	for _, far := range [...]bool{false, true} {
		for k := range p.Pools {
			if x := &p.Pools[k]; x.Leads && x.Data && (x.Region != near) == far && may(k, far) {
				return k
			}
		}
	}
	return -1
}

// failsBack tells whether the leader goes back to a region that is there again.
func (d *damage) failsBack(p *Part) bool {
	f := p.first(0)
	if p.Apart || f < 0 || !d.back[p.Pools[f].Region] {
		return false
	}
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Leads && x.Data && x.Region != p.Pools[f].Region {
			return true
		}
	}
	return false
}

// leads is the pool that leads a group: the one that did if any region still sees it, or else
// the first that a region sees; -1 for none.
func (st *state) leads(part, group int) int {
	first, p := -1, &st.s.Parts[part]
	for r := range st.s.Regions {
		if st.d.dark[r] || p.group(r) != group {
			continue
		}
		k, _ := st.leader(part, r, true)
		if k >= 0 && k == st.d.leaders[part][group].pool {
			return k
		}
		if first < 0 {
			first = k
		}
	}
	return first
}

// other is a pool that a region sees lead that did not lead before; -1 for none.
func (st *state) other(part, group int) int {
	p := &st.s.Parts[part]
	for r := range st.s.Regions {
		if st.d.dark[r] || p.group(r) != group {
			continue
		}
		if k, _ := st.leader(part, r, true); k >= 0 && k != st.d.leaders[part][group].pool {
			return k
		}
	}
	return -1
}

// leaders are who leads from now on.
func (st *state) leaders() [][]leader {
	out := make([][]leader, len(st.d.leaders))
	for i, was := range st.d.leaders {
		p := &st.s.Parts[i]
		out[i] = make([]leader, len(was))
		copy(out[i], was)
		for g := range was {
			if p.Rule != Led {
				continue
			}
			x := &out[i][g]
			if second := st.other(i, g); second >= 0 { // even where the first goes on, too
				x.lossy = x.lossy || st.loses(i, g, second)
			}
			if now := st.leads(i, g); now >= 0 {
				x.pool = now
			}
			x.standby = -1
			if x.pool >= 0 {
				near := p.Pools[x.pool].Region
				x.standby = p.candidate(near, func(k int, _ bool) bool {
					return k != x.pool && p.in(k, g) && st.side(near, p.Pools[k].Region) && st.members(i, k, true) > 0
				})
			}
		}
	}
	return out
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
		if !p.in(k, p.group(from)) || !x.Data || !(x.Reads || k == leader) || !st.side(from, x.Region) ||
			st.members(part, k, hit) == 0 {
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
	g := p.group(p.Pools[leader].Region)
	has, standby := 0, false
	for k := range p.Pools {
		x := &p.Pools[k]
		if !p.in(k, g) || !x.Data || !st.side(p.Pools[leader].Region, x.Region) {
			continue
		}
		n := st.members(part, k, hit)
		has += n
		standby = standby || k != leader && x.Leads && n > 0
	}
	if has < p.Acks {
		return true
	}
	// Who was promoted goes on alone: it was the candidate.
	return p.Sync && p.Blocks && leader == p.first(g) && !standby
}
