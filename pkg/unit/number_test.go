package unit

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

func TestCeilCount(t *testing.T) {
	most := maxCount - 1125899 // 2^50·1e-9 = 1,125,899.9
	if strconv.IntSize == 32 {
		most = maxCount - 2 // 2^31·1e-9 = 2.1
	}
	for _, c := range []struct {
		x    float64
		want int
	}{
		{0, 0}, {1e-300, 1}, {0.2, 1}, {1, 1}, {1.0000000001, 1}, {1.00000001, 2}, {2.5, 3},
		{3.0000000000000004, 3}, {maxCount, most},
	} {
		got, err := CeilCount(c.x)
		require.NoError(t, err)
		require.Equalf(t, c.want, got, "%v", c.x)
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, -1e-300, 1<<50 + 1, 1e300} {
		_, err := CeilCount(x)
		require.Errorf(t, err, "%v", x)
	}
}

func TestCeilCountIsCeilingWithSlack(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1e8).Draw(t, "n")
		for _, x := range []float64{float64(n), math.Nextafter(float64(n), math.Inf(1))} {
			if got, err := CeilCount(x); err != nil || got != n {
				t.Fatalf("%v gives %d, %v", x, got, err)
			}
		}
		got, err := CeilCount(float64(n) + 0.5)
		if err != nil || got != n+1 {
			t.Fatalf("%d.5 gives %d, %v", n, got, err)
		}
	})
}
