package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/pricing"
	"headroom/profiles"
)

// toldOf is what an estimate says with a key of a component.
func toldOf(t *testing.T, e *bill.Estimate, name, key string) []remark.Remark {
	t.Helper()
	var out []remark.Remark
	for _, r := range partOf(t, e, name).Detail {
		if r.Key == key {
			out = append(out, r)
		}
	}
	require.NotEmpty(t, out, "%s says no %s", name, key)
	return out
}

// Either site sends all of 122.2 Mbit/s when it is alone: an uplink of 100 Mbit/s is refused,
// and so is one that would be full to more than 85 %.
func TestDocumentsUplink(t *testing.T) {
	e := shipped(t, "campus-a", bill.Request{}).Estimate
	for _, site := range []string{"aachen", "titan"} {
		require.InDelta(t, 122.2, toldOf(t, e, site, "site.sends")[0].Number("rate"), 0.05)
	}
	src, err := fs.ReadFile(profiles.FS, "campus-a.yaml")
	require.NoError(t, err)
	cat, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	for uplink, carries := range map[string]bool{"100Mbit/s": false, "140Mbit/s": false, "144Mbit/s": true} {
		slow := strings.ReplaceAll(string(src), "{value: 1Gbit/s, ", "{value: "+uplink+", ")
		require.NotEqual(t, string(src), slow)
		p, err := workload.Parse("campus-a.yaml", []byte(slow), sizing.Specs(), os.ReadFile)
		require.NoError(t, err)
		_, err = bill.Make(p, cat, bill.Request{})
		var infeasible *plan.Infeasible
		require.Equal(t, carries, err == nil, "%s: %v", uplink, err)
		if err != nil {
			require.ErrorAs(t, err, &infeasible)
		}
	}
}

// Titan's writes and the answers to them are 0.58 Mbit/s together, the journals 1 Mbit/s.
func TestDocumentsBetweenTheSites(t *testing.T) {
	e := shipped(t, "campus-a", bill.Request{}).Estimate
	calls := 0.0
	for _, site := range []string{"aachen", "titan"} {
		calls += toldOf(t, e, site, "site.calls")[0].Number("rate")
	}
	require.InDelta(t, 0.58, calls, 0.005)
	require.InDelta(t, 1.0, toldOf(t, e, "aachen", "site.copies")[0].Number("rate"), 0.005)
}

// What is there costs nothing, and what is rented is a stated rent. The least machine is
// told of each component that runs at a site.
func TestDocumentsMachinesThatAreThere(t *testing.T) {
	e := shipped(t, "campus-a", bill.Request{}).Estimate
	sum := map[string]money.Amount{}
	for i := range e.Lines {
		sum[e.Lines[i].Region] = sum[e.Lines[i].Region].Plus(e.Lines[i].Cost.Expected)
	}
	require.True(t, sum["aachen"].IsZero(), "%s", sum["aachen"])
	require.InDelta(t, 120, sum["titan"].Float64(), 0.05)
	for _, site := range []string{"aachen", "titan"} {
		for _, least := range toldOf(t, e, site, "site.least") {
			require.Positive(t, least.Number("vcpu"))
			require.Positive(t, least.Number("nodes"))
		}
	}
	require.Len(t, toldOf(t, e, "aachen", "site.least"), 6)
	require.Len(t, toldOf(t, e, "titan", "site.least"), 5, "who writes is in Aachen")
}

// The credit takes the whole bill; the lines before it are the bill without it.
func TestDocumentsSponsorship(t *testing.T) {
	for _, name := range []string{"campus-b", "campus-c"} {
		e := shipped(t, name, bill.Request{}).Estimate
		require.True(t, e.Total.Expected.IsZero(), name)
		without, credit := money.Amount{}, money.Amount{}
		for i := range e.Lines {
			if l := &e.Lines[i]; l.Service == "" {
				credit = credit.Plus(l.Cost.Expected)
			} else {
				without = without.Plus(l.Cost.Expected)
			}
		}
		require.Positive(t, without.Cmp(money.MustAmount("1000")), name)
		require.True(t, without.Equal(credit.Neg()), "%s: %s and %s", name, without, credit)
	}
}

