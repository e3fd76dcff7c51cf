package words

import (
	"fmt"

	"headroom/pkg/remark"
)

// sayNotHeld says why a machine of a saved plan may not be chosen at all.
func sayNotHeld(r remark.Remark) string {
	switch r.Key {
	case "kept.not_allowed":
		return "the profile does not allow it, or it is not priced in every region"
	case "kept.no_storage":
		return "its disks are no choice of the profile any more: " + r.Text("storage")
	}
	return ""
}

func sayKeeps(r remark.Remark) string {
	text := fmt.Sprintf("%d of %d machines of the saved plan", r.Int("held"), r.Int("of"))
	if best := r.Int("best"); best == r.Int("held") {
		return text + ", all of which would be chosen today"
	} else if best > 0 {
		return text + fmt.Sprintf(", %d of which would be chosen today", best)
	}
	return text
}

func sayKept(r remark.Remark) string {
	bill, running := r.Number("saves"), r.Number("saves_running")
	text := fmt.Sprintf("%s for %s: leaving it for %s ", r.Text("kept"), r.Text("system"), r.Text("instead"))
	switch {
	case bill > 0:
		return text + "would save " + dollars(bill) + " a month"
	case running > 0:
		return text + "would cost " + dollars(-bill) + " a month more on the bill, and save " + dollars(running) +
			" with running it"
	}
	return text + "would save nothing"
}

func sayNotKept(r remark.Remark) string {
	text := fmt.Sprintf("%s for %s, now %s", r.Text("kept"), r.Text("system"), r.Text("now"))
	for _, why := range r.Remarks("why") {
		text += ": " + Say(why)
	}
	return text
}
