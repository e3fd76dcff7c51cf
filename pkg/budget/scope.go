package budget

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/workload"
)

// What a rule adds up.
const (
	allProfiles     = "profiles"
	allEnvironments = "environments"
)

// sums tells whether the rule adds up profiles, or environments, instead of
// holding each to its limits.
func (r *Rule) sums(what string) bool { return slices.Contains(r.All, what) }

// concerns tells whether a rule is about the system at all.
func (r *Rule) concerns(s *Subject) bool {
	env := r.Environment
	if env == "" {
		env = workload.Production
	}
	return (r.Profile == "" || r.Profile == s.Name) && (r.sums(allEnvironments) || env == s.environment())
}

// groups are the systems that the rule is about, in groups whose costs are added
// up: one system each, unless the rule says all.
func (r *Rule) groups(subjects []Subject) [][]*Subject {
	var out [][]*Subject
	at := map[string]int{}
	for i := range subjects {
		s := &subjects[i]
		if !r.concerns(s) {
			continue
		}
		key := ""
		if !r.sums(allProfiles) {
			key = s.Name
		}
		if !r.sums(allEnvironments) {
			key += "/" + s.environment()
		}
		k, ok := at[key]
		if !ok {
			k = len(out)
			at[key] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], s)
	}
	return out
}

// whole tells whether the rule is about all of the bill.
func (r *Rule) whole() bool {
	return r.Region == "" && r.Component == "" && r.Kind == "" && r.Match == ""
}

// selects tells whether the rule is about a component.
func (r *Rule) selects(name, kind string) bool {
	if r.Match != "" {
		if ok, err := path.Match(r.Match, name); err != nil || !ok {
			return false
		}
	}
	return (r.Component == "" || r.Component == name) && (r.Kind == "" || r.Kind == kind)
}

// scope is the part of a group of systems that a rule is about.
type scope struct {
	systems    []*Subject // one, unless the rule adds up several
	of         Selection
	lines      []bill.Line
	cost       bill.Cost
	components []string // of the head
	// was and is are the costs of the systems that have a baseline, then and now.
	// What is new is in neither, so that like is compared with like.
	was, is  bill.Cost
	compared bool     // there is a system with a baseline
	apart    []string // systems that are new, by name
}

// scope collects what the rule is about; nil where there is nothing, now or in
// the baseline.
func (r *Rule) scope(group []*Subject) *scope {
	x := &scope{systems: group, of: r.selection()}
	found := r.whole()
	for _, s := range group {
		found = r.collect(x, s) || found
	}
	if !found {
		return nil
	}
	return x
}

// collect adds what the rule is about in one system, and tells whether there is
// anything.
func (r *Rule) collect(x *scope, s *Subject) bool {
	lines, cost := r.linesOf(s.Estimate)
	found := len(lines) > 0 || r.within(s.Estimate)
	x.lines, x.cost = append(x.lines, lines...), x.cost.Plus(cost)
	for i := range lines {
		if !slices.Contains(x.components, lines[i].Component) {
			x.components = append(x.components, lines[i].Component)
		}
	}
	switch {
	case s.Baseline != nil:
		before, was := r.linesOf(s.Baseline)
		x.was, x.is, x.compared = x.was.Plus(was), x.is.Plus(cost), true
		return found || len(before) > 0 || r.within(s.Baseline)
	case s.New != "":
		x.apart = append(x.apart, s.label())
	}
	return found
}

// linesOf are the lines of an estimate that the rule is about, and their sum: a component
// costs what every report says, with its share of the boot volumes.
func (r *Rule) linesOf(e *bill.Estimate) (lines []bill.Line, cost bill.Cost) {
	for i := range e.Lines {
		row := []bill.Line{e.Lines[i]}
		if !r.selects(row[0].Component, row[0].Kind) {
			row = e.BootShares(&row[0])
		}
		for _, l := range row {
			if (r.Region == "" || r.Region == l.Region) && r.selects(l.Component, l.Kind) {
				lines, cost = append(lines, l), cost.Plus(l.Cost)
			}
		}
	}
	return lines, cost
}

// within tells whether an estimate has what the rule names, also where that costs
// nothing.
func (r *Rule) within(e *bill.Estimate) bool {
	if r.Region != "" && r.Component+r.Kind+r.Match == "" && slices.Contains(e.Regions, r.Region) {
		return true
	}
	return slices.ContainsFunc(e.Parts, func(p bill.Part) bool {
		here := r.Region == "" || slices.ContainsFunc(p.Pools, func(q bill.NodePool) bool {
			return q.Region == r.Region
		})
		return here && r.selects(p.Name, p.Kind)
	})
}

// name names the systems of a scope in errors.
func (x *scope) name() string {
	names := make([]string, len(x.systems))
	for i, s := range x.systems {
		names[i] = s.label()
	}
	return strings.Join(names, ", ")
}

// Selection is what a rule is about; all of the bill where nothing is set.
type Selection struct {
	Component string   `json:"component,omitempty"`
	Kind      string   `json:"kind,omitempty"`
	Match     string   `json:"match,omitempty"`
	Region    string   `json:"region,omitempty"`
	All       []string `json:"all,omitempty"` // what is added up: profiles, environments
}

// selection is what the rule is about.
func (r *Rule) selection() Selection {
	return Selection{Component: r.Component, Kind: r.Kind, Match: r.Match, Region: r.Region, All: r.All}
}

// Whole tells whether it is all of the bill.
func (x Selection) Whole() bool { return x.Component+x.Kind+x.Match+x.Region == "" }

// String names what a rule is about: "component db, region us-east-1".
func (x Selection) String() string {
	var parts []string
	for _, p := range []struct{ what, name string }{{"component", x.Component}, {"kind", x.Kind},
		{"components", x.Match}, {"region", x.Region}} {
		if p.name != "" {
			parts = append(parts, p.what+" "+p.name)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "total")
	}
	if len(x.All) > 0 {
		parts = append(parts, fmt.Sprintf("all %s", strings.Join(x.All, " and ")))
	}
	return strings.Join(parts, ", ")
}
