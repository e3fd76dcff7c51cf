package compare

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
)

// The changed inputs are values, from the files that estimates keep: also of a saved one.
func TestInputsOfTwoEstimates(t *testing.T) {
	c := testCatalog(t)
	base := buildSource(t, c, profileSource(t, "medium"), bill.Request{}).Estimate
	head := buildSource(t, c, edited(t, "medium", "users: {value: 2500", "users: {value: 5k"),
		bought("reserved-1y")).Estimate
	d := Estimates(base, head)
	require.Len(t, d.Inputs, 2)
	text, err := json.Marshal(d.Inputs)
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"path": "peak.users", "was": 2500, "is": 5000, "cause": "workload"},
		{"path": "--purchase", "was": null, "is": "reserved-1y", "cause": "purchase"}]`, string(text))
	require.Empty(t, Inputs(base, base))
	head.From = nil
	require.Empty(t, Inputs(base, head))
}

// A component that is new, or of another kind, is one change, and words for people none.
func TestInputsOfWholeComponents(t *testing.T) {
	src := `apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1}]
peak: {users: 100, requests_per_user: 60/min, write_ratio: 2%, request: 500B, response: 4KB}
components:
  web: {kind: stateless, entry: true, cpu: 8ms}
`
	c := testCatalog(t)
	base := buildSource(t, c, src, bill.Request{}).Estimate
	head := buildSource(t, c, src+"  files: {kind: objects}\ntitle: Shop\n", bill.Request{}).Estimate
	list := Inputs(base, head)
	require.Len(t, list, 1)
	require.Equal(t, InputChange{Path: "components.files", Is: Value{Text: "objects"}, Cause: CauseModel}, list[0])
}
