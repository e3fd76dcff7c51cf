package whatif_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
)

// Keys that components of all kinds may have do something for each kind, or are refused
// where they could do nothing.
func TestCommonKeysOfEveryKind(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred plans; without -short, as CI runs it, they are made")
	}
	kinds, err := filepath.Glob("../../testdata/kinds/*.yaml")
	require.NoError(t, err)
	for _, file := range kinds {
		kind := strings.TrimSuffix(filepath.Base(file), ".yaml")
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		s := systemWith(t, src, bill.Request{})
		u := &plan.Reuse{}
		base, ok := reported(t, s, u, set(t, busy()[kind]...))
		require.True(t, ok, base.bill)
		for key, values := range commonValues() {
			done := false
			for _, value := range values {
				got, ok := reported(t, s, u, set(t, append(busy()[kind], "components.it."+key+"="+value)...))
				done = done || !ok || !got.same(base)
			}
			assert.True(t, done, "%s of kind %s does nothing, and is not refused", key, kind)
		}
	}
}

// busy makes the CPU of fixtures matter in which something else binds.
func busy() map[string][]string {
	return map[string][]string{
		"cache": {"components.it.cpu_per_call=9ms", "components.it.threads=4",
			"components.it.allow={types: [r7g.xlarge]}"},
		"log":    {"components.it.cpu_per_mb=300ms"},
		"pooler": {"components.it.cpu_per_transaction=2ms", "components.it.processes=4"},
		"queue":  {"components.it.cpu_per_message=9ms"},
		"quorum": {"components.it.cpu_per_request=9ms"},

		"telemetry": {"components.it.cpu_per_mb=3s"},
	}
}

// commonValues are for each key some of which one at least changes what a kind that has
// a use for it makes. Not among them: entry, and generates, which belongs to an entry.
func commonValues() map[string][]string {
	return map[string][]string{
		"title":       {"X"},
		"notes":       {"hello"},
		"scope":       {"share", "all", "primary"},
		"regions":     {"[us-east-1]", "[us-west-2]"},
		"pin":         {"{type: m7g.4xlarge, count: 9}"},
		"allow":       {"{types: [m7g.4xlarge]}"},
		"slo":         {"{p99: 1us}"},
		"survive":     {"[]", "[node]"},
		"colocate":    {"api"},
		"scalability": {"{sigma: 0.3, kappa: 0.01}"},
		"purchase":    {"{option: reserved-1y-none}"},
		"calls":       {"{api: {per_read: 1, per_write: 1, request: 7MB, response: 1MB}}"},
	}
}
