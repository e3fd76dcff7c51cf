package words

import (
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayRejection says why a component cannot run on a machine.
func sayRejection(r remark.Remark) string {
	if r.Key == "rejection.short" {
		return shortText(r)
	}
	return ""
}

// shortText says what a machine does not have: "memory: needs 8 GiB, has 4 GiB
// (on one node)".
func shortText(r remark.Remark) string {
	s, u := r.Text("resource"), r.Text("unit")
	if r.Has("need") {
		s += ": needs " + unit.Quantity(r.Number("need"), u) + ", has " + unit.Quantity(r.Number("have"), u)
	}
	for _, why := range r.Remarks("why") {
		s += " (" + Say(why) + ")"
	}
	return s
}

// saySpeed says why the speed of a type is not known.
func saySpeed(r remark.Remark) string {
	var why string
	switch r.Key {
	case "speed.unmeasured":
		why = "no measurement, CoreMark or clock of it is in the tables"
	case "speed.burstable":
		why = "it is burstable and its baseline is not in " + r.Text("table")
	case "speed.generation":
		why = "its CoreMark is known but not its clock, and nothing of its CPU's generation was measured"
	case "speed.architecture":
		why = "only its clock is known, and nothing of its architecture was measured"
	case "speed.own":
		return "the speed of " + r.Text("type") + " is not known: write like: and the instance type that it is as fast as"
	default:
		return ""
	}
	s := "the speed of " + r.Text("type") + " at " + r.Text("class") + " is not known: " + why +
		"; choose another type"
	if r.Is("reference") {
		s = "reference type: " + s
	}
	return s
}
