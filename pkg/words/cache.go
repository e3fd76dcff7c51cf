package words

import (
	"fmt"
	"math"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayCache has the words for caches.
func sayCache(r remark.Remark) string {
	hits := unit.Percent(r.Number("hits"), 1)
	number := func(name string) string { return unit.Count(math.Round(r.Number(name))).Human() }
	switch r.Key {
	case "cache.brief":
		return fmt.Sprintf("%s items, hits %s", number("kept"), hits)
	case "cache.kept":
		return fmt.Sprintf("%s of %s items, %s; %s of the reads find theirs", number("kept"),
			number("items"), unit.Bytes(r.Number("bytes")).Human(), hits)
	case "cache.local":
		return fmt.Sprintf("each node keeps %s items of %s, %s, which answer %s of its reads",
			number("kept"), r.Text("of"), unit.Bytes(r.Number("bytes")).Human(), hits)
	case "cache.shards":
		return fmt.Sprintf("%s, %s of each", Counted(r.Int("shards"), "shard"), Counted(r.Int("replicas"), "replica"))
	case "cache.sentinels":
		return "primaries are too few to vote on the place of a lost one: three sentinels, a component of kind " +
			"quorum, choose it, or shards: 3"
	case "cache.cold":
		return sayCold(r)
	case "cache.grows":
		return "calls and items: shards are added by hand; items that move to them are copied or read again"
	}
	return ""
}

// sayCold says what the store behind a cache gets without its hits, of which a node that
// nothing stands by for takes its part.
func sayCold(r remark.Remark) string {
	store, hits := r.Text("store"), r.Number("hits")
	if hits >= 1 {
		return "a cold or lost cache sends " + store + " all reads, of which it now gets none"
	}
	times := func(part float64) string { return unit.Decimals(1+part*hits/(1-hits), 1) + " times" }
	s := fmt.Sprintf("a cold or lost cache sends %s %s its reads: 1/(1 − %s)", store, times(1), unit.Percent(hits, 1))
	if n := r.Int("nodes"); r.Is("alone") && n > 1 {
		s += fmt.Sprintf("; each lost node %s, until its items are back", times(1/float64(n)))
	}
	return s
}
