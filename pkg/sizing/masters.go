package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Dedicated is a part of the spec of a component whose clusters have, from some size on,
// masters that do nothing else: they keep the state of the cluster, and carry no load.
type Dedicated struct {
	// Data nodes of a cluster from which on three masters do nothing else.
	DedicatedFrom strict.Value[unit.Count] `yaml:"dedicated_from" min:"1"`
	// Least vCPUs of a dedicated master.
	MasterVCPU strict.Value[unit.Count] `yaml:"master_vcpu" min:"1"`
	// Least memory of a dedicated master.
	MasterMemory strict.Value[unit.Bytes] `yaml:"master_memory"`
}

func defaultDedicated() Dedicated {
	const why = "masters keep the state of the cluster, and carry no load"
	return Dedicated{
		DedicatedFrom: judged(unit.Count(6), "below, masters have little to do and each node counts"),
		MasterVCPU:    judged(unit.Count(2), why),
		MasterMemory:  judged(unit.Bytes(8<<30), why),
	}
}

// quorumOfMasters are the master-eligible nodes of a cluster that survives the
// loss of one: two of them agree (Elasticsearch Guide, "Quorum-based decision
// making").
const quorumOfMasters = 3

// masters are the dedicated masters of a component's clusters.
type masters struct {
	c      *Task
	spec   *Dedicated
	t      *catalog.NodeType // once looked for
	looked bool              // whether it was
	floor  []Pool            // of one cluster in each region; see least
}

// apart tells whether a cluster of so many data nodes has masters of its own.
func (m *masters) apart(nodes int) bool { return nodes >= int(m.spec.DedicatedFrom.V) }

// role is those of a cluster: of three, two must be left.
func (m *masters) role(r *Location) capacity.Role {
	role := m.c.role(r, nil)
	role.Floor = quorumOfMasters
	return role
}

// pool is those of so many clusters in a region, whose data nodes are of a type.
func (m *masters) pool(region, clusters int, t *catalog.NodeType) Pool {
	p := Fixed(region, "master", quorumOfMasters*clusters)
	if own := m.cheapest(); own != t {
		p.Type = own
	}
	return p
}

// cheapest is the cheapest type that does; nil where none does, and where the type of all
// nodes is given.
func (m *masters) cheapest() *catalog.NodeType {
	if m.looked || m.c.Ranking == nil || m.c.Component.Pin != nil {
		return m.t
	}
	m.looked = true
	m.t = m.c.Ranking.Cheapest(m.c, func(t *catalog.NodeType) bool {
		return !t.Burstable && float64(t.VCPU) >= float64(m.spec.MasterVCPU.V) && t.Memory >= m.spec.MasterMemory.V
	})
	return m.t
}

// least are those of clusters with at least so many data nodes in each region of the
// profile, where the clusters of a region of the task have so many at most.
//
// There are as few clusters as possible, and two that had no more nodes together than
// one may have would be one. So a cluster that may have twice as many nodes as ask for
// masters has them wherever so many are needed.
func (m *masters) least(nodes []float64, largest func(region int) int) []Pool {
	from := float64(m.spec.DedicatedFrom.V)
	for i := range m.c.Regions {
		if nodes[m.c.Regions[i].Index] < from || float64(largest(i)) < 2*from {
			return nil
		}
	}
	if m.floor == nil && m.cheapest() != nil {
		for i := range m.c.Regions {
			p := Fixed(m.c.Regions[i].Index, "master", quorumOfMasters)
			p.Type = m.t
			m.floor = append(m.floor, p)
		}
	}
	return m.floor
}

// describe says what those of so many clusters in a region are, where there are any, with
// their roles and their limit.
func (m *masters) describe(l *Layout, r *Location, clusters int) {
	for i := range l.Pools {
		p := &l.Pools[i]
		if p.Region != r.Index || p.Role != "master" {
			continue
		}
		role := m.role(r)
		for range clusters {
			l.Roles = append(l.Roles, RegionRole{Role: role, Region: r.Index, Name: "master", Nodes: role.Floor})
		}
		x := structure(quorumOfMasters, role.Floor, remark.New("search.dedicated", "from", int(m.spec.DedicatedFrom.V)))
		l.Limits = append(l.Limits, RegionLimit{Limit: ofAll(x, clusters), Region: r.Index, Role: "master"})
		l.Structure = append(l.Structure,
			remark.New("search.masters", "region", r.Name, "nodes", p.Max, "type", l.TypeOf(p).Name))
	}
}
