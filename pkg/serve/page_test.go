package serve_test

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"headroom/pkg/serve"
	"headroom/pkg/whatif"
)

// What a page shows is what whatif plans.
func TestAnswerIsThePlan(t *testing.T) {
	o := options(t, shipped(t, "medium"))
	p := pageOf(t, o)
	set, err := whatif.ParseAssignment("peak.users=4k")
	require.NoError(t, err)
	base, err := o.Model.Plan(nil)
	require.NoError(t, err)
	is, err := o.Model.Plan([]whatif.Assignment{set})
	require.NoError(t, err)

	a := answer(t, p, "")
	require.Equal(t, base.Estimate.Total.Expected.String(), a.Exact)
	require.Equal(t, "headroom estimate ./test.yaml", a.Command)
	require.Equal(t, "0.00", a.Change)
	require.Empty(t, a.Differs)
	require.Nil(t, a.Inputs)

	a = answer(t, p, "", "peak.users", "4k")
	require.Equal(t, is.Estimate.Total.Expected.String(), a.Exact)
	require.Equal(t, "+"+is.Estimate.Total.Expected.Minus(base.Estimate.Total.Expected).Human(), a.Change)
	require.Equal(t, "headroom whatif ./test.yaml --set peak.users=4k", a.Command)
	require.Contains(t, a.Bill, a.Total)
	require.Contains(t, a.Differs, "peak.users")

	more := answer(t, p, serve.WantDetails, "peak.users", "4k")
	require.Equal(t, a.Exact, more.Exact)
	require.Contains(t, more.Bill, more.Total)
	require.Empty(t, a.More)
	for _, part := range []string{"Room", "<svg", "peak.users", "In full"} {
		require.Contains(t, more.More, part)
	}
	require.Equal(t, a, answer(t, p, "", "peak.users", "4k"), "same inputs, same answer")
}

func TestCommandIsReadByAShell(t *testing.T) {
	o := options(t, shipped(t, "medium"))
	o.Name, o.Flags = "./my shop's.yaml", []string{"--purchase", "reserved-1y"}
	a := answer(t, pageOf(t, o), "", "policy.survive", "[node, zone]")
	require.Equal(t, `headroom whatif './my shop'\''s.yaml' --purchase reserved-1y `+
		`--set 'policy.survive=[node, zone]'`, a.Command)
}

// What is wrong is told at its input, or at its place in the file.
func TestProblemsHaveAPlace(t *testing.T) {
	o := options(t, shipped(t, "medium"))
	o.Fixed = map[string]string{"purchase.option": "--purchase"}
	p := pageOf(t, o)
	for _, c := range []struct {
		pairs      []string
		path, text string
	}{
		{[]string{"peak.users", "many"}, "peak.users", "not a count"},
		{[]string{"peak.usrs", "3"}, "peak.usrs", "unknown key"},
		{[]string{"peak.users", "3k", "peak.response", "3 apples"}, "peak.response", "apples"},
		{[]string{"peak.users", ""}, "peak.users", "no value"},
		{[]string{"peak.users=1", "2"}, "peak.users=1", "no value"},
		{[]string{"purchase.option", "spot"}, "purchase.option", "--purchase gives it"},
		{[]string{"peak.users", strings.Repeat("9", 5000)}, "peak.users", "too long"},
		{[]string{"components.db.pin", "{type: t9.nano, count: 1}"}, "components.db.pin", "t9.nano"},
		{[]string{"components.db.slo.p99", "1us"}, "components.db.slo.p99", "db"},
		{[]string{"curve.file", "/etc/passwd", "curve.clock", "local"}, "curve.file", "reads no file"},
		{[]string{"curve", "{file: curve.csv, clock: local}"}, "curve", "reads no file"},
	} {
		a := answer(t, p, serve.WantInputs, c.pairs...)
		require.NotEmpty(t, a.Problems, c.pairs)
		require.Equal(t, c.path, a.Problems[0].Path)
		require.Contains(t, a.Problems[0].Text, c.text)
		require.Empty(t, a.Exact, "no total beside a problem")
		require.NotNil(t, a.Inputs, "the form is there also where a link is wrong")
	}
	a := answer(t, p, "everything")
	require.Contains(t, a.Problems[0].Text, "everything")
	a = answer(t, p, "", slices.Repeat([]string{"peak.users", "1"}, 501)...)
	require.Contains(t, a.Problems[0].Text, "at most 500")
}

