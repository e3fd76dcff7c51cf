package insight

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/sizing"
)

// What a plan no longer needs is no lack: the month at hand asks for fewer nodes than
// the lead month, and so few data nodes have no masters beside them.
func TestRoomOfRolesThatAreNotNeeded(t *testing.T) {
	pool := sizing.Fixed
	was := &sizing.Layout{Pools: []sizing.Pool{pool(0, "", 6), pool(0, "master", 3)}}
	require.False(t, grew(was, was))
	require.False(t, grew(was, &sizing.Layout{Pools: []sizing.Pool{pool(0, "", 3)}}))
	require.True(t, grew(was, &sizing.Layout{Pools: []sizing.Pool{pool(0, "", 9), pool(0, "master", 3)}}))
	require.True(t, grew(was, &sizing.Layout{Pools: []sizing.Pool{pool(0, "", 6), pool(0, "replica", 1)}}))
	require.True(t, grew(was, &sizing.Layout{Pools: []sizing.Pool{pool(0, "", 6), pool(1, "", 1)}}))

	src := strings.Replace(profileSource(t, "medium"), "users: {value: 2500", "users: {value: 3000", 1)
	src = strings.Replace(src, "    role: logs\n", "    role: logs\n    allow: {types: [r6g.large]}\n", 1)
	r, err := bill.Make(parseProfile(t, src), testCatalog(t), bill.Request{})
	require.NoError(t, err)
	require.GreaterOrEqual(t, Room(r.Plan).Users, 3000.0)
}
