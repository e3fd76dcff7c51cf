package workload

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A clock half an hour ahead has half of each of two local hours in an hour of UTC,
// and nothing is lost on the way; whole hours move as they are.
func TestCurveOfHalfHours(t *testing.T) {
	var s Series
	for h := range s {
		s[h] = float64(h)
	}
	mumbai := s.shifted(5.5)
	require.Equal(t, 5.5, mumbai[0])
	require.Equal(t, (167.0+0)/2, mumbai[162])
	require.InDelta(t, s.Mean(), mumbai.Mean(), 1e-9)
	west := s.shifted(-5)
	require.Equal(t, 163.0, west[0])
	require.Equal(t, 0.0, west[5])
	half := s.shifted(-3.5)
	require.Equal(t, 164.5, half[0])
}

// tz moves what is in local time, and is refused where it would do nothing.
func TestClockOfAMeasuredCurve(t *testing.T) {
	var b strings.Builder
	b.WriteString("hour,load\n")
	for h := range Hours {
		fmt.Fprintf(&b, "%d,%d\n", h, 1+h%24)
	}
	read := func(string) ([]byte, error) { return []byte(b.String()), nil }
	parse := func(region, curve string) (*Profile, error) {
		return Parse("p.yaml", []byte("apiVersion: headroom/v1\nname: x\nregions: [{name: us-east-1"+region+"}]\n"+
			"peak: {users: 1, requests_per_user: 1/s}\ncurve: {"+curve+"}\n"+
			"components:\n  a: {kind: service, entry: true}\n"), testKinds(), read)
	}
	p, err := parse("", "file: c.csv")
	require.NoError(t, err)
	require.Equal(t, 1.0, p.Demand().Regions[0].Own[23])
	_, err = parse(", tz: -5h", "file: c.csv")
	require.ErrorContains(t, err, "tz -5h has no effect on curve.file c.csv, whose hours are UTC")
	p, err = parse(", tz: -5h", "file: c.csv, clock: local")
	require.NoError(t, err)
	require.Equal(t, 1.0, p.Demand().Regions[0].Own[28]) // 23:00 there
	_, err = parse("", "preset: flat, clock: utc")
	require.ErrorContains(t, err, "presets are in each region's own time")
}

// A log folded into a curve gives the log's volume back when intra_hour_peak is the
// peak divided by the largest hour of the folded curve. With the mean of the hour in
// which the peak was, volumes are too high: here by a third.
func TestVolumeOfAFoldedLog(t *testing.T) {
	var folded, total float64
	var b strings.Builder
	b.WriteString("hour,load\n")
	for h := range Hours { // requests of two weeks; in the second 20:00 of Thursday was twice as busy
		first, second := float64(100+h%24*10), float64(100+h%24*10)
		if h == 3*24+20 {
			second *= 2
		}
		mean := (first + second) / 2
		folded, total = max(folded, mean), total+first+second
		fmt.Fprintf(&b, "%d,%g\n", h, mean)
	}
	const peak = 1.0 // requests/s in the worst minutes
	volume := func(intra float64) float64 {
		src := strings.NewReplacer("%INTRA%", fmt.Sprint(intra)).Replace("apiVersion: headroom/v1\nname: x\n" +
			"peak: {users: 1, requests_per_user: 1/s, session: 1h, intra_hour_peak: %INTRA%}\n" +
			"regions: [{name: us-east-1}]\ncurve: {file: c.csv}\ncomponents:\n  a: {kind: service, entry: true}\n")
		curve := func(string) ([]byte, error) { return []byte(b.String()), nil }
		p, err := Parse("p.yaml", []byte(src), testKinds(), curve)
		require.NoError(t, err)
		d := p.Demand()
		return d.Monthly(float64(d.Requests), d.MeanTotal)
	}
	month := total / 2 / Hours * 730
	require.InEpsilon(t, month, volume(peak*3600/folded), 1e-9)
	// The hour itself had 600 requests, the fold of two weeks has 450.
	require.InEpsilon(t, 4.0/3*month, volume(peak*3600/600), 1e-9)
}

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
