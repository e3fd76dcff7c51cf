package bill

import (
	"fmt"

	"headroom/pkg/capacity"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
)

// Binds is the limit that decided a layout's size in a few words: "memory 81 %",
// "cpu 83 %, region loss"; "" where none did.
func Binds(l *sizing.Layout) string {
	x, ok := plan.Binding(l)
	switch {
	case !ok:
		return ""
	case x.State == capacity.Always:
		return x.Of.Name
	case x.State == capacity.Own:
		return fmt.Sprintf("%s %s", x.Of.Name, unit.Percent(x.Utilisation(), 0))
	}
	return fmt.Sprintf("%s %s, %s", x.Of.Name, unit.Percent(x.Utilisation(), 0), x.State)
}
