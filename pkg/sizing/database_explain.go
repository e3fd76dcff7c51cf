package sizing

import (
	"fmt"
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// describe says how the numbers came about.
func (s *databaseSizer) describe(l *Layout, n *dbNode, plans []dbPlan) {
	for i := range s.c.Regions {
		index := s.c.Regions[i].Index
		if i == 0 {
			l.Limits = append(l.Limits, s.serverLimits(n, plans, index, "primary")...)
			if s.zone {
				l.Limits = append(l.Limits, s.serverLimits(n, plans, index, "standby")...)
			}
		}
		if i == 1 && s.remote {
			l.Limits = append(l.Limits, s.serverLimits(n, plans, index, "failover")...)
		}
		l.Limits = append(l.Limits, s.replicaLimits(n, plans, i)...)
	}
	l.Structure = s.structure(plans)
	l.Brief = s.brief(plans, l.Storage)
	l.Grows = s.grows(n, plans)
	l.derive = func() []workload.Step { return s.steps(n, plans) }
	l.Warnings = s.warnings(n)
}

// serverLimits are the limits of the nodes of one role that are or can become
// primary.
func (s *databaseSizer) serverLimits(n *dbNode, plans []dbPlan, region int, role string) []Limit {
	var out []Limit
	first := 0
	for i := range plans {
		p := &plans[i]
		first = len(out)
		for k := range p.res {
			out = append(out, s.resLimits(&p.res[k], p.shards, region, role, 1)...)
		}
		out = append(out, s.c.placed(p.disks.limits(s.c, n.t, &p.need, p.shards), region, role)...)
		out = append(out, s.c.placed(p.disks.lateLimits(s.c, n.t, p.need.Block, p.late, p.shards), region, role)...)
		for k := first; k < len(out); k++ {
			if p.part.name != "" {
				out[k].Why = join("partition "+p.part.name, out[k].Why)
			}
		}
	}
	out = append(out, Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: "connections"}, State: capacity.Always, Need: s.connections, Have: s.most, Target: s.c.Policy.Connections, Nodes: 1, Why: fmt.Sprintf("clients × %.4g + %.4g, at every primary", float64(s.spec.Deploy.V), float64(s.spec.SpareConns.V))}, Region: region, Role: role})
	if least := float64(s.spec.MinVCPU.V); least > 0 {
		out = append(out, Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: "vCPU"}, State: capacity.Always, Need: least, Have: float64(n.t.VCPU), Target: 1, Nodes: 1, Why: "least size of a node"}, Region: region, Role: role})
	}
	return s.bind(n, out, plans, region, role)
}

// resLimits is a resource of nodes as limits; every shard has per of them.
func (s *databaseSizer) resLimits(r *dbRes, nodes, region int, role string, per float64) []Limit {
	k := float64(nodes)
	var out []Limit
	add := func(state capacity.State, need, ok float64) {
		if r.have > 0 {
			out = append(out, Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: r.name, Unit: r.unit}, State: state, Need: need * per, Have: r.have * k, Target: ok / r.have, Nodes: shardsFor(need*per, ok), Why: r.why}, Region: region, Role: role})
		}
	}
	state := capacity.Own
	if r.okLost == 0 {
		state = capacity.Always
	}
	add(state, r.own, r.okOwn)
	if worst := s.c.Policy.Worst(); r.lost > 0 && worst != capacity.Own {
		add(worst, r.lost, r.okLost)
	}
	if r.late > 0 {
		out = append(out, Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: r.name, Unit: r.unit}, State: capacity.CatchUp, Need: r.late * per, Have: r.full * k, Target: 1, Nodes: shardsFor(r.late*per, r.full), Why: s.c.catchUpWhy()}, Region: region, Role: role})
	}
	return out
}

// roomy is the slack above which a limit does not explain the size of a node.
const roomy = 0.25

