package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayCluster has the words for clusters that divide their data by themselves.
func sayCluster(r remark.Remark) string {
	switch r.Key {
	case "cluster.brief":
		if r.Int("copies") == 1 {
			return "one copy of the data"
		}
		return fmt.Sprintf("all data %d times", r.Int("copies"))
	case "cluster.copies":
		return "each copy of a part is on a node of its own"
	case "cluster.kept":
		return fmt.Sprintf("%s: copies of the data: %d of %s on disk; a write waits for %d of them", r.Text("in"),
			r.Int("copies"), unit.Bytes(r.Number("bytes")).Human(), r.Int("waits"))
	case "cluster.empty":
		return "before any data"
	case "cluster.burstable":
		return "merging needs steady CPU; allow it by name"
	case "cluster.one":
		return "write_quorum: one: a lost node may take writes with it that no other one had yet"
	case "cluster.grows":
		return "writes and data: a node is added by hand; " + rebalanced(r)
	}
	return ""
}
