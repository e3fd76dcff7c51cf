package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

// A rejection says what is needed and what there is, as far as either is a
// figure, and why.
func TestRejections(t *testing.T) {
	why := []remark.Remark{remark.New("database.one_node")}
	short := []any{"resource", "memory", "need", float64(8 << 30), "have", float64(4 << 30), "unit", "B", "why", why}
	for _, x := range []struct {
		r    remark.Remark
		want string
	}{
		{remark.New("rejection.short", short...), "memory: needs 8 GiB, has 4 GiB (on one node)"},
		{remark.New("pin.overwhelmed", short...),
			"cannot carry its load: memory: needs 8 GiB, has 4 GiB (on one node)"},
		{remark.New("rejection.short", "resource", "vCPU", "need", 2, "have", 1, "unit", ""),
			"vCPU: needs 2, has 1"},
		{remark.New("rejection.short", "resource", "storage", "why",
			[]remark.Remark{remark.New("disks.no_such_type")}), "storage (no such volume type)"},
	} {
		require.Equal(t, x.want, Say(x.r))
	}
}

// Why a machine does not do: what the profiles of other tests hardly ever meet.
func TestRareRejections(t *testing.T) {
	speed := []any{"type", "u-1.large", "class", "sql", "table", "limits/b.csv"}
	of := func(key string, values ...any) remark.Remark { return remark.New(key, values...) }
	for _, x := range []struct {
		r    remark.Remark
		want string
	}{
		{of("nodes.most", "catching_up", true), "on a million nodes, while workers catch up"},
		{of("nodes.one_zone", "in", "us-east-1"), "us-east-1 has one zone, so its loss takes everything"},
		{of("nodes.too_slow", "percentile", 0.99, "service", 0.006, "guest", "chat"),
			"p99 of chat breaks even without any wait; a request takes 6 ms of a vCPU"},
		{of("disks.most_volumes"), "on as many volumes as an instance takes"},
		{of("guest.no_nodes", "host", "web"), "web has no nodes to share"},
		{of("worker.drops", "log", "feed", "outage", 4*3600, "within", 3600),
			`log "feed" drops messages before an outage of 4h is worked off within 1h; raise its retention`},
		{of("quorum.one_member", "region_lost", true), "of each member, with a region lost"},
		{of("quorum.two_zones", "in", "us-west-1"), "us-west-1: two zones never survive losing the bigger or " +
			"equal one, as no majority is left; use a third zone or leave zone out of survive"},
		{of("search.two_zones", "in", "us-west-1"), "us-west-1: one of two zones has two of the three " +
			"master-eligible nodes, and its loss stops the cluster; use three zones"},
		{of("log.one_cluster", "in", "us-east-1"), "of one cluster in us-east-1"},
		{of("log.most_brokers"), "on a million brokers"},
		{of("log.each_broker"), "of a broker, however many there are"},
		{of("database.one_node", "promoted", true), "on one node, as primary after a failover"},
		{of("database.most_replicas"), "of each primary in a region; see max_replicas"},
		{of("database.no_failover"), "failover: none survives no loss; change it or survive"},
		{of("database.engine"), "of what the engine allows"},
		{of("database.commit_waits"), "a commit waits for the round trip to the other region"},
		{of("purchase.no_mix", "nodes", 3),
			"no mix of 3 nodes keeps min_commitment, max_commitment and max_spot_share"},
		{of("assumed.worst_band", "type", "m7g.large"),
			"interruptions of m7g.large are not known: counted as the worst band"},
		{of("speed.burstable", speed...), "the speed of u-1.large at sql is not known: it is burstable and " +
			"its baseline is not in limits/b.csv; choose another type"},
		{of("speed.generation", speed...), "the speed of u-1.large at sql is not known: its CoreMark is known " +
			"but not its clock, and nothing of its CPU's generation was measured; choose another type"},
		{of("speed.architecture", speed...).With("reference", true), "reference type: the speed of u-1.large at " +
			"sql is not known: only its clock is known, and nothing of its architecture was measured; " +
			"choose another type"},
	} {
		require.Equal(t, x.want, Say(x.r))
	}
}
