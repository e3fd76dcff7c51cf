package cli

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/plan"
	"headroom/pkg/report"
	"headroom/pkg/workload"
)

// side is one estimate to be compared or checked, with the plan that led to it
// where it was not read from a file.
type side struct {
	label    string
	name     string // of the profile
	estimate *bill.Estimate
	planned  *bill.Result
	profile  *workload.Profile // as parsed; nil for a saved estimate
	embedded bool
	none     error // why nothing carries the system; then there is no estimate
}

// sourceOptions say how what is named becomes estimates.
type sourceOptions struct {
	plan         bill.Request
	profile      string   // for a vintage
	environments []string // production without any
	every        bool     // all environments that a profile has, instead
	by           string   // folder of the file that names it, "" for the command line
	lenient      bool     // a system that nothing carries is a side, not an error
	failures     bool     // what the systems withstand is asked for
}

func isVintage(arg string) bool {
	return regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`).MatchString(arg)
}

// gitObject splits REVISION:PATH. A file of that name, or the drive letter of
// a path, is not one.
func gitObject(arg string) (rev, file string, ok bool) {
	rev, file, ok = strings.Cut(arg, ":")
	if !ok || len(rev) < 2 || file == "" {
		return "", "", false
	}
	if _, err := os.Stat(arg); err == nil {
		return "", "", false
	}
	return rev, file, true
}

func isEstimate(arg string) bool { return strings.HasSuffix(strings.ToLower(arg), ".json") }

// sides are the estimates that an argument names: saved ones, a profile, one
// in a git revision, or a profile at the prices of a vintage.
func (a *app) sides(arg string, o sourceOptions) ([]side, error) {
	if isVintage(arg) {
		if o.profile == "" {
			return nil, hinted{usageError{fmt.Errorf("%s is a vintage of prices, but no profile is named", arg)},
				"Add --profile medium, or the profile that is to be priced; headroom prices diff compares " +
					"the tables themselves."}
		}
		o.plan.Vintage = arg
		sides, err := a.sides(o.profile, o)
		for i := range sides {
			sides[i].label = arg
		}
		return sides, err
	}
	if isEstimate(arg) {
		src, err := a.read(estimateKind(), arg, o.by)
		if err != nil {
			return nil, err
		}
		return a.savedSides(arg, src)
	}
	p, err := a.loadNamed(arg, o.by)
	if err != nil {
		return nil, err
	}
	return a.plannedSides(arg, p, o, !looksLikeFile(arg))
}

func (a *app) savedSides(arg string, src []byte) ([]side, error) {
	estimates, err := a.saved(arg, src)
	if err != nil {
		return nil, err
	}
	if len(estimates) == 0 {
		return nil, invalidError{fmt.Errorf("%s has no estimate", arg)}
	}
	var out []side
	for i := range estimates {
		e := &estimates[i]
		if _, twice := sideOf(out, e.Profile.Name); twice {
			return nil, twiceError(e.Profile.Name, arg, arg)
		}
		out = append(out, side{label: arg, name: e.Profile.Name, estimate: e})
	}
	return out, nil
}

func (a *app) plannedSides(arg string, p *workload.Profile, o sourceOptions, embedded bool) ([]side, error) {
	environments := o.environments
	if len(environments) == 0 {
		environments = []string{workload.Production}
	}
	if o.every {
		environments = append([]string{workload.Production}, p.Environments.Keys()...)
	}
	var out []side
	for _, env := range environments {
		if _, ok := p.Environments.Get(env); !ok && env != workload.Production {
			continue // another of the profiles may have it
		}
		opts := o.plan
		opts.Environment = env
		s := side{label: arg, name: systemOf(p.Name, env), profile: p, embedded: embedded}
		planned, err := a.billProfile(p, opts)
		var none *plan.Infeasible
		switch {
		case o.lenient && errors.As(err, &none):
			s.none = err
		case err != nil:
			return nil, named(err, s.name)
		default:
			s.planned, s.estimate = planned, planned.Estimate
			if o.failures {
				if err := insight.Withstand(planned); err != nil {
					return nil, named(err, s.name)
				}
			}
			if !o.lenient { // a comparison says it; a check adds up what its rules are about
				s.estimate.Together = planned.Together()
			}
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		_, err := p.Environment(environments[0])
		return nil, err
	}
	return out, nil
}

// pairSides finds the base of every head: the only one, or that of the same
// profile. Two profiles in several environments are paired by environment.
func pairSides(bases, heads []side) ([][2]side, error) {
	if len(bases) == 1 && len(heads) == 1 {
		return [][2]side{{bases[0], heads[0]}}, nil
	}
	if base, head := onlyProfile(bases), onlyProfile(heads); base != "" && head != "" && base != head {
		bases = slices.Clone(bases)
		for i := range bases {
			bases[i].name = head + strings.TrimPrefix(bases[i].name, base)
		}
	}
	var out [][2]side
	for _, h := range heads {
		b, ok := sideOf(bases, h.name)
		if !ok {
			return nil, lacksSide(bases, h.name)
		}
		out = append(out, [2]side{b, h})
	}
	for _, b := range bases {
		if _, ok := sideOf(heads, b.name); !ok {
			return nil, lacksSide(heads, b.name)
		}
	}
	return out, nil
}

// onlyProfile is the name of the profile that all sides are of; "" where there are
// several.
func onlyProfile(list []side) string {
	one, _ := splitName(list[0].name)
	for _, s := range list {
		if name, _ := splitName(s.name); name != one {
			return ""
		}
	}
	return one
}

func sideOf(list []side, name string) (side, bool) {
	for _, s := range list {
		if s.name == name {
			return s, true
		}
	}
	return side{}, false
}

// twiceError refuses two systems of one name, which nothing could tell apart.
func twiceError(name, one, other string) error {
	return hinted{invalidError{fmt.Errorf("two systems are called %s: in %s and in %s", name, one, other)},
		"Give each profile a name: of its own."}
}

func lacksSide(list []side, name string) error {
	var known []string
	for _, s := range list {
		known = append(known, s.name)
	}
	hint := "It has " + strings.Join(known, ", ") +
		"; name the same profiles and, with --environment, the same environments."
	if near := diag.Suggest(name, known); near != "" {
		hint = "Did you mean " + near + "? " + hint
	}
	return hinted{invalidError{fmt.Errorf("%s has no estimate of %s", list[0].label, name)}, hint}
}

// compare finds the differences of two sides. The causes are substituted one after the
// other, of what is saved with the inputs that it keeps; where these no longer give the
// same bill, the difference is split by the lines.
func (a *app) compare(base, head side) (*compare.Diff, error) {
	d := compare.Estimates(report.SameWords(base.estimate, head.estimate))
	d.Program = a.program()
	d.Base.Label, d.Head.Label = base.label, head.label
	if d.Empty() || !a.planned(&base) || !a.planned(&head) {
		return d, nil
	}
	d.Attribute(compare.Attribute(base.planned, head.planned))
	return d, nil
}

// planned tells whether a side has a plan, or can have one again: that of a saved estimate
// whose inputs give the same bill.
func (a *app) planned(x *side) bool {
	if x.planned != nil {
		return true
	}
	if x.estimate.Edited {
		return false
	}
	r, err := a.anew(x)
	if err != nil || !r.Estimate.Total.Expected.Equal(x.estimate.Total.Expected) {
		return false
	}
	x.planned = r
	return true
}
