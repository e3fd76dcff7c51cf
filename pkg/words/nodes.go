package words

import (
	"fmt"
	"math"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayNodes has the words that all kinds of components share.
func sayNodes(r remark.Remark) string {
	switch r.Key {
	case "nodes.grows":
		return r.Text("with") + ": automatically"
	case "nodes.network_assumed":
		return "baseline not in the tables; 0.1 Gbit/s a vCPU assumed"
	case "nodes.left_of_zone":
		return "one node must be left when a zone is lost"
	case "nodes.left_of_node":
		return "one node must be left when a node is lost"
	case "nodes.one":
		return "at least one node"
	case "nodes.copies":
		return "each part is on " + Counted(r.Int("copies"), "node")
	case "nodes.each":
		return "of each node"
	case "nodes.works_off":
		return fmt.Sprintf("%s works off %s within %s", r.Text("component"), unit.Duration(r.Number("outage")),
			unit.Duration(r.Number("within")))
	case "nodes.most":
		if r.Has("nodes") {
			return "on " + Counted(r.Int("nodes"), "node") + caughtUp(r)
		}
		return "on a million nodes" + caughtUp(r)
	case "nodes.one_zone":
		return r.Text("in") + " has one zone, so its loss takes everything"
	case "nodes.small":
		return "the least for a node; min_vcpu and min_memory change it"
	case "nodes.guidance":
		return "the given machine is less than is advised for a node: " + shortText(r)
	case "nodes.advised":
		return "the least that " + r.Text("source") + " advises for production, not burstable; " +
			"min_vcpu, min_memory and allow change it"
	case "nodes.below_advice":
		return fmt.Sprintf("%s is less than what %s advises for production: %d vCPU, %s, not burstable",
			r.Text("type"), r.Text("source"), r.Int("vcpu"), unit.Bytes(r.Number("memory")).Human())
	case "nodes.too_slow":
		return fmt.Sprintf("%s breaks even without any wait; a request takes %s of a vCPU", aim(r),
			unit.Duration(r.Number("service")).Human())
	}
	return ""
}

// aim names a percentile: "p99", "p99 of a guest".
func aim(r remark.Remark) string {
	s := fmt.Sprintf("p%g", r.Number("percentile")*100)
	if guest := r.Text("guest"); guest != "" {
		s += " of " + guest
	}
	return s
}

// caughtUp ends a sentence about what is so while workers catch up.
func caughtUp(r remark.Remark) string {
	if r.Is("catching_up") {
		return ", while workers catch up"
	}
	return ""
}

// sayDisks has the words for the disks of nodes.
func sayDisks(r remark.Remark) string {
	const gib, mib = 1 << 30, 1 << 20
	switch r.Key {
	case "disks.as_reads":
		return "writes and bytes as the reads that take as long"
	case "disks.journal":
		return "of the journal; sequential throughput is not in the tables: at least write IOPS × 4 KiB"
	case "disks.local":
		return fmt.Sprintf("%d local disks a node, %s usable (%s)", r.Int("disks"),
			unit.Bytes(r.Number("usable")).Human(), r.Text("storage"))
	case "disks.volumes":
		s := fmt.Sprintf("%d × %s GiB %s a node", r.Int("volumes"), unit.Decimals(r.Number("bytes")/gib, 0),
			r.Text("storage"))
		if r.Has("iops") {
			s += fmt.Sprintf(", %s IOPS each", unit.Count(r.Number("iops")).Human())
		}
		if r.Has("throughput") {
			s += fmt.Sprintf(", %s MiB/s", unit.Decimals(r.Number("throughput")/mib, 0))
		}
		return s
	case "disks.as_allowed":
		return "at the policy's utilisation"
	case "disks.not_known":
		return "not in the tables"
	case "disks.own":
		return "no volume is attached to a machine of one's own: write storage: [local]"
	case "disks.volumes_only":
		return "it keeps its data on volumes, which machines of one's own have not: give it regions:, or allow " +
			"instance types"
	case "disks.no_such_type":
		return "no such volume type"
	case "disks.most_volumes":
		return "on as many volumes as an instance takes"
	}
	return ""
}

// sayEBS has the words for what is known of a node type's way to its volumes.
func sayEBS(r remark.Remark) string {
	switch r.Key {
	case "ebs.unknown":
		return "EBS bandwidth is not in the tables"
	case "ebs.assumed":
		s := fmt.Sprintf("EBS baseline assumed: the vCPU share (%d of %d) of the family's largest maximum",
			r.Int("vcpu"), r.Int("of"))
		if r.Is("iops") {
			s += "; IOPS assumed: the least ratio of IOPS to throughput of all types"
		}
		return s
	}
	return ""
}

// rebalanced is how much moves to a new node, and in what time: "300 GiB in 1.5 h".
func rebalanced(r remark.Remark) string {
	const gib = 1 << 30
	return fmt.Sprintf("rebalance %.0f GiB in %.1f h", math.Ceil(r.Number("bytes")/gib), r.Number("time")/3600)
}
