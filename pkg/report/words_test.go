package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

// A remark without words of its own is said all the same: a new kind of
// component needs none to begin with.
func TestRemarksWithoutWords(t *testing.T) {
	r := remark.New("cache.shards", "count", 12, "of_each", []string{"a", "b"}, "near", true)
	require.Equal(t, "shards: count 12, of each a and b, near yes", say(r))
	require.Equal(t, step{what: "shards", result: "count 12, of each a and b, near yes"}, derive(r))
	require.Equal(t, "full", say(remark.New("cache.full")))
	require.Empty(t, say(remark.Remark{}))
	require.Equal(t, "as it is", say(remark.Verbatim("as it is")))
}
