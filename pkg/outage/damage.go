package outage

import (
	"fmt"
	"slices"
)

// damage is what is gone, cut off or cold after events.
type damage struct {
	lost    [][]int // nodes that are down, by part and pool
	wiped   [][]int // nodes whose data are gone, by part and pool; of Copied parts and pieces, so many nodes
	crashed [][]int // of those that are down, the ones that only have to be started again
	dark    []bool  // regions that are gone
	burnt   []bool  // regions whose disks are all gone
	zones   [][]bool
	cut     []bool // regions that reach no other
	stuck   []bool // regions in which no node can be launched
	cold    []bool // parts that have forgotten what they kept
	back    []bool // regions that come back, and lead again
	storm   bool   // whether callers ask again
	corrupt float64
	leaders []leader // by part, after what went by itself before
}

// leader is who leads a part's pieces: those that were hit, and the others.
type leader struct {
	pool     int // -1 for none
	promoted bool
	far      bool // whether that is in another region than the first
}

func newDamage(s *System) *damage {
	d := &damage{dark: make([]bool, len(s.Regions)), burnt: make([]bool, len(s.Regions)),
		cut: make([]bool, len(s.Regions)), stuck: make([]bool, len(s.Regions)), cold: make([]bool, len(s.Parts)),
		back: make([]bool, len(s.Regions)), corrupt: -1}
	for i := range s.Parts {
		p := &s.Parts[i]
		d.lost, d.wiped = append(d.lost, make([]int, len(p.Pools))), append(d.wiped, make([]int, len(p.Pools)))
		d.crashed = append(d.crashed, make([]int, len(p.Pools)))
		d.leaders = append(d.leaders, leader{pool: p.first()})
	}
	for i := range s.Regions {
		d.zones = append(d.zones, make([]bool, s.Regions[i].Zones))
	}
	return d
}

// first is the pool that leads while nothing is lost; -1 for none.
func (p *Part) first() int {
	if p.Rule != Led {
		return -1
	}
	return slices.IndexFunc(p.Pools, func(x Pool) bool { return x.Leads && x.Data && x.Nodes > 0 })
}

// lose takes nodes of a pool down; wipe says whether their data goes with them.
func (d *damage) lose(s *System, part, pool, nodes int, wipe bool) {
	have := s.Parts[part].Pools[pool].Nodes
	d.lost[part][pool] = min(have, d.lost[part][pool]+nodes)
	d.crashed[part][pool] = min(d.crashed[part][pool], d.lost[part][pool])
	if wipe {
		d.wiped[part][pool] = min(have, d.wiped[part][pool]+nodes)
	}
}

// whole takes all pools down of which a function says so.
func (d *damage) whole(s *System, wipe bool, of func(p *Part, x *Pool) bool) {
	for i := range s.Parts {
		for k := range s.Parts[i].Pools {
			if x := &s.Parts[i].Pools[k]; of(&s.Parts[i], x) {
				d.lose(s, i, k, x.Nodes, wipe)
			}
		}
	}
}

// left is how many nodes of a pool are up.
func (d *damage) left(s *System, part, pool int) int {
	return s.Parts[part].Pools[pool].Nodes - d.lost[part][pool]
}

// way is one way in which an event can strike: where it is not said which node or zone, each is tried.
type way func(d *damage)

// ways are the ways in which an event can strike. An error says that the event is about
// nothing that the system has.
func (s *System) ways(e Event) ([]way, error) {
	switch e.Kind {
	case Process, Node, Standby, Schema, Deploy, Cold:
		return s.partWays(e)
	case Zone, RegionLost, Split, Launch, Storage, DisksLost, Failback:
		return s.regionWays(e)
	case Host:
		if !s.hosts(e.Host) {
			return nil, fmt.Errorf("%s: no member or machine is on a server of that name", e)
		}
		return one(func(d *damage) {
			for i := range s.Parts {
				for k := range s.Parts[i].Pools {
					if x := &s.Parts[i].Pools[k]; x.Host == e.Host {
						d.lose(s, i, k, x.Nodes, x.Disks.Local || x.Disks.Ephemeral)
					}
				}
			}
		}), nil
	case Corruption:
		return one(func(d *damage) { d.corrupt = max(d.corrupt, e.After) }), nil
	case Spot:
		return one(func(d *damage) {
			for i := range s.Parts {
				for k := range s.Parts[i].Pools {
					x := &s.Parts[i].Pools[k]
					d.lose(s, i, k, ceilPart(x.Nodes, s.Parts[i].Spot), x.Disks.Local)
				}
			}
		}), nil
	case Retries:
		return one(func(d *damage) { d.storm = true }), nil
	}
	return nil, fmt.Errorf("%s is not known", e)
}

func one(w way) []way { return []way{w} }

func (s *System) hosts(name string) bool {
	return slices.ContainsFunc(s.Parts, func(p Part) bool {
		return slices.ContainsFunc(p.Pools, func(x Pool) bool { return x.Host == name })
	})
}

// ceilPart is a part of nodes, rounded up to whole ones.
func ceilPart(nodes int, part float64) int {
	n := int(float64(nodes) * part)
	if float64(n) < float64(float64(nodes)*part)-1e-9 {
		n++
	}
	return n
}

