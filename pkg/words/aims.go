package words

import (
	"fmt"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayAims says how many aims are met, and what about the first that is not.
func sayAims(r remark.Remark) string {
	text := fmt.Sprintf("%d of %d met", r.Int("met"), r.Int("of"))
	for _, first := range r.Remarks("first") {
		begins := "; first missed: "
		if first.Text("verdict") != "missed" {
			begins = "; not evaluated: "
		}
		text += begins + sayAim(first)
	}
	return text
}

// sayAim says what is wanted and what is reached.
func sayAim(r remark.Remark) string {
	wanted := aimed(r)
	switch {
	case r.Text("verdict") == "met":
		return wanted
	case r.Text("verdict") == "not evaluated":
		return wanted + ", for which " + keysMissing(r.List("missing"))
	}
	return wanted + " (" + strings.Join(reached(r), ", ") + ")"
}

// aimed is what is wanted.
func aimed(r remark.Remark) string {
	want := r.Number("want")
	switch r.Key {
	case "aim.availability":
		return unit.Plain(inPercent(want)) + " % of a year"
	case "aim.outage":
		return "outages of " + Span(want) + " at most"
	case "aim.data_loss":
		return "losses of " + Span(want) + " at most"
	case "aim.disk_failures":
		return Counted(int(want), "disk") + " at once"
	case "aim.survive":
		return "to survive " + lossNames()[r.Text("loss")]
	case "aim.unattended":
		return "recovery without people"
	}
	return "any moment can be restored"
}

// lossNames are the losses that aims and policies name, as they are said.
func lossNames() map[string]string {
	return map[string]string{"node": "the loss of a node", "zone": "the loss of a zone",
		"region": "the loss of a region", "split": "a split between regions", "corruption": "corrupted data"}
}

// reached is what decides, and what comes of it.
func reached(r remark.Remark) []string {
	var out []string
	if x := r.Text("scenario"); x != "" {
		out = append(out, x)
	}
	if x := r.Text("component"); x != "" {
		out = append(out, x)
	}
	switch r.Key {
	case "aim.availability":
		out = append(out, Availability(r.Number("got")))
	case "aim.disk_failures":
		out = append(out, unit.Plain(r.Number("got")))
	case "aim.outage", "aim.data_loss":
		out = append(out, spanReached(r))
	case "aim.point_in_time":
		out = append(out, "no log")
	}
	return out
}

// spanReached is a time that was found: in full, at least, or without an end.
func spanReached(r remark.Remark) string {
	switch {
	case !r.Has("got") && r.Key == "aim.data_loss":
		return "everything"
	case !r.Has("got"):
		return "until it is repaired"
	case r.Is("at_least"):
		return "over " + Span(r.Number("got"))
	}
	return Span(r.Number("got"))
}

// keysMissing says which inputs would tell.
func keysMissing(keys []string) string {
	if len(keys) == 1 {
		return keys[0] + " is missing"
	}
	return strings.Join(keys, ", ") + " are missing"
}

// sayAimsLimit says which aims are not met that must be.
func sayAimsLimit(r remark.Remark) string {
	text := fmt.Sprintf("%d of %s met", r.Int("actual"), Counted(r.Int("allowed"), "aim"))
	for _, a := range r.Remarks("open") {
		text += "; " + a.Text("verdict") + ": " + sayAim(a)
	}
	return text
}

// saySpanLimit says how long an outage, or of how long a loss, is against the most allowed.
func saySpanLimit(r remark.Remark) string {
	what, key := "outage", "aim.outage"
	if r.Key == "budget.data_loss" {
		what, key = "loss of what was written", "aim.data_loss"
	}
	r.Key = key
	text := "the longest " + what + ": " + spanReached(r)
	if x := r.Text("scenario"); x != "" {
		text += " (" + x + ")"
	}
	allowed := Span(r.Number("allowed"))
	if keys := r.List("missing"); len(keys) > 0 && r.Number("got") <= r.Number("allowed") {
		return text + "; whether it is within the limit of " + allowed + " cannot be said: " + keysMissing(keys)
	}
	return text + fmt.Sprintf(", %s %s", whether(r, "above the limit of", "limit"), allowed)
}

// sayBufferLimit says how many users more are carried after a loss, against the least.
func sayBufferLimit(r remark.Remark) string {
	at := "after " + r.Text("scenario")
	if !r.Has("actual") {
		return fmt.Sprintf("%s not all users are served, least %s more", at, limitPercent(r))
	}
	text := fmt.Sprintf("%s %s more users are carried", at, actualPercent(r))
	if x := r.Text("component"); x != "" {
		text += ", then " + x + " is full"
	}
	return text + fmt.Sprintf(", %s %s", whether(r, "below the least of", "least"), limitPercent(r))
}
