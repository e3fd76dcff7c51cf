package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

func TestShort(t *testing.T) {
	for _, x := range []struct {
		r           remark.Remark
		label, text string
	}{
		{remark.New("fact.headroom", "users", 2685.0, "share", 0.074, "component", "phoenix", "system", "Phoenix",
			"resource", "cpu", "state", "region loss"), "Room",
			"2,685 users (+7 %), then Phoenix: cpu when a region is lost"},
		{remark.New("fact.headroom", "users", 500.0, "share", 0.0, "component", "db", "system", "DB", "resource", "cpu",
			"state", "own load"), "Room", "500 users (+0 %), then DB: cpu"},
		{remark.New("fact.reservable", "option", "reserved-1y-none", "total", 4942.26, "saved", 0.136), "Save",
			"13.6 %: $4,942.26 with the base reserved for a year, nothing upfront"},
		{remark.New("fact.assumed", "assumed", 33, "inputs", 51, "defaults", 9, "input", "components.phoenix.cpu",
			"value", "6ms", "change", 0.5, "down", -1365.2, "up", 378.0), "Guess",
			"33 of 51 inputs; phoenix.cpu ±50 %: −$1,365/+$378"},
		{remark.New("fact.assumed", "assumed", 1, "inputs", 20, "defaults", 9, "input", "peak.request", "value", "500B",
			"change", 0.5, "down", -0.1, "up", 0.2), "Guess", "1 of 20 inputs"},
		{remark.New("fact.region_lost", "region", "us-east-1", "serves_users", true, "takers", []string{"us-west-2"},
			"carried", "all"), "", ""},
		{remark.New("fact.region_lost", "region", "us-east-1", "serves_users", true, "takers", []string{"us-west-2"},
			"carried", "in part"), "Risk", "us-east-1 lost: us-west-2 cannot carry all"},
		{remark.New("fact.prices", "vintage", "2026-07-20", "single_source", 0, "missing", 0), "", ""},
		{remark.New("fact.next", "command", "explain", "profile", "./shop.yaml", "component", "web", "environment",
			"dev"), "Next",
			"headroom explain ./shop.yaml web --environment dev · " +
				"headroom estimate ./shop.yaml --full --environment dev"},
		{remark.New("quota.standard_vcpus", "regions", []string{"us-east-1"}, "needs", []float64{75}, "months",
			[]float64{0}, "default", 5), "Quota", "ask for 75 vCPUs of Standard on demand in us-east-1"},
		{remark.New("database.async", "lag", 1.0, "writes", 41.7), "",
			"the writes of the last 1 s may be lost with the primary (42 at peak)"},
		{remark.Labelled("Backlog", "as an older file said it"), "Backlog", "as an older file said it"},
	} {
		label, text := Short(x.r)
		require.Equal(t, x.label, label, x.r.Key)
		require.Equal(t, x.text, text, x.r.Key)
	}
	require.Equal(t, "memory", ShortResource("memory for the data"))
	require.Equal(t, "disk bytes", ShortResource("disk bytes"))
}