// bind marks the limit that decided: of more than one shard the resource that
// asked for so many, else what has least slack. A database without load is
// there because there must be one.
func (s *databaseSizer) bind(n *dbNode, out []Limit, plans []dbPlan, region int, role string) []Limit {
	most, why := 1, ""
	for i := range plans {
		if plans[i].shards > most {
			most, why = plans[i].shards, plans[i].why
		}
	}
	best, floor := -1, -1
	for i := range out {
		x := &out[i]
		if x.Of.Name == "vCPU" && x.Need >= x.Have && most == 1 {
			floor = i
		}
		// Volumes are made as large and fast as needed; they bind only where
		// there are no larger ones.
		elastic := most == 1 && s.needsEBS(n) && (x.Of.Name == "disk bytes" || x.Of.Name == "disk iops" || x.Of.Name == "disk throughput")
		if elastic || x.Need <= 0 || x.Of.Name == "connections" || x.Of.Name == "vCPU" || most > 1 && (x.Of.Name != why || x.Nodes < most) {
			continue
		}
		if x.Nodes >= 1 && (best < 0 || x.Slack() < out[best].Slack()) {
			best = i
		}
	}
	if floor >= 0 && best >= 0 && out[best].Slack() > roomy {
		best = floor // the smallest node that may be, with room for everything
	}
	if best >= 0 {
		out[best].Binding = true
		return out
	}
	nodes := 0
	for i := range plans {
		nodes += plans[i].shards
	}
	reason := "one " + role
	if nodes > 1 {
		reason = "one " + role + " for each shard, as stated"
	}
	return append(out, Limit{Limit: capacity.Limit{Of: capacity.Nodes, State: capacity.Always, Need: float64(nodes), Have: float64(nodes), Target: 1, Nodes: nodes, Binding: true, Why: reason}, Region: region, Role: role})
}

// replicaLimits are those of a region's read replicas.
func (s *databaseSizer) replicaLimits(n *dbNode, plans []dbPlan, region int) []Limit {
	var out []Limit
	index := s.c.Regions[region].Index
	zones := s.c.Regions[region].Zones
	binding, most := -1, 0
	for i := range plans {
		p := &plans[i]
		c := &p.copies[region]
		if c.n == 0 {
			continue
		}
		k := float64(c.n * p.shards)
		left := float64(s.left(c.n, zones) * p.shards)
		per := float64(p.shards)
		for j := range c.res {
			r := &c.res[j]
			add := func(state capacity.State, need, nodesLeft, have, ok float64, nodes int, why string) {
				if need <= 0 || have <= 0 {
					return
				}
				if nodes >= c.n && nodes > most {
					binding, most = len(out), nodes
				}
				out = append(out, Limit{Limit: capacity.Limit{Of: capacity.Resource{Name: r.name, Unit: r.unit}, State: state, Need: need * per, Have: nodesLeft * have, Target: ok / have, Nodes: nodes * p.shards, Why: why}, Region: index, Role: "replica"})
			}
			add(capacity.Own, r.own, k, r.have, r.okOwn, shardsFor(r.own, r.okOwn), r.why)
			rest := shardsFor(r.own, r.okLost)
			if s.c.Policy.Node {
				add(capacity.NodeLost, r.own, float64((c.n-1)*p.shards), r.have, r.okLost, rest+1, r.why)
			}
			if s.c.Policy.Zone && zones > 1 {
				add(capacity.ZoneLost, r.own, left, r.have, r.okLost, capacity.AfterZone(rest, zones), r.why)
			}
			add(capacity.RegionLost, r.lost, k, r.have, r.okLost, shardsFor(r.lost, r.okLost), r.why)
			if r.late > 0 {
				add(capacity.CatchUp, r.late, k, r.full, r.full, shardsFor(r.late, r.full), s.c.catchUpWhy())
			}
		}
		out = append(out, s.c.placed(c.disks.limits(s.c, n.t, &c.need, c.n*p.shards), index, "replica")...)
		out = append(out, s.c.placed(c.disks.lateLimits(s.c, n.t, c.need.Block, c.late, c.n*p.shards), index, "replica")...)
	}
	if len(out) == 0 {
		return nil
	}
	if binding >= 0 {
		out[binding].Binding = true
		return out
	}
	nodes := 0
	for i := range plans {
		nodes += plans[i].copies[region].n * plans[i].shards
	}
	return append(out, Limit{Limit: capacity.Limit{Of: capacity.Nodes, State: capacity.Always, Need: float64(nodes), Have: float64(nodes), Target: 1, Nodes: nodes, Binding: true, Why: "replicas, as stated or as disks need"}, Region: index, Role: "replica"})
}

