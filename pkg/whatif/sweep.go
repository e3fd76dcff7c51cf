package whatif

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/compare"
	"headroom/pkg/plan"
	"headroom/pkg/strict"
)

// SweepSchema identifies the JSON form of a Sweep.
const SweepSchema = "headroom.sweep/v2"

// Sweep is a system planned at every value of one input, or at every pair of
// values of two.
type Sweep struct {
	Schema  string       `json:"schema"`
	Program bill.Program `json:"program"`
	Profile bill.Source  `json:"profile"`
	Title   string       `json:"title"`
	Prices  string       `json:"prices"`
	Regions []string     `json:"regions"`
	Inputs  []InputDelta `json:"inputs"` // set beside what is varied
	Axes    []Axis       `json:"axes"`
	Of      int          `json:"points_of"`        // how many points there are to be
	Growth  *Growth      `json:"growth,omitempty"` // nil where every point is planned anew
	Partial bool         `json:"partial"`          // stopped before all were planned
	Points  []Point      `json:"points"`           // the second input varies fastest
	// Returns are the components of a sweep of one input that come back to machines
	// which they had left; those that never do have none.
	Returns []Return `json:"returns,omitempty"`
}

// Point is a system at one value of each input.
type Point struct {
	At      []int           `json:"-"` // index of the value on each axis
	Inputs  []string        `json:"-"` // values as assignments have them
	Values  []compare.Value `json:"inputs"`
	Failure string          `json:"failure"`
	Figures *Figures        `json:"figures,omitempty"`
	// Marks say what is another than at the point before: binding limit, type,
	// partitions, shards. The point before is that from which the system grows to this
	// one. Where every point is planned anew it is that with the next lower value of the
	// second input, and of the first where there is none.
	Marks []Mark `json:"marks"`
	// BuiltAnew names the components that left the machines which they were to keep:
	// those of the point before, or of a saved plan.
	BuiltAnew []string `json:"built_anew,omitempty"`

	err error // of the failure
}

// Mark is a component that is built differently from the point before.
type Mark struct {
	Component string           `json:"component"`
	System    string           `json:"system"`
	Changes   []compare.Change `json:"changes"`
}

// Sweep plans every point, those of one input that is a number as one system that
// grows (see Growth), unless they are to be planned anew. When the context is cancelled it
// returns what is there, marked as partial.
func (s *Model) Sweep(ctx context.Context, axes []Axis, anew bool, progress Progress) (*Sweep, error) {
	n, err := countPoints(axes)
	if err != nil {
		return nil, err
	}
	g, err := s.growth(axes, anew)
	if err != nil {
		return nil, err
	}
	all, heads, done := make([]Point, n), make([]*bill.Estimate, n), make([]bool, n)
	_, err = each(ctx, n, runtime.GOMAXPROCS(0), progress, func(k int, u *plan.Reuse) error {
		i := g.turn(k)
		e, err := s.point(&all[i], all[i].place(axes, i), g.step(i), u)
		if err != nil {
			return err
		}
		if done[i] = true; e != nil {
			heads[i] = &bill.Estimate{Program: e.Program, Profile: e.Profile, Title: e.Title, Prices: e.Prices,
				Regions: e.Regions}
		}
		return nil
	})
	if err == nil {
		err = onlyMissing(all)
	}
	if err != nil {
		return nil, err
	}
	out := &Sweep{Schema: SweepSchema, Inputs: s.given, Axes: axes, Of: n, Growth: g.said(), Points: []Point{}}
	for i := range all {
		if !done[i] {
			out.Partial = true
			continue
		}
		if h := heads[i]; h != nil && out.Title == "" {
			out.Program, out.Profile, out.Title = h.Program, h.Profile, h.Title
			out.Prices, out.Regions = h.Prices.Vintage, h.Regions
		}
		was := before(all, done, axes, i)
		if g != nil {
			was = g.before(all, i)
		}
		all[i].Marks = marks(was, all[i].Figures)
		out.Points = append(out.Points, all[i])
	}
	if len(axes) == 1 {
		out.Returns = returns(inOrder(out.Points, &axes[0]))
	}
	// The digest of a point's profile is that of its values, too.
	if p, err := s.draft.Profile(); err == nil {
		out.Profile.Digest = p.Digest
	}
	return out, nil
}

