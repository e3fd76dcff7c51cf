package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayPool has the words for connections that the workers of a service keep open.
func sayPool(r remark.Remark) string {
	if r.Key != "pool.to" {
		return ""
	}
	return fmt.Sprintf("%s, pool %g, %s", r.Text("store"), r.Number("pool"), heldFor(r))
}

// heldFor is how long a call holds its connection: "65 ms a call, 64 ms of it on
// the way".
func heldFor(r remark.Remark) string {
	s := unit.Duration(r.Number("held")).Human() + " a call"
	if far := r.Number("far"); far > 0 {
		s += ", " + unit.Duration(far).Human() + " of it on the way"
	}
	return s
}

// sayPooler has the words for poolers.
func sayPooler(r remark.Remark) string {
	switch r.Key {
	case "pooler.to":
		return fmt.Sprintf("%s, %.4g a node, %s", r.Text("store"), r.Number("each"), heldFor(r))
	case "pooler.size":
		return "that size allows; raise size"
	case "pooler.idle":
		return "before any client"
	case "pooler.brief":
		return fmt.Sprintf("%.0f connections to the database", r.Number("connections"))
	case "pooler.grows":
		return "clients and transactions: nodes are added by hand, connections in their configuration"
	}
	return ""
}
