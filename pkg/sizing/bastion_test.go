package sizing

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// bastionWith sizes the hosts of operators on a small type.
func bastionWith(t *testing.T, survive, keys string) *Layout {
	t.Helper()
	s := testSystem(t, testCatalog(t), commerce+"  web: {kind: stateless, entry: true, cpu: 6ms}\n"+
		"  hosts: {kind: bastion"+keys+"}\npolicy: {survive: ["+survive+"]}\n")
	l, rej := fit(t, s, "hosts", "m7g.medium", Storage{})
	require.Nil(t, rej)
	l.Detail()
	return l
}

// There is one in each region, more where one must be left, or one in each zone; each has a
// public address.
func TestBastionsByPolicy(t *testing.T) {
	for _, c := range []struct {
		survive, keys string
		hosts         int
	}{
		{"", "", 1}, {"node", "", 2}, {"node, zone", "", 2}, {"", ", per: zone", 3}, {"node, zone", ", per: zone", 3},
	} {
		l := bastionWith(t, c.survive, c.keys)
		require.Len(t, l.Pools, 2)
		require.Equal(t, c.hosts, l.Pools[1].Max, "%+v", c)
		require.InDelta(t, float64(c.hosts)*730, usageOf(l, 1, "vpc", "public IPv4 address hour"), 1e-9)
	}
	l := bastionWith(t, "", ", sessions: 2000")
	require.InDelta(t, 4, needAt(t, l, "cpu"), 1e-9, "2 ms each")
	require.InDelta(t, 2000.0*(16<<20), needAt(t, l, "memory"), 1e-6)
	require.Greater(t, l.Pools[0].Max, 4)
}

// What leaves to operators is billed as internet transfer, unless they come another way.
func TestBytesOfBastions(t *testing.T) {
	l := bastionWith(t, "", ", bytes: 3GiB")
	require.Len(t, l.Crossings, 2)
	require.Equal(t, internet, l.Crossings[0].To)
	require.InDelta(t, 3.0*gib, float64(l.Crossings[0].Bytes), 1e-6)
	l = bastionWith(t, "", ", public: false")
	require.Empty(t, l.Crossings)
	require.Empty(t, l.Usage)
}
