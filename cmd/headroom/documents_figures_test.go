package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/pricing"
)

// billed plans and bills a profile at today's prices.
func billed(t *testing.T, p *workload.Profile, r bill.Request) *bill.Result {
	t.Helper()
	cat, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	out, err := bill.Make(p, cat, r)
	require.NoError(t, err)
	return out
}

// shipped is the estimate of a profile that comes with the program.
func shipped(t *testing.T, name string, r bill.Request) *bill.Result {
	t.Helper()
	d, err := openCase(name)
	require.NoError(t, err)
	p, err := d.Profile()
	require.NoError(t, err)
	return billed(t, p, r)
}

// proposed is the proposal's load at two sites, with components.
func proposed(t *testing.T, components string) *bill.Result {
	t.Helper()
	const head = `apiVersion: headroom/v1
name: proposal
regions: [{name: us-east-1}, {name: us-west-2}]
curve: {preset: flat}
peak: {users: 2500, requests_per_user: 100/min, writes_per_user: 1/min, first_page: 2MB, request: 500B,
       response: 3KB, session: 30min, stored_per_write: 1KB}
data: {dataset: 10GB}
policy: {survive: []}
components:
`
	p, err := workload.Parse("p.yaml", []byte(head+components), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	return billed(t, p, bill.Request{})
}

// costOf is what all lines of an item cost, and how much of it there is.
func costOf(e *bill.Estimate, item string) (cost money.Amount, quantity float64) {
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Item == item {
			cost, quantity = cost.Plus(l.Cost.Expected), quantity+l.Quantity.Float64()
		}
	}
	return cost, quantity
}

// crossing is what two regions send each other, in Mbit/s, of a flat load.
func crossing(e *bill.Estimate, regions ...string) float64 {
	rate := 0.0
	for _, to := range regions {
		_, gib := costOf(e, "to "+to)
		rate += gib * (1 << 30) * 8 / 1e6 / (730 * 3600)
	}
	return rate
}

// 4,166.67/s × 3 KB + 2,500 / 1,800 s × 2 MB = 15.28 MB/s.
func TestDocumentsEgress(t *testing.T) {
	e := shipped(t, "medium", bill.Request{}).Estimate
	require.InDelta(t, 122.2, e.Demand.Egress*8/1e6, 0.05)
	require.Greater(t, e.Demand.Egress*8, 100e6, "more than an uplink of 100 Mbit/s")
}

// Half of 2,500 writes a minute, 500 B there and 3 KB back: 20.83/s × 3.5 KB.
func TestDocumentsProxiedWrites(t *testing.T) {
	e := proposed(t, `
  edge:
    kind: proxy
    entry: true
    calls: {core: {per_read: 1, request: 500B, response: 3KB}, writer: {per_write: 1, request: 500B, response: 3KB}}
  core: {kind: stateless, cpu: 1ms}
  writer: {kind: stateless, scope: primary, cpu: 1ms}
`).Estimate
	require.InDelta(t, 0.58, crossing(e, "us-east-1", "us-west-2"), 0.005)
	require.InDelta(t, 0.5, crossing(e, "us-west-2"), 0.005, "answers")
}

// 41.67 writes/s × 1 KB × 3 bytes of the journal for each.
func TestDocumentsReplicationStream(t *testing.T) {
	e := proposed(t, `
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {db: {per_write: 1, request: 0B, response: 0B}}}
  db: {kind: database, cpu_read: 1ms, cpu_write: 1ms, survive: [region], failover: region}
`).Estimate
	require.InDelta(t, 1.0, crossing(e, "us-west-2"), 0.005)
}

// 35 × 730 h × $0.0225 for hours; with three addresses each, 105 × 730 h × $0.005.
func TestDocumentsThirtyFiveBalancers(t *testing.T) {
	const address = "public IPv4 address hour"
	with := func(keys string) *bill.Estimate {
		return proposed(t, `
  lb: {kind: balancer, regions: [us-east-1], entry: true, `+keys+`, calls: {web: {per_read: 1, per_write: 1}}}
  web: {kind: stateless, regions: [us-east-1], cpu: 1ms}
`).Estimate
	}
	many, shared := with("count: 35"), with("count: 1, rules: 35")
	hours, _ := costOf(many, "ALB hour")
	one, _ := costOf(shared, "ALB hour")
	require.Equal(t, "574.88", hours.String())
	require.Equal(t, "558.45", hours.Minus(one).String())
	hours, _ = costOf(many, address)
	one, _ = costOf(shared, address)
	require.Equal(t, "372.30", hours.Minus(one).String())
	units, _ := costOf(many, "ALB LCU-hour")
	more, _ := costOf(shared, "ALB LCU-hour")
	require.Positive(t, more.Cmp(units), "rules beyond ten cost units")
}

// In the medium size storage costs less than compute, and than the network.
func TestDocumentsStorageIsTheLeast(t *testing.T) {
	e := shipped(t, "medium", bill.Request{}).Estimate
	sum := map[string]money.Amount{}
	for i := range e.Lines {
		sum[e.Lines[i].Category] = sum[e.Lines[i].Category].Plus(e.Lines[i].Cost.Expected)
	}
	require.Positive(t, sum["storage"].Float64())
	require.Positive(t, sum["compute"].Cmp(sum["storage"]))
	require.Positive(t, sum["network"].Cmp(sum["storage"]))
}

