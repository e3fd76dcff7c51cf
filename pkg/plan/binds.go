package plan

import (
	"fmt"
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/sizing"
)

// binding is the limit that decided the component's size: of several pools,
// that of the pool with the most nodes, then the tightest.
func (c *Choice) binding() (sizing.Limit, bool) {
	var best sizing.Limit
	found := false
	for _, l := range c.Layout.Limits {
		if !l.Binding {
			continue
		}
		if !found || l.Nodes > best.Nodes || l.Nodes == best.Nodes && l.Utilisation()/l.Target > best.Utilisation()/best.Target {
			best, found = l, true
		}
	}
	return best, found
}

// binds is the binding limit in a few words: "memory 81 %", "cpu 83 %, region
// loss".
func (c *Choice) binds() string {
	l, ok := c.binding()
	switch {
	case !ok:
		return ""
	case l.State == capacity.Always:
		return l.Of.Name
	case l.State == capacity.Own:
		return fmt.Sprintf("%s %s", l.Of.Name, percent(l.Utilisation()))
	}
	return fmt.Sprintf("%s %s, %s", l.Of.Name, percent(l.Utilisation()), l.State)
}

func percent(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*x)
}
