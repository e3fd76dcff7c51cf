package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayTelemetry has the words for metrics, logs and traces.
func sayTelemetry(r remark.Remark) string {
	switch r.Key {
	case "telemetry.brief":
		return unit.EventRate(r.Number("samples")).Human() + " samples, " + unit.EventRate(r.Number("lines")).Human() +
			" lines"
	case "telemetry.copies":
		return "each copy is on a node of its own"
	case "telemetry.volume":
		return fmt.Sprintf("%s in %s with %s series: %s samples, %s of lines, %s spans; copies of each: %d",
			Counted(r.Int("nodes"), "node"), r.Text("in"), unit.Count(r.Number("series")).Human(),
			unit.EventRate(r.Number("samples")).Human(), unit.ByteRate(r.Number("lines")).Human(),
			unit.EventRate(r.Number("spans")).Human(), r.Int("copies"))
	case "telemetry.empty":
		return "before any series"
	case "telemetry.grows":
		return "nodes and calls of the whole plan: nodes are added by hand, and series and streams spread again"
	}
	return ""
}

// sayRounds has the words for load that depends on how many nodes there are.
func sayRounds(r remark.Remark) string {
	if r.Key == "rounds.unsettled" {
		few, many := r.Number("before"), r.Number("last")
		return fmt.Sprintf("the number of nodes in %s does not settle: after %s it moves between %s and %s; the "+
			"larger one counts", r.Text("in"), Counted(r.Int("rounds"), "round"), unit.Count(min(few, many)).Human(),
			unit.Count(max(few, many)).Human())
	}
	return ""
}