// Sliders stay within what the profile's format allows, and begin at the value.
func TestInputs(t *testing.T) {
	in := answer(t, medium(t), serve.WantInputs).Inputs
	find := func(path string) serve.Input {
		i := slices.IndexFunc(in.All, func(x serve.Input) bool { return x.Path == path })
		require.GreaterOrEqual(t, i, 0, path)
		return in.All[i]
	}
	for _, x := range in.All {
		if x.To != 0 {
			require.True(t, x.From <= 1 && 1 <= x.To && x.From >= 0.25 && x.To <= 4, x.Path)
		}
	}
	require.Equal(t, 4.0, find("peak.users").To)
	require.InDelta(t, 1/0.85, find("policy.degraded").To, 1e-9, "at most 100 %")
	require.Equal(t, "list", find("policy.survive").Sort)
	require.Equal(t, []string{"node", "zone", "region"}, find("policy.survive").Enum)
	require.Zero(t, find("peak.write_ratio").To, "the profile has writes_per_user")
	require.Equal(t, []serve.Place{{Name: "us-east-1", Keys: map[string]string{"tz": "-5h"}},
		{Name: "us-west-2", Keys: map[string]string{"tz": "-8h"}}}, in.Regions)
	var titles, paths []string
	for _, g := range in.Groups {
		titles, paths = append(titles, g.Title), append(paths, g.Paths...)
	}
	require.Equal(t, []string{"Load", "Data and growth", "Losses and limits", "Buying", "CPU of calls"}, titles)
	for _, path := range []string{"peak.users", "peak.requests_per_user", "peak.writes_per_user", "peak.response",
		"growth.monthly", "horizon", "components.phoenix.cpu", "policy.survive", "purchase.option"} {
		require.Contains(t, paths, path)
	}
	require.NotContains(t, paths, "peak.write_ratio")
}

// The page asks for regions as a profile has them.
func TestOtherRegions(t *testing.T) {
	p := medium(t)
	a := answer(t, p, "", "regions", "[{name: us-east-1, tz: -5h}, {name: eu-west-1}]")
	require.Empty(t, a.Problems)
	require.Contains(t, a.Bill, "eu-west-1")
	one := answer(t, p, "", "regions", "[{name: eu-west-1}]", "policy.survive", "[node, zone]")
	require.Empty(t, one.Problems)
	require.NotContains(t, one.Bill, "us-west-2")
}

// The saved profile keeps its comments and plans as the page did.
func TestSavedProfile(t *testing.T) {
	pairs := []string{"growth.monthly", "3%", "peak.users", "4k", "policy.survive", "[node, zone]",
		"purchase.option", "reserved-1y", "components.phoenix.cpu", "5ms", "regions",
		"[{name: us-east-1, tz: -5h}, {name: eu-west-1}]"}
	for _, name := range []string{"small", "medium", "large", "reference-medium"} {
		p := pageOf(t, options(t, shipped(t, name)))
		mine := pairs
		if name == "reference-medium" {
			mine = []string{"hours_per_month", "700"}
		}
		a := answer(t, p, serve.WantProfile, mine...)
		require.Empty(t, a.Problems, name)
		require.Equal(t, "test-changed.yaml", a.File.Name, a.File.Text)
		require.Equal(t, strings.Count(string(shipped(t, name)), "#"), strings.Count(a.File.Text, "#"), name)
		again := answer(t, pageOf(t, options(t, []byte(a.File.Text))), "")
		require.Equal(t, a.Exact, again.Exact, name)
	}
}

