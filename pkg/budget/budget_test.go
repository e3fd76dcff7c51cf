package budget

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/plan"
)

// estimate is a system of two components in two regions: web costs 100.00 in
// each, up to 300.00, db 50.00 in the first; 200 users, 4 million requests.
func estimate() *bill.Estimate {
	type nodes struct{ low, mean, high int64 } // for 50.00 each
	line := func(region, component, kind, term, asOf string, n nodes) bill.Line {
		r := money.MustRate("50")
		total := func(n int64) money.Amount { return money.NewLine(money.Int(n), r).Total }
		return bill.Line{Region: region, Component: component, Kind: kind, Category: "compute", Item: "m7g.large",
			Unit: "node-month", Term: term, AsOf: asOf, Min: money.Int(n.low), Quantity: money.Int(n.mean),
			Max: money.Int(n.high), Price: r,
			Cost: bill.Cost{Expected: total(n.mean), Min: total(n.low), Max: total(n.high)}}
	}
	e := &bill.Estimate{Regions: []string{"us-east-1", "us-west-2"}, Prices: bill.PricesUsed{Vintage: "2026-07-20"},
		Profile: bill.Source{Name: "shop"}, Demand: &bill.DemandSummary{Users: 200, MonthlyReqs: 4e6},
		Headroom: &bill.Headroom{Users: 240, Share: 0.2, Component: "db", Resource: "memory 85 %"},
		Parts:    []bill.Part{{Name: "web", Kind: "stateless"}, {Name: "db", Kind: "database"}},
		Lines: []bill.Line{
			line("us-east-1", "web", "stateless", "on-demand", "2026-01-01", nodes{1, 2, 6}),
			line("us-west-2", "web", "stateless", "on-demand", "2026-01-01", nodes{1, 2, 6}),
			line("us-east-1", "db", "database", "reserved-1y-none", "2025-06-01", nodes{1, 1, 1}),
		}}
	for _, l := range e.Lines {
		e.Total = e.Total.Plus(l.Cost)
	}
	return e
}

func parse(t require.TestingT, rules string) *Budget {
	b, err := Parse("budget.yaml", []byte("apiVersion: headroom/v1\nrules:\n"+rules))
	require.NoError(t, err)
	return b
}

const today = "2026-06-01"

func check(t require.TestingT, rules string, s ...Subject) (*Verdict, error) {
	if len(s) == 0 {
		s = []Subject{{Name: "shop", Estimate: estimate()}}
	}
	return parse(t, rules).Check(s, today, bill.Program{})
}

// Every limit at the last value that is kept and the first that is not.
func TestEveryLimit(t *testing.T) {
	for _, x := range []struct{ name, keeps, breaks, actual string }{
		{"total", "monthly: $250.00", "monthly: $249.99", "250.00"},
		{"range maximum", "monthly_max: 650", "monthly_max: 649.99", "650.00"},
		{"region", "{region: us-east-1, monthly: 150}", "{region: us-east-1, monthly: 149.99}", "150.00"},
		{"component", "{component: db, monthly: 50}", "{component: db, monthly: 49.99}", "50.00"},
		{"kind", "{kind: stateless, monthly: 200}", "{kind: stateless, monthly: 199.99}", "200.00"},
		{"glob", "{match: 'w*', monthly: 200}", "{match: '[vw]e?', monthly: 199.99}", "200.00"},
		{"parts together", "{match: '*', region: us-west-2, kind: stateless, monthly: 100}",
			"{match: '*', region: us-west-2, monthly: 99.99}", "100.00"},
		{"a user", "per_user: $1.25", "per_user: $1.2499", "1.2500"},
		{"a million requests", "per_million_requests: 62.5", "per_million_requests: 62.49", "62.5000"},
		{"headroom", "headroom: 20%", "headroom: 21%", "0.2"},
		{"commitment", "commitment: 20%", "commitment: 20.1%", "0.2"},
		{"commitment of a part", "{component: db, commitment: 100%}", "{component: web, commitment: 1%}", ""},
		{"age of the oldest price", "price_age: 365d", "price_age: 364d", "365"},
		{"age of a part's", "{component: web, price_age: 151d}", "{component: web, price_age: 150d}", "151"},
	} {
		t.Run(x.name, func(t *testing.T) {
			flow := func(s string) string {
				if !strings.HasPrefix(s, "{") {
					s = "{" + s + "}"
				}
				return "  rule: " + s + "\n"
			}
			kept, err := check(t, flow(x.keeps))
			require.NoError(t, err)
			require.Equal(t, Pass, kept.Outcome, kept.Results[0].Found)
			if x.actual != "" {
				require.Equal(t, x.actual, kept.Results[0].Actual.String())
			}
			broken, err := check(t, flow(x.breaks))
			require.NoError(t, err)
			require.Equal(t, Fail, broken.Outcome, broken.Results[0].Found)
			require.Equal(t, 3, broken.Results[0].At.Line, "where the limit is")
		})
	}
}

