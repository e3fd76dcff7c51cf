package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

// A remark without words of its own is said all the same: a new kind of
// component needs none to begin with.
func TestRemarksWithoutWords(t *testing.T) {
	r := remark.New("sessions.shards", "count", 12, "of_each", []string{"a", "b"}, "near", true)
	require.Equal(t, "shards: count 12, of each a and b, near yes", Say(r))
	require.Equal(t, "full", Say(remark.New("sessions.full")))
	require.Empty(t, Say(remark.Remark{}))
	require.Equal(t, "as it is", Say(remark.Verbatim("as it is")))
}

// Several remarks are said one after the other, parts of one as a list.
func TestSeveralRemarks(t *testing.T) {
	a, b := remark.New("sessions.hot"), remark.New("sessions.near")
	require.Equal(t, "hot; near", Say(remark.Join(a, b)))
	require.Equal(t, "hot, near", Say(remark.Listed(a, b)))
	require.Equal(t, "hot", Say(remark.Join(remark.Remark{}, a)))
}