// A change that has no safe place in the text is saved as a scenario, which is the same.
func TestSavedScenario(t *testing.T) {
	src := strings.Replace(string(shipped(t, "medium")), "\ntitle: Medium", "\ntitle: Medium\n  sized", 1)
	o := options(t, []byte(src))
	a := answer(t, pageOf(t, o), serve.WantProfile, "title", "it's medium", "peak.users", "4k")
	require.Equal(t, "test-changed.scenario.yaml", a.File.Name)
	sc, err := whatif.ParseScenario(a.File.Name, []byte(a.File.Text))
	require.NoError(t, err, a.File.Text)
	c, err := o.Model.Compare(t.Context(), []whatif.Scenario{sc})
	require.NoError(t, err)
	require.Equal(t, a.Exact, c.Cases[0].Figures.Total.Expected.String())
}

// Many browsers get the answers that each would get alone; those that go away get none.
func TestManyAtOnce(t *testing.T) {
	p := medium(t)
	alone := map[string]string{}
	for i := range 8 {
		users := fmt.Sprint(2000 + 100*i)
		alone[users] = answer(t, p, "", "peak.users", users).Exact
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			users := fmt.Sprint(2000 + 100*(i%8))
			q := serve.Request{Sets: sets("peak.users", users)}
			if i%16 == 3 { // they take long
				q.Want = serve.WantDetails
			}
			a, err := p.Answer(context.Background(), q)
			if err != nil || a.Exact != alone[users] {
				t.Errorf("%s users: %v, %v", users, a, err)
			}
			if _, err := p.Answer(gone, q); err == nil {
				t.Error("an answer for nobody")
			}
		})
	}
	wg.Wait()
}

// A system that nothing carries has no page to begin with.
func TestNoPlanNoPage(t *testing.T) {
	src := strings.Replace(string(shipped(t, "medium")), "p99: {value: 50ms", "p99: {value: 1us", 1)
	_, err := serve.New(options(t, []byte(src)))
	require.Error(t, err)
}

// A slider's answer is to take less than three plans of the profile; see docs/serve.md.
func BenchmarkSlider(b *testing.B) {
	p := medium(b)
	for i := 0; b.Loop(); i++ {
		answer(b, p, "", "peak.users", fmt.Sprint(2000+i%1000))
	}
}

func BenchmarkDetails(b *testing.B) {
	p := medium(b)
	for i := 0; b.Loop(); i++ {
		answer(b, p, serve.WantDetails, "peak.users", fmt.Sprint(2000+i%1000))
	}
}

func BenchmarkPlan(b *testing.B) {
	o := options(b, shipped(b, "medium"))
	for b.Loop() {
		_, err := o.Model.Plan(nil)
		require.NoError(b, err)
	}
}

// A slider's answer takes less than three plans: the least times of tries in turn, and of
// more of them where the machine does something else, too.
func TestSliderIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector slows plans and pages down in different ways")
	}
	o := options(t, shipped(t, "medium"))
	p := pageOf(t, o)
	defer debug.SetGCPercent(debug.SetGCPercent(600)) // as the page has it
	plan, slider := time.Hour, time.Hour
	for i := 0; i < 40 || i < 500 && slider >= 3*plan; i++ {
		start := time.Now()
		_, err := o.Model.Plan(nil)
		require.NoError(t, err)
		plan = min(plan, time.Since(start))
		start = time.Now()
		answer(t, p, "", "peak.users", fmt.Sprint(2000+10*i))
		slider = min(slider, time.Since(start))
	}
	require.Less(t, slider, 3*plan)
	t.Logf("a slider's answer takes %v, a plan %v", slider, plan)
}

// The total of all environments follows the values, beside that of production.
func TestAllEnvironments(t *testing.T) {
	p := pageOf(t, options(t, shipped(t, "couples-app")))
	now := answer(t, p, "")
	require.NotEmpty(t, now.All)
	require.NotEqual(t, now.Total, now.All)
	more := answer(t, p, "", "peak.users", "2000")
	require.NotEqual(t, now.All, more.All)
	require.Empty(t, answer(t, medium(t), "").All, "it has production alone")
}
