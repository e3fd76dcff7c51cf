package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/insight"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// JSON of an explanation has each step as texts and as numbers with units, without the last
// digits that only the order of additions decides.
func TestExplanationHasNumbers(t *testing.T) {
	step := remark.Derive("CPU of {who}", "MODEL", remark.Notate("{cpu} vCPU of {reference}",
		"cpu", unit.VCPUs(0.045222357829491376), "reference", "m7g.xlarge"),
		"λ·cpu = {λ} × {cpu}", "λ", unit.EventRate(9.044471565898275), "cpu", unit.Given(unit.Duration(0.005))).
		Naming("who", "db").Noting("step.threads", "threads", 1.0/3)
	step.Of = "cpu"
	derived := []insight.Derived{{Step: step, Region: "eu", Rate: 7}}
	x := &insight.Explanation{Schema: insight.ExplanationSchema, Demand: derived,
		Components: []insight.ComponentReasoning{{Load: derived, Steps: derived}}}
	var b bytes.Buffer
	require.NoError(t, writeJSON(&b, Document{Data: newExplanationFile(x)}, Output{}))
	var got struct {
		Demand     []json.RawMessage
		Components []struct{ Load, Steps []json.RawMessage }
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &got))
	for _, list := range [][]json.RawMessage{got.Demand, got.Components[0].Load, got.Components[0].Steps} {
		require.Len(t, list, 1)
		require.JSONEq(t, `{"what": "CPU of db", "formula": "λ·cpu = 9.04/s × 5ms, on 0 threads",
			"result": "0.04522 vCPU of m7g.xlarge", "source": "MODEL", "of": "cpu", "region": "eu", "per_s": 7,
			"names": [{"name": "who", "text": "db"}],
			"operands": [{"name": "λ", "value": 9.0444715659, "unit": "/s"},
				{"name": "cpu", "value": 0.005, "unit": "s"}],
			"note": {"key": "step.threads", "threads": 0.333333333333},
			"results": [{"name": "cpu", "value": 0.0452223578295, "unit": "vCPU"},
				{"name": "reference", "text": "m7g.xlarge"}]}`, string(list[0]))
	}
}
