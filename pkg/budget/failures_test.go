package budget

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/resilience"
)

// Each limit of what happens when something fails: at the last value that is kept, at the first
// that is not, and where nobody can say; the system has 200 users.
func TestLimitsOfFailures(t *testing.T) {
	num := func(x float64) *float64 { return &x }
	withstands := func(change func(*resilience.Summary)) *bill.Estimate {
		e := estimate()
		e.Resilience = &resilience.Summary{Losses: []string{"zone"},
			Aims: []resilience.Aim{{Key: "aims.outage", Verdict: resilience.Met},
				{Key: "aims.unattended", Verdict: resilience.Met}},
			Outage: resilience.Worst{Got: num(60), Scenario: "zone:a"}, DataLoss: resilience.Worst{Got: num(0)},
			Buffer: num(220), In: "zone:a", Full: "web"}
		change(e.Resilience)
		return e
	}
	whole := func(*resilience.Summary) {}
	open := func(s *resilience.Summary) {
		s.Outage.Least, s.Outage.Missing = true, []string{"recovery.on_call"}
		s.Aims[0].Verdict, s.Aims[0].Missing = resilience.NotEvaluated, []string{"recovery.on_call"}
	}
	for _, x := range []struct {
		name   string
		rule   string
		change func(*resilience.Summary)
		status string
		actual string
	}{
		{"all met", "aims: true", whole, "pass", "2"},
		{"one missed", "aims: true", func(s *resilience.Summary) { s.Aims[1].Verdict = resilience.Missed },
			"fail", "1"},
		{"one not evaluated", "aims: true", open, "fail", "1"},
		{"no aims", "aims: true", func(s *resilience.Summary) { s.Aims = nil }, "pass", "0"},
		{"as long as it may", "outage: 60s", whole, "pass", "60"},
		{"longer", "outage: 59s", whole, "fail", "60"},
		{"not known in full", "outage: 1h", open, "fail", "60"},
		{"until repaired", "outage: 1d", func(s *resilience.Summary) { s.Outage.Got = nil }, "fail", ""},
		{"nothing lost", "data_loss: 0s", whole, "pass", "0"},
		{"some lost", "data_loss: 0s", func(s *resilience.Summary) { s.DataLoss.Got = num(1) }, "fail", "1"},
		{"all lost", "data_loss: 7d", func(s *resilience.Summary) { s.DataLoss.Got = nil }, "fail", ""},
		{"carried", "failure_buffer: 10%", whole, "pass", "0.1"},
		{"not so many", "failure_buffer: 11%", whole, "fail", "0.1"},
		{"not all served", "failure_buffer: 0%", func(s *resilience.Summary) { s.Buffer = nil }, "fail", ""},
	} {
		v, err := check(t, "  r: {"+x.rule+"}\n", Subject{Name: "shop", Estimate: withstands(x.change)})
		require.NoError(t, err, x.name)
		var found []Finding
		for i := range v.Results {
			if v.Results[i].Rule == "r" {
				found = append(found, v.Results[i])
			}
		}
		require.Len(t, found, 1, x.name)
		require.Equal(t, x.status, found[0].Status, x.name)
		require.Equal(t, x.actual, string(found[0].Actual), x.name)
	}
}

// Who does not say what a system withstands is asked for it: nothing is kept because it is not
// looked at. Such rules are about a system as a whole.
func TestLimitsOfFailuresNeedAnAnswer(t *testing.T) {
	_, err := check(t, "  r: {outage: 60s}\n")
	require.ErrorContains(t, err, "shop does not say what it withstands")
	for rule, want := range map[string]string{
		"{component: db, outage: 60s}":        "outage is that of the whole system",
		"{region: us-east-1, data_loss: 1s}":  "data_loss is that of the whole system",
		"{all: [profiles], aims: true}":       "aims is that of one system",
		"{kind: database, failure_buffer: 1}": "failure_buffer is that of the whole system",
		"{aims: false}":                       "aims: false asks for nothing",
	} {
		_, err := Parse("budget.yaml", []byte("apiVersion: headroom/v1\nrules: {r: "+rule+"}\n"))
		require.ErrorContains(t, err, want)
	}
	require.True(t, parse(t, "  r: {aims: true}\n").Failures())
	require.False(t, parse(t, "  r: {monthly: 1}\n").Failures())
}
