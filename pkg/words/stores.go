package words

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayLog has the words for logs.
func sayLog(r remark.Remark) string {
	const kept = "retention × mean of the worst such time × copies"
	switch r.Key {
	case "log.partitions":
		return fmt.Sprintf("%s, RF %d", Counted(r.Int("partitions"), "partition"), r.Int("replication"))
	case "log.topic":
		return "topic " + r.Text("topic") + ": " + Counted(r.Int("partitions"), "partition")
	case "log.grows":
		if !r.Has("bytes") {
			return "writes: a broker is added and partitions are moved to it by hand"
		}
		return "writes: a broker is added by hand; " + rebalanced(r)
	case "log.apart":
		return "each copy of a partition on a broker of its own"
	case "log.every_zone":
		return "as many brokers in each of " + Counted(r.Int("zones"), "zone")
	case "log.one_zone":
		return r.Text("region") + ": copies that are not kept in different zones may all be lost with one; " +
			"use zone_aware: true"
	case "log.overfull":
		return fmt.Sprintf("topic %s: %s would be too few for its rate at the end of the horizon; %d would do",
			r.Text("topic"), Counted(r.Int("stated"), "partition"), r.Int("needed"))
	case "log.guidance":
		return fmt.Sprintf("MSK's guidance for brokers of %d vCPU", r.Int("vcpu"))
	case "log.few":
		return Counted(r.Int("partitions"), "partition") + " on " + Counted(r.Int("brokers"), "broker") +
			": some have nothing to lead; raise partitions"
	case "log.zones":
		return Counted(r.Int("zones"), "zone") + ": a lost zone may leave one copy of a partition; " +
			"writers that wait for two copies (min.insync.replicas=2) then stop"
	case "log.one_copy":
		s := "one copy: a lost broker takes its messages with it"
		if r.Is("elsewhere") {
			s += "; the other region's log has them"
		}
		return s
	case "log.page_cache":
		return "page cache for the hot window, beside the broker itself"
	case "log.kept":
		return kept
	case "log.kept_on_volumes":
		return kept + "; volumes are bought to fit, this is the most that a broker takes"
	case "log.volumes":
		return "of as many volumes as an instance takes"
	case "log.one_cluster":
		return "of one cluster in " + r.Text("in")
	case "log.most_brokers":
		return "on a million brokers"
	case "log.each_broker":
		return "of a broker, however many there are"
	case "log.no_page_cache":
		return "without any page cache"
	}
	return ""
}

// copiesText is how many copies of each shard there are, with the primary one.
func copiesText(r remark.Remark) string {
	if n := r.Int("copies"); n != 1 {
		return fmt.Sprintf("%d copies", n)
	}
	return "1 copy"
}

// saySearch has the words for search clusters.
func saySearch(r remark.Remark) string {
	switch r.Key {
	case "search.shards":
		return Counted(r.Int("shards"), "shard") + " × " + copiesText(r)
	case "search.index":
		s := Counted(r.Int("shards"), "primary shard") + " × " + copiesText(r) + ", " + r.Text("storage")
		if bytes := r.Number("bytes"); bytes > 0 {
			s += fmt.Sprintf(" %s a node", unit.Bytes(bytes).Human())
		}
		if clusters := r.Int("clusters"); clusters > 1 {
			s += ", in " + Counted(clusters, "cluster") + " that are searched together"
		}
		return s
	case "search.busiest":
		s := fmt.Sprintf("the busiest of %s has %d of %s", Counted(r.Int("nodes"), "data node"), r.Int("most"),
			copiesText(r))
		if r.Has("lost") {
			s += fmt.Sprintf(", at most %d after a loss", r.Int("lost"))
		}
		return s
	case "search.placed":
		return fmt.Sprintf("%d of %s on the busiest node", r.Int("most"), copiesText(r))
	case "search.masters":
		return Counted(r.Int("nodes"), "dedicated master") + " of " + r.Text("type")
	case "search.grows":
		s := fmt.Sprintf("queries and data: a node by hand, which %s move to in %s",
			unit.Bytes(r.Number("bytes")).Human(), unit.Duration(r.Number("time")).Human())
		if r.Has("shards") {
			return s + fmt.Sprintf("; beyond %s reindex %s", Counted(r.Int("shards"), "full shard"),
				unit.Bytes(r.Number("index")).Human())
		}
		return s + "; new indices take the number of shards needed then"
	case "search.guidance":
		return "the given machine is less than Elastic's guidance for a data node: " + shortText(r)
	case "search.volumes_as_large":
		return "volumes are as large as it takes"
	case "search.volumes_as_fast":
		return "volumes get what it takes"
	case "search.node_a_copy":
		return "one node for each copy"
	case "search.quorate":
		return "three master-eligible nodes, of which two must be left"
	case "search.dedicated":
		return "dedicated from " + Counted(r.Int("from"), "data node") + " on"
	case "search.data_per_memory":
		return "memory × the bytes of data that one of it serves"
	case "search.response":
		return "response time of queries"
	case "search.small":
		return "of a data node; Elastic advises against many small ones"
	case "search.burstable":
		return "of a data node; a burstable type has it only where the profile asks for one"
	case "search.two_zones":
		return r.Text("in") + ": one of two zones has two of the three master-eligible nodes, " +
			"and its loss stops the cluster; use three zones"
	}
	return ""
}

