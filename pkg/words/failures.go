package words

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayStepOfFailures has the words for steps to figures of failures.
func sayStepOfFailures(r remark.Remark) string {
	whole := func(name string) string { return unit.Whole(r.Number(name)) }
	switch lastOf(r) {
	case "not_given":
		if keys := r.List("keys"); len(keys) > 0 {
			return "longer by what is not known: " + keysMissing(keys)
		}
	case "figure_unknown":
		return "not known: " + keysMissing(r.List("keys"))
	case "unprotected":
		return "in which " + strings.Join(r.List("from"), ", ") + " would do more harm"
	case "without":
		return "the cheapest plan without " + r.Text("what")
	case "with":
		return "the plan with " + strings.Join(r.List("sets"), " and ")
	case "verdict":
		return r.Text("verdict")
	case "first_full":
		return fmt.Sprintf("as %s of %s in %s allows", r.Text("resource"), r.Text("component"), r.Text("region"))
	case "searched":
		s := fmt.Sprintf("the most users, from %s on, whom the same machines carry", whole("now"))
		if c := r.Text("component"); c != "" {
			s += "; then " + c + " needs more"
		}
		return s
	case "nobody_asks":
		return "nobody asks for anything"
	case "because":
		return r.Text("why")
	case "first_candidate":
		return "the first that is left and may lead, in the same region where there is one"
	case "carry":
		return sayStepFull(r)
	case "above":
		return "busier than allowed"
	case "queue":
		return fmt.Sprintf("the queue at %s of its CPU; at %s it was %s", unit.Percent(r.Number("busy"), 1),
			unit.Percent(r.Number("rested"), 1), unit.Duration(r.Number("before")).Human())
	case "endless":
		return "no end: requests pile up"
	case "until_repaired":
		return "until what is lost is repaired: neither the system nor people have anything left that serves all"
	case "nothing_left":
		return "everything: no member and no copy is left"
	case "from_copy":
		return "the newest that is left is the copy " + r.Text("copy")
	case "from_replica":
		return "what another member did not have yet"
	case "k_of_n":
		repaired := "one after the other"
		if r.Is("together") {
			repaired = "all at once"
		}
		text := fmt.Sprintf("at least %s of %s nodes, each of which fails every %s and is back after %s, %s",
			whole("k"), whole("n"), Span(r.Number("every")), Span(r.Number("repair")), repaired)
		if lasts := r.Number("lasts"); !math.IsInf(lasts, 1) {
			text += "; there are fewer every " + Span(lasts)
		}
		return text
	}
	return ""
}

// sayStepFull says how full nodes are that are left.
func sayStepFull(r remark.Remark) string {
	return fmt.Sprintf("%s of %s, the busiest at %s of its %s, of which it may use %s", unit.Whole(r.Number("left")),
		Counted(r.Int("nodes"), "node"), unit.Percent(r.Number("full"), 1), r.Text("resource"),
		unit.Percent(r.Number("allowed"), 0))
}
