package bill

import (
	"fmt"
	"math"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// rising are the inputs of which more is more to do: users, requests, bytes, CPU,
// calls, data and how long they are kept.
var rising = regexp.MustCompile(`^(peak\.(users|requests_per_user|request|response|first_page|stored_per_write)` +
	`|data\.(dataset|retention)` +
	`|components\.[a-z-]+\.(cpu|cpu_[a-z_]+|page_cpu|memory|memory_[a-z_]+` +
	`|retention|indexed|size|dataset|largest_table` +
	`|calls\.[a-z-]+\.(per_read|per_write|reads_per_write|request|response)))$`)

// writesRise is a name for more writes beside as many reads.
const writesRise = "writes"

// risingOf are the rising inputs that a profile has and that are above nothing.
func risingOf(p *workload.Profile) []string {
	out := []string{writesRise}
	for _, in := range p.Inputs() {
		if o := in.Scaled(2); in.Numeric() && rising.MatchString(in.Path) && o.Value > in.Scaled(1).Value {
			out = append(out, in.Path)
		}
	}
	return out
}

// raise is a situation in which one input is k times as much.
func raise(t require.TestingT, p *workload.Profile, path string, k float64) workload.Situation {
	if path == writesRise {
		// λ' = λr + k·λw: as many reads as before.
		w := float64(p.Peak.WriteRatio.V)
		if p.Peak.WritesPerUser != nil {
			return workload.Situation{Inputs: []workload.Override{
				{Path: "peak.requests_per_user",
					Value: float64(p.Peak.RequestsPerUser.V) + (k-1)*float64(p.Peak.WritesPerUser.V)},
				{Path: "peak.writes_per_user", Value: k * float64(p.Peak.WritesPerUser.V)}}}
		}
		all := 1 + w*(k-1)
		return workload.Situation{Inputs: []workload.Override{
			{Path: "peak.requests_per_user", Value: float64(p.Peak.RequestsPerUser.V) * all},
			{Path: "peak.write_ratio", Value: w * k / all}}}
	}
	for _, in := range p.Inputs() {
		if in.Path == path {
			return workload.Situation{Inputs: []workload.Override{in.Scaled(k)}}
		}
	}
	require.Fail(t, "no such input", path)
	return workload.Situation{}
}

// runs is what everything costs to run: the unrounded bill and what is weighed.
func runs(r *Result) float64 {
	total := unrounded(r, "")
	for _, c := range r.Plan.Choices {
		if c.Layout.Type != nil {
			x := c.Running()
			total = total.Plus(x.Nodes).Plus(x.Shards).Plus(x.Family)
		}
	}
	return total.Float64()
}

// costsNoLess plans a profile in two situations and compares what they cost to run.
// What a component causes on other lines, such as the replication of a store, is in
// its own choice; so the whole is compared, not line by line.
func costsNoLess(t require.TestingT, what string, build func(workload.Situation) *Result,
	less, more workload.Situation) (planned bool) {
	a, b := build(less), build(more)
	if a == nil {
		require.Nil(t, b, "%s: nothing carries the load, but of more something does", what)
	}
	if a == nil || b == nil {
		return false
	}
	before, after := runs(a), runs(b)
	if after < before*(1-1e-9) {
		text := ""
		for i := range a.Plan.Choices {
			x, y := a.Plan.Choices[i], b.Plan.Choices[i]
			text += fmt.Sprintf("\n%s: %s → %s, $%.2f → $%.2f", x.Component.Name, inWords(x), inWords(y),
				x.Running().Total().Float64(), y.Running().Total().Float64())
		}
		require.Fail(t, "more to do costs less to run", "%s: %.4f → %.4f%s", what, before, after, text)
	}
	return true
}

// The running cost does not fall as any of users, requests, writes, bytes, CPU,
// calls, data or retention rises: 200 random pairs of each kind, in one month, on
// demand; with the usual weights and with none, when the running cost is the bill.
func TestRunningCostNeverFalls(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for _, kind := range kindNames() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			drawn.CheckMost(t, 0.45, func(rt *rapid.T) bool {
				p := fixtureOf(rt, kind)
				v := drawVariation(rt)
				v.apply(p)
				p.Policy.Running.None = rapid.Bool().Draw(rt, "by the bill alone")
				planned := 0
				for range 2 { // a hundred cases are two hundred pairs
					path := rapid.SampledFrom(risingOf(p)).Draw(rt, "input")
					from := math.Exp(rapid.Float64Range(-1, 1).Draw(rt, "from"))
					k := 1 + rapid.Float64Range(0, 3).Draw(rt, "more")
					build := func(s workload.Situation) *Result { return buildAny(rt, p, cat, Request{Situation: s}) }
					if costsNoLess(rt, fmt.Sprintf("%s, %s × %.4g", kind, path, k), build, raise(rt, p, path, from),
						raise(rt, p, path, from*k)) {
						planned++
					}
				}
				return planned == 2
			})
		})
	}
}

// Nor does it fall for the three sizes over 300 numbers of users, from a tenth of
// theirs to 100,000; of many more the tables lack prices.
func TestRunningCostOfTheSizesNeverFalls(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for _, size := range systems {
		t.Run(size, func(t *testing.T) {
			t.Parallel()
			const points = 300
			reuse := &plan.Reuse{}
			p := parseProfile(t, profileSource(t, size))
			least, before := float64(p.Peak.Users.V)/10, 0.0
			for i := range points {
				at := least * math.Pow(100_000/least, float64(i)/(points-1))
				s := workload.Situation{Inputs: []workload.Override{{Path: "peak.users", Value: at}}}
				r, err := Make(p, cat, Request{Situation: s, Options: plan.Options{Reuse: reuse}})
				require.NoError(t, err, "%s with %.0f users", size, at)
				after := runs(r)
				require.GreaterOrEqual(t, after, before*(1-1e-9), "%s with %.0f users", size, at)
				before = after
			}
		})
	}
}

// Nor does that of an index, looked at by itself, in small steps: copies come out even
// with one number of primary shards and not with the next.
func TestRunningCostOfAnIndexNeverFalls(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for _, x := range []struct{ component, path string }{
		{"es-logging", "components.es-logging.retention"},
		{"elasticsearch", "data.dataset"},
	} {
		p, before := parseProfile(t, profileSource(t, "large")), 0.0
		for i := range 80 {
			k := 0.9 * math.Pow(1.01, float64(i))
			r, err := Make(p, cat, Request{Situation: raise(t, p, x.path, k)})
			require.NoError(t, err)
			for _, c := range r.Plan.Choices {
				if c.Component.Name == x.component {
					after := c.Running().Total().Float64()
					require.GreaterOrEqual(t, after, before*(1-1e-9), "%s × %.4g: %s", x.path, k, inWords(c))
					before = after
				}
			}
		}
	}
}
