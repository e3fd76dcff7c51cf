package whatif

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/unit"
)

// metric is a figure of a plan that a goal can be about.
type metric struct {
	name  string
	about string
	// of is the figure, +Inf where the plan has none that is finite (response
	// times of overloaded nodes).
	of   func(r *bill.Result, component string) (float64, error)
	unit string
	// parse reads the bound.
	parse func(string) (float64, error)
	// parts tells whether the figure exists for one component.
	parts bool
	// steady tells whether the figure cannot but grow with the load, so that
	// bisection finds where it passes a bound.
	steady bool
	// billed tells whether the figure is the bill. Where machines are chosen by their
	// running cost, that cannot but grow with the load, but the bill falls where
	// fewer nodes or shards take the place of more.
	billed bool
}

// Units of the figures that goals can be about.
const (
	UnitMonth   = "USD/month"
	UnitUser    = "USD/user/month"
	UnitMillion = "USD/million requests"
	UnitShare   = "share of the users"
	UnitNodes   = "nodes"
	UnitSplits  = "divisions"
	UnitSeconds = "s"
)

// metrics lists the figures that goals can be about.
func metrics() []metric {
	list := []metric{
		{name: "monthly", about: "expected cost a month, dollars", of: monthly, parse: dollars, unit: UnitMonth,
			parts: true, steady: true, billed: true},
		{name: "monthly_all", about: "expected cost a month of production and all environments, dollars",
			of: monthlyOfAll, parse: dollars, unit: UnitMonth},
		{name: "per_user", about: "dollars a user and month", of: perUser, parse: dollars, unit: UnitUser},
		{name: "per_million_requests", about: "dollars a million requests", of: perMillion,
			parse: dollars, unit: UnitMillion},
		{name: "headroom", about: "users beyond the planned ones on the same machines, as a part of these",
			of: headroom, parse: fraction, unit: UnitShare},
		{name: "nodes", about: "most nodes at any hour", of: nodeCount, parse: count, unit: UnitNodes,
			parts: true, steady: true},
		{name: "splits", about: "how often databases are divided: primaries (partitions, shards) beyond the first",
			of: splits, parse: count, unit: UnitSplits, parts: true},
	}
	for _, p := range []struct {
		name  string
		value float64
	}{{"p50", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p999", 0.999}} {
		list = append(list, metric{name: p.name,
			about: "response time at the peak, the longest of all components or that of one", parts: true,
			of: func(r *bill.Result, c string) (float64, error) { return response(r, c, p.value) }, parse: duration,
			unit: UnitSeconds})
	}
	return list
}

// MetricNames lists the figures that goals can be about, with what they are.
func MetricNames() (names, about []string) {
	for _, m := range metrics() {
		names, about = append(names, m.name), append(about, m.about)
	}
	return names, about
}

// Goal is a bound on a figure.
type Goal struct {
	Text      string  `json:"text"`      // as it was given
	Figure    string  `json:"figure"`    // monthly, headroom, p99, …
	Component string  `json:"component"` // "" for the system
	AtMost    bool    `json:"at_most"`   // else at least
	Bound     float64 `json:"bound"`
	Unit      string  `json:"unit"` // of the figure and the bound

	metric metric
}

// ParseGoal reads goals such as monthly<=5000, headroom>=20%, p99:web<=200ms.
func ParseGoal(text string) (Goal, error) {
	name, bound, ok := strings.Cut(text, "<=")
	g := Goal{Text: text, AtMost: ok}
	if !ok {
		if name, bound, ok = strings.Cut(text, ">="); !ok {
			return g, fmt.Errorf("%q is not a goal such as monthly<=5000 or headroom>=20%%", text)
		}
	}
	name, bound = strings.TrimSpace(name), strings.TrimSpace(bound)
	name, g.Component, _ = strings.Cut(name, ":")
	known, _ := MetricNames()
	for _, m := range metrics() {
		if m.name == name {
			g.metric, g.Figure, g.Unit = m, m.name, m.unit
		}
	}
	if g.metric.name == "" {
		why := "known are " + strings.Join(known, ", ")
		if near := diag.Suggest(name, known); near != "" {
			why = "did you mean " + near + "? " + why
		}
		return g, fmt.Errorf("%q is no figure of a plan; %s", name, why)
	}
	if g.Component != "" && !g.metric.parts {
		return g, fmt.Errorf("%s is a figure of the whole system, not of one component", name)
	}
	var err error
	if g.Bound, err = g.metric.parse(bound); err != nil {
		return g, fmt.Errorf("%s: %w", text, err)
	}
	return g, nil
}

// meets tells whether a figure reaches the goal.
func (g *Goal) meets(x float64) bool {
	if g.AtMost {
		return x <= g.Bound
	}
	return x >= g.Bound
}

func monthly(r *bill.Result, component string) (float64, error) {
	e := r.Estimate
	if component == "" {
		return e.Total.Expected.Float64(), nil
	}
	f := figures(e)
	s := f.find(bill.Owner{Name: component})
	if s == nil {
		return 0, unknownComponent(r, component)
	}
	return s.Cost.Expected.Float64(), nil
}

// monthlyOfAll is the cost of all environments together; that of the system where it has no
// other.
func monthlyOfAll(r *bill.Result, _ string) (float64, error) {
	t := r.Together()
	switch {
	case t == nil:
		return r.Estimate.Total.Expected.Float64(), nil
	case len(t.NotCounted) > 0:
		return 0, fmt.Errorf("what cannot be planned has no cost: environment %s", strings.Join(t.NotCounted, ", "))
	}
	return t.Total.Expected.Float64(), nil
}

// weightsOf is what the running cost of a component, or of all, has beside the bill.
func weightsOf(r *bill.Result, component string) float64 {
	sum := 0.0
	for _, c := range r.Plan.Choices {
		if component == "" || c.Component.Name == component {
			sum += c.Running().Total().Minus(c.Cost()).Float64()
		}
	}
	return sum
}

// UnknownFigure is a figure that the system does not have.
type UnknownFigure struct{ error }

func unknownComponent(r *bill.Result, name string) error {
	var known []string
	for _, c := range r.Plan.Choices {
		known = append(known, c.Component.Name)
	}
	if near := diag.Suggest(name, known); near != "" {
		return UnknownFigure{fmt.Errorf("no component is called %q; did you mean %s?", name, near)}
	}
	return UnknownFigure{fmt.Errorf("no component is called %q; known are %s", name, strings.Join(known, ", "))}
}

func perUser(r *bill.Result, _ string) (float64, error) { return figureOr(figures(r.Estimate).PerUser) }

func perMillion(r *bill.Result, _ string) (float64, error) {
	return figureOr(figures(r.Estimate).PerMillion)
}

func figureOr(x *float64) (float64, error) {
	if x == nil {
		return 0, fmt.Errorf("a system without users has no unit cost")
	}
	return *x, nil
}

func headroom(r *bill.Result, _ string) (float64, error) {
	h := insight.Room(r.Plan)
	if h == nil {
		return 0, UnknownFigure{fmt.Errorf("a system without users has no headroom")}
	}
	return h.Share, nil
}

func nodeCount(r *bill.Result, component string) (float64, error) {
	n, found := 0, component == ""
	for _, p := range r.Estimate.Parts {
		if component != "" && p.Name != component {
			continue
		}
		found = true
		for _, pool := range p.Pools {
			if p.Machine != "" {
				n += pool.Max
			}
		}
	}
	if !found {
		return 0, unknownComponent(r, component)
	}
	return float64(n), nil
}

func splits(r *bill.Result, component string) (float64, error) {
	n, found := 0, component == ""
	for _, c := range r.Plan.Choices {
		if component == "" || c.Component.Name == component {
			n, found = n+max(0, c.Layout.Shards-1), true
		}
	}
	if !found {
		return 0, unknownComponent(r, component)
	}
	return float64(n), nil
}

func response(r *bill.Result, component string, percentile float64) (float64, error) {
	worst, found := 0.0, false
	for _, x := range insight.Responses(r.Plan, percentile) {
		if component == "" || x.Component == component {
			worst, found = math.Max(worst, x.Seconds), true
		}
	}
	if !found {
		if component == "" {
			return 0, UnknownFigure{fmt.Errorf("no component of this system is modelled as a queue")}
		}
		return 0, UnknownFigure{fmt.Errorf("component %q has no response time: it does not exist, "+
			"has no load or is not modelled as a queue", component)}
	}
	return worst, nil
}

func dollars(text string) (float64, error) {
	x, err := unit.ParseCount(strings.TrimPrefix(text, "$"))
	if err != nil {
		return 0, fmt.Errorf("%q is not an amount in dollars, such as 5000 or 0.25", text)
	}
	return float64(x), nil
}

func fraction(text string) (float64, error) {
	x, err := unit.ParseFraction(text)
	return float64(x), err
}

func count(text string) (float64, error) {
	x, err := unit.ParseCount(text)
	return float64(x), err
}

func duration(text string) (float64, error) {
	x, err := unit.ParseDuration(text)
	return float64(x), err
}
