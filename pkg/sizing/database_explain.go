package sizing

import (
	"fmt"
	"math"
	"slices"

	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// describe says how the numbers came about.
func (s *databaseSizer) describe(l *Layout, n *dbNode, plans []dbPlan) {
	for i := range s.c.Regions {
		for _, role := range s.servers(i) {
			s.serverLimits(l, n, plans, dbPlace{i, role})
		}
		s.replicaLimits(l, n, plans, i)
	}
	l.Structure = s.structure(plans)
	l.Brief = s.brief(plans, l.Storage)
	l.Grows = s.grows(n, plans)
	l.derive = func() []workload.Step { return s.steps(n, plans) }
	l.Warnings = s.warnings(n)
}

// brief is the structure in a few words; who stands by is in the pools' roles.
func (s *databaseSizer) brief(plans []dbPlan, st Storage) string {
	out := s.spec.Replication + ", " + st.String()
	if st.Volume == VolumeLocal {
		out = s.spec.Replication + ", local disks"
	}
	if s.sharded() {
		return fmt.Sprintf("%d shards by %s, %s", shardsOf(plans), s.spec.Sharding, out)
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
			out = append(out, fmt.Sprintf("partition %s: %s of load and data",
				p.part.name, unit.Fraction(p.part.share).Human()))
			name = p.part.name
		}
		if s.sharded() {
			digits := len(fmt.Sprint(logical - 1))
			out = append(out, fmt.Sprintf("%d logical shards %s%0*d…%s%0*d on %d physical, by %s",
				logical, name, digits, 0, name, digits, logical-1, p.shards, s.spec.Sharding))
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
		return "users and data: a larger machine by failover, disks while running; beyond the largest machine, " +
			"partitions or a new shard map"
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
	return fmt.Sprintf("users and data: one more shard takes logical shards from the others: "+
		"rebalance %.0f GiB in %.1f h", math.Ceil(moved/(1<<30)), moved/rate/3600)
}

func (*databaseSizer) needsEBS(n *dbNode) bool { return n.st.Volume != VolumeLocal }

func (s *databaseSizer) steps(n *dbNode, plans []dbPlan) []workload.Step {
	const model = "MODEL section 5, database"
	l, spec := &s.now, s.spec
	steps := []workload.Step{
		{What: "CPU at the primary", Formula: fmt.Sprintf("λw·write + λr·read = %s × %s + %s × %s",
			unit.Rate(l.writes).Human(), spec.CPUWrite.V, unit.Rate(l.own).Human(), spec.CPURead.V),
			Result: fmt.Sprintf("%.4g vCPU of %s", s.work(l, l.own), s.ref.Name), Source: model},
		{What: "CPU of replay", Formula: fmt.Sprintf("λw·write·%s", spec.Replay.V.Human()),
			Result: fmt.Sprintf("%.4g vCPU of %s", s.replay(l), s.ref.Name), Source: model},
		{What: "data", Formula: "dataset + new data of the month at hand; at the horizon",
			Result: unit.Bytes(l.stored).Human() + "; " + unit.Bytes(s.later.stored).Human(),
			Source: "MODEL section 1"},
		{What: "memory", Formula: fmt.Sprintf("in use %s + table %s × %.4g + %.0f connections × %s + system %s",
			unit.Bytes(s.memory(l, 1)-l.table*float64(spec.SchemaFactor.V)).Human(), unit.Bytes(l.table).Human(),
			float64(spec.SchemaFactor.V), s.connections, unit.Bytes(s.each).Human(), spec.OSReserve.V.Human()),
			Result: unit.Bytes(s.memory(l, 1) + n.reserved).Human(), Source: model},
		{What: "connections at a primary", Formula: fmt.Sprintf("clients %.0f × %.4g + %.0f",
			s.c.clients(), float64(spec.Deploy.V), float64(spec.SpareConns.V)),
			Result: fmt.Sprintf("%.0f", math.Ceil(s.connections)), Source: model},
	}
	p := &plans[0]
	miss := s.miss(n, p)
	steps = append(steps,
		workload.Step{What: "read operations of a node's disks",
			Formula: fmt.Sprintf("λr·pages·max(0, 1 − cache/working set), %s missed", unit.Fraction(miss).Human()),
			Result:  unit.Rate(p.need.Degraded.Reads).Human() + " as primary after a failover", Source: model},
		workload.Step{What: "write operations of a node's disks",
			Formula: fmt.Sprintf("λw·(%.4g·penalty + %.4g), penalty %.0f", float64(spec.WriteIO.V),
				float64(spec.JournalIO.V), n.st.penalty()),
			Result: unit.Rate(p.need.Own.Writes*n.st.penalty() + p.need.Own.Appends).Human(), Source: model},
	)
	if wait := s.commitWait(); wait > 0 {
		own := s.work(l, l.own) / math.Max(l.own+l.writes, 1e-300) / n.perVCPU
		result := unit.Duration(own + wait).Human()
		if w := s.c.Policy.SLO.Within; w > 0 {
			result += fmt.Sprintf(", of %s; the rest is for waiting", unit.Duration(w).Human())
		}
		steps = append(steps, workload.Step{What: "synchronous commit",
			Formula: fmt.Sprintf("service %s + round trip %s", unit.Duration(own).Human(), unit.Duration(wait).Human()),
			Result:  result, Source: model})
	}
	if s.sharded() && spec.Sharding == "lookup" {
		steps = append(steps, workload.Step{What: "lookups", Formula: "one read a user session",
			Result: unit.Rate(s.lookups).Human(), Source: model})
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
			out = append(out, fmt.Sprintf("async: when the primary is lost, the writes of the last %s (at peak %.0f) "+
				"may be lost", s.spec.Lag.V.Human(), math.Ceil(s.now.writes*lag)))
		case s.spec.OnLoss == "block":
			out = append(out, "sync, on_loss block: writes stop when the failover candidate is lost")
		default:
			out = append(out, "sync, on_loss degrade: after the loss of the failover candidate a second "+
				"loss may lose writes")
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
