package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/budget"
)

// A comment has room where it is posted, whatever is found; what is cut are the
// details first, and it is said.
func TestCommentHasRoom(t *testing.T) {
	for _, n := range []int{1, 300, 500, 3000} {
		v := verdictOf(t, "2026-06-30")
		for _, status := range []string{budget.Fail, budget.Pass} {
			for i := range n {
				r := v.Results[0]
				r.Rule, r.Status = fmt.Sprintf("rule-%s-%d", status, i), status
				v.Results = append(v.Results, r)
			}
		}
		md := writeVerdict(t, "markdown", v)
		require.Less(t, len(md), 65_536)
		require.True(t, strings.HasPrefix(md, CommentMarker("ci/budget.yaml")+"\n\n### 📈 reference-medium: "))
		require.Equal(t, n > 1, strings.Contains(md, "**Cut:** "), n)
		require.Equal(t, strings.Count(md, "<details>"), strings.Count(md, "</details>"))
		if n == 300 {
			require.Contains(t, md, fmt.Sprintf("rule-%s-%d,", budget.Fail, n-1), "all that is not kept is in sight")
		}
	}
}

// Two budgets have two markers; a name neither ends the HTML comment nor the text
// that looks for it.
func TestCommentMarkers(t *testing.T) {
	require.NotEqual(t, CommentMarker("a/budget.yaml"), CommentMarker("b/budget.yaml"))
	for _, name := range append(hostile(), "-->", "--x", "a--b", `"`, `\`) {
		m := strings.TrimSuffix(strings.TrimPrefix(CommentMarker(name), "<!-- headroom-check: "), " -->")
		require.NotContains(t, m, "--")
		require.NotRegexp(t, `[^A-Za-z0-9._/%-]`, m)
	}
}
