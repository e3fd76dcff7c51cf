package outage

import "slices"

// question is what a part is asked for, as seen from a region.
type question struct {
	part, from int
	writes     bool
	class      string
}

// closed tells whether nothing is left in a region of where users enter it.
func (st *state) closed(region int) bool {
	for i := range st.s.Journeys {
		part := st.s.part(st.s.Journeys[i].Entry)
		if part < 0 || !st.shut(part, region, len(st.s.Parts)) {
			return false
		}
	}
	return len(st.s.Journeys) > 0
}

// shut tells whether a part stands in a region with nothing left there. What is the
// provider's, such as a balancer, is also shut where all that it hands on to is. depth ends
// circles.
func (st *state) shut(part, region, depth int) bool {
	p := &st.s.Parts[part]
	if p.stands(region) && st.nodes(part, region) == 0 {
		return true
	}
	if p.Rule != Given || len(p.Pools) > 0 && !p.stands(region) || depth == 0 {
		return false
	}
	hands := false
	for i := range p.Calls {
		to := st.s.part(p.Calls[i].To)
		if to < 0 || p.Calls[i].Async {
			continue
		}
		if !st.shut(to, region, depth-1) {
			return false
		}
		hands = true
	}
	return hands
}

// opens tells whether users who come to a region find something that stands there, or a part
// of the provider's that stands nowhere.
func (st *state) opens(region int) bool {
	if st.gone[region] {
		return false
	}
	if st.s.Regions[region].Share > 0 || len(st.s.Journeys) == 0 {
		return true
	}
	for i := range st.s.Journeys {
		part := st.s.part(st.s.Journeys[i].Entry)
		if part >= 0 && (st.s.Parts[part].stands(region) || len(st.s.Parts[part].Pools) == 0) {
			return true
		}
	}
	return false
}

// phase is what users get.
func (st *state) phase(weigh func(j int, answered float64)) (ph Phase) {
	ph.Reads, ph.Writes = 1, 1
	var reads, writes, shareR, shareW float64
	for i := range st.s.Journeys {
		j := &st.s.Journeys[i]
		x := st.journey(j)
		weigh(i, x)
		if j.Writes {
			writes, shareW = writes+float64(x*j.Share), shareW+j.Share
		} else {
			reads, shareR = reads+float64(x*j.Share), shareR+j.Share
		}
	}
	if shareR > 0 {
		ph.Reads = whole(reads / shareR)
	}
	if shareW > 0 {
		ph.Writes = whole(writes / shareW)
	}
	return ph
}

// whole is 1 for what misses it by rounding only.
func whole(x float64) float64 {
	if x > 1-1e-9 {
		return 1
	}
	return max(0, x)
}

// journey is the part of requests of a class that is answered, over all users.
func (st *state) journey(j *Journey) float64 {
	part := st.s.part(j.Entry)
	if part < 0 {
		return 1
	}
	all, total := 0.0, 0.0
	for r := range st.s.Regions {
		share := st.s.Regions[r].Share
		total += share
		switch {
		case share == 0:
		case !st.gone[r]:
			all += float64(share * st.answer(question{part, r, j.Writes, j.Class}))
		case st.moved[r]:
			for t := range st.s.Regions {
				if w := st.takes(t); w > 0 {
					all += float64(share * w * st.answer(question{part, t, j.Writes, j.Class}))
				}
			}
		}
	}
	if total <= 0 {
		return 1
	}
	return whole(all / total)
}

// takes is the part of users of lost regions that go to a region that is left: by share, or
// evenly where those that are left have no users of their own.
func (st *state) takes(region int) float64 {
	if !st.opens(region) {
		return 0
	}
	rest, left := 0.0, 0
	for r := range st.s.Regions {
		if st.opens(r) {
			rest, left = rest+st.s.Regions[r].Share, left+1
		}
	}
	if rest > 0 {
		return st.s.Regions[region].Share / rest
	}
	return 1 / float64(left)
}

// answer is the part of what a part is asked for that is answered in the end: by itself, and by
// what it calls and waits for. What fails of several calls is added up, as if no two failed
// for the same request: that is a lower bound.
func (st *state) answer(q question) float64 {
	if x, ok := st.answers[q]; ok {
		return x
	}
	st.asked[st.index(q.part, q.from, q.writes)] = true
	st.answers[q] = 1 // systems have no circles; whoever makes one by hand gets an end
	own, at, _ := st.own(q.part, q.from, q.writes)
	lost := 0.0
	p := &st.s.Parts[q.part]
	for i := range p.Calls {
		c := &p.Calls[i]
		to := st.s.part(c.To)
		if c.Async || to < 0 || at < 0 || len(c.Classes) > 0 && !slices.Contains(c.Classes, q.class) {
			continue
		}
		for _, x := range [...]struct {
			calls  float64
			writes bool
		}{{float64(c.calls(q.writes) * st.forgotten(q.part, at)), false}, {c.written(q.writes), true}} {
			if x.calls > 0 {
				missing := 1 - st.answer(question{to, at, x.writes, q.class})
				lost += float64(min(1, x.calls) * missing)
			}
		}
	}
	x := float64(own * (1 - min(1, lost)))
	st.answers[q] = x
	return x
}

