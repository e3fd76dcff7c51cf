package resilience

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/outage"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// What is not known in full may be more than it seems: it is missed only where what is known is
// too much, and met only where all is known.
func TestVerdictsOfTimes(t *testing.T) {
	known, unknown := outage.Seconds, func(s float64) outage.Span { return outage.Seconds(s).Plus(outage.Unknown("k")) }
	got := func(x float64) *float64 { return &x }
	for _, x := range []struct {
		name    string
		times   []outage.Span
		endless int // index; -1 for none
		want    Aim
	}{
		{"nothing fails", nil, -1, Aim{Verdict: Met}},
		{"as long as it may", []outage.Span{known(60)}, -1, Aim{Verdict: Met, Worst: Worst{Got: got(60)}}},
		{"longer", []outage.Span{known(60.5)}, -1, Aim{Verdict: Missed, Worst: Worst{Got: got(60.5)}}},
		{"not known", []outage.Span{unknown(0)}, -1,
			Aim{Verdict: NotEvaluated, Worst: Worst{Got: got(0), Least: true, Missing: []string{"k"}}}},
		{"not known beside a longer one", []outage.Span{unknown(10), known(20)}, -1,
			Aim{Verdict: NotEvaluated, Worst: Worst{Got: got(20), Least: true, Missing: []string{"k"}}}},
		{"not known, but too long already", []outage.Span{unknown(61)}, -1,
			Aim{Verdict: Missed, Worst: Worst{Got: got(61), Least: true}}},
		{"not known beside one too long", []outage.Span{unknown(1), known(90)}, -1,
			Aim{Verdict: Missed, Worst: Worst{Got: got(90), Least: true}}},
		{"until repaired", []outage.Span{unknown(1), known(2), known(3)}, 1, Aim{Verdict: Missed}},
	} {
		l := &longest{}
		for i, span := range x.times {
			l.least(span, i == x.endless, outage.Scenario{}, "")
		}
		x.want.Key, x.want.Unit, x.want.Want = "aims.outage", "s", 60
		require.Equal(t, x.want, l.worst().within("aims.outage", 60), x.name)
	}
}

// In whatever order times come, the longest is the same, and its verdict is what they say one
// by one.
func TestVerdictsOfDrawnTimes(t *testing.T) {
	type time struct {
		seconds      float64
		known, never bool
	}
	times := rapid.SliceOf(rapid.Custom(func(t *rapid.T) time {
		return time{float64(rapid.IntRange(0, 4).Draw(t, "seconds")), rapid.Bool().Draw(t, "known"),
			rapid.IntRange(0, 5).Draw(t, "never") == 0}
	}))
	drawn.Check(t, func(t *rapid.T) {
		all, want := times.Draw(t, "times"), float64(rapid.IntRange(0, 4).Draw(t, "want"))
		add := func(in []time) Aim {
			l := &longest{}
			for _, x := range in {
				span := outage.Seconds(x.seconds)
				if !x.known {
					span = span.Plus(outage.Unknown("k"))
				}
				l.least(span, x.never, outage.Scenario{}, "")
			}
			return l.worst().within("", want)
		}
		verdict := Met
		for _, x := range all {
			switch {
			case x.never || x.seconds > want:
				verdict = Missed
			case !x.known && verdict == Met:
				verdict = NotEvaluated
			}
		}
		got := add(all)
		require.Equal(t, verdict, got.Verdict)
		require.Equal(t, verdict == NotEvaluated, len(got.Missing) > 0)
		require.Equal(t, got, add(rapid.Permutation(all).Draw(t, "order")))
	})
}

// aiming is a system by hand with aims.
func aiming(s *outage.System, w workload.Aims) *assessor {
	return &assessor{profile: &workload.Profile{Aims: w}, system: s, standard: Standard(s), runner: outage.NewRunner(s),
		known: map[string]*outage.Outcome{}}
}

