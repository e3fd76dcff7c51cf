package solutions_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/bill"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/solutions"
	"headroom/pkg/workload"
)

// drawing draws systems from few values, so that many of them are alike in something.
type drawing struct{ t *rapid.T }

func (d drawing) one(label string, of ...float64) float64 {
	return rapid.SampledFrom(of).Draw(d.t, label)
}

func (d drawing) word(label string, of ...string) string {
	return rapid.SampledFrom(of).Draw(d.t, label)
}

func (d drawing) time(label string) resilience.Time {
	x := resilience.Time{Seconds: d.one(label, 0, 60, 3600)}
	if d.one(label+" known", 0, 0, 0, 1) == 1 {
		x.Missing = []string{d.word(label+" missing", "recovery.on_call", "recovery.rebuild")}
	}
	return x
}

// row draws what comes of a scenario; the outcome is what users have by hand.
func (d drawing) row(x outage.Scenario) resilience.Row {
	at := resilience.Served{Reads: d.one("reads", 0, 1), Writes: d.one("writes", 0, 1)}
	r := resilience.Row{Of: x, Scenario: x.String(), Now: at, Auto: at, Hand: at, Outcome: resilience.Degraded,
		By: d.word("by", "nobody", "itself", "person", "repair"), Down: d.time("down")}
	switch {
	case at.Least() == 1:
		r.Outcome = d.word("outcome", resilience.Unaffected, resilience.Slower)
	case at.Reads+at.Writes == 0:
		r.Outcome = resilience.Down
	case at.Writes == 0:
		r.Outcome = resilience.ReadOnly
	}
	if d.one("loses", 0, 0, 1) == 1 {
		r.Losses = []resilience.Loss{{Component: "db", Time: d.time("loss"), All: d.one("all", 0, 0, 1) == 1}}
	}
	if d.one("buffer", 0, 1) == 1 {
		users := d.one("buffer of", 100, 200)
		r.Buffer = &users
	}
	return r
}

// solution draws a system of one or two regions.
func (d drawing) solution(label string) solutions.Input {
	cost := money.MustAmount(d.word("cost", "100", "100", "200"))
	e := &bill.Estimate{Regions: []string{"one", "two"}[:int(d.one("regions", 1, 2))],
		Total: bill.Cost{Expected: cost}}
	if d.one("credit", 0, 0, 1) == 1 {
		e.Total.Expected = money.MustAmount("0")
		e.Lines = []bill.Line{{Term: bill.AdjustmentTerm, Item: "credit", Cost: bill.Cost{Expected: cost.Neg()}}}
	}
	if d.one("unpriced", 0, 0, 0, 0, 1) == 1 {
		e.Unpriced = make([]bill.Unpriced, 1)
	}
	if d.one("room", 0, 1, 1, 1) == 1 {
		e.Headroom = &bill.Headroom{Users: d.one("users", 100, 200)}
	}
	p := &workload.Profile{}
	p.Policy.Survive = []string{"node", "region"}
	a := &resilience.Assessment{Regions: e.Regions}
	for _, name := range []string{"web", "db"} {
		a.Rows = append(a.Rows, d.row(outage.Of(outage.Event{Kind: outage.Node, Part: name})))
	}
	for _, name := range e.Regions {
		a.Rows = append(a.Rows, d.row(outage.Of(outage.Event{Kind: outage.RegionLost, Region: name})))
	}
	a.Points = make([]resilience.Point, int(d.one("points", 0, 1, 2)))
	for _, key := range []string{"aims.outage", "aims.unattended"} {
		if d.one(key, 0, 1, 1, 1, 1) == 1 {
			v := resilience.Verdict(d.word("verdict", "met", "met", "missed", "not evaluated"))
			a.Aims = append(a.Aims, resilience.Aim{Key: key, Verdict: v})
		}
	}
	if d.one("assessed", 0, 1, 1, 1, 1, 1) == 0 {
		a = nil
	}
	return solutions.Input{Label: label, Profile: p, Estimate: e, Assessment: a}
}

func (d drawing) several() []solutions.Input {
	out := []solutions.Input{d.solution("a"), d.solution("b"), d.solution("c")}
	if d.one("alike", 0, 0, 1) == 1 { // else hardly any dominates another one
		out[1] = out[0]
		out[1].Label = "b"
		dearer := *out[0].Estimate
		dearer.Total.Expected = dearer.Total.Expected.Plus(money.MustAmount("5"))
		out[1].Estimate = &dearer
	}
	return out
}

