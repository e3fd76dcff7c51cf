package whatif_test

// effectCase is a key that no single other value shows: the fixture, what is set
// first, and what is changed then.
type effectCase struct {
	key, file    string
	first, other []string
	environment  string
}

const effectShop = "effects/shop"

// effectCases are for what comes in pairs, what only another choice makes matter, and
// lists.
func effectCases() []effectCase {
	pin := []string{"components.forms.pin.type=c7g.large", "components.forms.pin.count=8"}
	sync := []string{"components.db.replication=sync"}
	return []effectCase{
		{"adjustments.*.on", effectShop, nil, []string{"adjustments.Agreement.on=[storage]"}, ""},
		{"classes.*.share", effectShop, nil, []string{"classes.page.share=60%", "classes.form.share=40%"}, ""},
		{"components.*.entry", "effects/plain", nil, []string{"components.web.entry=false",
			"components.other.entry=true"}, ""},
		{"components.*.pin.count", effectShop, pin, []string{"components.forms.pin.count=9"}, ""},
		{"components.*.pin.type", effectShop, pin, []string{"components.forms.pin.type=m7g.large"}, ""},
		{"components.*.purchase.allow", effectShop, nil, []string{"components.db.purchase.allow=[on-demand]"}, ""},
		{"components.*.regions", effectShop, nil, []string{"components.forms.regions=[us-east-1]"}, ""},
		{"components.*.survive", effectShop, nil, []string{"components.forms.survive=[node, zone]"}, ""},
		{"components.balancer.for", "effects/plain", nil, []string{"components.lb.for=other"}, ""},
		{"components.database.on_loss", effectShop, append(sync, "components.db.on_loss=block"),
			[]string{"components.db.on_loss=degrade"}, ""},
		{"components.database.raid", effectShop, []string{"components.db.storage=[local]"},
			[]string{"components.db.raid=[10]"}, ""},
		{"components.database.replication", effectShop, nil, append(sync, "components.db.on_loss=block"), ""},
		{"components.database.sharding", effectShop, []string{"data.dataset=200TB"},
			[]string{"components.db.sharding=lookup"}, ""},
		{"components.database.storage", effectShop, nil, []string{"components.db.storage=[io1]"}, ""},
		{"components.log.feed", effectShop, nil, []string{"components.changes.feed=primary"}, ""},
		{"components.log.replication", "kinds/log", nil, []string{"components.it.replication=4"}, ""},
		{"components.log.storage", "kinds/log", nil, []string{"components.it.storage=[local]"}, ""},
		{"components.quorum.cpu_per_request", "kinds/quorum", nil, []string{"components.it.cpu_per_request=900ms"}, ""},
		{"components.search.cluster_nodes", "kinds/search", nil, []string{"components.it.cluster_nodes=3"}, ""},
		{"components.search.ingest", "kinds/search", nil, []string{"components.it.ingest=100MB/s"}, ""},
		{"components.search.storage", "kinds/search", nil, []string{"components.it.storage=[local]"}, ""},
		{"components.search.tier", "kinds/search", []string{"components.it.role=logs", "components.it.ingest=20MB/s"},
			[]string{"components.it.tier=warm"}, ""},
		{"components.search.version", "kinds/search", []string{"components.it.role=logs", "components.it.ingest=20MB/s",
			"components.it.shard_target=1GiB"}, []string{"components.it.version=7.x"}, ""},
		{"environments.*.components", effectShop, nil,
			[]string{"environments.dev.components=[web, forms, db, changes, mail]"}, "dev"},
		{"environments.*.survive", effectShop, nil, []string{"environments.dev.survive=[node]"}, "dev"},
		{"peak.writes_per_user", "effects/plain", nil, []string{"peak.writes_per_user=20/min"}, ""},
		{"policy.survive", effectShop, nil, []string{"policy.survive=[node]"}, ""},
		{"prices.vintage", "effects/plain", []string{"prices.scope=compute"}, []string{"prices.vintage=2017-11-12"},
			""},
		{"purchase.allow", effectShop, nil, []string{"purchase.allow=[on-demand]"}, ""},
		{"regions.*.name", "effects/plain", nil, []string{"regions.us-west-2.name=eu-west-1"}, ""},
		{"regions.*.share", effectShop, nil, []string{"regions.us-east-1.share=70%", "regions.us-west-2.share=30%"},
			""},
	}
}

// withoutEffect are the keys that change no plan, bill or closing line, with the
// reason why they are there all the same.
func withoutEffect() map[string]string {
	const reconciled, reader = "estimate --reconcile compares it", "for who reads the profile"
	return map[string]string{
		"aims.survive":                 "not evaluated, as all reports say; its list makes no difference yet",
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
		"curve.clock":                  "of a measured curve: the tests of package workload read one",
		"curve.file":                   "a file beside the profile: the tests of package workload read one",
		"prices.overlay":               "files that the command line reads: testdata/script/overlay.txtar",
		"description":                  reader,
		"growth.events.*.name":         reader,
		"growth.phases.*.name":         reader,
		"components.balancer.protocol": "only connections are counted by it, no fixture is bound by them",
		"components.database.pooler":   "auto adds poolers beyond what an engine connects: package sizing's tests",
		"components.log.topics.*.rate": "instead of a share, which the fixtures have: package sizing's tests",
		"purchase.interruptible":       "refused here: it stands at a component",
	}
}
