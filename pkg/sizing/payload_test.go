package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/words"
)

const answersProfile = `
apiVersion: headroom/v1
name: answers
regions: [{name: us-east-1, zones: 1}]
peak: {users: 60, requests_per_user: 60/min, write_ratio: 10%, request: 1KB, response: PEAK}
policy: {survive: []}
components:
  lb:
    kind: balancer
    type: TYPE
    entry: true
    MADE
    calls:
      web: {per_read: 1, per_write: 1, BEHIND}
      stats: {per_write: 1, request: 1MB, response: 1MB, mode: async}
  web: {kind: stateless, cpu: 1ms}
  stats: {kind: stateless, cpu: 1ms}
`

func doubtsOf(t *testing.T, peak, made, behind, balancer string) []string {
	t.Helper()
	src := strings.NewReplacer("PEAK", peak, "MADE", made, "BEHIND", behind, "TYPE", balancer).Replace(answersProfile)
	s := testSystem(t, testCatalog(t), src)
	c, _ := s.Profile.Component("lb")
	return words.SayAll(s.Doubts(c))
}

// What users receive came from behind the entry, or the profile says who made it.
func TestStatedSizesThatDifferAreDoubted(t *testing.T) {
	for _, x := range []struct {
		peak, made, behind string
		doubted            bool
	}{
		{"10MB", "", "response: 3KB", true},
		{"3KB", "", "response: 10MB", true},
		{"6KB", "", "response: 3KB", false},
		{"6001B", "", "response: 3KB", true},
		{"10MB", "generates: 9MB", "response: 3KB", false},
		{"10MB", "generates: 1MB", "response: 3KB", true},
		{"3KB", "generates: 1KB", "response: 10MB", false},
		{"10MB", "", "request: 3KB", false}, // the class's own size
	} {
		got := doubtsOf(t, x.peak, x.made, x.behind, "nlb")
		if !x.doubted {
			require.Empty(t, got, "%v", x)
			continue
		}
		require.Len(t, got, 1, "%v", x)
		require.Contains(t, got[0], "test.yaml:5:", "where peak.response stands")
		require.Contains(t, got[0], "test.yaml:14:", "where the answer of web stands")
	}
}

// An application load balancer stands in two zones, which a site of one has not.
func TestBalancersSayThatTheyNeedTwoZones(t *testing.T) {
	require.Empty(t, doubtsOf(t, "3KB", "", "response: 3KB", "nlb"))
	got := doubtsOf(t, "3KB", "", "response: 3KB", "alb")
	require.Len(t, got, 1)
	require.Contains(t, got[0], "needs 2 zones, but us-east-1 has zones: 1")
}
