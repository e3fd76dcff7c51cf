package insight

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/words"
)

// Functional partitions that are together on one primary are said to be, with what they
// would cost apart: in the cheapest way to have them so. Stated logical shards are said to
// lie on that primary.
func TestPartitionsTogetherSayWhatApartCosts(t *testing.T) {
	src := profileSource(t, "web-operations")
	r, err := bill.Make(parseProfile(t, src), testCatalog(t), bill.Request{})
	require.NoError(t, err)
	x, err := Explain(r, "db")
	require.NoError(t, err)
	db := &x.Components[0]
	require.Contains(t, words.Say(db.Part.Brief), "9,999 logical shards on 1 primary")
	require.Contains(t, words.SayAll(db.Part.Detail), "9999 logical shards db0000…db9998 on 1 physical, by hash")
	require.Contains(t, words.Say(db.Apart),
		"the partitions users, content, payments are together on one primary; apart, on ")
	require.InDelta(t, db.Part.Cost.Total.Expected.Plus(db.Transfer).Float64(), db.Apart.Number("now"), 1e-9)
	require.Greater(t, db.Apart.Number("running"), db.Apart.Number("now_running"))

	// They cost so where they have to be apart: a shard of each.
	apart := strings.Replace(src, "    logical_shards:", "    shards: 1\n    logical_shards:", 1)
	r, err = bill.Make(parseProfile(t, apart), testCatalog(t), bill.Request{})
	require.NoError(t, err)
	y, err := Explain(r, "db")
	require.NoError(t, err)
	c := &y.Components[0]
	require.True(t, c.Apart.IsZero())
	require.InDelta(t, c.Weighed.Running.Total.Float64(), db.Apart.Number("running"), 0.011)
	require.Equal(t, c.Part.Machine, db.Apart.Text("machine"))
	require.Contains(t, words.Say(c.Part.Brief), "9,999 logical shards of each partition on 3 primaries")
}
