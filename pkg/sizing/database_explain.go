package sizing

import (
	"fmt"
	"math"
	"slices"

	"headroom/pkg/capacity"
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
	l.Structure = s.structure(n, plans)
	s.pieces(l, plans)
	s.pooler.describe(s, l)
	l.Brief = s.brief(plans, l.Storage)
	l.Grows = s.grows(n, plans)
	l.derive = func() []workload.Step { return s.steps(n, plans) }
	l.Warnings = s.warnings(n, plans)
}

// brief is the structure in a few words; who stands by is in the pools' roles.
func (s *databaseSizer) brief(plans []dbPlan, st Storage) remark.Remark {
	out := remark.New("database.whole")
	switch {
	case s.sharded():
		out = remark.New("database.shards", "shards", shardsOf(plans), "by", s.spec.Sharding)
	case len(plans) > 1:
		out = remark.New("database.partitions", "partitions", len(plans))
	}
	storage := st.String()
	if st.Volume == VolumeLocal {
		storage = "local disks"
	}
	return out.With("replication", s.spec.Replication).With("storage", storage)
}

func (s *databaseSizer) structure(n *dbNode, plans []dbPlan) []remark.Remark {
	candidate := "" // region in which the failover candidate is
	if s.remote {
		candidate = s.c.Regions[1].Name
	}
	out := []remark.Remark{remark.New("database.servers", "primary", s.c.Regions[0].Name, "standby", s.zone,
		"candidate", candidate, "replication", s.spec.Replication)}
	out = append(out, s.answers(&plans[0])...)
	out = append(out, s.memory(n, &plans[0]))
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

// answers says who answers the reads of each region, and why there are so many read
// replicas.
func (s *databaseSizer) answers(p *dbPlan) []remark.Remark {
	var out []remark.Remark
	for i := range s.c.Regions {
		in, k, servers := s.c.Regions[i].Name, p.copies[i].n, s.answering(i)
		if k > 0 {
			out = append(out, remark.New("database.replicas", "replicas", k, "in", in, "stated", s.leastReplicas(i)))
		}
		if own := p.load.own[i] * p.share(); own > 0 {
			first := i == 0 && s.spec.readers() != byReplicas
			if s.spec.readers() == byPrimary {
				servers, k = 1, 0
			}
			out = append(out, remark.New("database.answers", "in", in, "reads", own, "primary", first,
				"servers", servers, "replicas", k))
		}
	}
	return out
}

// memory says how much of the data is in the memory of a node, and how many reads
// of pages it does not answer.
func (s *databaseSizer) memory(n *dbNode, p *dbPlan) remark.Remark {
	return remark.New("database.memory", "cache", s.cache(n, p), "data", p.load.stored*p.share(), "miss", p.miss)
}

// grows says with which stimulus the database grows, and how.
func (s *databaseSizer) grows(n *dbNode, plans []dbPlan) remark.Remark {
	if !s.sharded() {
		return remark.New("database.grows")
	}
	p := &plans[0]
	moved := s.horizon.stored * p.part.share * float64(s.spec.Space.V) / float64(p.shards+1)
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
	l, spec, p := &s.lead, s.spec, &plans[0]
	steps := []workload.Step{
		needOf(capacity.DiskBytes, stepOf("load and data", "MODEL section 1", fmt.Sprintf("× %.4g, %s; %s", s.c.Lead, unit.Bytes(l.stored).Human(),
			unit.Bytes(s.horizon.stored).Human()),
			"of month %d, for which nodes and disks are sized; data at the horizon", s.c.Flow.Demand.LeadMonth)),
		s.writesStep(l, model),
		needOf(capacity.CPU, stepOf("CPU of reads", model, fmt.Sprintf("%.4g vCPU of %s", l.reads*float64(spec.CPURead.V), s.ref.Name),
			"λr·read = %s × %s", unit.EventRate(l.reads).Human(), spec.CPURead.V)),
		stepOf("CPU of replay", model, fmt.Sprintf("%.4g vCPU of %s", s.replay(l), s.ref.Name),
			"λw·write·replay = %s × %s × %s, on %.0f threads", unit.EventRate(l.writes).Human(), spec.CPUWrite.V,
			spec.Replay.V.Human(), s.engine.threads),
	}
	steps = append(steps, n.cpu.steps(n.t, s.ref)...)
	steps = append(steps, s.memorySteps(n, p, model)...)
	if wait := s.commitWait(); wait > 0 {
		steps = append(steps, s.commitStep(n, wait, model))
	}
	if s.split == splitShards {
		step := stepOf("shards", model, fmt.Sprint(shardsOf(plans)),
			"the fewest for the load of the horizon, %.4g times that of now; %s asks for them", s.c.Growth, p.why)
		if s.more > 0 {
			step.Formula += fmt.Sprintf("; and %d more of each partition, with which it costs less to run", s.more)
		}
		steps = append(steps, step)
	}
	if s.looksUp() {
		steps = append(steps, stepOf("lookups", model, unit.EventRate(l.sessions).Human(), "one read a user session"))
	}
	return steps
}

// memorySteps are what lies in memory, and what disks do beside it.
func (s *databaseSizer) memorySteps(n *dbNode, p *dbPlan, model string) []workload.Step {
	l, spec := p.load, s.spec
	pages, miss := float64(spec.Pages.V), unit.Fraction(p.miss).Human()
	return []workload.Step{
		s.connectionStep(model),
		s.cacheStep(n, p, model),
		stepOf("page reads from disk", model, miss,
			"1 − (memory/data)^θ = 1 − min(1, %s / %s)^(ln(%s) / ln(%s))", unit.Bytes(s.cache(n, p)).Human(),
			unit.Bytes(math.Max(1, l.stored*p.share())).Human(), spec.Locality.Reads.V.Human(),
			spec.Locality.Of.V.Human()),
		needOf(capacity.DiskIOPS, stepOf("read operations of a node's disks", model, fmt.Sprintf("%s, %s after a loss",
			unit.EventRate(p.need.Own.Reads).Human(), unit.EventRate(p.need.Degraded.Reads).Human()),
			"reads·pages·m = %s × %.4g × %s", unit.EventRate(p.reads).Human(), pages, miss)),
		needOf(capacity.DiskIOPS, stepOf("write operations of a node's disks", model,
			unit.EventRate(float64(p.need.Own.Writes*n.st.penalty())+p.need.Own.Appends).Human(),
			"λw·(pages·penalty + journal) = %s × (%.4g × %.0f + %.4g)", unit.EventRate(l.writes*p.share()).Human(),
			float64(spec.WriteIO.V), n.st.penalty(), float64(spec.JournalIO.V))),
		stepOf("wait of a read for disks", model, unit.Duration(s.diskTime(n, p).Mean).Human(),
			"pages·m·L = %.4g × %s × %s", pages, miss, unit.Duration(s.latency(n)).Human()),
	}
}

// cacheStep is what is left of a node's memory for pages.
func (s *databaseSizer) cacheStep(n *dbNode, p *dbPlan, model string) workload.Step {
	step := needOf(capacity.Memory, stepOf("memory for pages", model, unit.Bytes(s.cache(n, p)).Human(),
		"RAM − connections − schema change = %s − %.4g × %s − %s × %.4g / %d", unit.Bytes(n.budget).Human(),
		s.connections, unit.Bytes(s.engine.perConnection).Human(), unit.Bytes(p.load.table).Human(),
		float64(s.spec.SchemaFactor.V), p.shards))
	if s.sharded() {
		step.Formula += " − " + s.spec.Lookup.V.Human() + " of lookup table"
	}
	return step
}

// writesStep is the CPU of writes and of finding their shard.
func (s *databaseSizer) writesStep(l *dbLoad, model string) workload.Step {
	step := needOf(capacity.CPU, stepOf("CPU of writes", model, fmt.Sprintf("%.4g vCPU of %s", s.writing(l), s.ref.Name),
		"λw·write = %s × %s", unit.EventRate(l.writes).Human(), s.spec.CPUWrite.V))
	if s.looksUp() {
		step.Formula += fmt.Sprintf(" + %s lookups × %s", unit.EventRate(l.sessions).Human(), s.spec.CPURead.V)
	}
	return step
}

// connectionStep is how many connections a primary has.
func (s *databaseSizer) connectionStep(model string) workload.Step {
	result, spare := fmt.Sprintf("%.0f", math.Ceil(s.connections)), float64(s.spec.SpareConns.V)
	if s.pooler != nil {
		return stepOf("connections at a primary", model, result, "poolers + spare = ⌈%.0f + %.0f⌉",
			s.pooler.connections, spare)
	}
	return stepOf("connections at a primary", model, result, "clients·deploy + spare = ⌈%.0f × %.4g + %.0f⌉",
		s.c.clients(), float64(s.spec.Deploy.V), spare)
}

// commitStep is how long a commit takes that waits for another region.
func (s *databaseSizer) commitStep(n *dbNode, wait float64, model string) workload.Step {
	l := &s.lead
	work := s.writing(l) + float64(l.reads*float64(s.spec.CPURead.V))
	own := work / math.Max(l.reads+l.writes, 1e-300) / n.cpu.perVCPU
	result := unit.Duration(own + wait).Human()
	if w := s.c.Policy.SLO.Within; w > 0 {
		result += fmt.Sprintf(", of %s; the rest is for waiting", unit.Duration(w).Human())
	}
	return stepOf("synchronous commit", model, result, "service + round trip = %s + %s", unit.Duration(own).Human(),
		unit.Duration(wait).Human())
}

func (s *databaseSizer) warnings(n *dbNode, plans []dbPlan) []remark.Remark {
	var out []remark.Remark
	policy := &s.c.Policy
	if policy.Region && !s.remote {
		out = append(out, remark.New("database.one_region"))
	}
	if s.remote && !s.zone && (policy.Node || policy.Zone) {
		out = append(out, remark.New("database.moves", "to", s.c.Regions[1].Name))
	}
	if s.zone || s.remote {
		switch {
		case s.spec.Replication == "async":
			lag := float64(s.spec.Lag.V)
			out = append(out, remark.New("database.async", "lag", lag, "writes", s.lead.writes*lag))
		case s.spec.OnLoss == "block":
			out = append(out, remark.New("database.blocks"))
		default:
			out = append(out, remark.New("database.degrades"))
		}
	}
	if s.stale(&plans[0]) {
		out = append(out, remark.New("database.stale", "lag", s.spec.Lag.V))
	}
	if n.st.Volume == VolumeLocal {
		out = append(out, remark.New("database.local_disks"))
	}
	if note := n.t.EBSNote(); !note.IsZero() && s.needsEBS(n) {
		out = append(out, note)
	}
	return out
}

// stale tells whether reads are answered by what follows the primary.
func (s *databaseSizer) stale(p *dbPlan) bool {
	for i := range s.c.Regions {
		first := i == 0 && s.spec.readers() != byReplicas
		alone := s.spec.readers() == byPrimary || s.answering(i)+p.copies[i].n == 1
		if p.load.own[i] > 0 && !(first && alone) {
			return true
		}
	}
	return false
}
