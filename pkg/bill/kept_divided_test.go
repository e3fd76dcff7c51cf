package bill

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/plan"
	"headroom/pkg/sizing"
)

// A file has how kept data was divided, and gives it back as it was.
func TestFilesHaveHowKeptDataIsDivided(t *testing.T) {
	keep := map[string]plan.Runs{
		"db": {Machine: plan.Machine{Type: "r7g.xlarge", Storage: "gp3"}, Divided: sizing.Divided{"us-east-1": {
			Partitions: 2, Shards: 3, Of: map[string]int{"users": 2, "content": 1}}}},
		"index": {Machine: plan.Machine{Type: "m7g.large", Storage: "gp3"}, Divided: sizing.Divided{
			"us-east-1": {Shards: 4, Copies: 2, Clusters: 1}, "us-west-2": {Shards: 2, Copies: 2, Clusters: 1}}},
		"web": {Machine: plan.Machine{Type: "c7g.large"}},
	}
	p := parseProfile(t, profileSource(t, "medium"))
	text, err := json.Marshal((&Request{Options: plan.Options{Keep: keep}}).from(p))
	require.NoError(t, err)
	var f From
	require.NoError(t, json.Unmarshal(text, &f))
	require.Equal(t, keep, f.Request("").Keep)
	part := Part{Machine: "r7g.xlarge", Storage: "gp3", Divided: []Division{{Region: "us-east-1", Partitions: 2,
		Shards: 3, Of: []PartsOf{{"content", 1}, {"users", 2}}}}}
	require.Equal(t, keep["db"], part.Runs())
}
