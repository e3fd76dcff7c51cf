package outage

// losses are what stores lose at most.
func (st *state) losses() []Loss {
	var out []Loss
	for i := range st.s.Parts {
		if !st.s.Parts[i].Keeps {
			continue
		}
		if l, any := st.loss(i); any {
			out = append(out, l)
		}
	}
	return out
}

// loss is what one store loses at most; false for nothing.
func (st *state) loss(part int) (Loss, bool) {
	p, d := &st.s.Parts[part], st.d
	if d.corrupt >= 0 {
		return st.fromCopy(part, d.corrupt), true
	}
	behind := Loss{Part: p.Name, Time: p.Lag, From: "replica"}
	switch p.Rule {
	case Led:
		return st.lossOfLed(part, behind)
	case Copied:
		wiped, any := st.copiesWiped(part)
		if wiped >= max(1, p.Copies) {
			return st.fromCopy(part, 0), true
		}
		return behind, any && p.Acks <= 1 && p.Copies > 1 && behind.matters()
	}
	left, any := 0, false
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Data {
			left, any = left+x.Nodes-d.wiped[part][k], any || d.wiped[part][k] > 0
		}
	}
	if any && (left == 0 || p.Rule == Alike) { // the nodes of others each keep all
		return st.fromCopy(part, 0), true
	}
	return Loss{}, false
}

// matters tells whether something is lost at all.
func (l *Loss) matters() bool { return l.All || l.Time.Seconds > 0 || !l.Time.Known() }

// lossOfLed is the loss of a part whose writes meet at a leader: what others did not have yet
// when one of them took its place, or what no member has.
func (st *state) lossOfLed(part int, behind Loss) (Loss, bool) {
	p, d := &st.s.Parts[part], st.d
	was := d.leaders[part]
	if p.Sync {
		behind.Time = Span{}
	}
	if was.pool >= 0 && !st.wiped(part, was.pool) {
		now, _ := st.leader(part, p.Pools[was.pool].Region, true)
		return behind, (was.promoted || now >= 0 && now != was.pool) && behind.matters()
	}
	for k := range p.Pools {
		x := &p.Pools[k]
		if x.Data && x.Nodes > 0 && !st.wiped(part, k) {
			if !x.Leads {
				behind.Time = p.Lag // no commit waits for it
			}
			return behind, behind.matters()
		}
	}
	return st.fromCopy(part, 0), true
}

// wiped tells whether a pool has a piece of which it has no data left.
func (st *state) wiped(part, pool int) bool {
	p := &st.s.Parts[part]
	return p.Pools[pool].Nodes/max(1, p.Pieces) <= st.d.wiped[part][pool]
}

// copiesWiped is how many copies of one piece are gone for good at most.
func (st *state) copiesWiped(part int) (most int, any bool) {
	gone := *st
	d := *st.d
	d.lost, d.cut = d.wiped, make([]bool, len(d.cut))
	d.crashed = make([][]int, len(d.lost))
	for i := range d.crashed {
		d.crashed[i] = make([]int, len(d.lost[i]))
	}
	gone.d = &d
	p := &st.s.Parts[part]
	for r := range st.s.Regions {
		if !p.stands(r) {
			continue
		}
		copies, share := gone.copiesMissing(part, r)
		most, any = max(most, copies), any || share > 0
	}
	return most, any
}

// fromCopy is the loss of a store of which a copy from before a time is what is left: the
// newest that there is, or everything.
func (st *state) fromCopy(part int, before float64) Loss {
	p := &st.s.Parts[part]
	best := Loss{Part: p.Name, All: true}
	for i := range st.s.Copies {
		c := &st.s.Copies[i]
		if !c.has(p.Name) || !st.there(c) {
			continue
		}
		age := Seconds(before)
		if !c.Log || before == 0 {
			age = age.Plus(c.Every)
		}
		if c.Keep.Known() && c.Keep.Seconds > 0 && age.Known() && age.Seconds > c.Keep.Seconds {
			continue // it is overwritten by then
		}
		if best.All || age.Less(best.Time) {
			best = Loss{Part: p.Name, Time: age, From: c.Name, Restore: st.restore(part, c)}
		}
	}
	return best
}

// has tells whether a copy has the data of a part.
func (c *Copy) has(part string) bool {
	for _, of := range c.Of {
		if of == part {
			return true
		}
	}
	return false
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
