package whatif

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// GoalSchema identifies the JSON form of a Solution.
const GoalSchema = "headroom.goal/v2"

// InputRange says which input is searched for a goal.
type InputRange struct {
	Path     string
	From, To float64
	Smallest bool // the smallest value that meets the goal, else the largest
	Quick    bool // bracketed and bisected in some twenty plans; nothing between them is tried

	leaf strict.Leaf
}

// defaultSpan is how far around its value in the profile an input is searched
// where no range is given.
const defaultSpan = 100

// Ends of ranges that can be searched, in base units: beyond what anything has.
const leastSearched, mostSearched = 1e-15, 1e30

// Search reads PATH or PATH=FROM..TO.
func (s *Model) Search(text string, smallest bool) (InputRange, error) {
	path, rest, ranged := strings.Cut(text, "=")
	l, err := s.number(path)
	if err != nil {
		return InputRange{}, err
	}
	q := InputRange{Path: path, Smallest: smallest, leaf: l}
	if ranged {
		from, to, ok := strings.Cut(rest, "..")
		if !ok {
			return q, fmt.Errorf("%q is not PATH or PATH=FROM..TO", text)
		}
		if q.From, q.To, err = ends(&l, from, to); err == nil && (q.To < leastSearched || q.To > mostSearched) {
			err = fmt.Errorf("%s is not a value that can be searched; end the range between %g and %g",
				to, leastSearched, mostSearched)
		}
		return q, err
	}
	now, err := l.Parse(l.Now)
	if err != nil || !(now > 0) {
		return q, fmt.Errorf("%s has no value around which to search; give the range, as in %s=FROM..TO", path, path)
	}
	q.From, q.To = now/defaultSpan, now*defaultSpan
	if _, err := unit.ParseFraction(l.Now); err == nil && now <= 1 && strings.HasSuffix(l.Now, "%") {
		q.To = math.Min(q.To, 1)
	}
	return q, nil
}

// Solution is what a search found.
type Solution struct {
	Schema  string        `json:"schema"`
	Program bill.Program  `json:"program"`
	Profile bill.Source   `json:"profile"`
	Title   string        `json:"title"`
	Prices  string        `json:"prices"`
	Regions []string      `json:"regions"`
	Inputs  []InputDelta  `json:"inputs"` // set beside what is varied
	Goal    Goal          `json:"goal"`
	Path    string        `json:"path"`
	Want    string        `json:"want"` // largest or smallest
	From    compare.Value `json:"from"`
	To      compare.Value `json:"to"`
	Method  string        `json:"method"`  // Bisection, Scan or Quick
	Planned int           `json:"planned"` // plans that were made
	// RuledOut counts the values of a scan that were not planned, as the running cost
	// around them leaves no bill that meets the goal.
	RuledOut int `json:"ruled_out"`
	// Whether the figure only rose, or only fell, wherever it was looked at.
	Rising  bool            `json:"monotone"`
	Partial bool            `json:"partial"`        // stopped before the end: nothing is proven
	Base    *Reached        `json:"base,omitempty"` // the profile as it is
	Meets   *Reached        `json:"meets,omitempty"`
	Fails   *Reached        `json:"fails,omitempty"` // the next value, which does not meet the goal
	Turns   []compare.Value `json:"turns"`           // where the figure goes back, some of them
	// ShownTurns are the same for people.
	ShownTurns []string `json:"-"`
}

// Reached is the figure at a value.
type Reached struct {
	Value   compare.Value `json:"value"`
	Shown   string        `json:"-"`
	Figure  *float64      `json:"figure,omitempty"` // nil where it has no end or there is no plan
	Failure string        `json:"failure"`
	Plan    *Figures      `json:"plan,omitempty"`

	number  float64
	weights float64 // of the running cost, where the figure is the bill
}

// Methods of a search.
const (
	Bisection = "bisection" // the figure goes one way only, so that halving finds where it passes the bound
	Scan      = "scan"      // every value of three digits from the wanted end on
	Quick     = "quick"     // a few values over the range, then halving between two of them
)

// coarse is at how many values the whole range is looked at first.
const coarse = 33

// window is how many neighbours of a result are tried, and beyond those up to a
// tenth above the bound.
const window = 24

// scanMost bounds a scan.
const scanMost = 50_000

// Solve finds the largest or smallest value of an input at which the goal is
// met.
func (s *Model) Solve(ctx context.Context, g Goal, q InputRange, progress Progress) (*Solution, error) {
	v := &solver{s: s, g: &g, q: &q, ctx: ctx, progress: progress, seen: map[float64]Reached{}}
	p, err := s.draft.Profile()
	if err != nil {
		return nil, err
	}
	v.weighed = g.metric.billed && !p.Policy.Running.None
	v.sol = Solution{Schema: GoalSchema, Inputs: s.given, Goal: g, Path: q.Path, Want: "largest", Rising: true,
		From: compare.ValueOf(&q.leaf, q.leaf.Text(q.From)), To: compare.ValueOf(&q.leaf, q.leaf.Text(q.To))}
	if q.Smallest {
		v.sol.Want = "smallest"
	}
	base, err := s.Plan(nil)
	if _, none := infeasible(err); none {
		base, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	if base != nil {
		e := base.Estimate
		v.sol.Program, v.sol.Profile, v.sol.Title = e.Program, e.Profile, e.Title
		v.sol.Prices, v.sol.Regions = e.Prices.Vintage, e.Regions
		at := Reached{Value: compare.ValueOf(&q.leaf, q.leaf.Now)}
		if x := at.Value.Number; x != nil {
			at.Shown = q.leaf.Human(*x)
		}
		if err := v.fill(&at, base); err != nil {
			return nil, err
		}
		v.sol.Base = &at
	}
	err = v.run()
	if errors.Is(err, context.Canceled) {
		v.sol.Partial, err = true, nil
	}
	if err != nil {
		return nil, err
	}
	v.sol.Planned = len(v.seen)
	return &v.sol, v.withEnvironments(base)
}
