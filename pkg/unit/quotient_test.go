package unit

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Where quotient answers, it answers what big numbers do.
func TestQuotientIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(20260720, 1))
	factors := []int64{1, 3, 7, 8, 60, 100, 1000, 1024, 3600, 86400, 1e6, 1e9, 1 << 30, 1 << 40,
		1e15, 1 << 53, 1<<53 + 1}
	answered := 0
	for range 20000 {
		x := random.Float64() * float64(int64(1)<<random.IntN(60))
		switch random.IntN(3) {
		case 0:
			x = float64(int64(x))
		case 1:
			x = float64(int64(x*1000)) / 1000
		}
		num, den := factors[random.IntN(len(factors))], factors[random.IntN(len(factors))]
		got, ok := quotient(x, num, den)
		if !ok {
			continue
		}
		answered++
		want, _ := new(big.Rat).Mul(new(big.Rat).SetFloat64(x), big.NewRat(num, den)).Float64()
		require.Equal(t, want, got, "%v × %d / %d", x, num, den)
	}
	require.Greater(t, answered, 5000, "the short way must be taken often")
	for _, x := range []float64{0, 1e-300, 5e-324} {
		_, ok := quotient(x, 3, 7)
		require.False(t, ok, "%v", x)
	}
}

// A number is the same whether it is read the short way or with big numbers.
func TestTimesIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(20260720, 2))
	units := []symbol{{"KiB", 1 << 10, 1}, {"TiB", 1 << 40, 1}, {"ms", 1, 1000}, {"/min", 1, 60}, {"kbit/s", 1000, 8},
		{"%", 1, 100}}
	for range 20000 {
		number := strconv.FormatFloat(random.Float64()*1e6, 'f', random.IntN(12), 64)
		u := units[random.IntN(len(units))]
		r, ok := new(big.Rat).SetString(number)
		require.True(t, ok)
		want, _ := r.Mul(r, big.NewRat(u.num, u.den)).Float64()
		require.Equal(t, want, times(number, u), "%s%s", number, u.name)
	}
}
