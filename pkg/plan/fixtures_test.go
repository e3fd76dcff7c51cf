package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// fixtureHead is the demand that all fixtures share.
const fixtureHead = `
apiVersion: headroom/v1
name: fixture
regions:
  - {name: us-east-1, tz: -5h}
  - {name: us-west-2, tz: -8h}
failover: active-active
curve: {preset: consumer}
peak: {users: 2500, requests_per_user: 100/min, write_ratio: 2%, first_page: 2MB, response: 3KB, request: 500B, session: 30min, stored_per_write: 200B}
data: {dataset: 20GB}
growth: {monthly: 2%}
policy: {survive: [node, zone, region]}
components:
`

// fixtureAPI calls the component under test.
const fixtureAPI = `
  api:
    kind: stateless
    entry: true
    cpu: 2ms
    allow: {types: [c7g.large]}
    calls:
      it: {per_read: 0.5, per_write: 1, reads_per_write: 0.5, request: 2KB, response: 2KB}
`

// fixtures is a small system for every kind, around a component named "it". A
// kind without one fails every property here: see eachKind.
var fixtures = map[string]string{
	"stateless": `
  it: {kind: stateless, entry: true, cpu: 6ms, slo: {p99: 200ms}, sessions_per_node: 5000}
  guest: {kind: stateless, colocate: it, cpu: 1ms}
`,
	"database": fixtureAPI + `
  it: {kind: database, cpu_read: 0.4ms, cpu_write: 2ms}
`,
	"log": strings.Replace(fixtureAPI, "per_read: 0.5, per_write: 1, reads_per_write: 0.5, request: 2KB", "per_write: 1, mode: async, request: 100KB", 1) + `
  it: {kind: log}
`,
	"worker": strings.Replace(fixtureAPI, "it: {per_read: 0.5, per_write: 1, reads_per_write: 0.5", "feed: {per_write: 1, mode: async", 1) + `
  feed: {kind: log, topics: {all: {share: 100%, consumers: 240}}, allow: {types: [m7g.2xlarge]}, calls: {it: {per_write: 1, request: 2KB, mode: async}}}
  it: {kind: worker, cpu: 10ms, outage: 6h}
`,
	"search":  fixtureAPI + "\n  it: {kind: search, cpu_query: 5ms, indexed: 20%}\n",
	"quorum":  fixtureAPI + "\n  it: {kind: quorum, cpu_per_request: 20us}\n",
	"objects": fixtureAPI + "\n  it: {kind: objects, backup: {of: [api], to: snapshots}}\n",
	"nat":     fixtureAPI + "\n  it: {kind: nat}\n",
	"balancer": `
  it: {kind: balancer, entry: true, calls: {api: {per_read: 1, per_write: 1, request: 500B, response: 3KB}}}
  api: {kind: stateless, cpu: 2ms, allow: {types: [c7g.large]}}
`,
	"boot":     fixtureAPI[:strings.Index(fixtureAPI, "    calls:")] + "  it: {kind: boot}\n",
	"transfer": fixtureAPI[:strings.Index(fixtureAPI, "    calls:")] + "  it: {kind: transfer}\n",
}

// fixtureOf parses the fixture of a kind; without one the test fails.
func fixtureOf(t require.TestingT, kind string) *workload.Profile {
	body, ok := fixtures[kind]
	require.True(t, ok, "kind %q has no fixture: write one, no kind is exempt", kind)
	p, err := workload.Parse(kind+".yaml", []byte(strings.TrimSpace(fixtureHead)+"\n"+strings.TrimPrefix(body, "\n")), sizing.Specs(), nil)
	require.NoError(t, err, kind)
	c, ok := p.Component("it")
	require.True(t, ok && c.Kind == kind, "the fixture of %q is none", kind)
	return p
}

// kindNames are the words of all kinds.
func kindNames() []string {
	var out []string
	for _, k := range sizing.Kinds() {
		out = append(out, k.Name())
	}
	return out
}

// eachKind runs a property on the fixture of every kind as it is, so that none
// is exempt, and then on random variations of random kinds. The property returns
// false for what cannot be planned; no more than the given part of the random
// variations may be that, and none of the fixtures.
func eachKind(t *testing.T, unplanned float64,
	property func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) (planned bool),
) {
	for _, kind := range kindNames() {
		t.Run(kind, func(t *testing.T) {
			planned := property(t, kind, func() *workload.Profile { return fixtureOf(t, kind) }, nil)
			require.True(t, planned, "nothing carries the fixture of %s", kind)
		})
	}
	t.Run("random", func(t *testing.T) {
		drawn.CheckMost(t, unplanned, func(rt *rapid.T) bool {
			kind := rapid.SampledFrom(kindNames()).Draw(rt, "kind")
			v := drawVariation(rt)
			return property(rt, kind, func() *workload.Profile {
				p := fixtureOf(rt, kind)
				v.apply(p)
				return p
			}, rt)
		})
	})
}