// Against a baseline of 200.00 that has 150.00 for web and 50.00 for db.
func TestRegressions(t *testing.T) {
	base := estimate()
	base.Lines = base.Lines[1:]
	base.Lines[0].Cost.Expected = money.MustAmount("150")
	base.Total = bill.Cost{Expected: money.MustAmount("200")}
	for _, x := range []struct {
		rule, want string
		was, is    float64
	}{
		{"increase: 25%", Pass, 200, 250},
		{"increase: 24.9%", Fail, 200, 250},
		{"increase_by: $50", Pass, 200, 250},
		{"increase_by: $49.99", Fail, 200, 250},
		{"decrease: 0%", Pass, 200, 250},
		{"component: db, increase: 0%", Pass, 50, 50},
		{"component: web, decrease_by: 0", Pass, 150, 200},
		{"region: us-east-1, increase: 500%", Pass, 50, 150},
	} {
		v, err := check(t, "  rule: {"+x.rule+"}\n",
			Subject{Name: "shop", Estimate: estimate(), Baseline: base, Label: "base"})
		require.NoError(t, err)
		require.Equal(t, x.want, v.Outcome, x.rule)
		found := v.Results[0].Found
		require.Equal(t, "budget."+v.Results[0].Limit, found.Key)
		require.Equal(t, x.want == Fail, found.Is("breached"))
		require.Equal(t, []float64{x.was, x.is, x.is - x.was},
			[]float64{found.Number("was"), found.Number("is"), found.Number("change")}, x.rule)
	}
	// The other way round it shrinks.
	for _, x := range []struct{ rule, want string }{
		{"decrease: 20%", Pass}, {"decrease: 19.9%", Fail}, {"decrease_by: 50", Pass}, {"decrease_by: 49.99", Fail},
		{"increase: 0%", Pass},
	} {
		v, err := check(t, "  rule: {"+x.rule+"}\n", Subject{Name: "shop", Estimate: base, Baseline: estimate()})
		require.NoError(t, err)
		require.Equal(t, x.want, v.Outcome, x.rule)
	}
}

// What was not there before may not cost anything under a limit in percent; a
// removed component still matches.
func TestNewAndRemovedComponents(t *testing.T) {
	old := estimate()
	old.Lines, old.Parts = old.Lines[:2], old.Parts[:1]
	v, err := check(t, "  rule: {component: db, increase: 1000%}\n",
		Subject{Name: "shop", Estimate: estimate(), Baseline: old})
	require.NoError(t, err)
	require.Equal(t, Fail, v.Outcome)
	require.Zero(t, v.Results[0].Found.Number("was"), "it is new")
	v, err = check(t, "  rule: {component: db, decrease: 100%}\n",
		Subject{Name: "shop", Estimate: old, Baseline: estimate()})
	require.NoError(t, err)
	require.Equal(t, Pass, v.Outcome)
}

func TestLevelsAndExceptions(t *testing.T) {
	for _, x := range []struct{ rule, want string }{
		{"monthly: 1", Fail},
		{"monthly: 1, level: warn", Warn},
		{"monthly: 1, exception: {until: 2026-06-01, reason: r}", Excepted}, // its last day
		{"monthly: 1, exception: {until: 2026-05-31, reason: r}", Fail},
		{"monthly: 1, level: warn, exception: {until: 2026-05-31, reason: r}", Warn},
		{"monthly: 999, exception: {until: 2026-05-31, reason: r}", Pass},
	} {
		v, err := check(t, "  rule: {"+x.rule+"}\n")
		require.NoError(t, err)
		require.Equal(t, x.want, v.Outcome, x.rule)
	}
	v, err := check(t, "  a: {monthly: 1, exception: {until: 2026-06-01, reason: r}}\n  b: {monthly: 1}\n")
	require.NoError(t, err)
	require.Equal(t, Fail, v.Outcome, "an exception is that of its rule only")
}

