package whatif_test

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
	"headroom/pkg/whatif"
	"headroom/profiles"
)

func compare(t *testing.T, profile string, cases ...whatif.Scenario) *whatif.Comparison {
	t.Helper()
	c, err := system(t, source(t, profile)).Compare(context.Background(), cases)
	require.NoError(t, err)
	require.Len(t, c.Cases, len(cases))
	return c
}

// What the components change adds up to what the total changes.
func TestChangesAddUp(t *testing.T) {
	for _, name := range []string{"small", "medium"} {
		c := compare(t, name, shipped(t)...)
		for _, x := range c.Cases {
			require.Empty(t, x.Failure, x.Name)
			var sum, before, after money.Amount
			for _, d := range x.Deltas {
				sum = sum.Plus(d.Change)
				if d.Base != nil {
					before = before.Plus(d.Base.Cost.Expected)
				}
				if d.Case != nil {
					after = after.Plus(d.Case.Cost.Expected)
				}
			}
			base := &c.Base
			if x.Against != nil {
				base = x.Against
			}
			require.True(t, sum.Equal(x.Change), "%s %s", name, x.Name)
			require.True(t, before.Equal(base.Total.Expected), "%s %s", name, x.Name)
			require.True(t, after.Equal(x.Figures.Total.Expected), "%s %s", name, x.Name)
		}
	}
}

// shipped are the scenarios that come with the program.
func shipped(t *testing.T) []whatif.Scenario {
	t.Helper()
	files, err := fs.Glob(profiles.FS, "scenarios/*.yaml")
	require.NoError(t, err)
	var out []whatif.Scenario
	for _, f := range files {
		src, err := fs.ReadFile(profiles.FS, f)
		require.NoError(t, err)
		sc, err := whatif.ParseScenario(f, src)
		require.NoError(t, err)
		require.Equal(t, strings.TrimSuffix(path.Base(f), ".yaml"), sc.Name)
		require.NotEmpty(t, sc.Title)
		require.NotEmpty(t, sc.Description)
		out = append(out, sc)
	}
	require.GreaterOrEqual(t, len(out), 5)
	return out
}

func caseOf(t *testing.T, c *whatif.Comparison, name string) whatif.Case {
	t.Helper()
	for _, x := range c.Cases {
		if x.Name == name {
			return x
		}
	}
	require.FailNow(t, "no case "+name)
	return whatif.Case{}
}

// Each shipped scenario does what its name says.
func TestShippedScenarios(t *testing.T) {
	c := compare(t, "medium", shipped(t)...)
	require.Equal(t, 2*c.Base.Users, caseOf(t, c, "twice-the-users").Figures.Users)
	require.Equal(t, 30*c.Base.Users, caseOf(t, c, "thirty-fold").Figures.Users)
	old := caseOf(t, c, "prices-2016")
	require.Equal(t, whatif.Setting{Prices: "2016-04-18", Scope: "compute"}, old.Setting)
	require.NotNil(t, old.Against, "2016 has EC2 only: compared with the base of the same scope")
	one := caseOf(t, c, "one-region")
	require.Equal(t, whatif.Setting{Regions: []string{"us-east-1"}}, one.Setting)
	require.Negative(t, one.Change.Cmp(money.Amount{}))
	images := caseOf(t, c, "image-support")
	for _, d := range images.Deltas {
		if d.Name == "transfer" {
			require.Positive(t, d.Change.Cmp(d.Base.Cost.Expected), "transfer more than doubles")
		}
	}
}

// Assigning what the profile has changes nothing, whatever the notation.
func TestSameValueChangesNothing(t *testing.T) {
	c := compare(t, "medium", whatif.Changed(set(t, "peak.users=2.5k", "peak.response=3000B", "horizon=12")))
	x := c.Cases[0]
	require.True(t, x.Change.IsZero())
	require.Equal(t, asJSON(t, c.Base), asJSON(t, x.Figures))
	for _, d := range x.Deltas {
		require.Empty(t, d.Changes)
	}
}

// A default that the file does not state can be set; so can a name of an item.
func TestSetPaths(t *testing.T) {
	for _, text := range []string{
		"peak.users=5k", "components.db.cpu_read=1ms", "components.phoenix.connection_pool=9", "horizon=24",
		"policy.own_load=50%", "regions.us-east-1.zones=4", "regions.0.zones=4", "components.phoenix.slo.p99=100ms",
		"failover=active-passive", "components.kafka.retention=14d", "components.phoenix.allow={arch: arm64}",
	} {
		_, err := system(t, source(t, "medium")).Plan(set(t, text))
		require.NoError(t, err, text)
	}
	r, err := system(t, source(t, "medium")).Plan(set(t, "components.phoenix.pin={type: m7g.xlarge, count: 2..9}"))
	require.NoError(t, err)
	for _, p := range r.Estimate.Parts {
		if p.Name == "phoenix" {
			require.Equal(t, "m7g.xlarge", p.Machine)
		}
	}
}

