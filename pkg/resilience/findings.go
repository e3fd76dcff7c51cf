package resilience

import (
	"slices"

	"headroom/pkg/outage"
	"headroom/pkg/remark"
)

// findings are what contradicts itself, or an aim: values of which package words makes
// sentences.
func (a *assessor) findings() []remark.Remark {
	out := []remark.Remark{}
	s := a.system
	if len(s.Regions) > 1 && s.DNS.Moves && !s.DNS.Checks && !s.DNS.Retries {
		out = append(out, remark.New("resilience.dead_records", "ttl", s.DNS.TTL.Seconds))
	}
	for i := range s.Parts {
		out = append(out, a.ofPart(&s.Parts[i])...)
	}
	for i := range s.Copies {
		out = append(out, ofCopy(s, &s.Copies[i])...)
	}
	for i := range s.Regions {
		if r := &s.Regions[i]; r.From != i {
			out = append(out, remark.New("resilience.controlled_from", "region", r.Name,
				"from", s.Regions[r.From].Name))
		}
	}
	return out
}

// ofPart are the findings of one component.
func (a *assessor) ofPart(p *outage.Part) (out []remark.Remark) {
	add := func(key string, pairs ...any) {
		out = append(out, remark.New("resilience."+key, append([]any{"component", p.Name}, pairs...)...))
	}
	votes, arbiters, electable, leads := 0, 0, 0, 0
	for k := range p.Pools {
		x := &p.Pools[k]
		votes += x.Votes * x.Nodes
		if x.Votes > 0 && !x.Data {
			arbiters++
		}
		if x.Leads && x.Data {
			leads++
			electable += x.Votes
		}
	}
	switch p.Rule {
	case outage.Led:
		if p.Elects && arbiters > 0 && electable < 2 {
			add("never_elected")
		}
		if !p.Elects && !p.FarByHand && leadsIn(p, firstRegion(p)) && leadsElsewhere(p, firstRegion(p)) {
			add("two_primaries")
		}
		if p.Sync && p.Blocks && leads == 2 {
			add("blocks_alone")
		}
		out = append(out, a.slow(p)...)
	case outage.Voted:
		for r, zones := range zonesOf(a.system, p) {
			if zones == 2 {
				add("two_zones", "region", a.system.Regions[r].Name)
			}
		}
	}
	if (p.Elects || p.Rule == outage.Voted && !p.Apart) && votes > 0 && votes%2 == 0 {
		add("even_votes", "votes", votes)
	}
	for k := range p.Calls {
		if c := &p.Calls[k]; c.Retries > 0 && !c.Breaker {
			add("no_breaker", "to", c.To, "times", 1+c.Retries)
		}
	}
	if p.Keeps && slices.Contains(a.profile.Aims.Survive, "corruption") &&
		!slices.ContainsFunc(a.system.Copies, func(c outage.Copy) bool {
			return slices.Contains(c.Of, p.Name) && c.Log
		}) {
		add("no_log")
	}
	return out
}

// slow says that what a part does by itself takes longer than outages may.
func (a *assessor) slow(p *outage.Part) []remark.Remark {
	aim := a.profile.Aims.Outage
	if aim == nil || !leadsBeside(p) && !leadsElsewhere(p, firstRegion(p)) {
		return nil
	}
	t, byHand := p.Promote, p.ByHand
	if !leadsBeside(p) {
		t, byHand = p.PromoteFar, p.FarByHand
	}
	if t.Seconds <= float64(aim.V) {
		return nil
	}
	r := remark.New("resilience.slow_promotion", "component", p.Name, "seconds", t.Seconds, "aim", float64(aim.V))
	if byHand || !t.Known() { // the time until somebody comes is not in it
		r = r.With("at_least", true)
	}
	return []remark.Remark{r}
}

// leadsBeside tells whether another member of the first leader's region can lead.
func leadsBeside(p *outage.Part) bool {
	n := 0
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Leads && x.Region == firstRegion(p) {
			n++
		}
	}
	return n > 1
}

// firstRegion is the region of the pool that leads at first.
func firstRegion(p *outage.Part) int {
	for k := range p.Pools {
		if p.Pools[k].Leads {
			return p.Pools[k].Region
		}
	}
	return 0
}

// zonesOf are in how many zones of each region a part has votes.
func zonesOf(s *outage.System, p *outage.Part) []int {
	out := make([]int, len(s.Regions))
	seen := make([][]bool, len(s.Regions))
	for i := range s.Regions {
		seen[i] = make([]bool, s.Regions[i].Zones)
	}
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Votes > 0 && x.Nodes > 0 && !seen[x.Region][x.Zone] {
			seen[x.Region][x.Zone] = true
			out[x.Region]++
		}
	}
	return out
}

// ofCopy are the findings of a copy: that it lies where it does not help.
func ofCopy(s *outage.System, c *outage.Copy) (out []remark.Remark) {
	if c.Region < 0 {
		return nil // what is outside of all regions outlives each of them
	}
	if c.Disks.Ephemeral {
		out = append(out, remark.New("resilience.copy_ephemeral", "copy", c.Name, "region", s.Regions[c.Region].Name))
	}
	for _, of := range c.Of {
		at := slices.IndexFunc(s.Parts, func(p outage.Part) bool { return p.Name == of })
		if at < 0 || !s.Parts[at].Keeps || !onlyIn(&s.Parts[at], c.Region) {
			continue
		}
		if !slices.ContainsFunc(s.Copies, func(o outage.Copy) bool {
			return o.Region != c.Region && slices.Contains(o.Of, of)
		}) {
			out = append(out, remark.New("resilience.copy_beside", "copy", c.Name, "component", of,
				"region", s.Regions[c.Region].Name))
		}
	}
	return out
}

// onlyIn tells whether all data of a part lies in one region.
func onlyIn(p *outage.Part, region int) bool {
	return !slices.ContainsFunc(p.Pools, func(x outage.Pool) bool {
		return x.Data && x.Nodes > 0 && x.Region != region
	})
}
