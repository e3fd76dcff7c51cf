package workload

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// An hour without load is load, as long as any hour has some.
func TestCurveWithQuietHours(t *testing.T) {
	curve := func(load func(h int) string) []byte {
		var b strings.Builder
		b.WriteString("hour,load\n")
		for h := range Hours {
			fmt.Fprintf(&b, "%d,%s\n", h, load(h))
		}
		return []byte(b.String())
	}
	s, err := ReadCurve("c.csv", curve(func(h int) string { return fmt.Sprint(h % 24) }))
	require.NoError(t, err)
	require.Zero(t, s[24])
	require.Equal(t, 1.0, s[23])
	_, err = ReadCurve("c.csv", curve(func(int) string { return "0" }))
	require.ErrorContains(t, err, "c.csv:2:1: no hour has any load")
	for _, wrong := range []string{"NaN", "-1", "Inf", ""} {
		_, err = ReadCurve("c.csv", curve(func(int) string { return wrong }))
		require.ErrorContains(t, err, "c.csv:2:3: load")
	}
}
