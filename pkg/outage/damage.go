package outage

import (
	"fmt"
	"slices"
)

// damage is what is gone, cut off or cold after events.
type damage struct {
	out     [][]out // by part and pool
	dark    []bool  // regions that are gone
	burnt   []bool  // regions whose disks are all gone
	zones   [][]bool
	cut     []bool // regions that reach no other
	stuck   []bool // regions in which no node can be launched
	cold    []bool // parts that have forgotten what they kept
	back    []bool // regions that come back, and lead again
	moved   []bool // regions whose users went elsewhere before the last step
	storm   bool   // whether callers ask again
	split   bool   // whether two leaders took writes before the last step
	corrupt float64
	hosts   []string   // physical servers that are lost: nothing is put on them again
	leaders [][]leader // by part and group, after what went by itself before the last step
}

// out is how many nodes of a pool are out, and why. The sum may be more than there are: who
// crashes may be lost as well.
type out struct {
	lost    int // until they are repaired
	absent  int // of all that are out, those that callers do not ask: not launched, taken out, dead for long
	crashed int // until their process is started
	batch   int // while a version is rolled out
	wiped   int // whose data is gone
}

// leader is who leads a group.
type leader struct {
	pool    int  // -1 for none
	standby int  // who has each write that is answered (Sync), as long as it is there; -1 for none
	lossy   bool // whether somebody took over who did not have the last writes
}

func newDamage(s *System) *damage {
	n := len(s.Regions)
	d := &damage{dark: make([]bool, n), burnt: make([]bool, n), cut: make([]bool, n), stuck: make([]bool, n),
		cold: make([]bool, len(s.Parts)), back: make([]bool, n), moved: make([]bool, n), corrupt: -1}
	for i := range s.Parts {
		p := &s.Parts[i]
		d.out = append(d.out, make([]out, len(p.Pools)))
		var leaders []leader
		for g := range s.groups(p) {
			l := leader{pool: p.first(g), standby: -1}
			if l.pool >= 0 {
				l.standby = p.candidate(p.Pools[l.pool].Region, func(k int, _ bool) bool {
					return k != l.pool && p.Pools[k].Nodes > 0 && p.in(k, g)
				})
			}
			leaders = append(leaders, l)
		}
		d.leaders = append(d.leaders, leaders)
	}
	for i := range s.Regions {
		d.zones = append(d.zones, make([]bool, s.Regions[i].Zones))
	}
	return d
}

// groups is how many groups of a part decide without the others: one, or one in each region.
func (s *System) groups(p *Part) int {
	if p.Apart {
		return len(s.Regions)
	}
	return 1
}

// group is the group of a part that a region asks.
func (p *Part) group(region int) int {
	if p.Apart {
		return region
	}
	return 0
}

// in tells whether a pool belongs to a group.
func (p *Part) in(pool, group int) bool { return !p.Apart || p.Pools[pool].Region == group }

// first is the pool that leads a group while nothing is lost; -1 for none.
func (p *Part) first(group int) int {
	if p.Rule != Led {
		return -1
	}
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Leads && x.Data && x.Nodes > 0 && p.in(k, group) {
			return k
		}
	}
	return -1
}

// lose takes nodes of a pool down; wipe says whether their data goes with them.
func (d *damage) lose(s *System, part, pool, nodes int, wipe bool) {
	o, have := &d.out[part][pool], s.Parts[part].Pools[pool].Nodes
	o.lost = min(have, o.lost+nodes)
	if wipe {
		o.wiped = min(have, o.wiped+nodes)
	}
}

// gone tells whether a physical server is lost.
func (d *damage) gone(host string) bool { return host != "" && slices.Contains(d.hosts, host) }

