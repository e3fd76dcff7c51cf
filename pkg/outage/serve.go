package outage

import "slices"

// question is what a part is asked for, as seen from a region.
type question struct {
	part, from int
	writes     bool
	class      string
}

// newState is a system with damage after a reaction.
func newState(s *System, d *damage, r reaction, c *carriers) *state {
	st := &state{s: s, d: d, r: r, gone: make([]bool, len(s.Regions)), moved: make([]bool, len(s.Regions)),
		answers: map[question]float64{}, carried: c}
	for i := range s.Regions {
		st.gone[i] = d.dark[i] || st.closed(i)
		st.moved[i] = st.gone[i] && s.DNS.Moves && (s.DNS.Retries || r == byPeople || r >= byItself && s.DNS.Checks)
	}
	return st
}

// closed tells whether nothing is left in a region of where users enter it.
func (st *state) closed(region int) bool {
	if len(st.s.Journeys) == 0 {
		return false
	}
	for i := range st.s.Journeys {
		part := st.s.part(st.s.Journeys[i].Entry)
		if part < 0 || !st.s.Parts[part].stands(region) || st.nodes(part, region) > 0 {
			return false
		}
	}
	return true
}

// stands tells whether a part has nodes in a region.
func (p *Part) stands(region int) bool {
	return slices.ContainsFunc(p.Pools, func(x Pool) bool { return x.Region == region && x.Nodes > 0 })
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
	if st.gone[region] {
		return 0
	}
	rest, left := 0.0, 0
	for r := range st.s.Regions {
		if !st.gone[r] {
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
		}{{c.calls(q.writes), false}, {c.written(q.writes), true}} {
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
	if p.Rule == Led {
		return st.ownLed(part, from, writes)
	}
	at, why = st.where(part, from)
	if at < 0 {
		return 0, -1, why
	}
	up, all := st.nodes(part, at), p.all(at)
	switch p.Rule {
	case Given:
		return 1, at, ""
	case Voted:
		if !st.majority(part, at) {
			return 0, at, whyMajority
		}
		return st.full(part, at, 1)
	case Copied:
		return st.ownCopied(part, at, writes)
	}
	if up == 0 && p.Answers > 0 { // what it keeps is asked for behind it
		return 1, at, ""
	}
	if st.r == atOnce && up < all { // callers do not know yet which are dead
		return float64(up) / float64(all), at, ""
	}
	return st.full(part, at, 1)
}

// where is the region in which a part is asked by another: the same, or the first other one
// that is in reach and not lost.
func (st *state) where(part, from int) (at int, why string) {
	p := &st.s.Parts[part]
	if p.stands(from) {
		if st.nodes(part, from) == 0 && p.Answers == 0 {
			return -1, whyGone
		}
		return from, ""
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

// full is what is answered where nodes can do so much of what they are asked for.
func (st *state) full(part, at int, answered float64) (float64, int, string) {
	if st.r == atOnce {
		return answered, at, ""
	}
	c := st.carry(part, at)
	if c.Part >= 1 {
		return answered, at, ""
	}
	return float64(answered * c.Part), at, whyFull
}

// ownLed is own for a part with a leader: pieces that were hit, and the others.
func (st *state) ownLed(part, from int, writes bool) (float64, int, string) {
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
	y, at, full := st.full(part, at, x)
	if full != "" {
		why = full
	}
	return y, at, why
}

// majority tells whether a majority of a part's votes is left, as a region sees it.
func (st *state) majority(part, from int) bool {
	p := &st.s.Parts[part]
	all, up := 0, 0
	for k := range p.Pools {
		x := &p.Pools[k]
		if p.Apart && x.Region != from {
			continue
		}
		all += x.Votes * x.Nodes
		if st.side(from, x.Region) {
			up += x.Votes * st.up(part, k)
		}
	}
	return all == 0 || 2*up > all
}

// ownCopied is own for a part whose nodes are equals that keep copies of each piece. Of n
// nodes k hold at most k/n of the pieces alone, and so of those of which too few copies are
// left to answer a write; copies lie in as many zones as there are.
func (st *state) ownCopied(part, at int, writes bool) (float64, int, string) {
	p := &st.s.Parts[part]
	missing, share := st.copiesMissing(part, at)
	need := 1
	if writes {
		need = max(1, p.Acks)
	}
	if writes && !st.majority(part, at) {
		return 0, at, whyMajority
	}
	if copies := max(1, p.Copies); copies-missing < need {
		spare := copies - need + 1
		return max(0, 1-float64(share*float64(copies)/float64(spare))), at, whyPieces
	}
	return st.full(part, at, 1)
}

// copiesMissing is how many copies of a piece are not there at most, and the part of the nodes
// that is lost, as a region sees it.
func (st *state) copiesMissing(part, at int) (copies int, share float64) {
	p := &st.s.Parts[part]
	type place struct{ region, zone int }
	lost := map[place]int{}
	places := map[place]bool{}
	down, all := 0, 0
	for k := range p.Pools {
		x := &p.Pools[k]
		if !x.Data || p.Apart && x.Region != at {
			continue
		}
		here := place{x.Region, x.Zone}
		places[here] = true
		n := x.Nodes
		if st.side(at, x.Region) {
			n = x.Nodes - st.up(part, k)
		}
		lost[here] += n
		down, all = down+n, all+x.Nodes
	}
	each := max(1, p.Copies)
	most := (each + max(1, len(places)) - 1) / max(1, len(places)) // of a piece in one zone
	for _, n := range lost {
		copies += min(n, most)
	}
	if all > 0 {
		share = float64(down) / float64(all)
	}
	return min(copies, each), share
}
