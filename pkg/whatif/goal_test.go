package whatif_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/whatif"
)

// bruteForce plans one number of users after the other and returns the largest
// or smallest that meets the goal.
func bruteForce(t *testing.T, s *whatif.Model, g whatif.Goal, texts []string, smallest bool) string {
	t.Helper()
	best := ""
	for _, text := range texts {
		r, err := s.Plan(set(t, "peak.users="+text))
		if err != nil {
			continue // nothing carries it
		}
		x, err := g.Of(r)
		require.NoError(t, err)
		if g.Meets(x) {
			if best = text; smallest {
				return best
			}
		}
	}
	return best
}

func numbers(from, to int) []string {
	var out []string
	for i := from; i <= to; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

// The value that a search finds is the one that trying all values finds.
func TestGoalSeekEqualsBruteForce(t *testing.T) {
	if testing.Short() {
		t.Skip("all of it one after the other: the race detector would find nothing and take minutes")
	}
	s := system(t, source(t, "small"))
	for _, x := range []struct {
		goal, solve string
		smallest    bool
		all         []string
	}{
		{"monthly<=1400", "peak.users=400..600", false, numbers(400, 600)},
		{"monthly>=1420", "peak.users=400..600", true, numbers(400, 600)},
		{"nodes<=40", "peak.users=700..900", false, numbers(700, 900)},
		{"per_user<=3", "peak.users=400..500", true, numbers(400, 500)},
		{"headroom>=60%", "peak.users=200..300", false, numbers(200, 300)},
		{"p99:phoenix<=20ms", "peak.users=500..600", true, numbers(500, 600)},
		{"monthly<=1", "peak.users=100..150", false, numbers(100, 150)},
	} {
		g, err := whatif.ParseGoal(x.goal)
		require.NoError(t, err)
		q, err := s.Search(x.solve, x.smallest)
		require.NoError(t, err)
		got, err := s.Solve(context.Background(), g, q, nil)
		require.NoError(t, err, x.goal)
		want := bruteForce(t, s, g, x.all, x.smallest)
		if want == "" {
			require.Nil(t, got.Meets, x.goal)
			continue
		}
		require.NotNil(t, got.Meets, x.goal)
		require.Equal(t, want, got.Meets.Value.Text, "%s %s smallest=%v by %s", x.goal, x.solve, x.smallest, got.Method)
		t.Logf("%s %s: %s by %s, %d plans", x.goal, x.solve, want, got.Method, got.Planned)
	}
}

// The bill may fall where the load rises, as machines are chosen by their running
// cost; heavy weights make it fall often. What the running cost rules out must not
// change the answer of trying every value. Where nothing is weighed the answer is
// found by bisection.
func TestGoalSeekOnABillThatFalls(t *testing.T) {
	if testing.Short() {
		t.Skip("all of it one after the other: the race detector would find nothing and take minutes")
	}
	heavy := strings.Replace(string(source(t, "small")), "\npolicy:\n", "\npolicy:\n  running: {node: $25}\n", 1)
	require.Contains(t, heavy, "$25")
	s := system(t, []byte(heavy))
	users := numbers(100, 999)
	bills := make([]float64, len(users))
	var goals []string
	for i, text := range users {
		r, err := s.Plan(set(t, "peak.users="+text))
		require.NoError(t, err)
		bills[i] = r.Estimate.Total.Expected.Float64()
		if i > 0 && bills[i] < bills[i-1] { // goals that are met on both sides of a fall, but not before it
			bound := strconv.FormatFloat((bills[i]+bills[i-1])/2, 'f', 3, 64)
			goals = append(goals, "monthly<="+bound, "monthly>="+bound)
		}
	}
	require.Greater(t, len(goals), 4)
	ruledOut := 0
	for _, text := range goals[:min(len(goals), 8)] {
		g, err := whatif.ParseGoal(text)
		require.NoError(t, err)
		for _, smallest := range []bool{false, true} {
			q, err := s.Search("peak.users=100..999", smallest)
			require.NoError(t, err)
			got, err := s.Solve(context.Background(), g, q, nil)
			require.NoError(t, err)
			ruledOut += got.RuledOut
			want := ""
			for i, x := range bills {
				if g.Meets(x) && !(smallest && want != "") {
					want = users[i]
				}
			}
			require.NotNil(t, got.Meets, text)
			require.Equal(t, want, got.Meets.Value.Text, "%s smallest=%v", text, smallest)
		}
	}
	require.Positive(t, ruledOut)

	g, err := whatif.ParseGoal("monthly<=1400")
	require.NoError(t, err)
	s = system(t, []byte(strings.Replace(heavy, "{node: $25}", "none", 1)))
	q, err := s.Search("peak.users=100..2000", false)
	require.NoError(t, err)
	got, err := s.Solve(context.Background(), g, q, nil)
	require.NoError(t, err)
	require.Equal(t, whatif.Bisection, got.Method)
}

// The proof holds when it is planned again: the value meets the goal, the next
// does not, and it is the next.
func TestGoalSeekProves(t *testing.T) {
	// A write takes so long that a primary does not last.
	src := strings.Replace(string(source(t, "medium")), "cpu_write: {value: 2ms", "cpu_write: {value: 200ms", 1)
	slow, usual := system(t, []byte(src)), system(t, source(t, "medium"))
	for _, x := range []struct {
		goal, solve, method string
		smallest            bool
		step                int // from the value that meets the goal to the next
	}{
		{"monthly<=5000", "peak.users", "scan", false, 10},
		{"monthly<=6543.21", "peak.users=1k..9k", "scan", false, 10},
		{"monthly>=6000", "peak.users=1k..9k", "scan", true, -10},
		{"nodes:phoenix<=12", "peak.users=1k..9k", "scan", false, 10},
		{"per_user<=2.4", "peak.users=1k..4k", "scan", true, -10},
		{"p99:phoenix<=20ms", "peak.users=1k..4k", "scan", true, -10},
	} {
		s := usual
		if strings.HasPrefix(x.goal, "splits") {
			s = slow
		}
		g, err := whatif.ParseGoal(x.goal)
		require.NoError(t, err)
		q, err := s.Search(x.solve, x.smallest)
		require.NoError(t, err)
		got, err := s.Solve(context.Background(), g, q, nil)
		require.NoError(t, err)
		require.NotNil(t, got.Meets, x.goal)
		require.NotNil(t, got.Fails, x.goal)
		figure := func(value string) float64 {
			r, err := s.Plan(set(t, "peak.users="+value))
			require.NoError(t, err, x.goal)
			y, err := g.Of(r)
			require.NoError(t, err)
			return y
		}
		require.True(t, g.Meets(figure(got.Meets.Value.Text)), x.goal)
		require.False(t, g.Meets(figure(got.Fails.Value.Text)), x.goal)
		a, err := strconv.Atoi(got.Meets.Value.Text)
		require.NoError(t, err)
		b, err := strconv.Atoi(got.Fails.Value.Text)
		require.NoError(t, err)
		require.Equal(t, x.step, b-a, x.goal)
		require.Equal(t, x.method, got.Method, x.goal)
	}
}

// A figure that rises and falls is scanned, and the report says so.
func TestGoalSeekSaysNotMonotone(t *testing.T) {
	s := system(t, source(t, "medium"))
	g, err := whatif.ParseGoal("per_user<=2.2")
	require.NoError(t, err)
	q, err := s.Search("peak.users=1k..9k", true)
	require.NoError(t, err)
	got, err := s.Solve(context.Background(), g, q, nil)
	require.NoError(t, err)
	require.Equal(t, "scan", got.Method)
	require.False(t, got.Rising)
	require.NotEmpty(t, got.Turns)
}

func TestGoalSeekStops(t *testing.T) {
	s := system(t, source(t, "small"))
	g, err := whatif.ParseGoal("per_user<=0.0001")
	require.NoError(t, err)
	q, err := s.Search("peak.users=10..100k", false)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	got, err := s.Solve(ctx, g, q, func(done, _ int) {
		if done > 40 {
			cancel()
		}
	})
	require.NoError(t, err)
	require.True(t, got.Partial)
	require.Nil(t, got.Meets)
}

func TestParseGoal(t *testing.T) {
	for _, text := range []string{"monthly<=5000", "monthly <= $5000", "monthly:db<=500.50", "headroom>=20%",
		"p99:phoenix<=150ms", "splits<=0", "nodes>=3", "per_user<=2.5"} {
		_, err := whatif.ParseGoal(text)
		require.NoError(t, err, text)
	}
	for _, text := range []string{"", "monthly", "monthly=5", "montly<=5", "monthly<=", "monthly<=cheap",
		"headroom>=much", "headroom:db>=5%", "p99<=5", "p98<=5ms", "<=5"} {
		_, err := whatif.ParseGoal(text)
		require.Error(t, err, text)
	}
	s := system(t, source(t, "small"))
	for _, text := range []string{"peak.users=5", "peak.users=5..1", "peak.usrs", "failover", "peak.users=a..b",
		"components.phoenix.sessions_per_node"} {
		_, err := s.Search(text, false)
		require.Error(t, err, text)
	}
	g, err := whatif.ParseGoal("monthly:dbb<=5")
	require.NoError(t, err)
	q, err := s.Search("peak.users", false)
	require.NoError(t, err)
	_, err = s.Solve(context.Background(), g, q, nil)
	require.ErrorContains(t, err, "did you mean db?")
}

// A goal may be about all environments together, and the report of any goal has their total.
func TestGoalOfAllEnvironments(t *testing.T) {
	m := system(t, source(t, "couples-app"))
	g, err := whatif.ParseGoal("monthly_all<=500")
	require.NoError(t, err)
	q, err := m.Search("peak.users=100..2000", false)
	require.NoError(t, err)
	q.Quick = true
	s, err := m.Solve(context.Background(), g, q, nil)
	require.NoError(t, err)
	for _, at := range []*whatif.Reached{s.Base, s.Meets, s.Fails} {
		require.InDelta(t, at.Plan.Together.Total.Expected.Float64(), *at.Figure, 1e-9)
		require.Greater(t, *at.Figure, at.Plan.Total.Expected.Float64())
	}
	require.LessOrEqual(t, *s.Meets.Figure, 500.0)
	require.Greater(t, *s.Fails.Figure, 500.0)
}
