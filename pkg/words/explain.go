package words

import (
	"fmt"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayWhy says why a component has its machine.
func sayWhy(r remark.Remark) string {
	switch r.Key {
	case "why.pinned":
		return "pinned by the profile: checked, not chosen"
	case "why.no_nodes":
		return "runs on no nodes of its own"
	case "why.cheapest":
		s := fmt.Sprintf("cheapest of %d layouts that carry the load, at %s; ", r.Int("layouts"), chosenAt(r))
		if r.Int("layouts") == 1 {
			s = "the only layout that carries the load, at " + chosenAt(r) + "; "
		}
		if s += fmt.Sprint(r.Int("rejected")); r.Int("rejected") == 1 {
			s += " does not"
		} else {
			s += " do not"
		}
		if r.Has("resource") {
			s += fmt.Sprintf("; sized by %s (%s)", r.Text("resource"), r.Text("state"))
		}
		return s
	case "why.apart":
		return apartText(r)
	case "why.weighed":
		return sayWeighed(r)
	case "why.weighed_the_same":
		return "chooses the same machine"
	}
	return ""
}

// apartText says that functional partitions are on one primary, and what apart would cost.
func apartText(r remark.Remark) string {
	s := "the partitions " + strings.Join(r.List("partitions"), ", ") + " are together on one primary"
	switch {
	case r.Is("given"):
		return s
	case !r.Has("machine"):
		return s + ": no machine carries them apart"
	}
	month, running := r.Number("month"), r.Number("running")
	s += fmt.Sprintf("; apart, on %d × %s, they cost %s a month instead of %s", r.Int("nodes"), r.Text("machine"),
		dollars(month), dollars(r.Number("now")))
	if running != month {
		s += ", and with running them " + dollars(running) + " instead of " + dollars(r.Number("now_running"))
	}
	return s
}

// ShortWhy says why a component has its machine, without what it costs.
func ShortWhy(r remark.Remark) string {
	if r.Key != "why.cheapest" {
		return Say(r)
	}
	how := "cheapest"
	if r.Has("nodes") {
		how = "cheapest to run"
	}
	s := how + " of " + unit.Whole(r.Number("layouts")) + " layouts"
	if r.Int("layouts") == 1 {
		s = "the only layout that carries the load"
	}
	if s += "; " + unit.Whole(r.Number("rejected")) + " fail"; r.Int("rejected") == 1 {
		s += "s"
	}
	if r.Has("resource") {
		s += "; sized by " + joined(", ", r.Text("resource"), lostState(r.Text("state")))
	}
	return s
}

// chosenAt is what a machine costs on the bill and, where running it weighs, with that.
func chosenAt(r remark.Remark) string {
	total := r.Number("month")
	bill := dollars(total) + " a month"
	if r.Has("elsewhere") {
		total += r.Number("elsewhere")
		bill += " beside " + dollars(r.Number("elsewhere")) + " of data transfer"
	}
	var parts []string
	for _, part := range []struct{ name, what string }{{"nodes", "nodes"}, {"shards", "shards"},
		{"family", "a family for one purpose"}} {
		if x := r.Number(part.name); x != 0 {
			total += x
			parts = append(parts, dollars(x)+" for "+part.what)
		}
	}
	if len(parts) == 0 {
		return bill
	}
	return bill + " and " + dollars(total) + " with running it (" + strings.Join(parts, ", ") + ")"
}

// sayWeighed says what the bill alone would choose.
func sayWeighed(r remark.Remark) string {
	var nodes []string
	least := r.Numbers("least")
	for i, most := range r.Numbers("most") {
		n := unit.Whole(most)
		if least[i] != most {
			n = unit.Whole(least[i]) + "–" + n
		}
		nodes = append(nodes, n)
	}
	return fmt.Sprintf("would choose %s, %s nodes: %s a month, %s less on the bill and %s more with running it",
		strings.TrimSpace(r.Text("machine")+" "+r.Text("storage")), strings.Join(nodes, "+"),
		dollars(r.Number("month")), dollars(r.Number("saves")), dollars(r.Number("more")))
}