// sayDatabase has the words for databases: their structure first, then what is
// said of limits and in warnings.
func sayDatabase(r remark.Remark) string {
	kept := r.Text("replication") + ", " + r.Text("storage")
	if r.Has("primaries") {
		kept = logicalText(r) + ", " + kept
	}
	switch r.Key {
	case "database.whole":
		return kept
	case "database.shards":
		return Counted(r.Int("shards"), "shard") + " by " + r.Text("by") + ", " + kept
	case "database.partitions":
		return Counted(r.Int("partitions"), "partition") + ", " + kept
	case "database.servers":
		return serversText(r)
	case "database.replicas":
		s := Counted(r.Int("replicas"), "read replica") + " of each primary in " + r.Text("in")
		if r.Int("replicas") > r.Int("stated") {
			s += ", as many as carry the reads"
		}
		if r.Is("home") {
			s += ": what reads there costs more where it waits for another region"
		}
		return s
	case "database.poolers":
		return fmt.Sprintf("poolers on %s: %.0f connections to a primary instead of %.0f", r.Text("type"),
			r.Number("connections"), r.Number("clients"))
	case "database.answers":
		return answersText(r)
	case "database.memory":
		return fmt.Sprintf("%s of memory for %s of data: %s of the page reads come from disk",
			unit.Bytes(r.Number("cache")).Human(), unit.Bytes(r.Number("data")).Human(),
			unit.Fraction(r.Number("miss")).Human())
	case "database.partition":
		return fmt.Sprintf("partition %s: %s of load and data", r.Text("partition"),
			unit.Fraction(r.Number("part")).Human())
	case "database.together":
		return "partitions " + strings.Join(r.List("partitions"), ", ") + " together on one primary"
	case "database.logical":
		n, name := r.Int("logical"), r.Text("name")
		digits := len(fmt.Sprint(n - 1))
		return fmt.Sprintf("%d logical shards %s%0*d…%s%0*d on %d physical, by %s", n, name, digits, 0,
			name, digits, n-1, r.Int("physical"), r.Text("by"))
	case "database.grows":
		return "users and data: a larger machine by failover, disks while running; " +
			"beyond the largest machine, partitions or a new shard map"
	case "database.grows_by_shard":
		s := "users and data: one more shard takes logical shards from the others"
		if r.Has("bytes") {
			s += ": " + rebalanced(r)
		}
		return s
	}
	return sayDatabaseLimit(r)
}

// logicalText says on how many primaries logical shards lie.
func logicalText(r remark.Remark) string {
	s := unit.Whole(r.Number("logical")) + " logical shards"
	if r.Is("each") {
		s += " of each partition"
	}
	if r.Int("primaries") == 1 {
		return s + " on 1 primary"
	}
	return s + " on " + unit.Whole(r.Number("primaries")) + " primaries"
}