func TestPlaces(t *testing.T) {
	at := func(component string) diag.Pos {
		return diag.Pos{File: "shop.yaml", Line: map[string]int{"web": 7, "db": 9}[component], Col: 3}
	}
	v, err := check(t, "  a: {component: db, monthly: 1}\n  b: {kind: stateless, monthly: 1}\n"+
		"  c: {region: us-east-1, monthly: 1}\n", Subject{Name: "shop", Estimate: estimate(), At: at})
	require.NoError(t, err)
	require.Equal(t, Place{"shop.yaml", 9, 3}, v.Results[0].At)
	require.Equal(t, Place{"shop.yaml", 7, 3}, v.Results[1].At, "the only component of the kind")
	require.Equal(t, "budget.yaml", v.Results[2].At.File)
	require.Equal(t, Place{"budget.yaml", 3, 31}, v.Results[0].Budget)
}

// What cannot be judged is an error that says where and what to do.
func TestWhatCannotBeJudged(t *testing.T) {
	unpriced := estimate()
	unpriced.Unpriced = []bill.Unpriced{{Region: "us-east-1", Item: "m9g.large"}}
	small := estimate()
	small.Demand, small.Headroom = nil, nil
	for _, x := range []struct {
		rule, want, hint string
		e                *bill.Estimate
	}{
		{"component: dbb, monthly: 1", "budget.yaml:3:3: the rule rule matches nothing: component dbb",
			"did you mean db?", estimate()},
		{"region: us-west-1, monthly: 1", "matches nothing: region us-west-1", "did you mean us-west-2?", estimate()},
		{"kind: data, monthly: 1", "matches nothing", "there are stateless, database", estimate()},
		{"match: 'x*', monthly: 1", "matches nothing: components x*", "web, db", estimate()},
		{"component: db, region: us-west-2, monthly: 1", "matches nothing", "components web, db", estimate()},
		{"profile: shop2, monthly: 1", "matches nothing", "did you mean shop?", estimate()},
		{"environment: dev, monthly: 1", "matches nothing", "there are production, stage", estimate()},
		{"environment: stages, monthly: 1", "matches nothing", "did you mean stage?", estimate()},
		{"increase: 1%", "budget.yaml:3:20: the rule rule: increase: it compares with a baseline, and none is given",
			"", estimate()},
		{"decrease_by: 1", "none is given", "", estimate()},
		{"per_user: 1", "has no users to divide by", "", small},
		{"per_million_requests: 1", "has no requests", "", small},
		{"headroom: 1%", "has no workload", "", small},
		{"monthly: 1", "lacks 1 prices", "overlay", unpriced},
	} {
		s := Subject{Name: "shop", Estimate: x.e, Environments: []string{"stage"}}
		_, err := check(t, "  rule: {"+x.rule+"}\n", s)
		require.ErrorContains(t, err, x.want, x.rule)
		var ps diag.Problems
		require.ErrorAs(t, err, &ps)
		require.Contains(t, ps[0].Hint, x.hint)
	}
}

func TestInfeasibleSystems(t *testing.T) {
	bad := Subject{Name: "big", Infeasible: &plan.Infeasible{Component: "db"}, At: func(string) diag.Pos {
		return diag.Pos{File: "big.yaml", Line: 4, Col: 3}
	}}
	v, err := check(t, "  a: {component: cache, monthly: 1}\n  b: {monthly: 999}\n", bad,
		Subject{Name: "shop", Estimate: estimate()})
	require.NoError(t, err, "a rule may be about the system that has no plan")
	require.Equal(t, Infeasible, v.Outcome)
	require.Equal(t, Place{"big.yaml", 4, 3}, v.Results[0].At)
	require.Equal(t, 1, v.Count(Pass))
}

