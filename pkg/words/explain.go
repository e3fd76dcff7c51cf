package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayWhy says why a component has its machine.
func sayWhy(r remark.Remark) string {
	switch r.Key {
	case "why.pinned":
		return "pinned by the profile: checked, not chosen"
	case "why.no_nodes":
		return "runs on no nodes of its own"
	case "why.cheapest":
		s := fmt.Sprintf("cheapest of %d layouts that carry the load, at $%s a month; %d do not", r.Int("layouts"),
			unit.Decimals(r.Number("month"), 2), r.Int("rejected"))
		if r.Has("resource") {
			s += fmt.Sprintf("; sized by %s (%s)", r.Text("resource"), r.Text("state"))
		}
		return s
	}
	return ""
}