// whole takes all pools down of which a function says so.
func (d *damage) whole(s *System, wipe bool, of func(x *Pool) bool) {
	for i := range s.Parts {
		for k := range s.Parts[i].Pools {
			if x := &s.Parts[i].Pools[k]; of(x) {
				d.lose(s, i, k, x.Nodes, wipe)
			}
		}
	}
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
		if e.Host == "" || !s.hosts(e.Host) {
			return nil, fmt.Errorf("%s: no member or machine is on a server of that name", e)
		}
		return one(func(d *damage) {
			d.hosts = append(d.hosts, e.Host)
			for i := range s.Parts {
				for k := range s.Parts[i].Pools {
					if x := &s.Parts[i].Pools[k]; x.Host == e.Host {
						d.lose(s, i, k, x.Nodes, x.stops())
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
					d.lose(s, i, k, ceilPart(x.Nodes, s.Parts[i].Spot), x.stops())
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
			o := &d.out[part][k]
			switch e.Kind {
			case Process:
				o.crashed++
				if x.Disks.Memory {
					o.wiped = min(x.Nodes, o.wiped+1)
				}
			case Deploy: // it comes back by itself
				o.batch++
			case Schema: // it is out until the change is made, and nobody asks it
				o.absent++
				d.lose(s, part, k, 1, false)
			default:
				for _, i := range s.sharing(part, k) {
					d.lose(s, i, k, 1, s.Parts[i].Pools[k].stops())
				}
			}
		})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: it has no such node", e)
	}
	return out, nil
}

// sharing are the parts that stand on the nodes of a pool of one: it, who is on its nodes, and
// on whose nodes it is.
func (s *System) sharing(part, pool int) []int {
	host := s.Parts[part].Name
	if on := s.Parts[part].On; on != "" && s.part(on) >= 0 {
		host = on
	}
	x := &s.Parts[part].Pools[pool]
	out := []int{part}
	for i := range s.Parts {
		p := &s.Parts[i]
		if i == part || p.Name != host && p.On != host || pool >= len(p.Pools) {
			continue
		}
		if y := &p.Pools[pool]; y.Region == x.Region && y.Zone == x.Zone {
			out = append(out, i)
		}
	}
	return out
}

// stops tells whether the data of a node goes with it.
func (x *Pool) stops() bool { return x.Disks.Local || x.Disks.Ephemeral }

// about tells whether an event about a part can strike a pool.
func (e Event) about(s *System, p *Part, pool int) bool {
	x := &p.Pools[pool]
	if e.Role != "" && e.Role != x.Role || e.Region != "" && e.Region != s.Regions[x.Region].Name {
		return false
	}
	switch e.Kind {
	case Standby:
		return p.Rule == Led && x.Leads && x.Data && pool != p.first(p.group(x.Region))
	case Schema:
		return p.Rule == Led && x.Data && pool != p.first(p.group(x.Region))
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
	switch e.Kind {
	case RegionLost:
		return one(func(d *damage) {
			d.dark[r], d.burnt[r] = true, true
			d.whole(s, true, func(x *Pool) bool { return x.Region == r })
		}), nil
	case Storage:
		return one(func(d *damage) {
			d.burnt[r] = true
			d.whole(s, true, func(x *Pool) bool { return x.Region == r && x.Data })
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
		return one(func(d *damage) { d.comeBack(s, r) }), nil
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
	for _, set := range sets(zones, e.Number) {
		out = append(out, func(d *damage) {
			for _, z := range set {
				d.zones[r][z] = true
			}
			if !slices.Contains(d.zones[r], false) {
				d.dark[r], d.burnt[r] = true, true
			}
			d.whole(s, true, func(x *Pool) bool { return x.Region == r && slices.Contains(set, x.Zone) })
		})
	}
	return out, nil
}

// sets are all sets of k of the numbers below n, or one more than are tried.
func sets(n, k int) [][]int {
	all := [][]int{nil}
	for range k {
		var more [][]int
		for _, set := range all {
			from := 0
			if len(set) > 0 {
				from = set[len(set)-1] + 1
			}
			for x := from; x < n && len(more) <= maxWays; x++ {
				more = append(more, append(slices.Clone(set), x))
			}
		}
		all = more
	}
	return all
}

// diskWays are the nodes of a region that keep data, of each of which so many disks fail.
func (s *System) diskWays(e Event, r int) ([]way, error) {
	var out []way
	for i := range s.Parts {
		for k := range s.Parts[i].Pools {
			x := &s.Parts[i].Pools[k]
			if x.Region != r || !x.Data || x.Nodes == 0 || x.Disks.Memory {
				continue
			}
			out = append(out, func(d *damage) {
				// What shares a server shares its disks, where they are the server's.
				d.disks(s, e.Number, func(p, q int) bool {
					y := &s.Parts[p].Pools[q]
					return p == i && q == k || x.Host != "" && y.Host == x.Host && x.Disks.Local && y.Disks.Local
				})
			})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no node keeps data there", e)
	}
	return out, nil
}
