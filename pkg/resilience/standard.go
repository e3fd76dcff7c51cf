package resilience

import (
	"slices"

	"headroom/pkg/outage"
)

// foundAfter is the age, in seconds, at which wrong data is found where nobody says another:
// a day, as MODEL section 9 has it.
const foundAfter = 24 * 3600

// Standard are the scenarios in which every system is looked at, from small to large: those
// that it has something for.
func Standard(s *outage.System) []outage.Scenario {
	var out []outage.Scenario
	add := func(events ...outage.Event) { out = append(out, outage.Of(events...)) }
	for i := range s.Parts {
		p := &s.Parts[i]
		if p.Rule == outage.Given || len(p.Pools) == 0 {
			continue
		}
		add(outage.Event{Kind: outage.Process, Part: p.Name})
	}
	for i := range s.Parts {
		if p := &s.Parts[i]; p.Rule != outage.Given && len(p.Pools) > 0 {
			add(outage.Event{Kind: outage.Node, Part: p.Name})
		}
	}
	for _, host := range hosts(s) {
		add(outage.Event{Kind: outage.Host, Host: host})
	}
	for i := range s.Regions {
		r := &s.Regions[i]
		if keepsAt(s, i, func(d outage.Disks) bool { return d.Local && !d.Memory }) {
			for n := 1; n <= mostDisks; n++ {
				add(outage.Event{Kind: outage.DisksLost, Region: r.Name, Number: n})
			}
			add(outage.Event{Kind: outage.Storage, Region: r.Name})
		}
	}
	for i := range s.Regions {
		for n := 1; n <= 2 && n < s.Regions[i].Zones; n++ {
			add(outage.Event{Kind: outage.Zone, Region: s.Regions[i].Name, Number: n})
		}
	}
	for i := range s.Regions {
		add(outage.Event{Kind: outage.RegionLost, Region: s.Regions[i].Name})
	}
	if n := len(s.Regions); n > 1 {
		for i := range s.Regions {
			if i > 0 || n > 2 { // of two it is the same from both sides
				add(outage.Event{Kind: outage.Split, Region: s.Regions[i].Name})
			}
		}
	}
	out = append(out, ofParts(s)...)
	return append(out, later(s)...)
}

// mostDisks is how many disks of a node fail at once (MODEL section 9).
const mostDisks = 3

// ofParts are the scenarios about what a system only may have: followers, caches, spot, releases.
func ofParts(s *outage.System) (out []outage.Scenario) {
	add := func(events ...outage.Event) { out = append(out, outage.Of(events...)) }
	for i := range s.Regions {
		if slices.ContainsFunc(s.Parts, func(p outage.Part) bool { return follows(&p, i) }) {
			add(outage.Event{Kind: outage.Launch, Region: s.Regions[i].Name})
		}
	}
	spot, retries, keeps := false, false, false
	for i := range s.Parts {
		p := &s.Parts[i]
		name := p.Name
		others := followers(p)
		if p.Rule == outage.Led && p.Sync && others > 0 {
			add(outage.Event{Kind: outage.Standby, Part: name})
		}
		if p.Answers > 0 {
			add(outage.Event{Kind: outage.Cold, Part: name})
		}
		if p.Rule == outage.Led && others > 0 {
			add(outage.Event{Kind: outage.Schema, Part: name})
		}
		if p.Rule == outage.Alike && len(p.Pools) > 0 && !p.Keeps {
			add(outage.Event{Kind: outage.Deploy, Part: name})
		}
		spot, keeps = spot || p.Spot > 0, keeps || p.Keeps
		retries = retries || slices.ContainsFunc(p.Calls, func(c outage.Call) bool {
			return c.Retries > 0 && !c.Breaker
		})
	}
	if spot {
		add(outage.Event{Kind: outage.Spot})
	}
	for i := range s.Regions {
		if retries && s.Regions[i].Zones > 1 {
			zone := outage.Event{Kind: outage.Zone, Region: s.Regions[i].Name, Number: 1}
			add(zone, outage.Event{Kind: outage.Retries})
		}
	}
	if keeps {
		add(outage.Event{Kind: outage.Corruption, After: foundAfter})
	}
	return out
}

// later are the scenarios of two steps: a second failure while the first is repaired, and the
// way back.
func later(s *outage.System) (out []outage.Scenario) {
	for i := range s.Parts {
		if p := &s.Parts[i]; p.Rule == outage.Led && followers(p) > 0 {
			node := outage.Of(outage.Event{Kind: outage.Node, Part: p.Name, Role: p.Pools[0].Role})
			out = append(out, node.Then(outage.Of(outage.Event{Kind: outage.Node, Part: p.Name})))
		}
	}
	if len(s.Regions) < 2 {
		return out
	}
	lost := func(i int) outage.Scenario {
		return outage.Of(outage.Event{Kind: outage.RegionLost, Region: s.Regions[i].Name})
	}
	if last := len(s.Regions) - 1; last == 1 {
		out = append(out, lost(last).Then(lost(0)))
	}
	for i := range s.Regions {
		if s.DNS.Moves && slices.ContainsFunc(s.Parts, func(p outage.Part) bool {
			return p.Rule == outage.Led && leadsIn(&p, i) && leadsElsewhere(&p, i)
		}) {
			out = append(out, outage.Of(outage.Event{Kind: outage.Failback, Region: s.Regions[i].Name}))
			break // where the first primary stands
		}
	}
	return out
}

// hosts are the physical servers that are named, each once, in the order of the system.
func hosts(s *outage.System) []string {
	var out []string
	for i := range s.Parts {
		for k := range s.Parts[i].Pools {
			if h := s.Parts[i].Pools[k].Host; h != "" && !slices.Contains(out, h) {
				out = append(out, h)
			}
		}
	}
	return out
}

// keepsAt tells whether a node of a region keeps data on disks of some kind.
func keepsAt(s *outage.System, region int, on func(outage.Disks) bool) bool {
	return slices.ContainsFunc(s.Parts, func(p outage.Part) bool {
		return p.Keeps && slices.ContainsFunc(p.Pools, func(x outage.Pool) bool {
			return x.Region == region && x.Data && x.Nodes > 0 && on(x.Disks)
		})
	})
}

// follows tells whether a part has more nodes in a region than in the hour with the fewest.
func follows(p *outage.Part, region int) bool {
	if len(p.Least) <= region {
		return false
	}
	n := 0
	for k := range p.Pools {
		if p.Pools[k].Region == region {
			n += p.Pools[k].Nodes
		}
	}
	return n > p.Least[region]
}

// followers is how many pools of a part keep its data beside the one that leads.
func followers(p *outage.Part) int {
	n := 0
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Data && x.Nodes > 0 {
			n++
		}
	}
	return n - 1
}

func leadsIn(p *outage.Part, region int) bool {
	return slices.ContainsFunc(p.Pools, func(x outage.Pool) bool { return x.Leads && x.Region == region })
}

func leadsElsewhere(p *outage.Part, region int) bool {
	return slices.ContainsFunc(p.Pools, func(x outage.Pool) bool { return x.Leads && x.Region != region })
}
