package words

import (
	"fmt"

	"headroom/pkg/remark"
)

// ContradictionLabel is what a finding about failures is called where it is a closing line.
const ContradictionLabel = "Conflict"

// sayResilience has the words for what contradicts itself, or an aim, when something fails:
// what is so, and what to do.
func sayResilience(r remark.Remark) string {
	c := r.Text("component")
	switch lastOf(r) {
	case "dead_records":
		return fmt.Sprintf("plain DNS records send a lost region's users to it until a person removes them, then for "+
			"%s more; dns.health_check or dns.retry lets them go on", Span(r.Number("ttl")))
	case "never_elected":
		return fmt.Sprintf("%s: the arbiter votes, but no other member may become primary, so that a lost primary "+
			"is not replaced; give one of components.%s.members a priority above 0", c, c)
	case "two_primaries":
		return fmt.Sprintf("%s: a member in another region becomes primary by itself, without a majority: while the "+
			"regions are cut off there are two; promotion_elsewhere: manual prevents it, as does a third place that "+
			"votes", c)
	case "blocks_alone":
		return fmt.Sprintf("%s: commits wait for its only standby, so that its loss stops writes; have another one, "+
			"or let commits go on without it", c)
	case "two_zones":
		return fmt.Sprintf("%s: its votes are in 2 zones of %s, and the loss of the one with more of them ends its "+
			"majority; use 3 zones", c, r.Text("region"))
	case "even_votes":
		return fmt.Sprintf("%s: %s survive no more losses than %d would, and can be cut in half; take one away, or "+
			"add an arbiter", c, Counted(r.Int("votes"), "vote"), r.Int("votes")-1)
	case "no_breaker":
		return fmt.Sprintf("%s asks %s up to %d times when it does not answer, and without a breaker that load falls "+
			"on what is left of it; set breaker: true of the call", c, r.Text("to"), r.Int("times"))
	case "no_log":
		return fmt.Sprintf("%s: no copy has a log, so that wrong data costs all writes since the last copy before "+
			"it; add one with log: true to copies", c)
	case "slow_promotion":
		over := ""
		if r.Is("at_least") {
			over = "over "
		}
		return fmt.Sprintf("%s: another primary takes %s%s, and outages may last %s (aims.outage)", c, over,
			Span(r.Number("seconds")), Span(r.Number("aim")))
	}
	return sayCopies(r)
}

// sayCopies has the words for copies and control planes that are where they do not help.
func sayCopies(r remark.Remark) string {
	region := r.Text("region")
	switch lastOf(r) {
	case "copy_ephemeral":
		return fmt.Sprintf("copy %s is on disks that do not outlive %s: it is gone with a stop of what it is on; "+
			"keep it on objects or on disks that stay", r.Text("copy"), region)
	case "copy_beside":
		return fmt.Sprintf("copy %s is in %s, where all data of %s is, too: the loss of the region takes both; keep "+
			"one at another place", r.Text("copy"), region, r.Text("component"))
	case "controlled_from":
		return fmt.Sprintf("nodes of %s are replaced by a control plane in %s: while that is lost or cut off, nothing "+
			"is replaced or restarted elsewhere; have one in each region", region, r.Text("from"))
	}
	return ""
}