// A solution beside itself differs nowhere, dominates nothing and stands out from nothing.
func TestSolutionBesideItself(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		in := drawing{rt}.solution("a")
		again := in
		again.Label = "b"
		c := solutions.Compare([]solutions.Input{in, again})
		for _, f := range c.Failures {
			require.False(rt, f.Differs)
		}
		for _, s := range c.Solutions {
			require.Empty(rt, s.DominatedBy)
			require.Empty(rt, s.Pros)
			require.Empty(rt, s.Cons)
		}
	})
}

// Being dominated is irreflexive, asymmetric and transitive.
func TestDominationIsAStrictOrder(t *testing.T) {
	dominations := 0
	drawn.Check(t, func(rt *rapid.T) {
		c := solutions.Compare(drawing{rt}.several())
		by := func(a, b int) bool { return slices.Contains(c.Solutions[b].DominatedBy, c.Solutions[a].Name) }
		for i := range c.Solutions {
			require.False(rt, by(i, i))
			for k := range c.Solutions {
				require.False(rt, by(i, k) && by(k, i))
				if by(i, k) {
					dominations++
				}
				for n := range c.Solutions {
					require.False(rt, by(i, k) && by(k, n) && !by(i, n), "%d %d %d", i, k, n)
				}
			}
		}
	})
	require.Positive(t, dominations, "the cases must have some")
}

// In which order profiles are named changes only the order of the columns.
func TestOrderOfProfiles(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		inputs := drawing{rt}.several()
		c := solutions.Compare(inputs)
		at := rapid.Permutation([]int{0, 1, 2}).Draw(rt, "order")
		other := make([]solutions.Input, len(inputs))
		for i, k := range at {
			other[i] = inputs[k]
		}
		o := solutions.Compare(other)
		require.Len(rt, o.Failures, len(c.Failures))
		require.Len(rt, o.Aims, len(c.Aims))
		for i, k := range at {
			slices.Sort(o.Solutions[i].DominatedBy)
			slices.Sort(c.Solutions[k].DominatedBy)
			require.Equal(rt, text(rt, c.Solutions[k]), text(rt, o.Solutions[i]))
			for n := range c.Failures {
				require.True(rt, c.Failures[n].What.Equal(o.Failures[n].What))
				require.Equal(rt, c.Failures[n].Differs, o.Failures[n].Differs)
				require.Equal(rt, c.Failures[n].Outcomes[k], o.Failures[n].Outcomes[i])
			}
			for n := range c.Aims {
				require.Equal(rt, c.Aims[n].Cells[k], o.Aims[n].Cells[i])
			}
		}
	})
}

func text(t require.TestingT, x any) string {
	b, err := json.Marshal(x)
	require.NoError(t, err)
	return string(b)
}

// The worst of a kind is shown, each solution's own; where a region has one zone, losing the
// zone is losing the region.
func TestWorstOfAKind(t *testing.T) {
	served := func(reads, writes float64) resilience.Served { return resilience.Served{Reads: reads, Writes: writes} }
	row := func(outcome, by string, s resilience.Served, e outage.Event) resilience.Row {
		x := outage.Of(e)
		return resilience.Row{Of: x, Scenario: x.String(), Outcome: outcome, By: by, Now: s, Auto: s, Hand: s}
	}
	in := func(label string, regions []string, rows ...resilience.Row) solutions.Input {
		return solutions.Input{Label: label, Profile: &workload.Profile{}, Estimate: &bill.Estimate{Regions: regions},
			Assessment: &resilience.Assessment{Regions: regions, Rows: rows}}
	}
	c := solutions.Compare([]solutions.Input{
		in("zones", []string{"x"},
			row(resilience.Unaffected, "itself", served(1, 1), outage.Event{Kind: outage.Node, Part: "web"}),
			row(resilience.Degraded, "repair", served(0.5, 1), outage.Event{Kind: outage.Node, Part: "db"}),
			row(resilience.Unaffected, "itself", served(1, 1),
				outage.Event{Kind: outage.Zone, Region: "x", Number: 1})),
		in("one", []string{"y"},
			row(resilience.Unaffected, "itself", served(1, 1), outage.Event{Kind: outage.Node, Part: "app"}),
			row(resilience.Down, "repair", served(0, 0), outage.Event{Kind: outage.RegionLost, Region: "y"})),
	})
	require.Equal(t, "node:db", failure(t, c, remark.New("failure.node"))[0].Scenario)
	require.Equal(t, "node:app", failure(t, c, remark.New("failure.node"))[1].Scenario)
	zone := failure(t, c, remark.New("failure.zone", "where", solutions.First))
	require.Equal(t, "zone:x", zone[0].Scenario)
	require.Equal(t, "region:y", zone[1].Scenario)
	require.Nil(t, failure(t, c, remark.New("failure.region", "where", solutions.First))[0])
	require.True(t, has(c.Solutions[0].Cons, "only_fails"))
	require.True(t, has(c.Solutions[1].Cons, "only_down"))
}
