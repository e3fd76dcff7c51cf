package whatif

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/plan"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// Planner plans a profile, as bill.Search does; that of the command line adds overlays.
// It must be safe for concurrent use. A system that nothing carries is a
// *plan.Infeasible, wrapped or not.
type Planner func(*workload.Profile, bill.Request) (*bill.Planned, error)

// Assignment gives an input another value.
type Assignment struct {
	Path, Text string
	Pos        diag.Pos // where it is written
}

// ParseAssignment reads path=value as --set has it.
func ParseAssignment(text string) (Assignment, error) {
	path, value, ok := strings.Cut(text, "=")
	path, value = strings.TrimSpace(path), strings.TrimSpace(value)
	if !ok || path == "" || value == "" {
		return Assignment{}, fmt.Errorf("%q is not path=value, such as peak.users=5k", text)
	}
	return Assignment{Path: path, Text: value, Pos: strict.SetPos(path, value)}, nil
}

// Model is a profile whose inputs can be changed.
type Model struct {
	draft  *workload.Draft
	leaves []strict.Leaf
	plan   Planner
	opts   bill.Request
	given  []InputDelta // what With changed
}

// New makes a model of a profile's file. The file itself must be valid.
func New(draft *workload.Draft, opts bill.Request, planner Planner) (*Model, error) {
	leaves, err := draft.Leaves()
	if err != nil {
		return nil, err
	}
	return &Model{draft: draft, leaves: leaves, plan: planner, opts: opts}, nil
}

// With is the system with other values, from which further changes begin.
func (s *Model) With(sets []Assignment) (*Model, error) {
	draft, err := s.change(sets)
	if err != nil {
		return nil, err
	}
	if _, err := draft.Profile(); err != nil {
		return nil, s.explain(sets, err)
	}
	out, err := New(draft, s.opts, s.plan)
	if err != nil {
		return nil, err
	}
	inputs := s.inputDeltas(sets)
	if r, err := s.Plan(sets); err == nil { // else whoever plans the system says why not
		s.markIdle(inputs, sets, s.opts, r.Estimate)
	}
	out.given = append(slices.Clone(s.given), inputs...)
	return out, nil
}

// Inputs lists the values that can be changed.
func (s *Model) Inputs() []strict.Leaf { return s.leaves }

// input finds a value by its path; an item of a list may be named by index.
func (s *Model) input(path string) (strict.Leaf, bool) {
	for _, l := range s.leaves {
		if l.Path == path {
			return l, true
		}
	}
	return strict.Leaf{}, false
}

// number finds an input that is a number.
func (s *Model) number(path string) (strict.Leaf, error) {
	l, ok := s.input(path)
	if !ok {
		return l, fmt.Errorf("%s is no input of this profile%s", path, s.nearest(path))
	}
	if !l.Number() {
		return l, fmt.Errorf("%s is not a number that can be varied; list its values, as in %s=a,b", path, path)
	}
	return l, nil
}

func (s *Model) nearest(path string) string {
	if near := diag.Suggest(path, s.paths()); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

func (s *Model) paths() []string {
	out := make([]string, len(s.leaves))
	for i, l := range s.leaves {
		out[i] = l.Path
	}
	return out
}

// change replaces values in a copy of the file.
func (s *Model) change(sets []Assignment) (*workload.Draft, error) {
	d := s.draft.Clone()
	var all diag.Problems
	for _, a := range sets {
		err := d.Set(a.Pos, a.Path, a.Text)
		var ps diag.Problems
		if errors.As(err, &ps) {
			all = append(all, ps...)
		} else if err != nil {
			return nil, err
		}
	}
	if err := all.Err(); err != nil {
		return nil, s.explain(sets, err)
	}
	return d, nil
}

// Plan plans the system with other values.
func (s *Model) Plan(sets []Assignment) (*bill.Result, error) { return s.planWith(sets, s.opts) }

// PlanReusing is Plan for who plans again and again: u keeps what the plans share. One
// goroutine at a time may use it.
func (s *Model) PlanReusing(sets []Assignment, u *plan.Reuse) (*bill.Result, error) {
	o := s.opts
	o.Reuse = u
	return s.planWith(sets, o)
}

func (s *Model) planWith(sets []Assignment, o bill.Request) (*bill.Result, error) {
	p, err := s.Changed(sets)
	if err != nil {
		return nil, err
	}
	x, err := s.plan(p, o)
	if err != nil {
		return nil, s.explain(sets, err)
	}
	r, err := x.Bill()
	if err != nil {
		return nil, s.explain(sets, err)
	}
	return r, nil
}

// Changed is the profile with other values.
func (s *Model) Changed(sets []Assignment) (*workload.Profile, error) {
	d, err := s.change(sets)
	if err != nil {
		return nil, err
	}
	p, err := d.Profile()
	if err != nil {
		return nil, s.explain(sets, err)
	}
	return p, nil
}

// Given tells whether the profile's file has a value, whatever is the default.
func (s *Model) Given(path string) bool { return s.draft.Has(path) }

// Rewrite gives the text of the profile's file with other values in it, and its comments;
// see strict.Doc.Rewrite.
func (s *Model) Rewrite(sets []Assignment) ([]byte, error) {
	var changes []strict.Change
	for _, a := range sets {
		changes = append(changes, strict.Change{Path: a.Path, Text: a.Text})
	}
	return s.draft.Rewrite(changes)
}

// explain makes problems name the assignments: the profile was fine without
// them. A problem at an assignment whose path nobody knows is told what path may
// have been meant, since a misspelt name makes a new entry, of which the profile
// then lacks other keys.
func (s *Model) explain(sets []Assignment, err error) error {
	ps := diag.Of(err)
	if len(sets) == 0 || len(ps) == 0 {
		return err
	}
	for i := range ps {
		k := slices.IndexFunc(sets, func(a Assignment) bool { return a.Pos == ps[i].Pos })
		if k < 0 {
			ps[i].Summary += ", with " + assigned(sets)
			continue
		}
		if s.draft.Has(sets[k].Path) || slices.Contains(s.paths(), sets[k].Path) {
			continue
		}
		if near := diag.Suggest(sets[k].Path, s.paths()); near != "" {
			ps[i].Hint = "did you mean " + near + "?"
		}
	}
	return ps
}

// assigned names assignments in a message.
func assigned(sets []Assignment) string {
	const most = 3
	var parts []string
	for _, a := range sets[:min(len(sets), most)] {
		parts = append(parts, a.Path+"="+a.Text)
	}
	if more := len(sets) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	return strings.Join(parts, ", ")
}

// unplanned tells whether the error is about this one value of an input and no other
// has to fail for it, and why: nothing carries the system, or the tables end below
// what it needs, as those of object storage do.
func unplanned(err error) (string, bool) {
	var missing catalog.MissingPrices
	if errors.As(err, &missing) {
		return strings.Join(strings.Fields(missing.Error()), " "), true
	}
	return infeasible(err)
}

// infeasible tells whether the error says that nothing carries the system, and
// why.
func infeasible(err error) (string, bool) {
	var none *plan.Infeasible
	if errors.As(err, &none) {
		return none.Error(), true
	}
	return "", false
}
