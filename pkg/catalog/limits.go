package catalog

import (
	"errors"
	"fmt"
	"math"

	"headroom/pkg/diag"
	"headroom/pkg/unit"
)

// Limits are what the services under the components allow or recommend.
type Limits struct {
	GP2, GP3, IO1, IO2, ST1, SC1 VolumeLimits

	ALB            LCU
	NLBTCP, NLBUDP LCU
	NLBTLS         LCU
	// ALBFreeRules is how many rules a request passes before rule evaluations
	// count.
	ALBFreeRules float64

	Kafka  KafkaLimits
	Search SearchLimits
	Quorum QuorumLimits

	Quotas Quotas
}

// Least is the smallest machine that a document advises for a node in production.
type Least struct {
	VCPU   unit.Count
	Memory unit.Bytes
}

// LCU is one load balancer capacity unit: the first dimension that is used up
// is charged. A dimension the balancer does not have is +Inf: it never counts.
type LCU struct {
	NewConnections    unit.EventRate
	ActiveConnections unit.Count // sampled each minute
	Processed         unit.ByteRate
	RuleEvaluations   unit.EventRate
}

// Tables of limits.
const (
	volumesTable   = "limits/ebs_volumes.csv"
	balancersTable = "limits/load_balancer_units.csv"
	clustersTable  = "limits/cluster_guidance.csv"
)

// Limits are the limits of volumes, balancers and clusters.
func (c *Catalog) Limits() (*Limits, error) {
	h, err := c.nodes()
	if err != nil {
		return nil, err
	}
	return h.limits.get(func() (*Limits, error) { return loadLimits(h.types, c.readTable) })
}

// limitUnits are the units of the tables and what one of them is in the units
// of this program: bytes, bytes/s, counts and fractions. The tables follow
// AWS, which writes GB for GiB.
var limitUnits = [...]struct {
	name  string
	scale float64
}{
	{"GiB", 1 << 30}, {"GB", 1 << 30}, {"GB/hour", (1 << 30) / 3600.0},
	{"MiB/s", 1 << 20}, {"MiB/s per TiB", 1.0 / (1 << 20)}, {"MiB/s per IOPS", 1 << 20}, {"IOPS/GiB", 1.0 / (1 << 30)},
	{"percent", 0.01},
	{"IOPS", 1}, {"connections", 1}, {"connections/s", 1}, {"evaluations/s", 1}, {"rules", 1}, {"partitions", 1},
	{"shards", 1}, {"shards/GB", 1}, {"vCPU", 1}, {"requests/s", 1}, {"instances", 1},
	{"addresses", 1}, {"gateways", 1},
}

// limitTable is one table of limits by item.
type limitTable struct {
	name string
	r    *record
	rows map[string]int
	ps   diag.Problems
	// asked holds the items that were asked for, where a test wants to know.
	asked map[string]bool
}

func openLimits(read readTables, path string) (*limitTable, error) {
	r, _, err := openTable(read, path, []string{"item", "value", "unit"})
	if err != nil {
		return nil, err
	}
	l := &limitTable{name: path, r: r, rows: make(map[string]int, r.t.len())}
	item := r.t.col("item")
	for row := range r.t.len() {
		l.rows[r.t.cell(row, item)] = row
	}
	return l, nil
}

// get is the value of an item, which must be there in the wanted unit.
func (l *limitTable) get(item, wantUnit string) float64 {
	row, ok := l.rows[item]
	if !ok {
		l.ps.Addf(diag.Pos{File: l.name}, "add the row, or make the tables again with cmd/gentables",
			"item %q is missing", item)
		return 0
	}
	if l.asked != nil {
		l.asked[item] = true
	}
	l.r.at(row)
	if u := l.r.text(l.r.t.col("unit")); u != wantUnit {
		l.r.fail(l.r.t.col("unit"), fmt.Sprintf("%q is in %q, %q is expected", item, u, wantUnit))
		return 0
	}
	v := l.r.number(l.r.t.col("value"))
	for _, u := range limitUnits {
		if u.name == wantUnit {
			return float64(v * u.scale)
		}
	}
	l.r.fail(l.r.t.col("unit"), fmt.Sprintf("unit %q is not one of this program", wantUnit))
	return 0
}

func (l *limitTable) bytes(item, u string) unit.Bytes       { return unit.Bytes(l.get(item, u)) }
func (l *limitTable) byteRate(item, u string) unit.ByteRate { return unit.ByteRate(l.get(item, u)) }
func (l *limitTable) rate(item, u string) unit.EventRate    { return unit.EventRate(l.get(item, u)) }
func (l *limitTable) count(item, u string) unit.Count       { return unit.Count(l.get(item, u)) }
func (l *limitTable) percent(item string) unit.Fraction     { return unit.Fraction(l.get(item, "percent")) }

// err is everything that was wrong with the items asked for.
func (l *limitTable) err() error { return errors.Join(l.ps.Err(), l.r.ps.Err()) }

func loadLimits(types []NodeType, read readTables) (*Limits, error) {
	var out Limits
	for _, part := range []struct {
		path string
		fill func(*Limits, *limitTable)
	}{
		{volumesTable, (*Limits).volumes},
		{balancersTable, (*Limits).balancers},
		{quotasTable, (*Limits).quotas},
		{clustersTable, func(x *Limits, l *limitTable) { x.clusters(l, types) }},
	} {
		l, err := openLimits(read, part.path)
		if err != nil {
			return nil, err
		}
		part.fill(&out, l)
		if err := l.err(); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

func (x *Limits) balancers(l *limitTable) {
	never := unit.EventRate(math.Inf(1))
	x.ALB = LCU{
		NewConnections:    l.rate("ALB LCU new connections", "connections/s"),
		ActiveConnections: l.count("ALB LCU active connections", "connections"),
		Processed:         l.byteRate("ALB LCU processed bytes, EC2/container/IP targets", "GB/hour"),
		RuleEvaluations:   l.rate("ALB LCU rule evaluations", "evaluations/s"),
	}
	x.ALBFreeRules = l.get("ALB rules processed free per request", "rules")
	nlb := func(protocol string) LCU {
		return LCU{
			NewConnections:    l.rate("NLB LCU new connections or flows, "+protocol, "connections/s"),
			ActiveConnections: l.count("NLB LCU active connections or flows, "+protocol, "connections"),
			Processed:         l.byteRate("NLB LCU processed bytes, "+protocol, "GB/hour"),
			RuleEvaluations:   never,
		}
	}
	x.NLBTCP, x.NLBUDP, x.NLBTLS = nlb("TCP"), nlb("UDP"), nlb("TLS")
}
