package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayStateless has the words for services without state.
func sayStateless(r remark.Remark) string {
	switch r.Key {
	case "stateless.grows":
		return "users: nodes are added " + added(r)
	case "stateless.aim":
		s := aim(r) + " within " + unit.Duration(r.Number("within")).Human()
		if r.Is("degraded") {
			s = "while something is lost " + s
		}
		return s
	case "stateless.pool":
		return fmt.Sprintf("calls to %s take %s from %s and wait for the %g connections of a worker, which decides "+
			"how many nodes it takes: with more of them (connection_pool) it takes fewer", r.Text("store"),
			unit.Duration(r.Number("held")).Human(), r.Text("from"), r.Number("pool"))
	case "stateless.idle":
		return "before any request"
	case "stateless.flex_loss":
		return fmt.Sprintf("of a -flex type %.0f %% counts while something is lost", 100*r.Number("part"))
	case "stateless.flex_burst":
		return fmt.Sprintf("a -flex type may be above it in %d of any %s", r.Int("hours"), Counted(r.Int("of"), "hour"))
	}
	return ""
}

// added says how nodes are added.
func added(r remark.Remark) string {
	if r.Is("autoscaled") {
		return "automatically, " + unit.Duration(r.Number("lag")).Human() + " after the need"
	}
	return "by hand"
}

// sayGuest has the words for services on another's nodes.
func sayGuest(r remark.Remark) string {
	switch r.Key {
	case "guest.on":
		return "on the nodes of " + r.Text("host")
	case "guest.grows":
		return "with " + r.Text("host")
	case "guest.no_nodes":
		return r.Text("host") + " has no nodes to share"
	}
	return ""
}

// sayWorker has the words for readers of a log.
func sayWorker(r remark.Remark) string {
	switch r.Key {
	case "worker.grows":
		return "writes: nodes are added " + added(r) + ", up to the partitions of the log"
	case "worker.idle":
		return fmt.Sprintf("%d of the threads have no partition of %s to read", r.Int("threads"), r.Text("log"))
	case "worker.few_threads":
		return fmt.Sprintf("a thread waits %s of its time, and a node has one for each vCPU: threads: %.0f would keep "+
			"its CPU busy", unit.Percent(r.Number("waits"), 0), r.Number("full"))
	case "worker.no_spare":
		return "no spare node"
	case "worker.waits":
		return "no spare node: after a loss the messages wait in the log until a new one has started"
	case "worker.readers":
		return "threads busy while a backlog is worked off; each partition of " + r.Text("log") + " has one reader"
	case "worker.keeps":
		return "outage and catching up against what " + r.Text("log") + " keeps"
	case "worker.drops":
		return fmt.Sprintf("log %q drops messages before an outage of %s is worked off within %s; raise its retention",
			r.Text("log"), unit.Duration(r.Number("outage")), unit.Duration(r.Number("within")))
	case "worker.processes":
		return "of the processes of a node"
	case "worker.too_busy":
		return "threads busy at once; give the topics of " + r.Text("log") + " as many partitions, " +
			"or leave their number out"
	}
	return ""
}

// sayQuorum has the words for groups that decide by majority.
func sayQuorum(r remark.Remark) string {
	switch r.Key {
	case "quorum.majority":
		return fmt.Sprintf("majority %d of %d", r.Int("majority"), r.Int("members"))
	case "quorum.members":
		return fmt.Sprintf("%s, majority %d", Counted(r.Int("members"), "member"), r.Int("majority"))
	case "quorum.type":
		return r.Text("type") + ": " + r.Text("note")
	case "quorum.grows":
		return "does not: more members make writes slower; choose a larger machine"
	case "quorum.each":
		return "of each member: more of them do not help"
	case "quorum.tolerates":
		return fmt.Sprintf("2f+1 members tolerate f = %s", unit.Count(r.Number("failures")))
	case "quorum.left":
		return "a majority must be left"
	case "quorum.one_member":
		s := "of each member"
		if r.Is("region_lost") {
			s += ", with a region lost"
		}
		return s
	case "quorum.two_zones":
		return r.Text("in") + ": two zones never survive losing the bigger or equal one, as no majority is left; " +
			"use a third zone or leave zone out of survive"
	}
	return ""
}