// 41.67 writes/s of all regions, and 6 % more of the month for which stores are sized.
func TestDocumentsWritesAtRisk(t *testing.T) {
	e := shipped(t, "medium", bill.Request{}).Estimate
	said := map[string]remark.Remark{}
	for i := range e.Parts {
		for _, w := range e.Parts[i].Warnings {
			said[w.Key] = w
		}
	}
	require.Equal(t, 1.0, said["database.async"].Number("lag"))
	require.InDelta(t, 2500/60.0*1.02*1.02*1.02, said["database.async"].Number("writes"), 1e-3)
	require.Equal(t, 1.0, said["database.stale"].Number("lag"))
}

// The test environment runs on types that production does not need, for less.
func TestDocumentsTestEnvironment(t *testing.T) {
	var r bill.Request
	r.Environment = "test"
	test, production := shipped(t, "couples-app", r).Estimate, shipped(t, "couples-app", bill.Request{}).Estimate
	require.Negative(t, test.Total.Expected.Cmp(production.Total.Expected))
	hour := func(e *bill.Estimate, component string) (dollars float64) {
		for i := range e.Lines {
			if l := &e.Lines[i]; l.Component == component && l.HourPrice != nil {
				dollars = l.HourPrice.Float64()
			}
		}
		return dollars
	}
	for i := range test.Parts {
		if name := test.Parts[i].Name; test.Parts[i].Machine != "" {
			require.LessOrEqual(t, hour(test, name), hour(production, name), "%s: a smaller machine", name)
		}
	}
}

// carries is how many users a given machine has room for.
func carries(t *testing.T, keys string) float64 {
	t.Helper()
	r := proposed(t, "  web: {kind: stateless, entry: true, autoscaled: false, "+keys+"}\n")
	return insight.Room(r.Plan).Users
}

// A third and a fifth of the CPU time for a mail are three and five times the mails.
func TestDocumentsMailThroughput(t *testing.T) {
	const one = "pin: {type: c7g.large, count: 30}, scalability: {sigma: 0}, "
	base := carries(t, one+"cpu: 3ms")
	require.InEpsilon(t, 3, carries(t, one+"cpu: 1ms")/base, 0.01)
	require.InEpsilon(t, 5, carries(t, one+"cpu: 0.6ms")/base, 0.01)
}

// By the scalability law with σ = 1/3 eight busy processors do 1.2 times as much as four. A
// plan keeps some of them idle, so that it gains a little more; without contention twice.
func TestDocumentsEightCores(t *testing.T) {
	law := queueing.Scalability{Gamma: 1, Sigma: 1.0 / 3}
	four, err := law.Throughput(4)
	require.NoError(t, err)
	eight, err := law.Throughput(8)
	require.NoError(t, err)
	require.InDelta(t, 1.2, eight/four, 1e-12)
	gain := func(sigma string) float64 {
		const keys = "cpu: 2ms, scalability: {sigma: SIGMA}, pin: {type: TYPE, count: 12}"
		with := func(typ string) float64 {
			return carries(t, strings.NewReplacer("SIGMA", sigma, "TYPE", typ).Replace(keys))
		}
		return with("m7g.2xlarge") / with("m7g.xlarge")
	}
	require.InDelta(t, 2, gain("0"), 0.05)
	planned := gain("0.3333")
	require.Greater(t, planned, eight/four)
	require.Less(t, planned, 1.5)
}

// A quad-core has at least four physical cores, whatever its threads.
func TestDocumentsQuadCore(t *testing.T) {
	r := proposed(t, `
  web: {kind: stateless, entry: true, cpu: 1ms, allow: {min_cores: 4, arch: x86_64}}
`)
	machine, ok := r.Catalog.NodeType(r.Estimate.Parts[0].Machine)
	require.True(t, ok)
	require.True(t, machine.PhysicalCores.OK)
	require.GreaterOrEqual(t, machine.PhysicalCores.V, 4.0)
	require.GreaterOrEqual(t, machine.VCPU, 4)
}

// db0001 to db9999 lie on as many machines as carry them.
func TestDocumentsLogicalShards(t *testing.T) {
	e := proposed(t, `
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {db: {per_read: 1, per_write: 1, request: 100B, response: 1KB}}}
  db: {kind: database, cpu_read: 0.1ms, cpu_write: 1ms, failover: none, shards: 3, logical_shards: 9999}
`).Estimate
	for i := range e.Parts {
		p := &e.Parts[i]
		if p.Name != "db" {
			continue
		}
		require.Equal(t, "primary", p.Pools[0].Role)
		require.Equal(t, 3, p.Pools[0].Max)
		for _, r := range p.Detail {
			if r.Key == "database.logical" {
				require.Equal(t, 9999, r.Int("logical"))
				return
			}
		}
	}
	t.Fatal("no logical shards")
}