func value[T any](x T) *strict.Value[T] { return &strict.Value[T]{V: x} }

// pair is a primary and a replica at two sites, with a proxy at each, whose nodes others
// replace by themselves.
func pair() *outage.System {
	raid := outage.Disks{Local: true, Tolerates: 1}
	return &outage.System{
		Regions: []outage.Region{{Name: "a", Zones: 1, Share: 0.5, Launches: true, Replace: outage.Seconds(20)},
			{Name: "b", Zones: 1, Share: 0.5, From: 1, Launches: true, Replace: outage.Seconds(20)}},
		DNS:    outage.DNS{Moves: true, Checks: true, Detect: outage.Seconds(20), TTL: outage.Seconds(30)},
		People: outage.People{OnCall: outage.Unknown("recovery.on_call"), Rebuild: outage.Unknown("recovery.rebuild")},
		Journeys: []outage.Journey{{Class: "all", Entry: "web", Share: 0.9},
			{Class: "all", Writes: true, Entry: "web", Share: 0.1}},
		Parts: []outage.Part{
			{Name: "web", Pools: []outage.Pool{{Region: 0, Nodes: 2}, {Region: 1, Nodes: 2}}, Supervised: true,
				Restart: outage.Seconds(5), Detect: outage.Seconds(9),
				Calls: []outage.Call{{To: "db", PerRead: 1, PerWrite: 1}}},
			{Name: "db", Rule: outage.Led, Keeps: true, Pieces: 1, Lag: outage.Seconds(1), Promote: outage.Seconds(15),
				PromoteFar: outage.Seconds(40), Restart: outage.Seconds(15), Supervised: true, Pools: []outage.Pool{
					{Region: 0, Role: "primary", Nodes: 1, Data: true, Leads: true, Reads: true, Disks: raid},
					{Region: 1, Role: "replica", Nodes: 1, Data: true, Leads: true, Reads: true, Disks: raid}}},
		},
		Copies: []outage.Copy{{Name: "log", Of: []string{"db"}, Region: -1, Every: outage.Seconds(300), Log: true}},
	}
}

// A system that withstands what it aims at, and each change that ends one aim, or leaves it
// open, with the scenario that decides.
func TestAims(t *testing.T) {
	all := workload.Aims{Outage: value(unit.Duration(60)), DataLoss: value(unit.Duration(60)),
		Disks: value(unit.Count(1)), Survive: []string{"node", "region"}, Unattended: value(true),
		PointInTime: value(true)}
	type verdicts = map[string]Verdict
	for _, x := range []struct {
		name   string
		change func(*outage.System)
		not    verdicts // what is not met
		decide map[string]string
	}{
		{"as it is", func(*outage.System) {}, nil, nil},
		{"slow records", func(s *outage.System) { s.DNS.TTL = outage.Seconds(300) },
			verdicts{"aims.outage": Missed, "aims.survive region": Missed},
			map[string]string{"aims.outage": "region:a"}},
		{"plain records", func(s *outage.System) { s.DNS.Checks = false },
			verdicts{"aims.outage": NotEvaluated, "aims.survive region": NotEvaluated, "aims.unattended": Missed},
			map[string]string{"aims.unattended": "region:a"}},
		{"promoted by hand", func(s *outage.System) { s.Parts[1].FarByHand = true },
			verdicts{"aims.outage": NotEvaluated, "aims.survive region": NotEvaluated,
				"aims.survive node": NotEvaluated,
				"aims.unattended":   Missed}, map[string]string{"aims.unattended": "node:db"}},
		{"no replica", func(s *outage.System) { s.Parts[1].Pools = s.Parts[1].Pools[:1] },
			verdicts{"aims.outage": Missed, "aims.data_loss": Missed, "aims.survive node": Missed,
				"aims.survive region": Missed, "aims.unattended": Missed},
			map[string]string{"aims.data_loss": "node:db"}},
		{"no log", func(s *outage.System) { s.Copies[0].Log = false }, verdicts{"aims.point_in_time": Missed}, nil},
		{"no RAID", func(s *outage.System) { s.Parts[1].Pools[0].Disks.Tolerates = 0 },
			verdicts{"aims.disk_failures": Missed}, map[string]string{"aims.disk_failures": "disks:a:1"}},
		{"a lag that nobody knows", func(s *outage.System) { s.Parts[1].Lag = outage.Unknown("lag") },
			verdicts{"aims.data_loss": NotEvaluated, "aims.survive node": NotEvaluated,
				"aims.survive region": NotEvaluated}, nil},
		{"a long lag", func(s *outage.System) { s.Parts[1].Lag = outage.Seconds(61) },
			verdicts{"aims.data_loss": Missed, "aims.survive node": Missed, "aims.survive region": Missed}, nil},
	} {
		s := pair()
		x.change(s)
		aims, err := aiming(s, all).evaluate()
		require.NoError(t, err)
		require.Len(t, aims, 7)
		got := verdicts{}
		for i := range aims {
			a := &aims[i]
			key := a.Key
			if a.Loss != "" {
				key += " " + a.Loss
			}
			if a.Verdict != Met {
				got[key] = a.Verdict
			}
			require.Equal(t, a.Verdict == NotEvaluated, len(a.Missing) > 0, "%s: %s", x.name, key)
			if want := x.decide[key]; want != "" {
				require.Equal(t, want, a.Scenario, "%s: %s", x.name, key)
			}
		}
		if x.not == nil {
			x.not = verdicts{}
		}
		require.Equal(t, x.not, got, x.name)
	}
}

