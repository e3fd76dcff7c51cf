package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// An estimate with texts and one with values that say the same do not differ.
func TestSameWords(t *testing.T) {
	of := func(r remark.Remark) *bill.Estimate {
		return &bill.Estimate{Parts: []bill.Part{{Name: "c", Detail: []remark.Remark{r}}}}
	}
	value := remark.New("cache.shards", "count", 9).With("region", "a")
	text := remark.Verbatim(words.Say(value)).With("region", "a")
	require.True(t, compare.Estimates(SameWords(of(text), of(value))).Empty())
	a, b := of(value), of(value)
	x, y := SameWords(a, b)
	require.True(t, x == a && y == b, "values are compared as they are")
	require.False(t, compare.Estimates(SameWords(of(text), of(remark.New("cache.shards", "count", 8)))).Empty())
}
