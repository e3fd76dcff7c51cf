package sizing

import (
	"fmt"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
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

// required is a problem where a figure that only the user knows is missing.
// The specs cannot ask for it: a component that is pinned without a workload
// needs none.
func required[T any](c *Case, v strict.Value[T], key, hint string) error {
	if v.Set {
		return nil
	}
	return &diag.Problem{Pos: c.Component.Pos,
		Summary: fmt.Sprintf("component %q has no %s: it cannot be guessed", c.Component.Name, key), Hint: hint}
}
