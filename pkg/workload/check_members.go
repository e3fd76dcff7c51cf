package workload

import (
	"headroom/pkg/diag"
	"headroom/pkg/unit"
)

// checkMembers finds what members of a store cannot be.
func (p *Profile) checkMembers(c *Component, ps *diag.Problems) {
	if len(c.Members) == 0 {
		return
	}
	if !c.keeps().Primary {
		ps.Addf(c.Members[0].Pos, "remove members",
			"component %q has members, but writes of a component of kind %q do not meet at a primary", c.Name, c.Kind)
		return
	}
	for i := range c.Members {
		m := &c.Members[i]
		p.checkPlace(c, m, ps)
		switch m.Role.V {
		case RoleArbiter:
			m.checkArbiter(ps)
		case RolePrimary:
			p.checkPrimary(c, m, ps)
		default:
			m.checkFollower(ps)
		}
	}
	c.checkGroup(ps)
}

// checkPlace wants a member where its component runs.
func (p *Profile) checkPlace(c *Component, m *Member, ps *diag.Problems) {
	at := m.Region.V
	switch {
	case !p.hasRegion(at):
		ps.Addf(m.Region.Pos, hintNearest(at, p.RegionNames()),
			"a member of %q stands in %q, which is no region of the profile", c.Name, at)
	case !c.RunsIn(at):
		ps.Addf(m.Region.Pos, "add it to the component's regions, or remove the member",
			"a member of %q stands in %s, where the component does not run", c.Name, at)
	case m.Zone != nil && m.Zone.V > p.zonesIn(at):
		ps.Addf(m.Zone.Pos, "raise zones of the region, or use one that it has",
			"zone %v is not there: %s has %v", m.Zone.V, at, p.zonesIn(at))
	}
}

// checkArbiter refuses what an arbiter does not have.
func (m *Member) checkArbiter(ps *diag.Problems) {
	if m.Data.Set && m.Data.V {
		ps.Addf(m.Data.Pos, "leave data out, or write role: replica", "an arbiter keeps no data")
	}
	if m.Priority.Set && m.Priority.V > 0 {
		ps.Addf(m.Priority.Pos, "leave priority out, or write role: replica", "an arbiter never becomes primary")
	}
	if m.Votes.V == 0 {
		ps.Addf(m.Votes.Pos, "leave votes out, or remove the member", "an arbiter without a vote does nothing")
	}
}

// checkPrimary wants a primary that can be one, in the first region.
func (p *Profile) checkPrimary(c *Component, m *Member, ps *diag.Problems) {
	if !m.Data.V {
		ps.Addf(m.Data.Pos, "remove data: false", "the primary of %q keeps no data", c.Name)
	}
	if m.Priority.V == 0 {
		ps.Addf(m.Priority.Pos, "remove priority, or make another member primary",
			"the primary of %q has priority 0, with which none is elected", c.Name)
	}
	if m.Votes.V == 0 {
		ps.Addf(m.Votes.Pos, "remove votes, or make another member primary",
			"the primary of %q has no vote, with which none is elected", c.Name)
	}
	if first := p.firstRegion(c); first != m.Region.V && p.hasRegion(m.Region.V) && c.RunsIn(m.Region.V) {
		ps.Addf(m.Region.Pos, "write the region with the primary first, under regions of the profile",
			"the primary of %q stands in %s, but writes meet in the first region, %s", c.Name, m.Region.V, first)
	}
}

// firstRegion is where the primary of a component stands.
func (p *Profile) firstRegion(c *Component) string {
	for i := range p.Regions {
		if c.RunsIn(p.Regions[i].Name) {
			return p.Regions[i].Name
		}
	}
	return ""
}

// checkFollower refuses followers that could not be what they are called.
func (m *Member) checkFollower(ps *diag.Problems) {
	if !m.Data.V {
		ps.Addf(m.Data.Pos, "write role: arbiter for a vote without data, or remove data: false",
			"a %s without data", m.Role.V)
	}
	if m.Role.V == RoleStandby && m.Priority.V == 0 {
		ps.Addf(m.Priority.Pos, "remove priority, or write role: read-only",
			"a standby is there to become primary, which none with priority 0 does")
	}
	if m.Role.V == RoleReadOnly && m.Priority.Set && m.Priority.V > 0 {
		ps.Addf(m.Priority.Pos, "remove priority, or write role: replica", "a read-only member never becomes primary")
	}
}

// checkGroup finds what all members of a component together cannot be.
func (c *Component) checkGroup(ps *diag.Problems) {
	var primary, arbiter *Member
	data, eligible := 0, 0
	for i := range c.Members {
		m := &c.Members[i]
		if m.Role.V == RolePrimary {
			if primary != nil {
				ps.Addf(m.Role.Pos, "write role: replica", "a second primary of %q: writes meet at one", c.Name)
				continue
			}
			primary = m
		}
		if m.Role.V == RoleArbiter && arbiter == nil {
			arbiter = m
		}
		if m.Keeps() {
			data++
		}
		if m.Eligible() {
			eligible++
		}
	}
	if primary == nil {
		ps.Addf(c.Members[0].Pos, "write role: primary at the member where writes meet",
			"no member of %q is the primary", c.Name)
	}
	if arbiter != nil && data < 2 {
		ps.Addf(arbiter.Role.Pos, "add a replica, or remove the arbiter",
			"an arbiter decides between members with data, of which %q has %d", c.Name, data)
	} else if arbiter != nil && eligible == 0 {
		ps.Addf(arbiter.Role.Pos, "give one of the others a priority",
			"an arbiter votes for one of the others, but none of %q may become primary", c.Name)
	}
	c.checkBeside(primary, ps)
}

// checkBeside refuses members that follow the primary on its own server.
func (c *Component) checkBeside(primary *Member, ps *diag.Problems) {
	if primary == nil || primary.Host == nil {
		return
	}
	for i := range c.Members {
		m := &c.Members[i]
		if (m.Role.V == RoleReplica || m.Role.V == RoleStandby) && m.Host != nil && m.Host.V == primary.Host.V &&
			m.Region.V == primary.Region.V {
			ps.Addf(m.Host.Pos, "put it on another server",
				"a %s of %q on its primary's own server, %s: both are lost together", m.Role.V, c.Name, m.Host.V)
		}
	}
}

// Voters counts the votes of a component's members, and those of members with data.
func (c *Component) Voters() (all, data unit.Count) {
	for i := range c.Members {
		m := &c.Members[i]
		all += m.Votes.V
		if m.Keeps() {
			data += m.Votes.V
		}
	}
	return all, data
}
