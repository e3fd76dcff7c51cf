package resilience

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/outage"
)

// shop is a profile with a line in the place of MORE, and keys of its database in that of KEYS.
const shop = `apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1, zones: 3}, {name: us-west-2, zones: 2}]
failover: active-active
peak: {users: 2000, requests_per_user: 60/min, write_ratio: 5%, response: 4KB, request: 500B}
data: {dataset: 50GB}
policy: {survive: [node]}
MORE
components:
  web:
    kind: stateless
    entry: true
    cpu: 4ms
    calls:
      cache: {per_read: 2, retries: 2, breaker: true}
      db: {per_write: 1, reads_per_write: 2, fan_out: 3}
  cache: {kind: cache, items: 1M, calls: {db: {per_read: 1}}}
  db: {kind: database, cpu_read: 0.3ms, cpu_write: 1ms, failover: both, KEYS}
`

// shopSystem is the system of shop with these texts.
func shopSystem(t *testing.T, more, keys string) *outage.System {
	t.Helper()
	c := testCatalog(t)
	s, err := System(plannedText(t, c, replaced(shop, "MORE", more, ", KEYS", keys)), facts(t, c))
	require.NoError(t, err)
	sound(t, s)
	return unnamed(s)
}

// What nobody states has the defaults: of who replaces nodes, who promotes and who notices.
func TestDefaults(t *testing.T) {
	s := shopSystem(t, "", "")
	db, web, cache := partOf(t, s, "db"), partOf(t, s, "web"), partOf(t, s, "cache")
	require.True(t, s.Regions[0].Launches && !web.Supervised && !db.ByHand && db.FarByHand)
	require.Equal(t, outage.Unknown("components.web.failures"), bare(web.Detect), "nobody looks after it")
	require.Equal(t, outage.Seconds(30), bare(cache.Detect), "Redis Sentinel")
	require.Equal(t, outage.Seconds(300), bare(db.Restart))
	hits := cache.Answers
	require.True(t, hits > 0.3 && hits < 0.99)
	require.InDelta(t, 1-hits, cache.Calls[0].PerRead, 1e-9, "what it does not find")
	require.Equal(t, outage.Call{To: "cache", PerRead: 2, Retries: 2, Breaker: true, Weight: 1}, web.Calls[0])
	require.Equal(t, 3.0, web.Calls[1].PerWrite, "to three subscribers")
	require.Equal(t, 6.0, web.Calls[1].ReadsPerWrite)
	require.InDelta(t, 1, web.Calls[1].Weight+cache.Calls[0].Weight, 1e-9)
	require.Empty(t, s.Copies)
}

// Who replaces nodes may be said: Kubernetes from one region, or nobody.
func TestOrchestrator(t *testing.T) {
	s := shopSystem(t, "orchestrator: {kind: kubernetes, region: us-west-2}", "")
	require.Equal(t, []int{1, 1}, []int{s.Regions[0].From, s.Regions[1].From})
	require.Equal(t, outage.Seconds(340), bare(s.Regions[0].Replace))
	require.True(t, partOf(t, s, "web").Supervised)
	require.Equal(t, outage.Seconds(40), bare(partOf)(t, s, "web").Detect, "a node that is not ready gets no calls")
	s = shopSystem(t, "orchestrator: {kind: none}", "")
	require.False(t, s.Regions[0].Launches)
	s = shopSystem(t, "orchestrator: {kind: autoscaling}", "")
	require.True(t, s.Regions[1].Launches && s.Regions[1].From == 1)
}

// People and names: what is stated takes the place of what is not known.
func TestPeopleAndNames(t *testing.T) {
	s := shopSystem(t, "recovery: {on_call: 15min, rebuild: 10min, restore_rate: 100MB/s}\n"+
		"dns: {ttl: 120s, retry: true, health_check: {interval: 10s, threshold: 2}}\n"+
		"copies: {log: {of: [db], every: 5min, log: true, on: objects, size: 60GB}, near: {of: [db], every: 24h, "+
		"keep: 7d, at: us-west-2, on: ephemeral}}", "")
	require.Equal(t, outage.People{OnCall: outage.Seconds(900), Rebuild: outage.Seconds(600)}, bare(s.People))
	require.Equal(t, outage.DNS{Moves: true, Checks: true, Detect: outage.Seconds(20), TTL: outage.Seconds(120),
		Retries: true}, bare(s.DNS))
	require.Equal(t, []outage.Copy{
		{Name: "log", Of: []string{"db"}, Region: -1, Every: outage.Seconds(300),
			Keep: outage.Unknown("copies.log.keep"), Log: true, Rate: 100e6, Bytes: 60e9},
		{Name: "near", Of: []string{"db"}, Region: 1, Zonal: true, Disks: outage.Disks{Local: true, Ephemeral: true},
			Every: outage.Seconds(day), Keep: outage.Seconds(7 * day), Rate: 100e6, Bytes: 50e9},
	}, bare(s.Copies))
}

// A store may say who promotes, how long that takes, and who has a write before it is answered.
func TestPromotion(t *testing.T) {
	db := partOf(t, shopSystem(t, "", ", promotion: manual, promotion_elsewhere: auto"), "db")
	require.True(t, db.ByHand && !db.FarByHand)
	db = partOf(t, shopSystem(t, "", ", promotion_time: 5s"), "db")
	require.Equal(t, outage.Seconds(5), bare(db.PromoteFar))
	require.Equal(t, outage.Seconds(1), bare(db.Lag))
	db = partOf(t, shopSystem(t, "", ", write_concern: majority"), "db")
	require.Equal(t, 2, db.Acks, "of primary, standby and candidate")
	require.Equal(t, outage.Span{}, db.Lag)
	db = partOf(t, shopSystem(t, "", ", replication: sync, on_loss: block"), "db")
	require.True(t, db.Sync && db.Blocks)
	require.Equal(t, outage.Span{}, db.Lag)
	db = partOf(t, shopSystem(t, "", ", failures: {every: 1000h, repair: 1h}, engine: mysql"), "db")
	require.Equal(t, outage.Seconds(3600), bare(db.Restart))
	require.Equal(t, outage.Unknown("components.db.promotion_time"), bare(db.Promote))
}

// Members stand where the profile says, whoever may lead first, in zones of their own where it
// says nothing of them.
func TestMembers(t *testing.T) {
	s := shopSystem(t, "", `, engine: mongodb, members: [{role: arbiter, region: us-east-1, host: rack},
    {role: read-only, region: us-west-2, votes: 0}, {role: replica, region: us-west-2, priority: 5, zone: 2},
    {role: standby, region: us-east-1, priority: 9, host: other}, {role: primary, region: us-east-1, host: rack}]`)
	var got []outage.Pool
	for _, x := range partOf(t, s, "db").Pools {
		x.Disks = outage.Disks{}
		got = append(got, x)
	}
	require.Equal(t, []outage.Pool{
		{Region: 0, Zone: 0, Role: "primary", Nodes: 1, Host: "rack", Data: true, Votes: 1, Leads: true, Reads: true},
		{Region: 0, Zone: 1, Role: "standby", Nodes: 1, Host: "other", Data: true, Votes: 1, Leads: true, Reads: true},
		{Region: 1, Zone: 1, Role: "replica", Nodes: 1, Data: true, Votes: 1, Leads: true, Reads: true},
		{Region: 1, Zone: 1, Role: "read-only", Nodes: 1, Data: true, Reads: true},
		{Region: 0, Zone: 2, Role: "arbiter", Nodes: 1, Host: "rack", Votes: 1},
	}, got)
}