// Every error names the assignment, and a wrong path the nearest right one.
func TestErrorsNameTheAssignment(t *testing.T) {
	for text, want := range map[string]string{
		"peak.user=5k":                                     "did you mean peak.users?",
		"components.dbb.cpu_read=1ms":                      "did you mean components.db.cpu_read?",
		"peak.users=fast":                                  "count",
		"components.phoenix.cpu=4":                         "needs a unit",
		"components.phoenix.cpu=4/s":                       "--set components.phoenix.cpu=4/s",
		"regions.us-east-9.zones=2":                        "did you mean regions.us-east-1.zones?",
		"regions.us-east-1.share=40%":                      "with regions.us-east-1.share=40%",
		"failover=never":                                   "active-active",
		"policy.own_load=200%":                             "at most 1",
		"components.phoenix.pin.type=m3.xlarge":            "lacks the key \"count\"",
		"components.phoenix.calls.nobody=1":                "components.phoenix.calls.nobody",
		"prices.vintage=2015-01-01":                        "prices.vintage=2015-01-01",
		"peak.users.more=1":                                "value, source, assumed",
		"components.phoenix.pin={type: m3.huge, count: 1}": "m3.huge",
	} {
		_, err := system(t, source(t, "medium")).Plan(set(t, text))
		require.Error(t, err, text)
		name, _, _ := strings.Cut(text, "=")
		require.Contains(t, err.Error(), name, text)
		require.Contains(t, detailed(err), want, text)
	}
	for _, text := range []string{"", "peak.users", "=5", "peak.users="} {
		_, err := whatif.ParseAssignment(text)
		require.Error(t, err, text)
	}
}

// The marginal cost is that of planning for a thousand users more.
func TestMarginal(t *testing.T) {
	c := compare(t, "medium", whatif.Changed(set(t, "peak.users=3500")))
	require.NotNil(t, c.NextOne)
	require.Equal(t, float64(whatif.NextUsers), c.NextOne.Users)
	// The case has exactly 1,000 users more than the base.
	require.True(t, c.NextOne.Cost.Equal(c.Cases[0].Change))
	require.InDelta(t, c.NextOne.Cost.Float64()/1000, c.NextOne.PerUser, 1e-12)
}

// A profile of given machines without any workload can be changed, too.
func TestPinnedProfile(t *testing.T) {
	src := source(t, "reference-medium")
	s := system(t, src)
	c, err := s.Compare(context.Background(), []whatif.Scenario{whatif.Changed(set(t, "hours_per_month=730"))})
	require.NoError(t, err)
	require.Nil(t, c.NextOne)
	require.Nil(t, c.Base.PerUser)
	require.Positive(t, c.Cases[0].Change.Cmp(money.Amount{}))
}

func TestScenarioFiles(t *testing.T) {
	for _, src := range []string{
		"", "name: a", "apiVersion: headroom/v1", "apiVersion: headroom/v2\nname: a", "apiVersion: headroom/v1\n" +
			"name: A B",
		"apiVersion: headroom/v1\nname: a\nsets: {}", "apiVersion: headroom/v1\nname: a\nprices: yesterday",
		"apiVersion: headroom/v1\nname: a\nkeep_regions: 1\nregions: [us-east-1]", "apiVersion: headroom/v1\n" +
			"name: a\nscale: {peak.users: much}",
	} {
		_, err := whatif.ParseScenario("s.yaml", []byte(src))
		require.Error(t, err, src)
	}
	sc, err := whatif.ParseScenario("s.yaml", []byte("apiVersion: headroom/v1\nname: a\nset:\n  peak.user: 5k\n"))
	require.NoError(t, err)
	_, err = system(t, source(t, "medium")).Compare(context.Background(), []whatif.Scenario{sc})
	require.ErrorContains(t, err, "s.yaml:4:3")
	require.Contains(t, detailed(err), "did you mean peak.users?")
	sc, err = whatif.ParseScenario("s.yaml", []byte("apiVersion: headroom/v1\nname: a\nscale:\n  peak.user: 2\n"))
	require.NoError(t, err)
	_, err = system(t, source(t, "medium")).Compare(context.Background(), []whatif.Scenario{sc})
	require.ErrorContains(t, err, "s.yaml:4:3")
}

// With is what the assignments would be, taken along.
func TestWith(t *testing.T) {
	s := system(t, source(t, "medium"))
	w, err := s.With(set(t, "components.phoenix.cpu=4ms"))
	require.NoError(t, err)
	a, err := w.Plan(set(t, "peak.users=4k"))
	require.NoError(t, err)
	b, err := s.Plan(set(t, "components.phoenix.cpu=4ms", "peak.users=4k"))
	require.NoError(t, err)
	require.Equal(t, asJSON(t, a.Estimate), asJSON(t, b.Estimate))
	_, err = s.With(set(t, "components.phoenix.cpu=fast"))
	require.Error(t, err)
}
