package bill

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/purchase"
	"headroom/pkg/workload"
)

func quotasOf(t require.TestingT, r *Result) map[string]Quota {
	list, err := r.Quotas()
	require.NoError(t, err)
	out := map[string]Quota{}
	for _, q := range list {
		key := q.Region + " " + q.Of
		require.NotContains(t, out, key, "one for each region")
		require.Greater(t, q.Need, q.Default)
		out[key] = q
	}
	return out
}

// needsOf are the numbers to ask for, by region and quota.
func needsOf(t require.TestingT, r *Result) map[string]int {
	out := map[string]int{}
	for key, q := range quotasOf(t, r) {
		out[key] = q.Need
	}
	return out
}

func needs(t *testing.T, src string, o Request) map[string]int {
	return needsOf(t, buildSource(t, testCatalog(t), src, o))
}

// givenMachines is a system of given machines, and nothing else to pay.
func givenMachines(components string) string {
	return "apiVersion: headroom/v1\nname: given\nprices: {scope: compute}\nregions: [{name: us-east-1}]\n" + components
}

// vCPUs of standard families are added up over components, once; other families have
// quotas of their own, of which the tables have none. As many as an account has need
// no asking.
func TestQuotaOfVCPUs(t *testing.T) {
	r := buildSource(t, testCatalog(t), givenMachines(`components:
  web: {kind: stateless, pin: {type: m7g.xlarge, count: 1..3}}
  db: {kind: database, pin: {type: r7g.large, count: 1}}
  gpu: {kind: stateless, pin: {type: g5.xlarge, count: 9}}
`), Request{})
	require.Equal(t, map[string]Quota{"us-east-1 standard_vcpus": {Region: "us-east-1", Of: QuotaVCPU, Need: 14,
		Default: 5, Source: "QX", Weak: true, Note: "weak: of new accounts, from two lists of others; AWS documents " +
			"no number and older accounts have more"}}, quotasOf(t, r))
	for n, want := range map[int]map[string]int{5: {}, 6: {"us-east-1 standard_vcpus": 6}} {
		require.Equal(t, want, needs(t, givenMachines(fmt.Sprintf(
			"components:\n  web: {kind: stateless, pin: {type: m7g.medium, count: %d}}\n", n)), Request{}))
	}
}

// twoNATs is gateways beside gateways in a region of so many zones.
func twoNATs(zones, one, two int) string {
	return fmt.Sprintf(`apiVersion: headroom/v1
name: nats
regions: [{name: us-east-1, zones: %d}]
policy: {survive: []}
components:
  web: {kind: stateless, entry: true, cpu: 1ms, pin: {type: m7g.large, count: 2}}
  out: {kind: nat, gateways: %d}
  partner: {kind: nat, gateways: %d}
peak: {users: 10, requests_per_user: 1/min}
`, zones, one, two)
}

// Gateways are spread over the zones, and each has an address of the region.
func TestQuotasOfGatewaysAndAddresses(t *testing.T) {
	require.Empty(t, needs(t, twoNATs(3, 3, 2), Request{}))
	require.Equal(t, map[string]int{"us-east-1 addresses": 6}, needs(t, twoNATs(3, 3, 3), Request{}))
	require.Equal(t, map[string]int{"us-east-1 addresses": 8, "us-east-1 nat_gateways": 8},
		needs(t, twoNATs(1, 4, 4), Request{}))
	q := quotasOf(t, buildSource(t, testCatalog(t), twoNATs(1, 4, 4), Request{}))
	require.Equal(t, "2023-04-06", q["us-east-1 nat_gateways"].AsOf)
	require.False(t, q["us-east-1 nat_gateways"].Weak)
}

// Twenty reservations a month for a region need no asking, twenty-one do; what is
// owned is not bought.
func TestQuotaOfReservations(t *testing.T) {
	for text, want := range map[string]int{"web=20×reserved-1y-none": 0, "web=21×reserved-1y-none": 21,
		"web=30×reserved-1y-none@5mo": 0} {
		commits, err := purchase.ParseCommit(text)
		require.NoError(t, err)
		q := quotasOf(t, buildSource(t, testCatalog(t), pinned, Request{Terms: Terms{Commit: commits}}))
		for _, region := range []string{"us-east-1", "us-west-2"} {
			x := q[region+" reservations"]
			require.Equal(t, want, x.Need, text)
			if want > 0 {
				require.Equal(t, [2]int{20, 20}, [2]int{x.Default, x.Zone})
				require.Equal(t, "2023-05-11", x.AsOf)
			}
			require.Equal(t, 8, q[region+" standard_vcpus"].Need, "as many run, reserved or not")
		}
	}
}

