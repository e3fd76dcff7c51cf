package workload

import (
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Roles of members.
const (
	RolePrimary  = "primary"
	RoleReplica  = "replica"
	RoleStandby  = "standby"
	RoleArbiter  = "arbiter"
	RoleReadOnly = "read-only"
)

// Member is one node of a store whose writes meet at a primary: where it stands, and what
// it may become. Members say what a failure does; how many nodes are billed follows from
// failover and replicas as without them.
type Member struct {
	strict.At
	// What it is: standby and replica can take the primary's place, arbiter votes and keeps nothing, read-only
	// never takes it.
	Role strict.Value[string] `yaml:"role" required:"true" enum:"primary|replica|standby|arbiter|read-only" bill:"none"`
	// Region in which it stands.
	Region strict.Value[string] `yaml:"region" required:"true" format:"region" offer:"regions" bill:"none"`
	// Its zone there, counted from 1; without it members are spread over the zones.
	Zone *strict.Value[unit.Count] `yaml:"zone" min:"1" max:"6" whole:"true" bill:"none"`
	// Name of the physical server under it; members that have the same one are lost together.
	Host *strict.Value[string] `yaml:"host" format:"name" bill:"none"`
	// Votes in an election.
	Votes strict.Value[unit.Count] `yaml:"votes" min:"0" max:"1" whole:"true" bill:"none"`
	// The higher, the sooner it becomes primary; 0 never does.
	Priority strict.Value[unit.Count] `yaml:"priority" min:"0" max:"1000" whole:"true" bill:"none"`
	// Whether it keeps data; an arbiter does not.
	Data strict.Value[bool] `yaml:"data" bill:"none"`
}

// Default is a member like any other.
func (m *Member) Default() {
	const alike = "a member like the others"
	m.Votes, m.Priority = judged(unit.Count(1), alike), judged(unit.Count(1), alike)
	m.Data = judged(true, "whatever follows the primary has its data")
}

// Keeps tells whether the member has the data.
func (m *Member) Keeps() bool { return m.Role.V != RoleArbiter && m.Data.V }

// Eligible tells whether the member can become primary, or is it.
func (m *Member) Eligible() bool {
	return m.Keeps() && m.Role.V != RoleReadOnly && m.Priority.V > 0
}
