package outage

import "slices"

// losses are what stores lose at most.
func (st *state) losses() []Loss {
	var out []Loss
	for i := range st.s.Parts {
		if !st.s.Parts[i].Keeps {
			continue
		}
		if l := st.loss(i); l.matters() {
			out = append(out, l)
		}
	}
	return out
}

// matters tells whether something is lost at all.
func (l *Loss) matters() bool { return l.All || l.Time.Seconds > 0 || !l.Time.Known() }

// more tells whether a loss is more than another.
func (l *Loss) more(than *Loss) bool {
	if l.All != than.All {
		return l.All
	}
	return than.Time.Less(l.Time)
}

// loss is what one store loses at most: the group that loses most.
func (st *state) loss(part int) Loss {
	p, d := &st.s.Parts[part], st.d
	if d.corrupt >= 0 {
		return st.fromCopy(part, d.corrupt)
	}
	var all []Loss
	for g := range st.s.groups(p) {
		if !p.has(g) {
			continue
		}
		var l Loss
		switch p.Rule {
		case Led:
			l = st.lossOfLed(part, g)
		case Copied:
			l = st.lossOfCopied(part, g)
		default:
			l = st.lossOfOthers(part, g)
		}
		all = append(all, l)
	}
	by := func(a, b Loss) int {
		switch {
		case a.more(&b):
			return 1
		case b.more(&a):
			return -1
		}
		return 0
	}
	switch {
	case len(all) == 0:
		return Loss{}
	case p.Mirrored: // what one group has lost another one has
		return slices.MinFunc(all, by)
	}
	return slices.MaxFunc(all, by)
}

// has tells whether a group keeps data at all.
func (p *Part) has(group int) bool {
	return slices.ContainsFunc(p.Pools, func(x Pool) bool {
		return x.Data && x.Nodes > 0 && (!p.Apart || x.Region == group)
	})
}

// behind is the loss of what a replica did not have yet.
func (p *Part) behind() Loss { return Loss{Part: p.Name, Time: p.Lag, From: "replica"} }

// lossOfCopied is the loss of a part whose nodes are equals: all who had the last writes are
// gone, or all who had a piece.
func (st *state) lossOfCopied(part, group int) Loss {
	p := &st.s.Parts[part]
	wiped, _ := p.missing(group, func(k int) int { return st.d.out[part][k].wiped })
	switch {
	case wiped >= max(1, p.Copies):
		return st.fromCopy(part, 0)
	case wiped >= max(1, p.Acks):
		return p.behind()
	}
	return Loss{}
}

// lossOfOthers is the loss of a part each node of which has data of its own (Alike), or all
// data.
func (st *state) lossOfOthers(part, group int) Loss {
	p := &st.s.Parts[part]
	left, wiped := 0, false
	for k := range p.Pools {
		if x, w := &p.Pools[k], st.d.out[part][k].wiped; x.Data && p.in(k, group) {
			left, wiped = left+x.Nodes-w, wiped || w > 0
		}
	}
	if wiped && (left == 0 || p.Rule == Alike) {
		return st.fromCopy(part, 0)
	}
	return Loss{}
}

// lossOfLed is the loss of a part whose writes meet at a leader: what others did not have yet
// when one of them took its place, or what no member has.
func (st *state) lossOfLed(part, group int) Loss {
	p := &st.s.Parts[part]
	was := st.d.leaders[part][group]
	if was.pool < 0 { // nobody can lead, and so nothing is written
		return st.lossOfOthers(part, group)
	}
	if !st.wiped(part, was.pool) {
		if now := st.other(part, group); was.lossy || now >= 0 && st.loses(part, group, now) {
			return p.behind()
		}
		return Loss{}
	}
	left, leads := false, false
	for k := range p.Pools {
		x := &p.Pools[k]
		if !x.Data || x.Nodes == 0 || !p.in(k, group) || st.wiped(part, k) {
			continue
		}
		if !was.lossy && !st.loses(part, group, k) {
			return Loss{}
		}
		left, leads = true, leads || x.Leads
	}
	behind, older := p.behind(), st.fromCopy(part, 0)
	if left && (leads || older.more(&behind)) { // of one that cannot lead people take what is newer
		return behind
	}
	return older
}

// loses tells whether writes that were answered are lost as a pool takes the leader's place. It
// has all as the one for which commits wait, or, where votes decide, as long as one of those is
// left that have each write: who has most is elected.
func (st *state) loses(part, group, pool int) bool {
	p := &st.s.Parts[part]
	if p.Sync && pool == st.d.leaders[part][group].standby {
		return false
	}
	if !p.Elects || p.Acks < 2 {
		return true
	}
	out := 0
	for k := range p.Pools {
		x := &p.Pools[k]
		if !x.Data || !p.in(k, group) {
			continue
		}
		out += p.each(k)
		if st.side(p.Pools[pool].Region, x.Region) {
			out -= st.members(part, k, true)
		}
	}
	return out >= p.Acks
}

// wiped tells whether a pool has a piece of which it has no data left.
func (st *state) wiped(part, pool int) bool {
	return st.s.Parts[part].each(pool) <= st.d.out[part][pool].wiped
}

// fromCopy is the loss of a store of which a copy from before a time is what is left: the
// newest that there is, or everything.
func (st *state) fromCopy(part int, before float64) Loss {
	p := &st.s.Parts[part]
	best := Loss{Part: p.Name, All: true}
	for i := range st.s.Copies {
		c := &st.s.Copies[i]
		if !slices.Contains(c.Of, p.Name) || !st.there(c) {
			continue
		}
		age := Seconds(before)
		if !c.Log || before == 0 {
			age = age.Plus(c.Every)
		}
		if c.Keep.Known() && c.Keep.Seconds > 0 && age.Known() && age.Seconds > c.Keep.Seconds {
			continue // it is overwritten by then
		}
		l := Loss{Part: p.Name, Time: age, From: c.Name, Restore: st.restore(part, c)}
		if best.more(&l) || !l.more(&best) && l.Restore.Less(best.Restore) {
			best = l
		}
	}
	return best
}

// there tells whether a copy is left.
func (st *state) there(c *Copy) bool {
	if c.Region < 0 {
		return true
	}
	d := st.d
	if d.dark[c.Region] || c.Disks.Local && d.burnt[c.Region] {
		return false
	}
	for _, lost := range d.zones[c.Region] {
		if lost && c.Zonal {
			return false
		}
	}
	return true
}

// restore is how long it takes until a copy is in the place of a store.
func (st *state) restore(part int, c *Copy) Span {
	t := st.s.People.OnCall
	p := &st.s.Parts[part]
	for k := range p.Pools {
		if st.d.burnt[p.Pools[k].Region] {
			t = t.Plus(st.s.People.Rebuild)
			break
		}
	}
	if c.Rate <= 0 {
		return t.Plus(Unknown("recovery.restore_rate"))
	}
	return t.Plus(Seconds(c.Bytes / c.Rate))
}
