package whatif_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
)

// unbilledCases give each key with the tag bill:"none" another value than the fixture has.
func unbilledCases() []string {
	const db, aachen = "components.db.", "components.aachen."
	return []string{
		"regions.aachen.availability=90%",
		"dns.ttl=1h", "dns.health_check.interval=10s", "dns.health_check.threshold=1", "dns.retry=true",
		"recovery.on_call=8h", "recovery.restore_rate=1MB/s", "recovery.rebuild=9d",
		"orchestrator.kind=autoscaling", "orchestrator.region=us-east-1",
		"copies.daily.of=[db]", "copies.daily.every=1h", "copies.daily.keep=9d", "copies.daily.at=us-east-1",
		"copies.daily.on=ephemeral", "copies.daily.log=true", "copies.daily.size=1TB",
		"scenarios.both=split:aachen",
		"pros.0.text=quick", "pros.0.source=them", "cons.0.text=slow", "cons.0.source=them",
		"components.web.failures.every=9d", "components.web.failures.repair=9h",
		"components.web.calls.db.retries=9", "components.web.calls.db.breaker=true",
		db + "promotion=manual", db + "promotion_elsewhere=manual", db + "promotion_time=9min",
		db + "write_concern=majority",
		db + "members.1.role=standby", db + "members.2.region=aachen", db + "members.2.zone=2",
		db + "members.1.host=tower", db + "members.2.votes=0", db + "members.2.priority=0",
		db + "members.3={role: arbiter, region: us-east-1}",
		aachen + "ephemeral=true", aachen + "files.raid=6", aachen + "files.size=9TB", aachen + "files.ephemeral=true",
		aachen + "machines.box.server=tower",
	}
}

// What only failures are about moves no bill: neither the total nor a line. So it is no
// input of what is billed, and needs no effect there.
func TestKeysOfNoBill(t *testing.T) {
	src, err := os.ReadFile("../../testdata/effects/failures.yaml")
	require.NoError(t, err)
	s := systemWith(t, src, bill.Request{})
	base, err := s.Plan(nil)
	require.NoError(t, err)
	kinds, unbilled := kindsOf(s), unbilledKeys()
	for _, in := range base.Plan.Profile.Inputs() {
		assert.NotContains(t, unbilled, schemaKey(in.Path, kinds), "an input of the bill")
	}
	tried := map[string]bool{}
	for _, text := range unbilledCases() {
		path, _, _ := strings.Cut(text, "=")
		key := schemaKey(path, kinds)
		if path == "components.db.members.3" {
			key = "components.*.members.*.data" // an arbiter has no other value: it may be left out
		}
		assert.Contains(t, unbilled, key, "%s has no tag bill:\"none\"", path)
		tried[key] = true
		r, err := s.Plan(set(t, text))
		if assert.NoError(t, err, text) {
			assert.Equal(t, base.Estimate.Total, r.Estimate.Total, text)
			assert.Equal(t, base.Estimate.Lines, r.Estimate.Lines, text)
		}
	}
	assert.Equal(t, unbilled, slices.Sorted(maps.Keys(tried)), "each such key has a case")
}
