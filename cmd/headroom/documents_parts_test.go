package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/profiles"
)

// partOf is a component of an estimate.
func partOf(t *testing.T, e *bill.Estimate, name string) *bill.Part {
	t.Helper()
	for i := range e.Parts {
		if e.Parts[i].Name == name {
			return &e.Parts[i]
		}
	}
	t.Fatalf("no component %s", name)
	return nil
}

// nodesOf are the most nodes of a component in all regions.
func nodesOf(t *testing.T, e *bill.Estimate, name string) (n int) {
	t.Helper()
	for _, pool := range partOf(t, e, name).Pools {
		n += pool.Max
	}
	return n
}

// needOf is what the first region needs of a resource in a state.
func needOf(t *testing.T, e *bill.Estimate, name, resource, state string) float64 {
	t.Helper()
	for _, l := range partOf(t, e, name).Limits {
		if l.Resource == resource && l.State == state && l.Region == "us-east-1" {
			return l.Need
		}
	}
	t.Fatalf("%s has no limit of %s, %s", name, resource, state)
	return 0
}

// A table of 10 GB that is changed is in memory twice.
func TestDocumentsSchemaChangesInMemory(t *testing.T) {
	need := func(keys string) float64 {
		e := proposed(t, `
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {db: {per_read: 0.1, request: 100B, response: 1KB}}}
  db: {kind: database, cpu_read: 0.1ms, cpu_write: 1ms, failover: none, in_memory: true, `+keys+`
       pin: {type: r7g.4xlarge, count: 1}}
`).Estimate
		return needOf(t, e, "db", "memory", "structure")
	}
	require.InDelta(t, 10e9, need("largest_table: 10GB,")-need(""), 1)
	require.GreaterOrEqual(t, need(""), 10e9, "all of the data")
}

// An index takes 2.2 ms off each of 412.5 reads a second.
func TestDocumentsIndexes(t *testing.T) {
	need := func(read string) float64 {
		return needOf(t, proposed(t, `
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {db: {per_read: 0.1, request: 100B, response: 1KB}}}
  db: {kind: database, cpu_read: `+read+`, cpu_write: 1ms, failover: none, reads: primary,
       pin: {type: m7g.xlarge, count: 1}}
`).Estimate, "db", "cpu", "own load")
	}
	require.InDelta(t, 412.5*2.2e-3, need("3ms")-need("0.8ms"), 1e-6)
}

// Who finds half of what it asks for on its own machine asks the cache for the other half.
func TestDocumentsLocalCache(t *testing.T) {
	asked := func(keys string) float64 {
		e := proposed(t, `
  web: {kind: stateless, entry: true, cpu: 1ms, `+keys+` calls: {cache: {per_read: 1, request: 100B, response: 1KB}}}
  cache: {kind: cache, items: 1M}
`).Estimate
		for _, edge := range e.Edges {
			if edge.To == "cache" {
				return edge.Reads
			}
		}
		return 0
	}
	require.InDelta(t, 4125, asked(""), 1e-6)
	require.InDelta(t, 4125/2.0, asked("local_cache: {of: cache, items: 1M, hit_ratio: 50%},"), 1e-6)
}

const clustered = `
  web: {kind: stateless, regions: [us-east-1], entry: true, cpu: 1ms, calls: {
    cache: {per_read: 1, request: 100B, response: 1KB}, queue: {per_write: 1, request: 1KB, response: 50B}}}
  cache: {kind: cache, regions: [us-east-1], items: 1M, SURVIVE}
  queue: {kind: queue, regions: [us-east-1], SURVIVE, calls: {web2: {per_read: 1, per_write: 1, request: 1KB}}}
  web2: {kind: stateless, regions: [us-east-1], cpu: 1ms}
  sentinel: {kind: quorum, regions: [us-east-1], SURVIVE}
`

// Highly available: two of a cache, three of a queue and of what elects a primary; else one
// of each. A cache divided by key has a primary for each part.
func TestDocumentsHighlyAvailable(t *testing.T) {
	for survive, want := range map[string][3]int{
		"survive: []":                    {1, 1, 3},
		"survive: [node, zone]":          {2, 3, 3},
		"survive: [node, zone], SHARDED": {6, 3, 3},
	} {
		src := strings.ReplaceAll(clustered, "items: 1M, SURVIVE", "items: 1M, "+
			strings.ReplaceAll(survive, "SHARDED", "shards: 3"))
		e := proposed(t, strings.ReplaceAll(src, "SURVIVE", strings.ReplaceAll(survive, ", SHARDED", ""))).Estimate
		got := [3]int{nodesOf(t, e, "cache"), nodesOf(t, e, "queue"), nodesOf(t, e, "sentinel")}
		require.Equal(t, want, got, survive)
	}
}

// On the same machines a service has none of its own, its bytes cross no zones, and each
// node holds connections for both.
func TestDocumentsTogether(t *testing.T) {
	with := func(keys string) *bill.Estimate {
		return proposed(t, `
  web: {kind: stateless, entry: true, autoscaled: false, cpu: 4ms, calls: {
    api: {per_read: 1, per_write: 1, request: 1KB, response: 3KB}, db: {per_write: 1, request: 0B, response: 0B}}}
  api: {kind: stateless, autoscaled: false, cpu: 1ms, `+keys+` calls: {
    db: {per_write: 1, request: 0B, response: 0B}}}
  db: {kind: database, cpu_read: 1ms, cpu_write: 1ms, failover: none}
`).Estimate
	}
	apart, together := with(""), with("colocate: web,")
	rented := func(e *bill.Estimate) (n int) {
		for i := range e.Lines {
			if l := &e.Lines[i]; l.Component == "api" && l.Service == bill.ServiceNodes {
				n++
			}
		}
		return n
	}
	require.Positive(t, rented(apart))
	require.Zero(t, rented(together))
	_, crossed := costOf(apart, "between AZs, out")
	_, saved := costOf(together, "between AZs, out")
	require.Less(t, saved, crossed/2)
	require.Greater(t, needOf(t, together, "db", "connections", "structure"),
		needOf(t, apart, "db", "connections", "structure"))
}

// Shards are those of the end of a year, as more of them later are a rebuild.
func TestDocumentsShardsOfTheHorizon(t *testing.T) {
	src, err := fs.ReadFile(profiles.FS, "medium.yaml")
	require.NoError(t, err)
	shards := func(horizon string) int {
		text := strings.Replace(string(src), "name: medium\n", "name: medium\nhorizon: "+horizon+"\n", 1)
		p, err := workload.Parse("medium.yaml", []byte(text), sizing.Specs(), os.ReadFile)
		require.NoError(t, err)
		return partOf(t, billed(t, p, bill.Request{}).Estimate, "es-logging").Divided[0].Shards
	}
	now := shards("0")
	require.Greater(t, shards("12"), now)
	require.Greater(t, shards("60"), shards("12"))
}
