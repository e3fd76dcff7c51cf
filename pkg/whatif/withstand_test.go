package whatif_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/outage"
	"headroom/pkg/resilience"
	"headroom/pkg/whatif"
)

// withstand is what becomes of a system when something fails.
func withstand(t *testing.T, s *whatif.Model) *resilience.Assessment {
	t.Helper()
	a, err := s.Withstand(context.Background(), nil)
	require.NoError(t, err)
	return a
}

// totalOf is the bill of a system after changes.
func totalOf(t *testing.T, s *whatif.Model, sets ...string) money.Amount {
	t.Helper()
	r, err := s.Plan(set(t, sets...))
	require.NoError(t, err)
	return r.Estimate.Total.Expected
}

// What a protection costs is the difference of two bills: that of the system, and that of one
// that need not survive the loss; of copies it is what their keeper costs.
func TestProtectionsAreDifferencesOfBills(t *testing.T) {
	s := system(t, source(t, "medium"))
	a := withstand(t, s)
	base, err := s.Plan(nil)
	require.NoError(t, err)
	total := base.Estimate.Total.Expected
	without := map[string]string{"node": "[zone, region]", "zone": "[node, region]", "region": "[node, zone]"}
	seen := map[string]bool{}
	for i := range a.Rows {
		r := &a.Rows[i]
		rest, survived := without[r.Loss()]
		switch {
		case survived:
			seen[r.Loss()] = true
			require.NotNil(t, r.Protection, r.Name)
			require.Equal(t, "policy.survive: "+r.Loss(), r.Protection.Without)
			want := total.Minus(totalOf(t, s, "policy.survive="+rest))
			require.True(t, want.Equal(r.Protection.Month), "%s: %s, not %s", r.Name, want, r.Protection.Month)
			delete(without, r.Loss()) // one plan for each of them is enough
		case r.Loss() == "corruption":
			seen["corruption"] = true
			require.Equal(t, "components.backups", r.Protection.Without)
			var paid money.Amount
			for k := range base.Estimate.Lines {
				if l := &base.Estimate.Lines[k]; l.Component == "backups" {
					paid = paid.Plus(l.Cost.Expected)
				}
			}
			require.True(t, paid.Equal(r.Protection.Month))
			require.Positive(t, paid.Float64())
		}
	}
	require.Equal(t, map[string]bool{"node": true, "zone": true, "region": true, "corruption": true}, seen)
	// Nothing else has one.
	for i := range a.Rows {
		if r := &a.Rows[i]; r.Protection != nil {
			require.Contains(t, seen, r.Loss(), r.Name)
		}
	}
}

// aimed are systems whose aims are not all met.
func aimed(t *testing.T) map[string]string {
	campus := string(source(t, "campus-a"))
	return map[string]string{
		"campus-a": campus,
		"people that are known": strings.ReplaceAll(campus, "dns:\n",
			"recovery: {on_call: 15min, rebuild: 1h, restore_rate: 50MB/s}\ndns:\n"),
		"an hour": strings.ReplaceAll(campus, "outage: {value: 3s,", "outage: {value: 1h,"),
		"medium": strings.Replace(string(source(t, "medium")), "policy:\n", "aims: {outage: 2min, data_loss: 0s, "+
			"survive: [region, node], unattended: true, point_in_time: true}\npolicy:\n", 1),
	}
}

// A remedy meets its aim: planned again with it, the aim is met, at the difference of the two
// bills. What is met has none.
func TestRemediesMeetTheirAims(t *testing.T) {
	found := 0
	for name, src := range aimed(t) {
		s := system(t, []byte(src))
		a := withstand(t, s)
		total := totalOf(t, s)
		for i := range a.Aims {
			aim := &a.Aims[i]
			if aim.Remedy == nil {
				continue
			}
			found++
			require.NotEqual(t, resilience.Met, aim.Verdict, name)
			r, err := s.Plan(set(t, aim.Remedy.Set...))
			require.NoError(t, err)
			require.Equal(t, resilience.Met, verdictAfter(t, r, aim), "%s: %s by %v", name, aim.Key, aim.Remedy.Set)
			want := r.Estimate.Total.Expected.Minus(total)
			require.True(t, want.Equal(aim.Remedy.Month), "%s: %s: %s, not %s", name, aim.Key, want, aim.Remedy.Month)
		}
	}
	require.Greater(t, found, 4)
}

// verdictAfter is the verdict of an aim in a plan.
func verdictAfter(t *testing.T, r *bill.Result, aim *resilience.Aim) resilience.Verdict {
	t.Helper()
	facts, err := r.Plan.Tables.Vintage.Catalog().Facts()
	require.NoError(t, err)
	sum, err := resilience.Summarize(r.Plan, facts)
	require.NoError(t, err)
	for i := range sum.Aims {
		if x := &sum.Aims[i]; x.Key == aim.Key && x.Loss == aim.Loss {
			return x.Verdict
		}
	}
	require.Fail(t, "no such aim")
	return ""
}

// No other single change that is tried meets an aim for less: those that somebody would think
// of first, by hand.
func TestRemediesAreTheCheapest(t *testing.T) {
	src := aimed(t)["medium"]
	s := system(t, []byte(src))
	a := withstand(t, s)
	byHand := [][]string{
		{"components.db.replication=sync", "components.db.on_loss=degrade"},
		{"components.db.replication=sync", "components.db.on_loss=block"},
		{"dns.retry=true"}, {"dns.health_check={interval: 10s}"},
		{"policy.survive=[node]"}, {"policy.survive=[node, zone]"},
		{"copies.log={of: [consul, db, kafka, es-logging], on: objects, log: true}"},
	}
	total := totalOf(t, s)
	for i := range a.Aims {
		aim := &a.Aims[i]
		if aim.Verdict == resilience.Met {
			require.Nil(t, aim.Remedy)
			continue
		}
		for _, sets := range byHand {
			r, err := s.Plan(set(t, sets...))
			if err != nil || verdictAfter(t, r, aim) != resilience.Met {
				continue
			}
			require.NotNil(t, aim.Remedy, "%s: %v meets it", aim.Key, sets)
			more := r.Estimate.Total.Expected.Minus(total)
			require.LessOrEqual(t, aim.Remedy.Month.Cmp(more), 0, "%s: %v", aim.Key, sets)
		}
	}
}

// The same question has the same answer, in every byte, however its plans are divided among
// processors; and scenarios that are asked for are those that are answered.
func TestWithstandIsTheSameAgain(t *testing.T) {
	for name, src := range aimed(t) {
		s := system(t, []byte(src))
		first, err := json.Marshal(withstand(t, s))
		require.NoError(t, err)
		again, err := json.Marshal(withstand(t, system(t, []byte(src))))
		require.NoError(t, err)
		require.Equal(t, string(first), string(again), name)
	}
	s := system(t, source(t, "campus-a"))
	x, err := resilience.Parse("region:titan, region:aachen")
	require.NoError(t, err)
	a, err := s.Withstand(context.Background(), []outage.Scenario{x})
	require.NoError(t, err)
	require.Len(t, a.Rows, 1)
	require.Equal(t, "region:titan, region:aachen", a.Rows[0].Scenario)
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = s.Withstand(canceled, nil)
	require.ErrorIs(t, err, context.Canceled)
}