// serversText says which servers a database has.
func serversText(r remark.Remark) string {
	s := "one primary in " + r.Text("primary")
	if r.Is("standby") {
		s += ", standby in another zone"
	}
	if region := r.Text("candidate"); region != "" {
		s += ", failover candidate in " + region
	}
	return s + ", " + r.Text("replication") + " replication"
}

// answersText says who answers the reads of a region.
func answersText(r remark.Remark) string {
	s := fmt.Sprintf("reads in %s (%s of a shard): ", r.Text("in"), unit.EventRate(r.Number("reads")).Human())
	servers, replicas := "the failover candidate", r.Int("replicas")
	if r.Is("primary") {
		if servers = "the primary"; r.Int("servers") > 1 {
			servers += " and its standby"
		}
	}
	switch {
	case replicas == 0:
		return s + servers
	case r.Int("servers") == 0:
		return s + "read replicas"
	}
	return s + servers + " and read replicas"
}

func sayDatabaseLimit(r remark.Remark) string {
	switch r.Key {
	case "database.of_partition":
		return "partition " + r.Text("partition")
	case "database.connections":
		return fmt.Sprintf("clients × %s + %s, at every primary", unit.Digits(r.Number("factor"), 4),
			unit.Digits(r.Number("spare"), 4))
	case "database.least_size":
		return "least size of a node"
	case "database.one":
		s := "one " + r.Text("role")
		switch {
		case r.Is("already"):
			s += " for each shard, into as many as the data is divided already"
		case r.Int("shards") > 1:
			s += " for each shard, as stated"
		}
		return s
	case "database.replicas_stated":
		return "replicas, as stated or as disks need"
	case "database.response":
		return "response time"
	case "database.replay":
		return "replicas replay on few threads"
	case "database.shared":
		return "shared by " + Counted(r.Int("nodes"), "node") + " there that answer reads"
	case "database.moves":
		return "a lost node or zone moves the primary to " + r.Text("to") + ", as failover says; " +
			"failover: both keeps it in its region"
	case "database.stale":
		return "reads at standbys and replicas may miss the writes of the last " +
			unit.Duration(r.Number("lag")).Human() + "; stale_reads: false keeps all at the primary"
	case "database.one_region":
		return "the primary can run in one region only: its loss takes the database"
	case "database.async":
		return fmt.Sprintf("async: when the primary is lost, the writes of the last %s (at peak %s) may be lost",
			unit.Duration(r.Number("lag")).Human(), unit.Grouped(fmt.Sprintf("%.0f", math.Ceil(r.Number("writes")))))
	case "database.blocks":
		return "sync, on_loss block: writes stop when the failover candidate is lost"
	case "database.degrades":
		return "sync, on_loss degrade: after the loss of the failover candidate a second loss may lose writes"
	case "database.local_disks":
		if r.Is("own") {
			return "local disks: a lost machine loses its data, which is then restored from a copy; a restart " +
				"loses none"
		}
		return "local disks: a lost or stopped instance loses its data and is rebuilt from another"
	}
	return sayDatabaseMiss(r)
}

// sayDatabaseMiss says what a machine does not have for a database.
func sayDatabaseMiss(r remark.Remark) string {
	switch r.Key {
	case "database.one_node":
		s := "on one node" + caughtUp(r)
		if r.Is("promoted") {
			s += ", as primary after a failover"
		}
		return s
	case "database.most_shards":
		return "logical shards; raise logical_shards"
	case "database.most_replicas":
		return "of each primary in a region; see max_replicas"
	case "database.no_failover":
		return "failover: none survives no loss; change it or survive"
	case "database.lost_disks":
		return "a lost instance loses its local disks; add a second copy in the region: failover: zone, or replicas"
	case "database.burstable":
		return "databases run all day; name the type or burstable in allow to have it even so"
	case "database.engine":
		s := "of what the engine allows"
		if size := r.Int("size"); size > 0 {
			s += fmt.Sprintf("; pooler: auto puts poolers in front, of which %s would do", Counted(size, "connection"))
		}
		return s
	case "database.no_cache":
		return "connections and room for schema changes leave no memory for data"
	case "database.commit_waits":
		return "a commit waits for the round trip to the other region"
	}
	return ""
}
