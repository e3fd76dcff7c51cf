package words

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// The labels of the closing lines of a report in short.
const (
	RoomLabel  = "Room"
	SaveLabel  = "Save"
	RiskLabel  = "Risk"
	GuessLabel = "Guess"
	QuotaLabel = "Quota"
)

// ShortLabels are the labels of the closing lines of a report in short, in their order;
// others, of files that another version wrote, come behind them.
func ShortLabels() []string {
	return []string{TogetherLabel, RoomLabel, SaveLabel, "Bought", "Kept", "Not kept", RiskLabel, GuessLabel,
		QuotaLabel, "Peak",
		"Price of 0", "Edited", "Currency", "Next"}
}

// Short makes a closing line of a remark for a report in short; no label for what only
// the full report says. What is said of a component has no label of its own either.
func Short(r remark.Remark) (label, text string) {
	if text, ok := r.Verbatim(); ok {
		return Label(r), text
	}
	switch r.Key {
	case "fact.headroom":
		return RoomLabel, shortRoom(r)
	case "fact.no_headroom":
		return RiskLabel, r.Text("system") + " is too small as it is"
	case "fact.reservable":
		return SaveLabel, shortReservable(r)
	case "fact.on_demand":
		if r.Has("change") && r.Number("change") < 0 {
			return SaveLabel, fmt.Sprintf("%s against %s for the cheapest plan on demand",
				unit.SignedPercent(r.Number("change"), 1, 1), dollars(r.Number("on_demand")))
		}
		return "", ""
	case "fact.bought":
		return "Bought", fmt.Sprintf("nodes %s instead of %s on demand, %s upfront", dollars(r.Number("effective")),
			dollars(r.Number("on_demand")), dollars(r.Number("upfront")))
	case "fact.assumed":
		return GuessLabel, shortAssumed(r)
	case "fact.region_lost":
		if carried(r) {
			return "", ""
		}
		return RiskLabel, r.Text("region") + " lost: " + sayRegionLost(r)
	case "fact.together", "fact.no_reservation", "fact.keeps", "fact.kept", "fact.not_kept",
		"fact.slow_peak", "fact.priced_zero",
		"fact.edited":
		return Label(r), Say(r)
	case "fact.hosts_short":
		return RiskLabel, Say(r)
	case "fact.next":
		return Label(r), shortNext(r)
	case "fact.not_evaluated":
		return RiskLabel, "not evaluated: " + strings.Join(r.List("keys"), ", ")
	case "fact.aims":
		return Label(r), sayAims(r)
	case "fact.currency":
		return "Currency", sayCurrency(r)
	}
	switch prefix, _, _ := strings.Cut(r.Key, "."); prefix {
	case "quota":
		return QuotaLabel, askFor(r)
	case "risk":
		return RiskLabel, sayRisk(r)
	case "fact", "not_taken", "unpriced":
		return "", ""
	}
	return "", shortWarning(r)
}

// shortWarning is what is to be said of a component, on one line of a narrow terminal.
func shortWarning(r remark.Remark) string {
	switch r.Key {
	case "database.async":
		return fmt.Sprintf("the writes of the last %s may be lost with the primary (%s at peak)",
			unit.Duration(r.Number("lag")).Human(), unit.Whole(math.Ceil(r.Number("writes"))))
	case "database.stale":
		return "reads at standbys and replicas may be " + unit.Duration(r.Number("lag")).Human() + " old"
	case "nodes.below_advice":
		return fmt.Sprintf("%s is below %s's advice (%d vCPU, %s, not burstable)", r.Text("type"), r.Text("source"),
			r.Int("vcpu"), unit.Bytes(r.Number("memory")).Human())
	case "log.one_copy":
		return "one copy: a lost broker takes its messages with it"
	case "stateless.pool":
		return fmt.Sprintf("calls to %s wait for the %g connections of a worker (connection_pool)", r.Text("store"),
			r.Number("pool"))
	case "worker.few_threads":
		return fmt.Sprintf("a thread waits %s of its time; threads: %.0f keeps its CPU busy",
			unit.Percent(r.Number("waits"), 0), r.Number("full"))
	}
	return Say(r)
}

// ShortResource is a resource in a table: what it is, not what of it is meant.
func ShortResource(name string) string {
	short, _, _ := strings.Cut(name, " for the ") // memory for the data
	return short
}

// shortRoom says how many users there is room for, and what then gives way.
func shortRoom(r remark.Remark) string {
	if !r.Has("component") {
		return sayHeadroom(r)
	}
	text := fmt.Sprintf("%s users (+%.0f %%), then %s", unit.Whole(r.Number("users")),
		math.Floor(100*r.Number("share")), r.Text("system"))
	if on := r.Text("resource"); on != "" {
		text += ": " + joined(" ", on, whenLost(r.Text("state")))
	}
	return text
}

// InStates says in a table in which states something is: "node, zone lost".
func InStates(states []string) string {
	var out, lost []string
	for _, s := range states {
		if what, ok := strings.CutSuffix(s, " loss"); ok {
			lost = append(lost, what)
		} else {
			out = append(out, s)
		}
	}
	if len(lost) > 0 {
		out = append(out, strings.Join(lost, ", ")+" lost")
	}
	return strings.Join(out, ", ")
}

// lostState is a state in which something is lost, as a table has it; "" of others.
func lostState(state string) string {
	if !strings.HasSuffix(state, " loss") {
		return ""
	}
	return InStates([]string{state})
}

// whenLost says in which state something is.
func whenLost(state string) string {
	switch state {
	case "node loss":
		return "when a node is lost"
	case "zone loss":
		return "when a zone is lost"
	case "region loss":
		return "when a region is lost"
	case "catch-up":
		return "while it catches up"
	}
	return ""
}

// shortReservable says what a commitment of a year saves.
func shortReservable(r remark.Remark) string {
	text := fmt.Sprintf("%s: %s with the base reserved for a year, nothing upfront",
		unit.Percent(r.Number("saved"), 1), dollars(r.Number("total")))
	if n := len(r.List("unpriced")); n > 0 {
		text += fmt.Sprintf("; without a price for %d", n)
	}
	return text
}

// shortAssumed says how much was guessed, and which guess weighs most.
func shortAssumed(r remark.Remark) string {
	text := fmt.Sprintf("%d of %s", r.Int("assumed"), Counted(r.Int("inputs"), "input"))
	if r.Has("input") && math.Max(-r.Number("down"), math.Max(r.Number("up"), r.Number("down"))) >= 0.5 {
		text += fmt.Sprintf("; %s ±%s: %s/%s", strings.TrimPrefix(r.Text("input"), "components."),
			unit.Percent(r.Number("change"), 0), wholeDollars(r.Number("down")), wholeDollars(r.Number("up")))
	}
	return text
}

// carried tells whether all users of a lost region are served, or none are to be.
func carried(r remark.Remark) bool {
	if !r.Is("serves_users") {
		return true
	}
	switch r.Text("carried") {
	case "unknown", "after growing", "in part", "above target":
		return false
	}
	return len(r.List("takers")) > 0
}

// shortNext are the two commands that lead on.
func shortNext(r remark.Remark) string {
	text := joined(" ", "headroom estimate", r.Text("profile"), "--full")
	if env := r.Text("environment"); env != "" {
		text += " --environment " + env
	}
	return sayNext(r) + " · " + text
}