// partWays are the ways of an event about a part.
func (s *System) partWays(e Event) ([]way, error) {
	part := s.part(e.Part)
	if part < 0 {
		return nil, fmt.Errorf("%s: there is no component of that name", e)
	}
	p := &s.Parts[part]
	if e.Kind == Cold {
		if p.Answers <= 0 {
			return nil, fmt.Errorf("%s: it answers nothing from memory", e)
		}
		return one(func(d *damage) { d.cold[part] = true }), nil
	}
	var out []way
	for k := range p.Pools {
		x := &p.Pools[k]
		if x.Nodes == 0 || !e.about(s, p, k) {
			continue
		}
		out = append(out, func(d *damage) {
			if e.Kind == Node || e.Kind == Standby {
				d.lose(s, part, k, 1, x.Disks.Local || x.Disks.Ephemeral)
				return
			}
			d.lose(s, part, k, 1, false)
			d.crashed[part][k] = min(d.crashed[part][k]+1, d.lost[part][k])
		})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: it has no such node", e)
	}
	return out, nil
}

// about tells whether an event about a part can strike a pool.
func (e Event) about(s *System, p *Part, pool int) bool {
	x := &p.Pools[pool]
	if e.Role != "" && e.Role != x.Role || e.Region != "" && e.Region != s.Regions[x.Region].Name {
		return false
	}
	switch e.Kind {
	case Standby:
		return p.Rule == Led && x.Leads && pool != p.first()
	case Schema:
		return p.Rule == Led && x.Data && pool != p.first()
	}
	return true
}

// part is the index of a part; -1 for none.
func (s *System) part(name string) int {
	return slices.IndexFunc(s.Parts, func(p Part) bool { return p.Name == name })
}

// region is the index of a region; -1 for none.
func (s *System) region(name string) int {
	return slices.IndexFunc(s.Regions, func(r Region) bool { return r.Name == name })
}

// regionWays are the ways of an event about a region.
func (s *System) regionWays(e Event) ([]way, error) {
	r := s.region(e.Region)
	if r < 0 {
		return nil, fmt.Errorf("%s: there is no region of that name", e)
	}
	in := func(wipe bool, of func(p *Part, x *Pool) bool) way {
		return func(d *damage) {
			d.whole(s, wipe, func(p *Part, x *Pool) bool { return x.Region == r && of(p, x) })
		}
	}
	all := func(*Part, *Pool) bool { return true }
	switch e.Kind {
	case RegionLost:
		return one(func(d *damage) {
			d.dark[r], d.burnt[r] = true, true
			in(true, all)(d)
		}), nil
	case Storage:
		return one(func(d *damage) {
			d.burnt[r] = true
			in(true, func(p *Part, x *Pool) bool { return x.Data })(d)
		}), nil
	case Split:
		if len(s.Regions) < 2 {
			return nil, fmt.Errorf("%s: there is no other region from which it could be cut off", e)
		}
		return one(func(d *damage) { d.cut[r] = true }), nil
	case Launch:
		return one(func(d *damage) {
			d.stuck[r] = true
			d.shrink(s, r)
		}), nil
	case Failback:
		return one(func(d *damage) { d.back[r] = true }), nil
	case Zone:
		return s.zoneWays(e, r)
	}
	return s.diskWays(e, r)
}

// zoneWays are the sets of so many zones of a region.
func (s *System) zoneWays(e Event, r int) ([]way, error) {
	zones := s.Regions[r].Zones
	if e.Number > zones {
		return nil, fmt.Errorf("%s: the region has %d", e, zones)
	}
	var out []way
	for set := range 1 << zones {
		if popcount(set) != e.Number {
			continue
		}
		out = append(out, func(d *damage) {
			for z := range zones {
				d.zones[r][z] = d.zones[r][z] || set>>z&1 == 1
			}
			if !slices.Contains(d.zones[r], false) {
				d.dark[r] = true
			}
			d.whole(s, true, func(_ *Part, x *Pool) bool { return x.Region == r && set>>x.Zone&1 == 1 })
		})
	}
	return out, nil
}

func popcount(set int) (n int) {
	for ; set > 0; set &= set - 1 {
		n++
	}
	return n
}

// diskWays are the nodes of a region that keep data, of each of which so many disks fail.
func (s *System) diskWays(e Event, r int) ([]way, error) {
	var out []way
	for i := range s.Parts {
		for k := range s.Parts[i].Pools {
			x := &s.Parts[i].Pools[k]
			if x.Region != r || !x.Data || x.Nodes == 0 {
				continue
			}
			out = append(out, func(d *damage) {
				// What shares a server shares its disks.
				d.disks(s, e.Number, func(p, q int) bool {
					y := &s.Parts[p].Pools[q]
					return p == i && q == k || x.Host != "" && y.Host == x.Host
				})
			})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no node keeps data there", e)
	}
	return out, nil
}

// disks fails so many disks of a node of each pool that a function names.
func (d *damage) disks(s *System, number int, of func(part, pool int) bool) {
	for i := range s.Parts {
		for k := range s.Parts[i].Pools {
			x := &s.Parts[i].Pools[k]
			if of(i, k) && x.Data && x.Nodes > 0 && number > x.Disks.Tolerates {
				d.lose(s, i, k, 1, true)
			}
		}
	}
}

// shrink leaves of the nodes that follow the load in a region only those that run in the hour
// with the fewest: as a peak comes, none can be added.
func (d *damage) shrink(s *System, region int) {
	for i := range s.Parts {
		p := &s.Parts[i]
		if len(p.Least) == 0 {
			continue
		}
		keep := p.Least[region]
		for k := range p.Pools {
			x := &p.Pools[k]
			if x.Region != region {
				continue
			}
			stay := min(x.Nodes, (keep+x.Zone)/s.Regions[region].Zones) // as even over zones as whole nodes can be
			d.lose(s, i, k, x.Nodes-stay, false)
		}
	}
}
