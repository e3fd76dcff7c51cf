package words

import (
	"fmt"
	"math"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayQueue has the words for queues.
func sayQueue(r remark.Remark) string {
	switch r.Key {
	case "queue.brief":
		if r.Int("copies") == 1 {
			return "one copy of each message"
		}
		return fmt.Sprintf("each message %d times", r.Int("copies"))
	case "queue.copies":
		return "each copy of a message is on a node of its own"
	case "queue.kept":
		return fmt.Sprintf("copies of each message: %d; room for %s messages, %s, of %s without consumers in %s",
			r.Int("copies"), unit.Count(math.Round(r.Number("messages"))).Human(),
			unit.Bytes(r.Number("bytes")).Human(), unit.Duration(r.Number("outage")).Human(), r.Text("in"))
	case "queue.burstable":
		return "journals need steady CPU; allow it by name"
	case "queue.empty":
		return "before any message"
	case "queue.grows":
		return "messages: nodes are added by hand, and queues moved to them"
	}
	return ""
}