// brief is the structure in a few words; who stands by is in the pools' roles.
func (s *databaseSizer) brief(plans []dbPlan, st Storage) string {
	out := s.spec.Replication + ", " + st.String()
	if st.Volume == VolumeLocal {
		out = s.spec.Replication + ", local disks"
	}
	if s.sharded() {
		n := 0
		for i := range plans {
			n += plans[i].shards
		}
		return fmt.Sprintf("%d shards by %s, %s", n, s.spec.Sharding, out)
	}
	if len(plans) > 1 {
		return fmt.Sprintf("%d partitions, %s", len(plans), out)
	}
	return out
}

func (s *databaseSizer) structure(plans []dbPlan) []string {
	var out []string
	line := "one primary in " + s.c.Regions[0].Name
	if s.zone {
		line += ", standby in another zone"
	}
	if s.remote {
		line += ", failover candidate in " + s.c.Regions[1].Name
	}
	out = append(out, line+", "+s.spec.Replication+" replication")
	for i := range s.c.Regions {
		if k := plans[0].copies[i].n; k > 0 {
			out = append(out, fmt.Sprintf("%d read replicas of each primary in %s", k, s.c.Regions[i].Name))
		}
	}
	logical := int(s.spec.Logical.V)
	for i := range plans {
		p := &plans[i]
		name := "db"
		if p.part.name != "" {
			out = append(out, fmt.Sprintf("partition %s: %s of load and data", p.part.name, unit.Fraction(p.part.share).Human()))
			name = p.part.name
		}
		if s.sharded() {
			digits := len(fmt.Sprint(logical - 1))
			out = append(out, fmt.Sprintf("%d logical shards %s%0*d…%s%0*d on %d physical, by %s", logical, name, digits, 0, name, digits, logical-1, p.shards, s.spec.Sharding))
		}
	}
	for i := range plans {
		line := plans[i].disks.describe(s.c)
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

// describe is the disks of a node in words: "2 × 500 GiB gp3, 4,000 IOPS".
func (d *disks) describe(c *Case) string {
	if d.Storage.Volume == VolumeLocal {
		return fmt.Sprintf("%d local disks a node, %s usable (%s)", d.Count, unit.Bytes(d.Bytes).Human(), d.Storage)
	}
	const gib, mib = 1 << 30, 1 << 20
	s := fmt.Sprintf("%d × %.0f GiB %s a node", d.Count, float64(d.Volume.Size)/gib, d.Storage)
	v, ok := c.Limits.Volume(d.Storage.Volume)
	if ok && v.ProvisionedIOPS {
		s += fmt.Sprintf(", %s IOPS each", unit.Count(d.Volume.ProvisionedIOPS).Human())
	}
	if ok && v.ProvisionedThroughput {
		s += fmt.Sprintf(", %.0f MiB/s", float64(d.Volume.ProvisionedThroughput)/mib)
	}
	return s
}

// grows says with which stimulus the database grows, and how.
func (s *databaseSizer) grows(n *dbNode, plans []dbPlan) string {
	if !s.sharded() {
		return "users and data: a larger machine by failover, disks while running; beyond the largest machine, partitions or a new shard map"
	}
	p := &plans[0]
	moved := s.later.stored * p.part.share * float64(s.spec.Space.V) / float64(p.shards+1)
	rate := float64(n.t.NetworkBaseline) * (1 - s.c.Policy.Own)
	if b := n.t.EBS.BaselineThroughput; b.OK && s.needsEBS(n) {
		rate = math.Min(rate, b.V*(1-s.c.Policy.Own))
	}
	if moved <= 0 || rate <= 0 {
		return "users and data: one more shard takes logical shards from the others"
	}
	return fmt.Sprintf("users and data: one more shard takes logical shards from the others: rebalance %.0f GiB in %.1f h", math.Ceil(moved/(1<<30)), moved/rate/3600)
}

func (s *databaseSizer) needsEBS(n *dbNode) bool { return n.st.Volume != VolumeLocal }

func (s *databaseSizer) steps(n *dbNode, plans []dbPlan) []workload.Step {
	const model = "MODEL section 5, database"
	l, spec := &s.now, s.spec
	steps := []workload.Step{
		{What: "CPU at the primary", Formula: fmt.Sprintf("λw·write + λr·read = %s × %s + %s × %s", unit.Rate(l.writes).Human(), spec.CPUWrite.V, unit.Rate(l.own).Human(), spec.CPURead.V),
			Result: fmt.Sprintf("%.4g vCPU of %s", s.work(l, l.own), s.ref.Name), Source: model},
		{What: "CPU of replay", Formula: fmt.Sprintf("λw·write·%s", spec.Replay.V.Human()), Result: fmt.Sprintf("%.4g vCPU of %s", s.replay(l), s.ref.Name), Source: model},
		{What: "data", Formula: "dataset + new data of the month at hand; at the horizon", Result: unit.Bytes(l.stored).Human() + "; " + unit.Bytes(s.later.stored).Human(), Source: "MODEL section 1"},
		{What: "memory", Formula: fmt.Sprintf("in use %s + table %s × %.4g + %.0f connections × %s + system %s", unit.Bytes(s.memory(l, 1)-l.table*float64(spec.SchemaFactor.V)).Human(), unit.Bytes(l.table).Human(), float64(spec.SchemaFactor.V), s.connections, unit.Bytes(s.each).Human(), spec.OSReserve.V.Human()),
			Result: unit.Bytes(s.memory(l, 1) + n.fixed).Human(), Source: model},
		{What: "connections at a primary", Formula: fmt.Sprintf("clients %.0f × %.4g + %.0f", s.c.clients(), float64(spec.Deploy.V), float64(spec.SpareConns.V)), Result: fmt.Sprintf("%.0f", math.Ceil(s.connections)), Source: model},
	}
	p := &plans[0]
	miss := s.miss(n, &s.later, p.part.share, float64(p.shards))
	steps = append(steps,
		workload.Step{What: "read operations of a node's disks", Formula: fmt.Sprintf("λr·pages·max(0, 1 − cache/working set), %s missed", unit.Fraction(miss).Human()), Result: unit.Rate(p.need.Degraded.Reads).Human() + " as primary after a failover", Source: model},
		workload.Step{What: "write operations of a node's disks", Formula: fmt.Sprintf("λw·(%.4g·penalty + %.4g), penalty %.0f", float64(spec.WriteIO.V), float64(spec.JournalIO.V), n.st.penalty()), Result: unit.Rate(p.need.Own.Writes*n.st.penalty() + p.need.Own.Appends).Human(), Source: model},
	)
	if wait := s.commitWait(); wait > 0 {
		own := s.work(l, l.own) / math.Max(l.own+l.writes, 1e-300) / n.perVCPU
		result := unit.Duration(own + wait).Human()
		if w := s.c.Policy.SLO.Within; w > 0 {
			result += fmt.Sprintf(", of %s; the rest is for waiting", unit.Duration(w).Human())
		}
		steps = append(steps, workload.Step{What: "synchronous commit", Formula: fmt.Sprintf("service %s + round trip %s", unit.Duration(own).Human(), unit.Duration(wait).Human()), Result: result, Source: model})
	}
	if s.sharded() && spec.Sharding == "lookup" {
		steps = append(steps, workload.Step{What: "lookups", Formula: "one read a user session", Result: unit.Rate(s.lookups).Human(), Source: model})
	}
	return steps
}

func (s *databaseSizer) warnings(n *dbNode) []string {
	var out []string
	if s.c.Policy.Region && len(s.c.Regions) < 2 {
		out = append(out, "runs in one region: its loss takes the database")
	}
	if s.zone || s.remote {
		switch {
		case s.spec.Replication == "async":
			lag := float64(s.spec.Lag.V)
			out = append(out, fmt.Sprintf("async: when the primary is lost, the writes of the last %s (at peak %.0f) may be lost", s.spec.Lag.V.Human(), math.Ceil(s.now.writes*lag)))
		case s.spec.OnLoss == "block":
			out = append(out, "sync, on_loss block: writes stop when the failover candidate is lost")
		default:
			out = append(out, "sync, on_loss degrade: after the loss of the failover candidate a second loss may lose writes")
		}
	}
	if n.st.Volume == VolumeLocal {
		out = append(out, "local disks: a lost or stopped instance loses its data and is rebuilt from another")
	}
	if note := n.t.EBSNote(); note != "" && s.needsEBS(n) {
		out = append(out, note)
	}
	return out
}

// join puts two remarks together.
func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + "; " + b
}
