package outage

import "slices"

// majority tells whether a majority of a part's votes is left, as a region sees it.
func (st *state) majority(part, from int) bool {
	p := &st.s.Parts[part]
	all, up := 0, 0
	for k := range p.Pools {
		x := &p.Pools[k]
		if !p.in(k, p.group(from)) {
			continue
		}
		all += x.Votes * x.Nodes
		if st.side(from, x.Region) {
			up += x.Votes * st.up(part, k)
		}
	}
	return all == 0 || 2*up > all
}

// copied is what a part answers whose nodes are equals that keep copies of each piece. Of n
// nodes k hold at most k/n of the copies, and so those of which too few are left to answer are
// at most k/n · copies / (copies that must be missing for that).
func (st *state) copied(part, at int, writes bool) (answered float64, why string) {
	p := &st.s.Parts[part]
	need := 1
	if writes {
		need = max(1, p.Acks)
	}
	if writes && !st.majority(part, at) {
		return 0, whyMajority
	}
	missing, share := p.missing(p.group(at), func(k int) int {
		if !st.side(at, p.Pools[k].Region) {
			return p.Pools[k].Nodes
		}
		return p.Pools[k].Nodes - st.up(part, k)
	})
	if copies := max(1, p.Copies); copies-missing < need {
		spare := copies - need + 1
		return max(0, 1-float64(share*float64(copies)/float64(max(1, spare)))), whyPieces
	}
	return 1, ""
}

// missing is how many copies of one piece are not there at most, and the part of the nodes of
// a group that is out, of each pool so many. Copies lie in as many zones as there are.
func (p *Part) missing(group int, out func(pool int) int) (copies int, share float64) {
	type zone struct{ region, zone, out int }
	var zones []zone
	down, all := 0, 0
	for k := range p.Pools {
		x := &p.Pools[k]
		if !x.Data || x.Nodes == 0 || !p.in(k, group) {
			continue
		}
		at := slices.IndexFunc(zones, func(z zone) bool { return z.region == x.Region && z.zone == x.Zone })
		if at < 0 {
			at, zones = len(zones), append(zones, zone{x.Region, x.Zone, 0})
		}
		n := out(k)
		zones[at].out += n
		down, all = down+n, all+x.Nodes
	}
	if all == 0 {
		return 0, 0
	}
	each := max(1, p.Copies)
	most := (each + len(zones) - 1) / len(zones) // of a piece in one zone
	for _, z := range zones {
		copies += min(z.out, most)
	}
	return min(copies, each), float64(down) / float64(all)
}