// countPoints is how many points axes have together, or what is wrong with them.
func countPoints(axes []Axis) (int, error) {
	n := 1
	for i, a := range axes {
		if i > 0 && a.Path == axes[0].Path {
			return 0, WrongAxes{fmt.Errorf("%s is varied twice", a.Path)}
		}
		n *= len(a.Texts)
	}
	if len(axes) == 0 || len(axes) > maxAxes {
		return 0, WrongAxes{fmt.Errorf("vary one or two inputs, not %d", len(axes))}
	}
	if n > maxPoints {
		return 0, WrongAxes{fmt.Errorf("a sweep has at most %d points, not %d", maxPoints, n)}
	}
	return n, nil
}

// onlyMissing is the error of the first point where the tables lack a price for it
// and no point can be priced: then it is the tables that have to be completed.
func onlyMissing(points []Point) error {
	var missing catalog.MissingPrices
	for i := range points {
		if points[i].Figures != nil {
			return nil
		}
	}
	if len(points) > 0 && errors.As(points[0].err, &missing) {
		return points[0].err
	}
	return nil
}

// WrongAxes says what is wrong with the inputs that are to be varied.
type WrongAxes struct{ error }

// NoPlan tells whether all points were tried and none has a plan, and why the
// first has none.
func (s *Sweep) NoPlan() (why string, none bool) {
	if s.Partial || len(s.Points) == 0 {
		return "", false
	}
	for i := range s.Points {
		if s.Points[i].Figures != nil {
			return "", false
		}
	}
	return strings.Join(s.Points[0].Inputs, ", ") + ": " + s.Points[0].Failure, true
}

// place puts the i-th point on the axes; it returns the values there.
func (p *Point) place(axes []Axis, i int) []Assignment {
	p.At = []int{i}
	if len(axes) == 2 {
		p.At = []int{i / len(axes[1].Texts), i % len(axes[1].Texts)}
	}
	sets := make([]Assignment, len(axes))
	for k, a := range axes {
		text := a.Texts[p.At[k]]
		p.Inputs, p.Values = append(p.Inputs, text), append(p.Values, a.Given[p.At[k]])
		sets[k] = Assignment{Path: a.Path, Text: text, Pos: strict.SetPos(a.Path, text)}
	}
	return sets
}

// point plans one point of a sweep; the estimate is nil where it has no plan.
func (s *Model) point(p *Point, sets []Assignment, g *step, u *plan.Reuse) (*bill.Estimate, error) {
	r, err := s.grown(sets, g, u)
	if why, none := unplanned(err); none {
		p.Failure, p.err = why, err
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := figures(r.Estimate)
	f.Together = r.Together()
	p.Figures, p.BuiltAnew = &f, r.Plan.Left()
	return r.Estimate, nil
}

// before is the plan with which that of a point is compared, nil where there is none.
func before(all []Point, done []bool, axes []Axis, i int) *Figures {
	k := i - 1
	if last := len(axes[len(axes)-1].Texts); i%last == 0 && len(axes) == 2 {
		k = i - last
	}
	if k < 0 || !done[k] {
		return nil
	}
	return all[k].Figures
}

// marks lists the components that are built differently.
func marks(a, b *Figures) []Mark {
	if a == nil || b == nil {
		return nil
	}
	var out []Mark
	for i := range b.Components {
		is := &b.Components[i]
		was := a.find(is.Owner)
		if was == nil {
			continue
		}
		if list := changes(was, is, false); len(list) > 0 {
			out = append(out, Mark{is.Name, is.System, list})
		}
	}
	return out
}
