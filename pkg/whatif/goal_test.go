package whatif_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/whatif"
)

// bruteForce plans every whole number of users of a range and returns the
// largest or smallest that meets the goal; of those with more than three digits
// only every step-th.
func bruteForce(t *testing.T, s *whatif.System, g whatif.Goal, path string, texts []string, smallest bool) string {
	t.Helper()
	best := ""
	for _, text := range texts {
		r, err := s.Plan(set(t, path+"="+text))
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

func numbers(from, to, step int) []string {
	var out []string
	for i := from; i <= to; i += step {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

// The value that a search finds is the one that trying all values finds.
func TestGoalSeekEqualsBruteForce(t *testing.T) {
	s := system(t, source(t, "small"))
	for _, x := range []struct {
		goal, solve string
		smallest    bool
		all         []string
	}{
		{"monthly<=1400", "peak.users=300..700", false, numbers(300, 700, 1)},
		{"monthly<=1450", "peak.users=300..700", false, numbers(300, 700, 1)},
		{"monthly>=1420", "peak.users=300..700", true, numbers(300, 700, 1)},
		{"nodes<=40", "peak.users=100..999", false, numbers(100, 999, 1)},
		{"per_user<=3", "peak.users=300..900", true, numbers(300, 900, 1)},
		{"per_user<=2.9", "peak.users=300..900", false, numbers(300, 900, 1)},
		{"headroom>=60%", "peak.users=100..400", false, numbers(100, 400, 1)},
		{"headroom>=60%", "peak.users=100..400", true, numbers(100, 400, 1)},
		{"p99:phoenix<=20ms", "peak.users=100..900", false, numbers(100, 900, 1)},
		{"monthly<=1", "peak.users=100..200", false, numbers(100, 200, 1)},
	} {
		g, err := whatif.ParseGoal(x.goal)
		require.NoError(t, err)
		q, err := s.Search(x.solve, x.smallest)
		require.NoError(t, err)
		got, err := s.Solve(context.Background(), g, q, nil)
		require.NoError(t, err, x.goal)
		want := bruteForce(t, s, g, "peak.users", x.all, x.smallest)
		if want == "" {
			require.Nil(t, got.Meets, x.goal)
			continue
		}
		require.NotNil(t, got.Meets, x.goal)
		require.Equal(t, want, got.Meets.Value, "%s %s smallest=%v by %s", x.goal, x.solve, x.smallest, got.Method)
		t.Logf("%s %s: %s by %s, %d plans", x.goal, x.solve, want, got.Method, got.Planned)
	}
}

// The proof holds when it is planned again: the value meets the goal, the next
// does not, and it is the next.
func TestGoalSeekProves(t *testing.T) {
	s := system(t, source(t, "medium"))
	methods := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		goal := rapid.SampledFrom([]string{"monthly", "monthly:phoenix", "nodes", "per_user"}).Draw(t, "figure")
		bound := map[string]string{"monthly": fmt.Sprint(rapid.IntRange(3000, 20000).Draw(t, "bound")), "monthly:phoenix": fmt.Sprint(rapid.IntRange(400, 4000).Draw(t, "bound")),
			"nodes": fmt.Sprint(rapid.IntRange(50, 120).Draw(t, "bound")), "per_user": "2." + fmt.Sprint(rapid.IntRange(0, 6).Draw(t, "bound"))}[goal]
		g, err := whatif.ParseGoal(goal + "<=" + bound)
		require.NoError(t, err)
		smallest := goal == "per_user"
		q, err := s.Search("peak.users=800..9000", smallest)
		require.NoError(t, err)
		got, err := s.Solve(context.Background(), g, q, nil)
		require.NoError(t, err)
		methods[got.Method] = true
		if got.Meets == nil || got.Fails == nil {
			return // all of the range, or nothing of it
		}
		figure := func(value string) float64 {
			a, err := whatif.ParseAssignment("peak.users=" + value)
			require.NoError(t, err)
			r, err := s.Plan([]whatif.Assignment{a})
			require.NoError(t, err)
			x, err := g.Of(r)
			require.NoError(t, err)
			return x
		}
		require.True(t, g.Meets(figure(got.Meets.Value)))
		require.False(t, g.Meets(figure(got.Fails.Value)))
		a, err := strconv.Atoi(got.Meets.Value)
		require.NoError(t, err)
		b, err := strconv.Atoi(got.Fails.Value)
		require.NoError(t, err)
		step := 1
		if got.Method == "scan" && max(a, b) > 1000 {
			step = 10 // three digits
		}
		if smallest {
			step = -step
		}
		require.Equal(t, a+step, b)
	})
	require.True(t, methods["bisection"])
	require.True(t, methods["scan"])
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
	for _, text := range []string{"monthly<=5000", "monthly <= $5000", "monthly:db<=500.50", "headroom>=20%", "p99:phoenix<=150ms", "splits<=0", "nodes>=3", "per_user<=2.5"} {
		_, err := whatif.ParseGoal(text)
		require.NoError(t, err, text)
	}
	for _, text := range []string{"", "monthly", "monthly=5", "montly<=5", "monthly<=", "monthly<=cheap", "headroom>=much", "headroom:db>=5%", "p99<=5", "p98<=5ms", "<=5"} {
		_, err := whatif.ParseGoal(text)
		require.Error(t, err, text)
	}
	s := system(t, source(t, "small"))
	for _, text := range []string{"peak.users=5", "peak.users=5..1", "peak.usrs", "failover", "peak.users=a..b", "components.phoenix.sessions_per_node"} {
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