// What is on spot has a quota of its own.
func TestSpotIsNotOnDemand(t *testing.T) {
	src := `apiVersion: headroom/v1
name: spot
prices: {scope: compute}
regions: [{name: us-east-1, zones: 3}]
policy: {survive: []}
peak: {users: 10000, requests_per_user: 60/min, response: 3KB}
components:
  web: {kind: stateless, entry: true, cpu: 5ms, purchase: {interruptible: true}, allow: {types: [c8g.xlarge]}}
`
	all := needs(t, src, Request{})["us-east-1 standard_vcpus"]
	r := buildSource(t, testCatalog(t), src, bought("spot"))
	spot := r.Estimate.Buying.Months[0].Spot
	require.Positive(t, spot)
	require.Equal(t, r.Estimate.Buying.Pools[0].Mix, Purchases{{"spot", spot}})
	require.Equal(t, all-4*spot, needsOf(t, r)["us-east-1 standard_vcpus"])
}

// Environments share the account, whichever of them is asked about; one that cannot
// be planned is named.
func TestQuotasOfEnvironments(t *testing.T) {
	src := givenMachines(`environments:
  dev: {scale: 50%}
  qa: {scale: 25%}
components:
  web: {kind: stateless, pin: {type: m7g.xlarge, count: 4}}
`)
	for _, env := range []string{"", "production", "dev", "qa"} {
		o := Request{}
		o.Environment = env
		x := quotasOf(t, buildSource(t, testCatalog(t), src, o))["us-east-1 standard_vcpus"]
		require.Equal(t, 16+8+4, x.Need)
		require.Equal(t, []string{"production", "dev", "qa"}, x.Environments)
		require.Empty(t, x.NotCounted)
	}
	src = `apiVersion: headroom/v1
name: heavy
prices: {scope: compute}
regions: [{name: us-east-1, zones: 2}]
policy: {survive: []}
peak: {users: 100, requests_per_user: 1/min}
environments: {load: {scale: 500%, survive: [zone]}}
components:
  web: {kind: stateless, entry: true, cpu: 1ms, memory: 1GiB, pin: {type: m7g.xlarge, count: 2}}
  zk: {kind: quorum}
`
	r := buildSource(t, testCatalog(t), src, Request{})
	x := quotasOf(t, r)["us-east-1 standard_vcpus"]
	require.Equal(t, []string{"load"}, x.NotCounted, "a majority of a quorum in two zones survives no zone")
	require.Nil(t, x.Environments)
}

// growing is a system whose nodes follow the load.
const growing = `apiVersion: headroom/v1
name: growing
prices: {scope: compute}
regions: [{name: us-east-1}]
curve: {preset: flat}
horizon: 12
peak: {users: 2000, requests_per_user: 60/min, response: 3KB}
components:
  web: {kind: stateless, entry: true, cpu: 5ms, allow: {types: [c8g.large]}}
`

// The number is that of the worst month up to the horizon, and the month is the first
// in which the default is not enough. Nodes of events come on top.
func TestQuotasOfTheWorstMonth(t *testing.T) {
	still := needs(t, growing, Request{})["us-east-1 standard_vcpus"]
	later := needs(t, growing+"growth: {phases: [{month: 12, multiplier: 3}]}\n", Request{})
	require.Greater(t, later["us-east-1 standard_vcpus"], 2*still)
	beyond := needs(t, growing+"growth: {phases: [{month: 13, multiplier: 3}]}\n", Request{})
	require.Equal(t, still, beyond["us-east-1 standard_vcpus"], "after the horizon")

	small := strings.Replace(growing, "users: 2000", "users: 10", 1)
	src := small + "growth: {phases: [{month: 7, multiplier: 500}]}\n"
	q := quotasOf(t, buildSource(t, testCatalog(t), src, Request{}))
	require.Equal(t, 7, q["us-east-1 standard_vcpus"].Month)
	require.False(t, q["us-east-1 standard_vcpus"].AtLeast)

	src = growing + "growth: {events: [{month: 3, duration: 2d, multiplier: 4}]}\n"
	q = quotasOf(t, buildSource(t, testCatalog(t), src, Request{}))
	require.True(t, q["us-east-1 standard_vcpus"].AtLeast)
}

// A region that is kept warm is counted at the size to which it grows when the other
// is lost.
func TestQuotasOfWarmRegions(t *testing.T) {
	src := func(warm string) string {
		return strings.Replace(growing, "regions: [{name: us-east-1}]",
			"regions: [{name: us-east-1}, {name: us-west-2"+warm+"}]\nfailover: active-passive\n"+
				"policy: {survive: [node, region]}", 1)
	}
	hot, warm := buildSource(t, testCatalog(t), src(""), Request{}),
		buildSource(t, testCatalog(t), src(", warm_fraction: 0.25"), Request{})
	nodes := func(r *Result) int { return r.Plan.Choices[0].Layout.Pools[1].Max }
	require.Less(t, nodes(warm), nodes(hot))
	require.Equal(t, needsOf(t, hot), needsOf(t, warm))
}