func TestParseRefuses(t *testing.T) {
	for _, x := range []struct{ src, want string }{
		{"apiVersion: headroom/v2\nrules: {a: {monthly: 1}}", "apiVersion"},
		{"apiVersion: headroom/v1\nrules: {}", "rules"},
		{"apiVersion: headroom/v1\nrules: {a: {}}", "the rule has no limit"},
		{"apiVersion: headroom/v1\nrules: {a: {component: db}}", "the rule has no limit"},
		{"apiVersion: headroom/v1\nrules: {a: {montly: 1}}", "unknown key \"montly\""},
		{"apiVersion: headroom/v1\nrules: {a: {monthly: -1}}", "monthly -1.00 is negative"},
		{"apiVersion: headroom/v1\nrules: {a: {monthly: 1e9}}", "plain decimal"},
		{"apiVersion: headroom/v1\nrules: {a: {increase: 10 dollars}}", "increase"},
		{"apiVersion: headroom/v1\nrules: {a: {increase: 10}}", "write 10%, or 1000%"},
		{"apiVersion: headroom/v1\nrules: {a: {headroom: 20}}", "write 20%, or 2000%"},
		{"apiVersion: headroom/v1\nrules: {a: {monthly: 1, level: maybe}}", "level"},
		{"apiVersion: headroom/v1\nrules: {a: {monthly: 1, match: '[x'}}", "is not a pattern"},
		{"apiVersion: headroom/v1\nrules: {a: {headroom: 10%, component: db}}", "headroom is that of the whole system"},
		{"apiVersion: headroom/v1\nrules: {a: {monthly: 1, exception: {reason: r}}}", "lacks the key \"until\""},
		{"apiVersion: headroom/v1\nrules: {a: {monthly: 1, exception: {until: 2026-02-30, reason: r}}}",
			"is not a day"},
		{"apiVersion: headroom/v1\nrules: {a: {monthly: 1, exception: {until: 31.12.2026, reason: r}}}",
			"is not a day"},
		{"apiVersion: headroom/v1\nrules: {a: {monthly: 1}, a: {monthly: 2}}", "a"},
	} {
		_, err := Parse("budget.yaml", []byte(x.src))
		require.ErrorContains(t, err, x.want, x.src)
		var ps diag.Problems
		require.ErrorAs(t, err, &ps)
		require.Positive(t, ps[0].Pos.Line)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("apiVersion: headroom/v1\nrules: {a: {monthly: 1, match: 'x*', exception: {until: 2026-12-31, reason: r}}}")
	f.Fuzz(func(t *testing.T, src string) {
		b, err := Parse("b.yaml", []byte(src))
		if err != nil {
			var ps diag.Problems
			require.ErrorAs(t, err, &ps)
			return
		}
		v, err := b.Check([]Subject{{Name: "shop", Estimate: estimate(), Baseline: estimate()}}, today, bill.Program{})
		if err == nil {
			require.Contains(t, []string{Pass, Warn, Excepted, Fail}, v.Outcome)
		}
	})
}

// A total limit is breached exactly when the total is above it.
func TestMonthlyIsExact(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		cents := rapid.IntRange(0, 60000).Draw(rt, "cents")
		v, err := check(rt, fmt.Sprintf("  rule: {monthly: %d.%02d}\n", cents/100, cents%100))
		require.NoError(rt, err)
		require.Equal(rt, 25000 > cents, v.Outcome == Fail)
	})
}

// The JSON Schema accepts what the parser does, for the examples of this test.
func TestSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("budget.json", doc))
	s, err := c.Compile("budget.json")
	require.NoError(t, err)
	value := func(src string) any {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(src))
		require.NoError(t, err)
		return v
	}
	require.NoError(t, s.Validate(
		value(`{"apiVersion": "headroom/v1", "baseline": "b.json", "rules": {"a": {
			"monthly": "$5000", "increase": "10%", "level": "warn",
			"exception": {"until": "2026-12-31", "reason": "r"}}}}`)))
	for _, bad := range []string{
		`{"apiVersion": "headroom/v1"}`,
		`{"apiVersion": "headroom/v1", "rules": {"a": {"montly": 1}}}`,
		`{"apiVersion": "headroom/v1", "rules": {"A b": {"monthly": 1}}}`,
		`{"apiVersion": "headroom/v1", "rules": {"a": {"monthly": 1, "level": "maybe"}}}`,
		`{"apiVersion": "headroom/v1", "rules": {"a": {"monthly": 1, "exception": {"until": "soon", "reason": "r"}}}}`,
	} {
		require.Error(t, s.Validate(value(bad)), bad)
	}
}

func TestEnvironments(t *testing.T) {
	b := parse(t, "  a: {monthly: 1}\n  b: {environment: dev, monthly: 1}\n  c: {environment: dev, monthly_max: 2}\n")
	require.Equal(t, []string{"production", "dev"}, b.Environments())
	cheap := estimate()
	v, err := b.Check([]Subject{{Name: "shop", Estimate: estimate()},
		{Name: "shop", Environment: "dev", Estimate: cheap}}, today, bill.Program{})
	require.NoError(t, err)
	require.Len(t, v.Results, 3, "each rule is about its environment only")
	require.Equal(t, "dev", v.Results[1].Environment)
}

func TestTodayMustBeADay(t *testing.T) {
	_, err := parse(t, "  a: {monthly: 1}\n").Check(nil, "tomorrow", bill.Program{})
	var p diag.Problem
	require.True(t, errors.As(err, &p))
}
