package sizing

import (
	"fmt"
	"strings"

	"headroom/pkg/diag"
)

// givenKey is a key that components of all kinds may have, and whether this one does.
type givenKey struct {
	name  string
	given bool
}

// unread refuses the keys that a kind has no use for, so that nothing a profile says
// is without effect in silence. Why says what the kind lacks.
func (c *Task) unread(why string, keys []givenKey) error {
	var given []string
	for _, k := range keys {
		if k.given {
			given = append(given, k.name)
		}
	}
	if len(given) == 0 {
		return nil
	}
	list := strings.Join(given, ", ")
	return &diag.Problem{Pos: c.Component.Pos, Hint: "remove " + list,
		Summary: fmt.Sprintf("component %q has %s, but a component of kind %q %s", c.Component.Name, list,
			c.Component.Kind, why)}
}

// noNodes refuses what is about nodes where a kind has none, and about response times.
func (c *Task) noNodes() error {
	if err := noSLO(c); err != nil {
		return err
	}
	x := c.Component
	return c.unread("has no nodes", []givenKey{{"pin", x.Pin != nil}, {"allow", x.Allow != nil && !x.AllowOfAll},
		{"purchase", x.Purchase != nil}, {"scalability", x.Law != nil}})
}

// noLoad refuses what is about requests too, where none arrive at a kind.
func (c *Task) noLoad() error {
	if err := c.noNodes(); err != nil {
		return err
	}
	x := c.Component
	return c.unread("gets no requests", []givenKey{{"entry", x.Entry}, {"generates", x.Generates != nil},
		{"scope", x.Scope != ""}, {"survive", x.Survive != nil}, {"calls", len(x.Calls) > 0}})
}