// calls are the reads that a request sends.
func (c *Call) calls(writes bool) float64 {
	if writes {
		return c.ReadsPerWrite
	}
	return c.PerRead
}

// written are the writes that a request sends.
func (c *Call) written(writes bool) float64 {
	if writes {
		return c.PerWrite
	}
	return 0
}

// own is the part of what a part is asked for by a region that it can do itself, the region
// in which it does it (-1: none), and what stops the rest.
func (st *state) own(part, from int, writes bool) (answered float64, at int, why string) {
	p := &st.s.Parts[part]
	if p.Rule == Given && len(p.Pools) == 0 {
		return 1, from, ""
	}
	if p.Rule == Led && p.Answers == 0 {
		return st.ownLed(part, from, writes)
	}
	at, why = st.where(part, from)
	switch {
	case at < 0 && p.Answers > 0 && st.r != atOnce: // what it keeps is asked for behind it
		return 1, from, ""
	case at < 0:
		return 0, -1, why
	case p.Rule == Given:
		return 1, at, ""
	}
	x, why := 1.0, ""
	if p.Answers == 0 {
		x, why = st.ruled(part, at, writes)
	}
	if x == 0 {
		return 0, at, why
	}
	x = min(x, st.awake(part, at, nil))
	y, at, full := st.full(part, at, x)
	if full != "" {
		why = full
	}
	return y, at, why
}

// ruled is what the rule of a part without a leader leaves of what is asked of it in a region.
func (st *state) ruled(part, at int, writes bool) (answered float64, why string) {
	switch p := &st.s.Parts[part]; p.Rule {
	case Voted:
		if !st.majority(part, at) {
			return 0, whyMajority
		}
	case Copied:
		return st.copied(part, at, writes)
	case Led:
		x, _, why := st.led(part, at, writes, true)
		return x, why
	case Alike, Given:
	}
	return 1, ""
}

// where is the region in which a part is asked by another: the same, or the first other one
// that is in reach and not lost. Callers go elsewhere only where the part does not stand in
// their own region, or where its nodes decide together.
func (st *state) where(part, from int) (at int, why string) {
	p := &st.s.Parts[part]
	if st.nodes(part, from) > 0 {
		return from, ""
	}
	if p.stands(from) && (p.Apart || p.Rule == Alike || p.Rule == Given || st.r == atOnce) {
		return -1, whyGone
	}
	why = whyGone
	for k := range p.Pools {
		r := p.Pools[k].Region
		if st.nodes(part, r) == 0 {
			continue
		}
		if st.side(from, r) {
			return r, ""
		}
		why = whyUnreachable
	}
	return -1, why
}

// full is what is answered where nodes can do so much of what they are asked for: what is not
// answered for another reason is no load.
func (st *state) full(part, at int, answered float64) (float64, int, string) {
	if c := st.carry(part, at); c.Part < answered {
		return c.Part, at, whyFull
	}
	return answered, at, ""
}

// ownLed is own for a part with a leader: pieces that were hit, and the others.
func (st *state) ownLed(part, from int, writes bool) (float64, int, string) {
	p := &st.s.Parts[part]
	if p.Apart && !p.stands(from) {
		at, why := st.where(part, from)
		if at < 0 {
			return 0, -1, why
		}
		from = at
	}
	x, at, why := st.led(part, from, writes, false)
	if hit := st.hit(part); hit > 0 {
		y, atHit, whyHit := st.led(part, from, writes, true)
		if y < x {
			x, why = float64(x*(1-hit))+float64(y*hit), whyHit
			if at < 0 {
				at = atHit
			}
		}
	}
	if at < 0 || x == 0 {
		return 0, at, why
	}
	if !writes {
		x = min(x, st.readersAwake(part, from))
	}
	if st.r == atOnce {
		x = min(x, 1-st.fresh(part, p.group(from)))
	}
	y, at, full := st.full(part, at, x)
	if full != "" {
		why = full
	}
	return y, at, why
}

// fresh is the part of several pieces that have lost their leader just now: others may have
// lost theirs before, and be led by a standby.
func (st *state) fresh(part, group int) float64 {
	p := &st.s.Parts[part]
	first := p.first(group)
	if p.Pieces < 2 || first < 0 || st.members(part, first, true) > 0 {
		return 0
	}
	dead := p.Pools[first].Nodes - st.up(part, first) - st.d.out[part][first].absent
	return min(1, float64(max(0, dead))/float64(p.Pieces))
}

// readersAwake is awake for those who answer the reads of a region while nothing is lost.
func (st *state) readersAwake(part, from int) float64 {
	p := &st.s.Parts[part]
	g := p.group(from)
	lead := st.d.leaders[part][g].pool
	reads := func(k int) bool { return p.in(k, g) && p.Pools[k].Data && (p.Pools[k].Reads || k == lead) }
	home := -1
	for k := range p.Pools {
		switch r := p.Pools[k].Region; {
		case !reads(k) || p.Pools[k].Nodes == 0:
		case r == from:
			return st.awake(part, from, reads)
		case home < 0 || k == lead:
			home = r
		}
	}
	if home < 0 {
		return 1
	}
	return st.awake(part, home, reads)
}
