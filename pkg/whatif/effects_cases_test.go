package whatif_test

import (
	"slices"
	"strings"
)

// effectCase is a key that no single other value shows: the fixture, what is set
// first, and what is changed then.
type effectCase struct {
	key, file    string
	first, other []string
	environment  string
}

const effectShop, effectPlain = "effects/shop", "effects/plain"

// refused is the reason of keys that may have one value only: that no other is allowed
// is tested.
const refused = "any other value is refused"

// effectCases are for what comes in pairs, what only another choice makes matter, and
// lists.
func effectCases() []effectCase {
	return slices.Concat(pairedCases(), choiceCases(), databaseCases(), storeCases(), poolCases(), edgeCases(),
		environmentCases(), siteCases(),
		rateCases("purchase"), rateCases("components.web.purchase"))
}

func pairedCases() []effectCase {
	pin := []string{"components.forms.pin.type=c7g.large", "components.forms.pin.count=8"}
	sync := []string{"components.db.replication=sync"}
	return []effectCase{
		{"adjustments.*.on", effectShop, nil, []string{"adjustments.Agreement.on=[storage]"}, ""},
		{"classes.*.share", effectShop, nil, []string{"classes.page.share=60%", "classes.form.share=40%"}, ""},
		{"components.*.entry", effectPlain, nil, []string{"components.web.entry=false",
			"components.other.entry=true"}, ""},
		{"components.*.pin.count", effectShop, pin, []string{"components.forms.pin.count=9"}, ""},
		{"components.*.pin.type", effectShop, pin, []string{"components.forms.pin.type=m7g.large"}, ""},
		{"components.*.purchase.allow", effectShop, nil, []string{"components.db.purchase.allow=[on-demand]"}, ""},
		{"components.*.regions", effectShop, nil, []string{"components.forms.regions=[us-east-1]"}, ""},
		{"components.*.survive", effectShop, nil, []string{"components.forms.survive=[node, zone]"}, ""},
		{"components.balancer.for", effectPlain, nil, []string{"components.lb.for=other"}, ""},
		{"components.database.on_loss", effectShop, append(sync, "components.db.on_loss=block"),
			[]string{"components.db.on_loss=degrade"}, ""},
		{"components.database.raid", effectShop, []string{"components.db.storage=[local]"},
			[]string{"components.db.raid=[10]"}, ""},
		{"components.database.replication", effectShop, nil, append(sync, "components.db.on_loss=block"), ""},
		{"components.database.sharding", effectShop, []string{"data.dataset=200TB"},
			[]string{"components.db.sharding=lookup"}, ""},
		{"components.database.storage", effectShop, nil, []string{"components.db.storage=[io1]"}, ""},
		{"components.fixed.spread", "kinds/fixed", []string{"components.it.every=once"},
			[]string{"components.it.spread=24"}, ""},
		{"components.log.feed", effectShop, nil, []string{"components.changes.feed=primary"}, ""},
		{"components.log.replication", "kinds/log", nil, []string{"components.it.replication=4"}, ""},
		{"components.log.storage", "kinds/log", nil, []string{"components.it.storage=[local]"}, ""},
		{"components.quorum.cpu_per_request", "kinds/quorum", nil, []string{"components.it.cpu_per_request=900ms"}, ""},
		{"components.search.storage", "kinds/search", nil, []string{"components.it.storage=[local]"}, ""},
		{"environments.*.components", effectShop, nil,
			[]string{"environments.dev.components=[web, forms, db, changes, mail]"}, "dev"},
		{"environments.*.survive", effectShop, nil, []string{"environments.dev.survive=[node]"}, "dev"},
		{"growth.events.*.week", effectShop,
			[]string{"growth.events=[{name: sale, week: 4, duration: 48h, multiplier: 4}]"},
			[]string{"growth.events.sale.week=20"}, ""},
		{"growth.phases.*.week", effectShop, []string{"growth.phases=[{name: launch, week: 8, multiplier: 1.5}]"},
			[]string{"growth.phases.launch.week=20"}, ""},
		{"peak.writes_per_user", effectPlain, nil, []string{"peak.writes_per_user=20/min"}, ""},
		{"policy.survive", effectShop, nil, []string{"policy.survive=[node]"}, ""},
		{"prices.vintage", effectPlain, []string{"prices.scope=compute"}, []string{"prices.vintage=2017-11-12"},
			""},
		{"purchase.allow", effectShop, nil, []string{"purchase.allow=[on-demand]"}, ""},
		{"stages.*.month", effectPlain, []string{"stages=[{name: new, month: 1, set: {peak.users: 3k}}]"},
			[]string{"stages.new.month=0"}, ""},
		{"stages.*.week", effectPlain, []string{"stages=[{name: new, week: 8, set: {peak.users: 3k}}]"},
			[]string{"stages.new.week=0"}, ""},
		{"stages.*.set.*", effectPlain, []string{"stages=[{name: new, week: 0, set: {peak.users: 3k}}]"},
			[]string{"stages.new.set={peak.users: 4k}"}, ""},
		{"regions.*.name", effectPlain, nil, []string{"regions.us-west-2.name=eu-west-1"}, ""},
		{"regions.*.share", effectShop, nil, []string{"regions.us-east-1.share=70%", "regions.us-west-2.share=30%"},
			""},
	}
}

