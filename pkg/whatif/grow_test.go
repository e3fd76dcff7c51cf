package whatif_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	diffs "headroom/pkg/compare"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
	"headroom/pricing"
)

func swept(t *testing.T, s *whatif.Model, axis string, anew bool) *whatif.Sweep {
	t.Helper()
	a, err := s.Axis(axis)
	require.NoError(t, err)
	out, err := s.Sweep(context.Background(), []whatif.Axis{a}, anew, nil)
	require.NoError(t, err)
	return out
}

// With nothing but the values given, a sweep of medium from 500 to 100,000 users, 220
// points, plans every point, brings no component back to a type that it had left more than
// twice, and moves nothing between volumes and local disks.
func TestSweepOfMediumIsSteady(t *testing.T) {
	s := system(t, source(t, "medium"))
	out := swept(t, s, "peak.users=500..100k:log:220", false)
	require.Len(t, out.Points, 220)
	requireGrowth(t, whatif.Growth{From: from("2500"), Shown: "2,500", Present: true, Leave: plan.WorthMoving},
		out)
	for i := range out.Points {
		require.NotNil(t, out.Points[i].Figures, "%v: %s", out.Points[i].Inputs, out.Points[i].Failure)
	}
	for k, c := range out.Points[0].Figures.Components {
		require.LessOrEqual(t, comesBack(machinesOf(out, c.Name)), 2, c.Name)
		for _, p := range out.Points {
			is := p.Figures.Components[k]
			require.Equal(t, c.Name, is.Name)
			local := is.Storage == sizing.VolumeLocal
			require.Equal(t, c.Storage == sizing.VolumeLocal, local, "%s: %v", c.Name, p.Inputs)
		}
	}
}

// The point of the profile's own value is its estimate, to the cent. Each above it is what
// plan.Search finds when it keeps the machines of the one below, each below it when it
// keeps those of the one above; what leaves its machines is built anew.
func TestPointsGrowFromThePresent(t *testing.T) {
	const now = 4
	values := []string{"600", "900", "1400", "2000", "2500", "3k", "4k", "7k", "20k", "90k"}
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {7, 3, 9, 0, 4, 8, 1, 6, 2, 5}} {
		given := make([]string, len(values))
		for at, i := range order {
			given[at] = values[i]
		}
		out := swept(t, system(t, source(t, "medium")), "peak.users="+strings.Join(given, ","), false)
		point := func(i int) *whatif.Point { return &out.Points[slices.Index(order, i)] }
		last := requireEstimate(t, point(now), values[now], plan.Options{})
		for _, way := range [][]int{{5, 6, 7, 8, 9}, {3, 2, 1, 0}} {
			before, keep := point(now), last
			for _, i := range way {
				x := requireEstimate(t, point(i), values[i], plan.Options{Keep: keep, Leave: plan.WorthMoving})
				requireAnew(t, before, point(i))
				before, keep = point(i), x
			}
		}
		require.Empty(t, point(now).BuiltAnew)
	}
}

