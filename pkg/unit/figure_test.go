package unit

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A figure is printed as its quantity is, or with the digits that it asks for.
func TestFigures(t *testing.T) {
	for want, f := range map[string]Figure{
		"4,167/s":   FigureOf(EventRate(4166.7)),
		"12 MB/s":   FigureOf(ByteRate(12e6)),
		"2 GiB":     FigureOf(Bytes(2 << 30)),
		"3 GiB":     FigureOf(ReplicatedBytes(3 << 30)),
		"6 ms":      FigureOf(Duration(0.006)),
		"30 %":      FigureOf(Fraction(0.3)),
		"2,500":     FigureOf(Count(2500)),
		"1234":      FigureOf(1234),
		"1.235e+04": FigureOf(12345.6),
		"0.4523":    VCPUs(0.45226),
		"1.50":      WithDecimals(1.5, 2),
		"12.3 %":    RoughPart(0.12345, 3),
		"+7":        Difference(7),
		"-7":        Difference(-7),
		"+0":        Difference(0),
		"6ms":       Given(Duration(0.006)),
		"100/min":   Given(EventRate(100.0 / 60)),
		"3KB":       Given(Bytes(3000)),
		"1MB/s":     Given(ByteRate(1e6)),
		"80%":       Given(Fraction(0.8)),
		"2":         Given(Count(2)),
	} {
		require.Equal(t, want, f.Human())
		require.Equal(t, f, FigureOf(f))
	}
	require.Equal(t, "20", Given(WithDecimals(20, 0)).Human())
	require.Equal(t, "20 GiB", Given(WithDecimals(20, 0).In("GiB")).Human())
	require.Equal(t, "vCPU", VCPUs(2).Unit)
	require.Panics(t, func() { FigureOf("6ms") })
}