// choiceCases are keys of components that matter only beside a choice.
func choiceCases() []effectCase {
	small := []string{"peak.response=1B", "peak.first_page=1B", "peak.request=1B"}
	spot := []string{"purchase={option: optimal}",
		"components.other.purchase={interruptible: true, max_spot_share: 90%}"}
	measured := []string{"curve={file: ../../testdata/effects/week.csv}"}
	allow := func(what string) []string { return []string{"components.other.allow={" + what + "}"} }
	other := func(texts ...string) []string { return texts }
	return []effectCase{
		{"aims.survive", effectShop, other("aims.survive=[]"), other("aims.survive=[zone]"), ""},
		{"components.*.allow.accelerated", effectPlain, allow("families: [g4dn]"),
			other("components.other.allow.accelerated=true"), ""},
		{"components.*.allow.bare_metal", effectPlain, allow("families: [i3], min_vcpu: 72"),
			other("components.other.allow.bare_metal=true"), ""},
		{"components.*.allow.burstable", effectPlain, allow("families: [t4g]"),
			other("components.other.allow.burstable=false"), ""},
		{"components.*.allow.flex", effectPlain, allow("families: [m7i-flex]"),
			other("components.other.allow.flex=true"), ""},
		{"components.*.allow.min_cores", effectPlain, nil, other("components.other.allow.min_cores=8"), ""},
		{"components.*.allow.min_vcpu", effectPlain, nil, other("components.other.allow.min_vcpu=16"), ""},
		{"components.*.generates", effectPlain, other("peak.response=2MB"), other("components.web.generates=2MB"), ""},
		{"components.*.purchase.min_spot_saving", effectPlain, spot,
			other("components.other.purchase.min_spot_saving=95%"), ""},
		{"components.balancer.connections_per_session", "kinds/balancer", small,
			other("components.it.connections_per_session=200"), ""},
		{"components.balancer.keep_alive", "kinds/balancer", small, other("components.it.keep_alive=10h"), ""},
		{"components.balancer.protocol", effectPlain, append(small, "peak.session=30min"),
			other("components.lb.protocol=tls"), ""},
		{"components.stateless.needs", "kinds/balancer", nil, other("components.api.needs=[websocket]"), ""},
		{"components.balancer.public", "kinds/balancer", nil, other("components.it.public=false"), ""},
		{"components.nat.per_request_out", "kinds/nat", other("components.it.per_request=10KB"),
			other("components.it.per_request_out=100%"), ""},
		{"components.pooler.deploy_factor", "kinds/pooler", other("components.it.max_clients=10"),
			other("components.it.deploy_factor=10"), ""},
		{"components.pooler.max_clients", "kinds/pooler", nil, other("components.it.max_clients=2"), ""},
		{"components.pooler.memory_per_client", "kinds/pooler", nil,
			other("components.it.memory_per_client=200MB"), ""},
		{"components.pooler.reference", "kinds/pooler", other("components.it.cpu_per_transaction=2ms"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.proxy.cpu_per_resumption", "kinds/proxy", other("components.it.resumed=100%"),
			other("components.it.cpu_per_resumption=90ms"), ""},
		{"components.proxy.public", "kinds/proxy", nil, other("components.it.public=false"), ""},
		{"components.proxy.reference", "kinds/proxy", nil, other("components.it.reference=m5.xlarge"), ""},
		{"components.stateless.cpu_by_class.*", effectShop, other("components.web.cpu_by_class={page: 6ms}"),
			other("components.web.cpu_by_class.page=9ms"), ""},
		{"components.stateless.reference", "kinds/stateless", nil, other("components.it.reference=m5.xlarge"), ""},
		{"components.stateless.single_threaded", "kinds/stateless", other("components.it.workers=2"),
			other("components.it.single_threaded=true"), ""},
		{"components.transfer.zone_crossing", effectPlain, other("components.t={kind: transfer}"),
			other("components.t.zone_crossing=0"), ""},
		{"components.worker.lag", "kinds/worker", other("components.it.autoscaled=true"),
			other("components.it.lag=3h"), ""},
		{"components.worker.pool", "kinds/worker", other(
			"components.db={kind: database, cpu_read: 1ms, cpu_write: 1ms}",
			"components.it.calls={db: {per_write: 1, request: 1KB}}"), other("components.it.pool=900"), ""},
		{"components.worker.reference", "kinds/worker", nil, other("components.it.reference=m5.xlarge"), ""},
		{"curve.clock", effectPlain, measured, other("curve.clock=local"), ""},
		{"curve.file", effectPlain, nil, measured, ""},
		{"purchase.min_spot_saving", effectPlain, spot, other("purchase.min_spot_saving=95%"), ""},
	}
}

// databaseCases are keys of databases.
func databaseCases() []effectCase {
	disks := func(volume, family, size, slo string) []string {
		out := []string{"components.it.storage=[" + volume + "]", "data.dataset=" + size,
			"components.it.slo={p99: " + slo + "}"}
		if family != "" {
			out = append(out, "components.it.allow={families: ["+family+"]}")
		}
		return out
	}
	other := func(texts ...string) []string { return texts }
	return []effectCase{
		{"components.cache.replicas", "kinds/cache", nil, other("components.it.replicas=2"), ""},
		{"components.cache.reference", "kinds/cache", other("components.it.cpu_per_call=900us"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.cache.threads", "kinds/cache", other("components.it.cpu_per_call=900us",
			"components.it.allow={types: [m7g.xlarge]}"),
			other("components.it.threads=4"), ""},
		{"components.queue.copies", "kinds/queue", nil, other("components.it.copies=5"), ""},
		{"components.queue.reference", "kinds/queue", other("components.it.cpu_per_message=9ms"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.cluster.copies", "kinds/cluster", nil, other("components.it.copies=5"), ""},
		{"components.cluster.reference", "kinds/cluster", other("components.it.cpu_read=20ms"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.multi-primary.nodes", "kinds/multi-primary", nil, other("components.it.nodes=5"), ""},
		{"components.multi-primary.max_nodes", "kinds/multi-primary", other("components.it.cpu_read=6ms",
			"components.it.working_set=1%", "components.it.allow={types: [m7g.xlarge, m7g.2xlarge]}"),
			other("components.it.max_nodes=3"), ""},
		{"components.multi-primary.reference", "kinds/multi-primary", other("components.it.cpu_read=20ms"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.database.cascade", effectShop, other("components.db.replicas=3"),
			other("components.db.cascade=true"), ""},
		{"components.database.disk_latency.hdd", "kinds/database", disks("local", "d3", "2TB", "200ms"),
			other("components.it.disk_latency.hdd=2s"), ""},
		{"components.database.disk_latency.io", "kinds/database", disks("io1", "", "2TB", "100ms"),
			other("components.it.disk_latency.io=2s"), ""},
		{"components.database.disk_latency.nvme", "kinds/database", disks("local", "i4i", "4TB", "100ms"),
			other("components.it.disk_latency.nvme=2s"), ""},
		{"components.database.logical_shards", effectShop, other("data.dataset=200TB"),
			other("components.db.logical_shards=3"), ""},
		{"components.database.partitions.*", "kinds/database", other("components.it.shards=2",
			"components.it.partitions={a: 50%, b: 50%}"), other("components.it.partitions={a: 90%, b: 10%}"), ""},
		{"components.database.pooler", "kinds/database", other("components.it.max_connections=60"),
			other("components.it.pooler=auto"), ""},
		{"components.database.reference", "kinds/database", other("components.it.cpu_read=20ms"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.database.round_trip", effectShop, other("components.db.replication=sync",
			"components.db.on_loss=block"), other("components.db.round_trip=300ms"), ""},
		{"components.database.schema_change_factor", "kinds/database", other("components.it.largest_table=500GB"),
			other("components.it.schema_change_factor=4"), ""},
	}
}

// poolCases are keys of node pools, and of what keeps their metrics.
func poolCases() []effectCase {
	const pool = "kinds/node-pool"
	other := func(texts ...string) []string { return texts }
	unknown := func(name string) []string { // types of whose addresses the tables know nothing
		return other("components.it.allow={types: [" + name + "], accelerated: true, previous_generation: true}")
	}
	polled := other("components.config.polled={every: 10s, cpu: 1s}")
	poll := func(key, value string) effectCase {
		return effectCase{"components.stateless.polled." + key, "kinds/telemetry", polled,
			other("components.config.polled." + key + "=" + value), ""}
	}
	return []effectCase{
		poll("every", "1h"), poll("cpu", "9s"), poll("request", "9GB"), poll("response", "9GB"),
		{"components.node-pool.groups.*.connections", pool, other(
			"components.db={kind: database, cpu_read: 1ms, cpu_write: 1ms}",
			"components.it.calls={db: {per_write: 1, request: 1KB}}"),
			other("components.it.groups.web.connections=900"), ""},
		{"components.node-pool.large_vcpu", pool, unknown("g3.4xlarge"), other("components.it.large_vcpu=8"), ""},
		{"components.node-pool.max_pods_large", pool, unknown("g3.8xlarge"),
			other("components.it.max_pods_large=20"), ""},
		{"components.node-pool.max_pods_small", pool, unknown("g3.4xlarge"),
			other("components.it.max_pods_small=20"), ""},
		{"components.telemetry.copies", "kinds/telemetry", nil, other("components.it.copies=5"), ""},
		{"components.telemetry.reference", "kinds/telemetry", other("components.it.cpu_per_mb=3s"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.node-pool.reference", pool, nil, other("components.it.reference=m5.xlarge"), ""},
	}
}

// storeCases are keys of logs, quorums and indexes.
func storeCases() []effectCase {
	logs := []string{"components.it.role=logs", "components.it.ingest=20MB/s"}
	other := func(texts ...string) []string { return texts }
	return []effectCase{
		{"components.log.batch", "kinds/log", other("components.it.cpu_per_batch=9ms"),
			other("components.it.batch=400KB"), ""},
		{"components.log.recompress", "kinds/log", other("components.it.max_cpu=2%"),
			other("components.it.recompress=true"), ""},
		{"components.log.reference", "kinds/log", other("components.it.cpu_per_mb=300ms"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.log.topics.*.rate", "kinds/log", other("components.it.topics={all: {rate: 1MB/s}}"),
			other("components.it.topics.all.rate=90MB/s"), ""},
		{"components.quorum.nodes", "kinds/quorum", nil, other("components.it.nodes=7"), ""},
		{"components.quorum.reference", "kinds/quorum", other("components.it.cpu_per_request=9ms"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.quorum.requests", "kinds/quorum", nil, other("components.it.requests=90000/s"), ""},
		{"components.search.cluster_nodes", "kinds/search", other("components.it.role=logs",
			"components.it.ingest=200MB/s"), other("components.it.cluster_nodes=3"), ""},
		{"components.search.ingest", "kinds/search", other("components.it.role=logs"),
			other("components.it.ingest=200MB/s"), ""},
		{"components.search.log_per_request", "kinds/search", other("components.it.role=logs",
			"components.api.calls.it.per_write=0", "components.api.calls.it.per_read=0"),
			other("components.it.log_per_request=90KB"), ""},
		{"components.search.master_memory", "kinds/search", other("components.it.dedicated_from=1"),
			other("components.it.master_memory=100GiB"), ""},
		{"components.search.master_vcpu", "kinds/search", other("components.it.dedicated_from=1"),
			other("components.it.master_vcpu=32"), ""},
		{"components.search.reference", "kinds/search", nil, other("components.it.reference=m5.xlarge"), ""},
		{"components.search.region_outage", "kinds/search", logs, other("components.it.region_outage=9d"), ""},
		{"components.search.replicas", "kinds/search", nil, other("components.it.replicas=4"), ""},
		{"components.search.retention", "kinds/search", logs, other("components.it.retention=70d"), ""},
		{"components.search.tier", "kinds/search", logs, other("components.it.tier=warm"), ""},
		{"components.search.version", "kinds/search", append(logs, "components.it.shard_target=1GiB"),
			other("components.it.version=7.x"), ""},
		{"components.search.write_amplification", "kinds/search", logs,
			other("components.it.write_amplification=90"), ""},
	}
}

// edgeCases are keys of what stands before or beside a system.
func edgeCases() []effectCase {
	other := func(texts ...string) []string { return texts }
	return []effectCase{
		{"components.bastion.reference", "kinds/bastion", other("components.it.cpu_per_session=900ms"),
			other("components.it.reference=m5.xlarge"), ""},
		{"components.cdn.edges.*", "kinds/cdn", other("components.it.edges={eu: 50%, india: 50%}"),
			other("components.it.edges.eu=60%", "components.it.edges.india=40%"), ""},
		{"components.dns.free_health_checks", "kinds/dns", other("components.it.health_checks=60"),
			other("components.it.free_health_checks=10"), ""},
		{"components.web-cache.public", "kinds/web-cache", nil, other("components.it.public=false"), ""},
		{"components.web-cache.reference", "kinds/web-cache", other("components.it.cpu_per_request=9ms"),
			other("components.it.reference=m5.xlarge"), ""},
	}
}

// rateCases are rates of the user's own, of the profile or of a component.
func rateCases(purchase string) []effectCase {
	first := []string{"components.web.pin={type: c7g.large, count: 30}", purchase + "={option: reserved-1y-all, " +
		"rates: [{option: reserved-1y-all, type: c7g.large, hourly: 0.001, fee: 10, source: us}]}"}
	var out []effectCase
	for _, text := range []string{"option=reserved-3y-all", "type=c7g.xlarge", "hourly=0.02", "fee=20", "source=they"} {
		name, _, _ := strings.Cut(text, "=")
		out = append(out, effectCase{strings.Replace(purchase, ".web.", ".*.", 1) + ".rates.*." + name, effectPlain,
			first, []string{purchase + ".rates.0." + text}, ""})
	}
	return out
}

// withoutEffect are the keys that change no plan, bill or closing line, with the
// reason why they are there all the same.
func withoutEffect() map[string]string {
	const reconciled, reader = "estimate --reconcile compares it", "for who reads the profile"
	return map[string]string{
		"apiVersion":                   refused,
		"components.*.kind":            "it decides which other keys there are; each kind has a fixture",
		"components.*.printed.count":   reconciled,
		"components.*.printed.machine": reconciled,
		"components.*.printed.notes":   reconciled,
		"components.*.printed.price":   reconciled,
		"components.*.printed.system":  reconciled,
		"components.*.printed.total":   reconciled,
		"printed.source":               reconciled,
		"printed.total":                reconciled,
		"printed.two_regions":          reconciled,
		"prices.overlay":               "files that the command line reads: testdata/script/overlay.txtar",
		"description":                  reader,
		"growth.events.*.name":         reader,
		"growth.phases.*.name":         reader,
		"stages.*.name":                reader,
		"purchase.interruptible":       refused,
	}
}
