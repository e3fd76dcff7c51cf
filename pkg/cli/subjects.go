package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"headroom/pkg/budget"
	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/workload"
)

// subjects are the systems that are checked, each with its baseline, and those that
// are not checked.
func (a *app) subjects(b *budget.Budget, o checkOptions, args []string) ([]budget.Subject, []budget.Unchecked,
	error) {
	opts, err := a.planOptions()
	if err != nil {
		return nil, nil, err
	}
	dir := filepath.Dir(o.budget)
	by := ""
	if len(args) == 0 {
		by = namedBy(dir)
		for _, p := range b.Profiles {
			args = append(args, beside(dir, p))
		}
	}
	if len(args) == 0 {
		return nil, nil, hinted{usagef("no profile is named"),
			"Name one, as in headroom check ./shop.yaml, or add profiles: [shop.yaml] to " + o.budget + "."}
	}
	from := sourceOptions{by: by, plan: opts, environments: b.Environments(), every: b.AllEnvironments(),
		lenient: true, failures: b.Failures()}
	var bases []side
	baseline := o.baseline
	if baseline == "" && b.Baseline != "" {
		baseline = beside(dir, b.Baseline)
	}
	if baseline != "" {
		strictly := from
		strictly.lenient = false
		if o.baseline == "" {
			strictly.by = namedBy(dir)
		}
		if bases, err = a.sides(baseline, strictly); err != nil {
			return nil, nil, err
		}
	}
	heads, err := a.heads(args, from)
	if err != nil {
		return nil, nil, err
	}
	var out []budget.Subject
	for _, h := range heads {
		s, err := a.subject(h, bases, o)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, s)
	}
	return out, unchecked(heads, bases), nil
}

// heads are the systems that the arguments name, each of a name of its own: a
// baseline is found by the name.
func (a *app) heads(args []string, from sourceOptions) ([]side, error) {
	var out []side
	for _, arg := range args {
		more, err := a.sides(arg, from)
		if err != nil {
			return nil, err
		}
		for _, h := range more {
			if other, twice := sideOf(out, h.name); twice {
				return nil, twiceError(h.name, other.label, h.label)
			}
			h.measure()
			out = append(out, h)
		}
	}
	return out, nil
}

// measure fills in the room of what was planned here, which a budget may ask for. What
// else an estimate remarks, such as quotas, for which all other environments are
// planned, no verdict shows.
func (s *side) measure() {
	if s.planned != nil {
		s.estimate.Headroom = insight.Room(s.planned.Plan)
	}
}

// unchecked are the environments of the profiles that were not planned, and what
// only the baseline has.
func unchecked(heads, bases []side) []budget.Unchecked {
	var out []budget.Unchecked
	for _, h := range heads {
		if h.profile == nil || strings.Contains(h.name, "/") {
			continue
		}
		for _, env := range h.profile.Environments.Keys() {
			s := budget.System{Profile: h.name, Environment: env}
			if _, ok := sideOf(heads, s.String()); !ok {
				out = append(out, budget.Unchecked{System: s})
			}
		}
	}
	for _, b := range bases {
		s := budget.System{}
		s.Profile, s.Environment = splitName(b.name)
		_, checked := sideOf(heads, b.name)
		known := slices.ContainsFunc(out, func(u budget.Unchecked) bool { return u.System == s })
		if !checked && !known {
			out = append(out, budget.Unchecked{System: s, Baseline: b.label})
		}
	}
	return out
}

// namedBy is the folder in which a budget may name files that errors quote: the
// working folder, which is the repository's, where the budget is in it; else its own.
func namedBy(dir string) string {
	if filepath.IsLocal(dir) {
		return "."
	}
	return dir
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
	if h.profile != nil {
		s.Environments = h.profile.Environments.Keys()
	}
	if h.none != nil {
		s.Infeasible = h.none
		return s, nil
	}
	if len(bases) == 0 || len(h.estimate.Unpriced) > 0 {
		return s, nil
	}
	base, ok := sideOf(bases, h.name)
	if !ok {
		s.New = bases[0].label
		for _, b := range bases {
			s.Known = append(s.Known, b.name)
		}
		return s, nil
	}
	if was, is := base.estimate.Scope, h.estimate.Scope; was != is {
		return s, hinted{invalidError{fmt.Errorf("the baseline %s has the scope %s, the profile %s",
			base.label, was, is)},
			"Make the baseline again with the same --scope."}
	}
	if err := a.alike(&base, &h, o.reprice, &s); err != nil {
		return s, err
	}
	s.Estimate, s.Baseline, s.Label = h.estimate, base.estimate, base.label
	diff, err := a.compare(base, h)
	s.Diff = diff
	return s, err
}

// systemOf names a profile in an environment: shop, or shop/dev beside production.
func systemOf(profile, environment string) string {
	return budget.System{Profile: profile, Environment: cmp.Or(environment, workload.Production)}.String()
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
