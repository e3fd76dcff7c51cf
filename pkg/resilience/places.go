package resilience

import (
	"cmp"
	"slices"

	"headroom/pkg/outage"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// This file is where nodes stand.

// pools are the nodes of a component by region, role and zone: its members where the profile
// names them.
func (b *builder) pools(x *standing, pieces int) []outage.Pool {
	switch {
	case x.fails.Rule == outage.Given:
		return b.given(x)
	case x.fails.Rule != outage.Led:
		return b.spread(x, x.choice.Layout.Pools)
	case len(x.choice.Component.Members) > 0:
		return b.members(x, pieces)
	}
	return b.behindPrimary(x, pieces)
}

// given are the zones in each of which the provider runs it: none where it is everywhere.
func (b *builder) given(x *standing) (out []outage.Pool) {
	if x.fails.Outside {
		return nil
	}
	regions := x.regions
	if x.load != nil && x.load.Scope == workload.ScopePrimary && len(regions) > 0 {
		regions = regions[:1]
	}
	for _, r := range regions {
		for z := range b.zones(r) {
			out = append(out, outage.Pool{Region: r, Zone: z, Nodes: 1, Data: x.fails.Keeps, Reads: true})
		}
	}
	return out
}

// zones are those of a region, at least one.
func (b *builder) zones(region int) int { return max(1, b.demand.Regions[region].Zones) }

// pool is so many nodes of a role in a zone.
func (b *builder) pool(x *standing, of *sizing.Pool, role string, zone, nodes int) outage.Pool {
	r := x.fails.Role(role)
	p := outage.Pool{Region: of.Region, Zone: zone, Role: role, Nodes: nodes, Data: r.Data, Votes: r.Votes,
		Leads: r.Leads, Reads: r.Reads, Disks: b.disks(x, of.Region)}
	if t := x.choice.Layout.TypeOf(of); t != nil {
		p.Host = b.servers[machineAt{of.Region, t.Name}]
	}
	return p
}

// disks are those of a node of a component in a region: what is on a site's may not be meant
// to outlive a stop.
func (b *builder) disks(x *standing, region int) outage.Disks {
	d := x.fails.Disks
	if site := b.sites[region]; site != nil && site.Ephemeral && d.Local {
		d.Ephemeral = true
	}
	return d
}

// spread are pools as evenly over zones as whole nodes can be.
func (b *builder) spread(x *standing, pools []sizing.Pool) (out []outage.Pool) {
	for i := range pools {
		zones := b.zones(pools[i].Region)
		for z := range zones {
			if n := evenly(pools[i].Max, zones, z); n > 0 {
				out = append(out, b.pool(x, &pools[i], pools[i].Role, z, n))
			}
		}
	}
	return out
}

// evenly is how many of n nodes a zone has: the first ones have more.
func evenly(n, zones, zone int) int {
	k := n / zones
	if zone < n%zones {
		k++
	}
	return k
}

// behindPrimary are the nodes of a store with primaries, of each of whose pieces every pool has as
// many: the primary in the first zone, who stands by in the next ones, and then those that
// only answer reads.
func (b *builder) behindPrimary(x *standing, pieces int) (out []outage.Pool) {
	next := map[int]int{} // zone, by region
	add := func(of *sizing.Pool, role string, nodes int) {
		zones := b.zones(of.Region)
		for nodes > 0 {
			n, zone := min(nodes, pieces), next[of.Region]%zones
			nodes -= n
			next[of.Region]++
			at := slices.IndexFunc(out, func(p outage.Pool) bool {
				return p.Region == of.Region && p.Role == role && p.Zone == zone
			})
			if at >= 0 {
				out[at].Nodes += n
				continue
			}
			out = append(out, b.pool(x, of, role, zone, n))
		}
	}
	var beside []sizing.Pool
	for i := range x.choice.Layout.Pools {
		p := &x.choice.Layout.Pools[i]
		switch role := x.fails.Role(p.Role); {
		case p.Role == "": // given machines, of which nobody says what each is
			add(p, leaderOf(len(out)), min(p.Max, pieces))
			add(p, workload.RoleReplica, p.Max-pieces)
		case role.Data:
			add(p, p.Role, p.Max)
		default:
			beside = append(beside, *p)
		}
	}
	return append(out, b.spread(x, beside)...)
}

// leaderOf is the role of the first node in a region, where so many pools are elsewhere.
func leaderOf(others int) string {
	if others == 0 {
		return "primary"
	}
	return "failover"
}

// members are those that the profile names, the primary first, and then those who may take
// its place soonest.
func (b *builder) members(x *standing, pieces int) (out []outage.Pool) {
	list := slices.Clone(x.choice.Component.Members)
	slices.SortStableFunc(list, func(m, o workload.Member) int {
		return cmp.Or(place(&m)-place(&o), cmp.Compare(float64(o.Priority.V), float64(m.Priority.V)))
	})
	next := map[int]int{} // zone, by region
	for i := range list {
		m := &list[i]
		region := slices.Index(b.profile.RegionNames(), m.Region.V)
		if region < 0 {
			continue // Parse refuses it
		}
		zone := next[region] % b.zones(region)
		if m.Zone != nil {
			zone = int(m.Zone.V) - 1
		}
		next[region]++
		p := b.pool(x, &sizing.Pool{Region: region}, m.Role.V, zone, pieces)
		p.Data, p.Leads, p.Votes = m.Keeps(), m.Eligible(), int(m.Votes.V)
		p.Reads = p.Reads && p.Data
		if m.Host != nil {
			p.Host = m.Host.V
		}
		out = append(out, p)
	}
	var beside []sizing.Pool // such as poolers
	for _, p := range x.choice.Layout.Pools {
		if p.Role != "" && !x.fails.Role(p.Role).Data {
			beside = append(beside, p)
		}
	}
	return append(out, b.spread(x, beside)...)
}

// place orders members: the primary, those that keep data, and the others.
func place(m *workload.Member) int {
	switch {
	case m.Role.V == workload.RolePrimary:
		return 0
	case m.Keeps():
		return 1
	}
	return 2
}