// Whatever the system, there is a warning exactly where it needs more than an account
// has: counted anew from the nodes that each month needs.
func TestQuotasOfEveryKind(t *testing.T) {
	c := testCatalog(t)
	eachKind(t, 0.5, func(t require.TestingT, _ string, draw func() *workload.Profile, _ *rapid.T) bool {
		r := buildAny(t, draw(), c, Request{})
		if r == nil {
			return false
		}
		want, outgrown := recounted(t, r)
		got := map[string]int{}
		for key, q := range quotasOf(t, r) {
			got[key] = q.Need
			require.True(t, q.AtLeast || q.Of != QuotaVCPU || !slices.Contains(outgrown, q.Region), key)
		}
		if outgrown == nil {
			require.Equal(t, want, got)
		}
		return true
	})
}

// recounted is what a plan needs beyond quotas of 5; where a machine does not carry all
// months, outgrown are the regions in which it runs and counts.
func recounted(t require.TestingT, r *Result) (out map[string]int, outgrown []string) {
	out = map[string]int{}
	most := func(key string, n int) {
		if n > 5 {
			out[key] = max(out[key], n)
		}
	}
	p := r.Plan
	for month := range int(p.Demand.Months) + 1 {
		d, err := p.Profile.In(workload.Situation{Month: month})
		require.NoError(t, err)
		again := p.Refit(d)
		if again.Failed != nil {
			l := again.Failed.Layout
			outgrown = []string{} // none is counted after this month
			for k := range l.Pools {
				if x := l.TypeOf(&l.Pools[k]); x != nil && standardByName(x) {
					outgrown = append(outgrown, r.Estimate.Regions[l.Pools[k].Region])
				}
			}
			return out, outgrown
		}
		vcpus := map[string]int{}
		for i, l := range again.Layouts {
			for k := range l.Pools {
				if x := l.TypeOf(&l.Pools[k]); x != nil && standardByName(x) {
					vcpus[r.Estimate.Regions[l.Pools[k].Region]] += l.Pools[k].Max * x.VCPU
				}
			}
			require.Equal(t, p.Order[i].Layout.Holds, l.Holds, "gateways do not follow the load")
		}
		for region, n := range vcpus {
			most(region+" standard_vcpus", n)
		}
	}
	for _, l := range r.Estimate.Lines { // each gateway is billed all month
		if l.Service == "nat-gateway" && l.Unit == "hour" {
			gateways := int(l.Quantity.Float64()/r.Estimate.Hours.Float64() + 0.5)
			zones := int(p.Profile.Regions[slices.Index(r.Estimate.Regions, l.Region)].Zones.V)
			most(l.Region+" addresses", gateways)
			most(l.Region+" nat_gateways", (gateways+zones-1)/zones)
		}
	}
	return out, nil
}

// standardByName tells whether a type counts, by the first letter of its name and the
// families that have a quota of their own though they begin with one of these.
func standardByName(x *catalog.NodeType) bool {
	for _, other := range []string{"mac", "hpc", "dl", "inf", "trn"} {
		if strings.HasPrefix(x.Name, other) {
			return false
		}
	}
	return strings.ContainsAny(x.Name[:1], "acdhimrtz")
}

// How the nodes are bought makes no difference to how many run: the months that the mix
// was found for are those that are sized without one, up to the horizon, warm regions at
// their full size, and a machine that is outgrown after the horizon is not yet.
func TestQuotasOfABoughtPlan(t *testing.T) {
	c := testCatalog(t)
	warm := strings.Replace(growing, "regions: [{name: us-east-1}]", "regions: [{name: us-east-1}, "+
		"{name: us-west-2, warm_fraction: 0.25}]\nfailover: active-passive\npolicy: {survive: [node, region]}", 1)
	const grows = "growth: {monthly: 5%}\n"
	outgrown := strings.Replace(growing, "c8g.large", "c8g.medium", 1) +
		"growth: {phases: [{month: 14, multiplier: 100000}]}\n"
	for _, src := range []string{growing + grows, warm + grows, outgrown,
		strings.Replace(outgrown, "month: 14", "month: 11", 1),
		strings.Replace(growing+grows, "horizon: 12", "horizon: 48", 1)} {
		r := buildSource(t, c, src, Request{})
		b := buildSource(t, c, src, bought("optimal"))
		months := int(r.Plan.Demand.Months) + 1
		want, err := r.fullCourses(months)
		require.NoError(t, err)
		got, err := b.fullCourses(months)
		require.NoError(t, err)
		require.Equal(t, len(want), len(got))
		for i := range want {
			require.Equal(t, want[i].Outgrown, got[i].Outgrown)
			require.Equal(t, len(want[i].Months), len(got[i].Months))
			for m := range want[i].Months {
				require.Equal(t, want[i].Months[m].Pools, got[i].Months[m].Pools)
			}
		}
	}
}