// variation is a random change to a profile.
type variation struct {
	users, writes, dataset, growth float64
	zones                          [2]int
	survive                        []string
	curve, failover                string
}

func drawVariation(t *rapid.T) variation {
	v := variation{
		users:    rapid.Float64Range(0, 20000).Draw(t, "users"),
		writes:   rapid.Float64Range(0, 0.2).Draw(t, "write ratio"),
		dataset:  rapid.Float64Range(0, 100e9).Draw(t, "dataset"),
		growth:   rapid.SampledFrom([]float64{0, 0.02, 0.10}).Draw(t, "growth"),
		survive:  rapid.SampledFrom([][]string{{}, {"node"}, {"region"}, {"node", "zone"}, {"node", "region"}, {"node", "zone", "region"}}).Draw(t, "survive"),
		curve:    rapid.SampledFrom([]string{"flat", "consumer", "office-hours", "two-peaks"}).Draw(t, "curve"),
		failover: rapid.SampledFrom([]string{"active-active", "active-passive"}).Draw(t, "failover"),
	}
	for i := range v.zones {
		v.zones[i] = rapid.IntRange(1, 6).Draw(t, "zones")
	}
	return v
}

func (v *variation) apply(p *workload.Profile) {
	p.Peak.Users.V = unit.Count(v.users)
	p.Peak.WriteRatio.V = unit.Fraction(v.writes)
	p.Data.Dataset.V = unit.Bytes(v.dataset)
	p.Growth.Monthly.V = unit.Fraction(v.growth)
	p.Policy.Survive = v.survive
	p.Curve.Preset, p.Failover = v.curve, v.failover
	for i := range p.Regions {
		p.Regions[i].Zones.V = unit.Count(v.zones[i])
	}
}

// allowOnly narrows a component to some types, whatever else its profile says.
func allowOnly(p *workload.Profile, component string, types ...string) {
	for i := range p.Components {
		e := &p.Components[i]
		if e.Key != component {
			continue
		}
		c := *e.V
		yes := strict.Value[bool]{V: true}
		c.Allow = &workload.Allow{Types: types, Burstable: yes, Flex: yes, Metal: yes, Accelerated: yes, PreviousGeneration: yes}
		e.V = &c
	}
}

// pricedTypes are the types with an on-demand price in both regions.
func pricedTypes(t require.TestingT, c *catalog.Catalog) []string {
	v, err := c.Vintage("")
	require.NoError(t, err)
	east, err := v.Region("us-east-1")
	require.NoError(t, err)
	west, err := v.Region("us-west-2")
	require.NoError(t, err)
	var out []string
	for _, name := range east.Types() {
		if _, ok := west.OnDemand(name); ok {
			if n, ok := c.NodeType(name); ok && n.VCPU > 0 && n.Memory > 0 {
				out = append(out, name)
			}
		}
	}
	return out
}

// unrounded is the month's bill before anything is rounded, of one component
// or, without a name, of all: quantity × price, added up exactly.
func unrounded(r *Result, component string) money.Amount {
	var t money.Amount
	for _, l := range r.Estimate.Lines {
		if component == "" || l.Component == component {
			t = t.Plus(l.Price.Times(l.Quantity))
		}
	}
	return t
}

// choiceOf finds what was chosen for a component.
func choiceOf(t require.TestingT, r *Result, name string) *Choice {
	i := slices.IndexFunc(r.Choices, func(c *Choice) bool { return c.Component.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return r.Choices[i]
}

// dump is everything that a result says, as bytes.
func dump(t require.TestingT, r *Result) string {
	estimate, err := json.Marshal(r.Estimate)
	require.NoError(t, err)
	var b strings.Builder
	b.Write(estimate)
	for _, c := range r.Choices {
		layout, err := json.Marshal(struct {
			sizing.Layout
			Type, Describe any // instead of those of the layout: the machine is named, the function is none that prints
		}{Layout: *c.Layout})
		require.NoError(t, err)
		fmt.Fprintf(&b, "\n%s %v %d %d %d %s %s", c.Component.Name, c.Cost, c.Splits, c.Sized, c.Skipped, machineOf(c), layout)
		for _, a := range c.Alternatives {
			fmt.Fprintf(&b, " %s %v", a.Layout.Type.Name, a.Cost)
		}
	}
	return b.String()
}
