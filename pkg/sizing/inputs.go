package sizing

import (
	"fmt"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// given is a default with its source.
func given[T any](v T, source string) strict.Value[T] {
	return strict.Value[T]{V: v, Source: source}
}

// judged is a default that no source gives: engineering judgement, reported
// as assumed.
func judged[T any](v T, why string) strict.Value[T] {
	return strict.Value[T]{V: v, Assumed: why}
}

// stated is a figure that the profile may give, else the other.
func stated[T ~float64](v *strict.Value[T], otherwise T) float64 {
	if v != nil {
		return float64(v.V)
	}
	return float64(otherwise)
}

// counted is a number that the profile may give; 0 where it does not.
func counted(v *strict.Value[unit.Count]) int { return int(stated(v, 0)) }

// required is a problem where a figure that only the user knows is missing.
// The specs cannot ask for it: a component that is pinned without a workload
// needs none.
func required[T any](c *Task, v strict.Value[T], key, hint string) error {
	if v.Set {
		return nil
	}
	return &diag.Problem{Pos: c.Component.Pos,
		Summary: fmt.Sprintf("component %q has no %s: it cannot be guessed", c.Component.Name, key), Hint: hint}
}

// reference is the type on which CPU times were measured.
func (c *Task) reference(v strict.Value[string]) (*catalog.NodeType, error) {
	if t, ok := c.Catalog.NodeType(v.V); ok {
		return t, nil
	}
	hint := "name an EC2 instance type"
	if near := c.Catalog.SuggestType(v.V); near != "" {
		hint = "did you mean " + near + "?"
	}
	pos := v.Pos
	if pos.Line == 0 {
		pos = c.Component.Pos
	}
	return nil, &diag.Problem{Pos: pos, Summary: fmt.Sprintf("reference type %q is not known", v.V), Hint: hint}
}

// noSLO refuses an aim for response times where a kind's load does not wait
// for it or its response times are not modelled.
func noSLO(c *Task) error {
	if c.Component.SLO == nil {
		return nil
	}
	return &diag.Problem{Pos: c.Component.Pos,
		Summary: fmt.Sprintf("component %q has an slo, but response times are not computed for kind %q",
			c.Component.Name, c.Component.Kind),
		Hint: "remove slo; the policy's utilisations bound the waiting"}
}

// copies is how many copies are kept of what a node has alone: n where they are
// given, else lossy where the loss of a node or zone must be survived, and one where not. A
// single one that is given is refused where it must be; raise is what does.
func (c *Task) copies(given *strict.Value[unit.Count], n, lossy int, what, raise string) (int, error) {
	switch {
	case given == nil && c.Policy.lossy():
		return lossy, nil
	case given == nil:
		return 1, nil
	case n < 2 && c.Policy.lossy():
		return 0, &diag.Problem{Pos: given.Pos,
			Hint: "raise " + raise + ", or write survive: [region] for the component",
			Summary: fmt.Sprintf("component %q must survive the loss of a node or zone, which %s does not",
				c.Component.Name, what)}
	}
	return n, nil
}

// problem is an error at the component's place in the profile.
func (c *Task) problem(summary, hint string) *diag.Problem {
	return &diag.Problem{Pos: c.Component.Pos,
		Summary: fmt.Sprintf("component %q: %s", c.Component.Name, summary), Hint: hint}
}