// requireEstimate demands that a point is the estimate of medium with so many users.
func requireEstimate(t *testing.T, p *whatif.Point, users string, o plan.Options) map[string]plan.Runs {
	t.Helper()
	c, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	draft, err := workload.Open("test.yaml", source(t, "medium"), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	require.NoError(t, draft.Set(set(t, "peak.users="+users)[0].Pos, "peak.users", users))
	profile, err := draft.Profile()
	require.NoError(t, err)
	r, err := bill.Make(profile, c, bill.Request{Options: o})
	require.NoError(t, err)
	require.Equal(t, []string{users}, p.Inputs)
	require.Equal(t, asJSON(t, whatif.FiguresOf(r.Estimate)), asJSON(t, p.Figures), users)
	return r.Plan.Runs()
}

// requireAnew demands that a point names what has another machine or storage than before,
// and marks it.
func requireAnew(t *testing.T, before, p *whatif.Point) {
	t.Helper()
	var anew []string
	for k, c := range p.Figures.Components {
		if was := before.Figures.Components[k]; was.Machine != c.Machine || was.Storage != c.Storage {
			anew = append(anew, c.Name)
			marked := func(m whatif.Mark) bool { return m.Component == c.Name }
			require.True(t, slices.ContainsFunc(p.Marks, marked), c.Name)
		}
	}
	require.Equal(t, anew, p.BuiltAnew, "%v", p.Inputs)
}

// Where the present value is between two points, both grow from the present system; where
// it is outside, or has no plan, the sweep begins at the nearest end, planned anew.
func TestWhereASweepBegins(t *testing.T) {
	s := system(t, source(t, "medium"))
	one := requireSweep(t, s, "peak.users=2000,3k,4k", whatif.Growth{From: from("2500"), Shown: "2,500", Present: true})
	now := swept(t, s, "peak.users=2500", false).Points[0]
	requireAnew(t, &now, &one.Points[0])
	requireAnew(t, &now, &one.Points[1])
	requireAnew(t, &one.Points[1], &one.Points[2])
	for axis, begins := range map[string]string{"peak.users=9k,5k,7k": "5k", "peak.users=300,900,600": "900"} {
		g := whatif.Growth{From: from(strings.Replace(begins, "k", "000", 1)), Shown: shown(begins)}
		out := requireSweep(t, s, axis, g)
		for i := range out.Points {
			if out.Points[i].Inputs[0] == begins {
				requireEstimate(t, &out.Points[i], begins, plan.Options{})
				require.Empty(t, out.Points[i].Marks)
			}
		}
	}
	// An input that the profile does not have: from its lowest value on.
	requireSweep(t, s, "data.retention=90d,30d", whatif.Growth{From: from("30d"), Shown: "30 d"})
	slow, err := s.With(set(t, "components.phoenix.cpu=300ms"))
	require.NoError(t, err, "no plan is no fault of the profile")
	requireSweep(t, slow, "components.phoenix.cpu=3ms,6ms", whatif.Growth{From: from("6ms"), Shown: "6 ms"})
	out := requireSweep(t, slow, "components.phoenix.cpu=3ms,6ms,900ms",
		whatif.Growth{From: from("3ms"), Shown: "3 ms"})
	require.Nil(t, out.Points[2].Figures)
}

func shown(users string) string { return strings.NewReplacer("k", ",000").Replace(users) }

func requireSweep(t *testing.T, s *whatif.Model, axis string, g whatif.Growth) *whatif.Sweep {
	t.Helper()
	g.Leave = plan.WorthMoving
	out := swept(t, s, axis, false)
	requireGrowth(t, g, out)
	return out
}

// from is where a sweep begins.
func from(text string) diffs.Value { return diffs.Value{Text: text} }

// requireGrowth compares where a sweep begins; the present system is compared elsewhere.
func requireGrowth(t *testing.T, g whatif.Growth, s *whatif.Sweep) {
	t.Helper()
	require.NotNil(t, s.Growth)
	require.Equal(t, g.From.Text, s.Growth.From.Text)
	g.From, g.Now = s.Growth.From, s.Growth.Now
	require.Equal(t, &g, s.Growth)
}

// A value that has no plan passes on the machines before it.
func TestGrowthGoesOnBehindAValueWithoutPlan(t *testing.T) {
	c, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	draft, err := workload.Open("test.yaml", source(t, "medium"), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	s, err := whatif.New(draft, bill.Request{}, func(p *workload.Profile, o bill.Request) (*bill.Planned, error) {
		if p.Peak.Users.V == 9000 {
			return nil, &plan.Infeasible{Component: "phoenix", Nearest: &sizing.Rejection{}}
		}
		return bill.Search(p, c, o)
	})
	require.NoError(t, err)
	whole := swept(t, s, "peak.users=2500,7k,9k,20k", false)
	require.Nil(t, whole.Points[2].Figures)
	require.NotEmpty(t, whole.Points[3].Marks)
	less := swept(t, s, "peak.users=2500,7k,20k", false)
	require.Equal(t, asJSON(t, less.Points[2]), asJSON(t, whole.Points[3]))
}

// What is no number, and what has two inputs, is planned anew; so is what is asked to be.
func TestWhatIsPlannedAnew(t *testing.T) {
	s := system(t, source(t, "small"))
	require.Nil(t, swept(t, s, "failover=active-active,active-passive", false).Growth)
	require.Nil(t, swept(t, s, "peak.users=100,200", true).Growth)
	users, err := s.Axis("peak.users=100,200")
	require.NoError(t, err)
	response, err := s.Axis("peak.response=1KB,2KB")
	require.NoError(t, err)
	out, err := s.Sweep(context.Background(), []whatif.Axis{users, response}, false, nil)
	require.NoError(t, err)
	require.Nil(t, out.Growth)
}

// A saved plan is kept where the sweep begins, and from there on its machines are those of
// a system that grows.
func TestASavedPlanIsKeptWhereASweepBegins(t *testing.T) {
	keep := map[string]plan.Runs{"phoenix": {Machine: plan.Machine{Type: "m7g.2xlarge"}}}
	s := systemWith(t, source(t, "medium"), bill.Request{Options: plan.Options{Keep: keep}})
	out := swept(t, s, "peak.users=2500,2600", false)
	last := requireEstimate(t, &out.Points[0], "2500", plan.Options{Keep: keep})
	requireEstimate(t, &out.Points[1], "2600", plan.Options{Keep: last, Leave: plan.WorthMoving})
	require.Equal(t, "m7g.2xlarge", last["phoenix"].Type)
	leaves := bill.Request{Options: plan.Options{Keep: keep, Leave: 0.01}}
	out = swept(t, systemWith(t, source(t, "medium"), leaves), "peak.users=2500,2600", false)
	require.Equal(t, 0.01, out.Growth.Leave)
	require.Contains(t, out.Points[0].BuiltAnew, "phoenix")
}
