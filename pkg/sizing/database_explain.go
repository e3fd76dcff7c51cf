package sizing

import (
	"fmt"
	"math"
	"slices"

	"headroom/pkg/remark"
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
func (s *databaseSizer) brief(plans []dbPlan, st Storage) remark.Remark {
	storage := st.String()
	if st.Volume == VolumeLocal {
		storage = "local disks"
	}
	if s.sharded() {
		return remark.New("database.shards", "shards", shardsOf(plans), "by", s.spec.Sharding,
			"replication", s.spec.Replication, "storage", storage)
	}
	if len(plans) > 1 {
		return remark.New("database.partitions", "partitions", len(plans), "replication", s.spec.Replication, "storage",
			storage)
	}
	return remark.New("database.whole", "replication", s.spec.Replication, "storage", storage)
}

func (s *databaseSizer) structure(plans []dbPlan) []remark.Remark {
	candidate := "" // region in which the failover candidate is
	if s.remote {
		candidate = s.c.Regions[1].Name
	}
	out := []remark.Remark{remark.New("database.servers", "primary", s.c.Regions[0].Name, "standby", s.zone,
		"candidate", candidate, "replication", s.spec.Replication)}
	for i := range s.c.Regions {
		if k := plans[0].copies[i].n; k > 0 {
			out = append(out, remark.New("database.replicas", "replicas", k, "in", s.c.Regions[i].Name))
		}
	}
	logical := int(s.spec.Logical.V)
	for i := range plans {
		p := &plans[i]
		name := "db"
		if p.part.name != "" {
			out = append(out, remark.New("database.partition", "partition", p.part.name, "part", p.part.share))
			name = p.part.name
		}
		if s.sharded() {
			out = append(out, remark.New("database.logical", "logical", logical, "name", name, "physical", p.shards,
				"by", s.spec.Sharding))
		}
	}
	for i := range plans {
		line := plans[i].disks.describe(s.c)
		if !slices.ContainsFunc(out, line.Equal) {
			out = append(out, line)
		}
	}
	return out
}

// describe is what the disks of a node are.
func (d *disks) describe(c *Task) remark.Remark {
	if d.Storage.Volume == VolumeLocal {
		return remark.New("disks.local", "disks", d.Count, "usable", d.Bytes, "storage", d.Storage.String())
	}
	values := []any{"volumes", d.Count, "bytes", d.Volume.Size, "storage", d.Storage.String()}
	v, ok := c.Limits.Volume(d.Storage.Volume)
	if ok && v.ProvisionedIOPS {
		values = append(values, "iops", d.Volume.ProvisionedIOPS)
	}
	if ok && v.ProvisionedThroughput {
		values = append(values, "throughput", d.Volume.ProvisionedThroughput)
	}
	return remark.New("disks.volumes", values...)
}

// grows says with which stimulus the database grows, and how.
func (s *databaseSizer) grows(n *dbNode, plans []dbPlan) remark.Remark {
	if !s.sharded() {
		return remark.New("database.grows")
	}
	p := &plans[0]
	moved := s.later.stored * p.part.share * float64(s.spec.Space.V) / float64(p.shards+1)
	rate := float64(n.t.NetworkBaseline) * (1 - s.c.Policy.Own)
	if b := n.t.EBS.BaselineThroughput; b.OK && s.needsEBS(n) {
		rate = math.Min(rate, b.V*(1-s.c.Policy.Own))
	}
	if moved <= 0 || rate <= 0 {
		return remark.New("database.grows_by_shard")
	}
	return remark.New("database.grows_by_shard", "bytes", moved, "time", moved/rate)
}

func (*databaseSizer) needsEBS(n *dbNode) bool { return n.st.Volume != VolumeLocal }

func (s *databaseSizer) steps(n *dbNode, plans []dbPlan) []workload.Step {
	const model = "MODEL section 5, database"
	l, spec := &s.now, s.spec
	steps := []workload.Step{
		{What: "CPU at the primary", Formula: fmt.Sprintf("λw·write + λr·read = %s × %s + %s × %s",
			unit.EventRate(l.writes).Human(), spec.CPUWrite.V, unit.EventRate(l.own).Human(), spec.CPURead.V),
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
			Result:  unit.EventRate(p.need.Degraded.Reads).Human() + " as primary after a failover", Source: model},
		workload.Step{What: "write operations of a node's disks",
			Formula: fmt.Sprintf("λw·(%.4g·penalty + %.4g), penalty %.0f", float64(spec.WriteIO.V),
				float64(spec.JournalIO.V), n.st.penalty()),
			Result: unit.EventRate(p.need.Own.Writes*n.st.penalty() + p.need.Own.Appends).Human(), Source: model},
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
			Result: unit.EventRate(s.lookups).Human(), Source: model})
	}
	return steps
}

func (s *databaseSizer) warnings(n *dbNode) []remark.Remark {
	var out []remark.Remark
	if s.c.Policy.Region && len(s.c.Regions) < 2 {
		out = append(out, remark.New("database.one_region"))
	}
	if s.zone || s.remote {
		switch {
		case s.spec.Replication == "async":
			lag := float64(s.spec.Lag.V)
			out = append(out, remark.New("database.async", "lag", lag, "writes", s.now.writes*lag))
		case s.spec.OnLoss == "block":
			out = append(out, remark.New("database.blocks"))
		default:
			out = append(out, remark.New("database.degrades"))
		}
	}
	if n.st.Volume == VolumeLocal {
		out = append(out, remark.New("database.local_disks"))
	}
	if note := n.t.EBSNote(); !note.IsZero() && s.needsEBS(n) {
		out = append(out, note)
	}
	return out
}
