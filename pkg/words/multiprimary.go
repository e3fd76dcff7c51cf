package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayMultiPrimary has the words for databases whose members are all primaries.
func sayMultiPrimary(r remark.Remark) string {
	switch r.Key {
	case "multi_primary.least":
		return "an odd number of members, so that most of them decide"
	case "multi_primary.members":
		return fmt.Sprintf("%s: %s, each with all of the data, %s on disk; it goes on with %d of them", r.Text("in"),
			Counted(r.Int("members"), "member"), unit.Bytes(r.Number("bytes")).Human(), r.Int("majority"))
	case "multi_primary.more":
		return fmt.Sprintf("%s are above max_nodes, %d: a commit waits for all of them",
			Counted(r.Int("members"), "member"), r.Int("most"))
	case "multi_primary.even":
		return Counted(r.Int("members"), "member") + ": an odd number outlives as many failures with fewer"
	case "multi_primary.grows":
		return fmt.Sprintf("reads: members are added in twos by hand; writes and data: larger ones; each new one "+
			"copies %s in %.1f h", unit.Bytes(r.Number("bytes")).Human(), r.Number("time")/3600)
	}
	return ""
}