// What the summary of a plan says are the rows of its losses, looked at one by one, and the
// second look at a plan is the first.
func TestSummariesAreTheRows(t *testing.T) {
	c := testCatalog(t)
	for _, file := range shipped(t) {
		p := planned(t, c, file)
		sum, err := Summarize(p, facts(t, c))
		require.NoError(t, err)
		a, err := Assess(p, facts(t, c), Options{})
		require.NoError(t, err)
		again, err := Assess(p, facts(t, c), Options{})
		require.NoError(t, err)
		require.Equal(t, asJSON(t, a), asJSON(t, again), file)
		if p.System == nil {
			require.Nil(t, sum)
			continue
		}
		require.Equal(t, asJSON(t, a.Aims), asJSON(t, append([]Aim{}, sum.Aims...)), file)
		holdSummary(t, file, sum, a)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}

// holdSummary holds a summary against the rows that are of its losses. A zone that is the only
// one of its region has none.
func holdSummary(t *testing.T, file string, sum *Summary, a *Assessment) {
	t.Helper()
	scope := map[string]bool{}
	for _, loss := range sum.Losses {
		scope[loss] = true
	}
	longest, lost, users := 0.0, 0.0, math.Inf(1)
	never, all := false, false
	for i := range a.Rows {
		r := &a.Rows[i]
		if !scope[r.Loss()] {
			continue
		}
		longest, never = math.Max(longest, r.Down.Seconds), never || r.Hand.Least() < 1
		for _, l := range r.Losses {
			lost, all = math.Max(lost, l.Time.Seconds), all || l.All
		}
		switch {
		case r.Buffer != nil:
			users = math.Min(users, *r.Buffer)
		case r.Hand.Least() < 1:
			users = 0
		}
	}
	if never {
		require.Nil(t, sum.Outage.Got, file)
	} else if sum.Outage.Got != nil {
		require.InDelta(t, longest, *sum.Outage.Got, 1e-9, file)
	}
	if all {
		require.Nil(t, sum.DataLoss.Got, file)
	} else {
		require.InDelta(t, lost, *sum.DataLoss.Got, 1e-9, file)
	}
	if sum.Buffer != nil {
		require.InDelta(t, users, *sum.Buffer, 1e-6*users, file)
	}
}
