package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayNotHeld says why a machine of a saved plan may not be chosen at all.
func sayNotHeld(r remark.Remark) string {
	switch r.Key {
	case "kept.not_allowed":
		return "the profile does not allow it, or it is not priced in every region"
	case "kept.no_storage":
		return "its disks are no choice of the profile any more: " + r.Text("storage")
	case "kept.dear":
		return "saves " + dollars(r.Number("saves")) + " a month with running it, more than " +
			unit.Percent(r.Number("part"), 0)
	}
	return ""
}

func sayKeeps(r remark.Remark) string {
	text := fmt.Sprintf("%d of %s of the saved plan", r.Int("held"), Counted(r.Int("of"), "machine"))
	if r.Is("edited") {
		text += ", which was edited after it was saved (--allow-edited)"
	}
	if best := r.Int("best"); best > 0 && best == r.Int("held") {
		return text + ", all of which would be chosen today"
	} else if best > 0 {
		return text + fmt.Sprintf(", %d of which would be chosen today", best)
	}
	return text
}

// sayKept says what leaving a held machine for another would do to the bill. With
// running it the other costs less, else it would not be chosen.
func sayKept(r remark.Remark) string {
	bill, running := r.Number("saves"), r.Number("saves_running")
	text := fmt.Sprintf("%s for %s: leaving it for %s ", r.Text("kept"), r.Text("system"), r.Text("instead"))
	with := " and save " + dollars(running) + " with running it"
	switch {
	case bill > 0:
		return text + "would save " + dollars(bill) + " a month"
	case bill < 0:
		return text + "would cost " + dollars(-bill) + " a month more on the bill," + with
	}
	return text + "would leave the bill as it is" + with
}

func sayNotKept(r remark.Remark) string {
	text := fmt.Sprintf("%s for %s, now %s", r.Text("kept"), r.Text("system"), r.Text("now"))
	for _, why := range r.Remarks("why") {
		text += ": " + Say(why)
	}
	return text
}
