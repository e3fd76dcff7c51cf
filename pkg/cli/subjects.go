package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/diag"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// subjects are the systems that are checked, each with its baseline.
func (a *app) subjects(b *budget.Budget, o checkOptions, args []string) ([]budget.Subject, error) {
	opts, err := a.planOptions()
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(o.budget)
	if len(args) == 0 {
		for _, p := range b.Profiles {
			args = append(args, beside(dir, p))
		}
	}
	if len(args) == 0 {
		return nil, hinted{usagef("no profile is named"),
			"Name one, as in headroom check ./shop.yaml, or add profiles: [shop.yaml] to " + o.budget + "."}
	}
	from := sourceOptions{plan: opts, environments: b.Environments(), lenient: true}
	var bases []side
	baseline := o.baseline
	if baseline == "" && b.Baseline != "" {
		baseline = beside(dir, b.Baseline)
	}
	if baseline != "" {
		strictly := from
		strictly.lenient = false
		if bases, err = a.sides(baseline, strictly); err != nil {
			return nil, err
		}
	}
	var out []budget.Subject
	for _, arg := range args {
		heads, err := a.sides(arg, from)
		if err != nil {
			return nil, err
		}
		for _, h := range heads {
			s, err := a.subject(h, bases, o)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// beside is a file that the budget names, relative to it. Names of embedded
// profiles, revisions and absolute paths stay as they are.
func beside(dir, name string) string {
	if !looksLikeFile(name) || filepath.IsAbs(name) {
		return name
	}
	if _, _, ok := gitObject(name); ok {
		return name
	}
	joined := filepath.Join(dir, name)
	if !looksLikeFile(joined) { // ./name in the same folder
		joined = "." + string(filepath.Separator) + joined
	}
	return joined
}

// subject makes what is checked of a side, with the baseline of the same
// profile.
func (a *app) subject(h side, bases []side, o checkOptions) (budget.Subject, error) {
	s := budget.Subject{Name: h.name, Estimate: h.estimate, At: h.places()}
	s.Name, s.Environment = splitName(h.name)
	if h.none != nil {
		s.Infeasible = h.none
		return s, nil
	}
	if len(bases) == 0 || len(h.estimate.Unpriced) > 0 {
		return s, nil
	}
	base, ok := sideOf(bases, h.name)
	if !ok && len(bases) == 1 && s.Environment == workload.Production {
		base, ok = bases[0], true
	}
	if !ok {
		return s, lacksSide(bases, h.name)
	}
	if err := a.comparable(&base, h, o.reprice, &s); err != nil {
		return s, err
	}
	s.Baseline, s.Label = base.estimate, base.label
	diff, err := a.compare(base, h)
	s.Diff = diff
	return s, err
}

// comparable refuses a baseline at other prices, or bills it at those of the
// head.
func (a *app) comparable(base *side, h side, reprice bool, s *budget.Subject) error {
	was, is := base.estimate.Prices, h.estimate.Prices
	if base.estimate.Scope != h.estimate.Scope {
		return hinted{invalidError{fmt.Errorf("the baseline %s has the scope %s, the profile %s",
			base.label, base.estimate.Scope, h.estimate.Scope)}, "Make the baseline again with the same --scope."}
	}
	if was.Vintage == is.Vintage && was.Digest == is.Digest {
		return nil
	}
	if !reprice {
		what := fmt.Sprintf("the baseline %s is at the prices of %s, the profile at those of %s",
			base.label, was.Vintage, is.Vintage)
		if was.Vintage == is.Vintage {
			what = fmt.Sprintf("the baseline %s is at other tables of %s than the profile (another version of the "+
				"program, or other overlays)", base.label, was.Vintage)
		}
		return hinted{invalidError{errors.New(what)},
			"Add --reprice to bill the baseline at the profile's prices, or make the baseline again."}
	}
	cat, err := a.catalog()
	if err != nil {
		return err
	}
	var overlays []plan.Overlay
	if h.planned != nil {
		overlays = h.planned.Request.Overlays
	}
	v, err := plan.OpenVintage(cat, is.Vintage, overlays)
	if err != nil {
		return err
	}
	if v.Digest() != is.Digest {
		return hinted{invalidError{fmt.Errorf("the tables of %s are not those of %s", is.Vintage, h.label)},
			"Check the profile instead of a saved estimate."}
	}
	if base.estimate, err = bill.Reprice(base.estimate, v); err != nil {
		return err
	}
	base.planned, s.Repriced = nil, true
	return nil
}

// splitName parts shop/dev into the profile and its environment.
func splitName(name string) (profile, environment string) {
	for i := range name {
		if name[i] == '/' {
			return name[:i], name[i+1:]
		}
	}
	return name, workload.Production
}

// places tells where components stand in the profile; nil for what is not in a
// file of the user's.
func (s side) places() func(string) diag.Pos {
	if s.profile == nil || s.embedded {
		return nil
	}
	p := s.profile
	return func(component string) diag.Pos {
		for _, e := range p.Components {
			if e.Key == component {
				return e.KeyPos
			}
		}
		return p.Pos
	}
}