// Solution 3 has its primaries in the cloud, solution 1 in Aachen.
func TestDocumentsRolesExchanged(t *testing.T) {
	for name, want := range map[string][2]string{"campus-a": {"aachen", "titan"},
		"campus-c": {"eu-central-1", "aachen"}} {
		e := shipped(t, name, bill.Request{}).Estimate
		for _, store := range []string{"pg", "mongo"} {
			pools := partOf(t, e, store).Pools
			require.Len(t, pools, 2)
			require.Equal(t, "primary", pools[0].Role)
			require.Equal(t, want, [2]string{pools[0].Region, pools[1].Region}, "%s %s", name, store)
		}
	}
}

// All that the proposal aims at can be stated, and is held against the plan; what that lacks is
// named.
func TestDocumentsAims(t *testing.T) {
	const src = `apiVersion: headroom/v1
name: aims
regions: [{name: us-east-1}]
aims: {availability: 99.9%, outage: 5s, data_loss: 1d, disk_failures: 3, unattended: true, point_in_time: true,
       survive: [node, region, split, corruption]}
peak: {users: 10, requests_per_user: 1/s}
policy: {survive: [node]}
components:
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {db: {per_read: 1, per_write: 1, request: 0B, response: 0B}}}
  db: {kind: database, cpu_read: 0.1ms, cpu_write: 1ms}
  backups: {kind: objects, backup: {of: [db], every: 1d}}
`
	for _, c := range []struct {
		availability string
		verdict      resilience.Verdict
	}{
		{"", resilience.NotEvaluated}, {", availability: 99.95%", resilience.Met},
		{", availability: 99%", resilience.Missed},
	} {
		text := strings.ReplaceAll(src, "us-east-1", "us-east-1"+c.availability)
		p, err := workload.Parse("p.yaml", []byte(text), sizing.Specs(), os.ReadFile)
		require.NoError(t, err)
		r := billed(t, p, bill.Request{})
		require.NoError(t, insight.Withstand(r))
		got := map[string]resilience.Verdict{}
		for _, a := range r.Estimate.Resilience.Aims {
			got[a.Key+" "+a.Loss] = a.Verdict
			require.Equal(t, a.Verdict == resilience.NotEvaluated, len(a.Missing) > 0, a.Key)
		}
		// The only region takes everything with it, the daily copy of it too.
		require.Equal(t, map[string]resilience.Verdict{
			"aims.availability ": c.verdict, "aims.outage ": resilience.Missed, "aims.data_loss ": resilience.Missed,
			"aims.disk_failures ": resilience.Missed, "aims.unattended ": resilience.Missed,
			"aims.point_in_time ": resilience.Missed, "aims.survive node": resilience.Missed,
			"aims.survive region": resilience.Missed, "aims.survive split": resilience.Met,
			"aims.survive corruption": resilience.Missed}, got)
	}
}

// Without Aachen Titan answers reads, all of them, and nobody writes; without Titan nothing is
// missing.
func TestDocumentsOnlyReadsWithoutAachen(t *testing.T) {
	for name, homes := range map[string][2]string{"campus-a": {"aachen", "titan"},
		"campus-c": {"eu-central-1", "aachen"}} {
		gone := map[string][]string{}
		r := shipped(t, name, bill.Request{})
		require.NoError(t, insight.Remark(r))
		for _, f := range r.Estimate.Facts {
			if f.Key == "fact.region_lost" {
				gone[f.Text("region")] = f.List("gone")
			}
		}
		require.Equal(t, []string{"Writes of both"}, gone[homes[0]], name)
		require.Empty(t, gone[homes[1]], name)
	}
}
