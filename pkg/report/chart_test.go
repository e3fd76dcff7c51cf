package report

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/compare"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
)

func TestRowsAreOnOneScale(t *testing.T) {
	rows := drawRows(Chart{Rows: []ChartRow{
		{Label: "a", To: 50, Ceiling: 100}, {Label: "b", From: 50, To: 25, Tone: Good}, {Label: "c", To: -100},
		{Label: "d"}, {Label: "e", To: 0.001}, {Label: "f", To: 50, Low: 25, High: 100}}})
	require.Equal(t, drawnRow{Label: "a", Class: "measure", X: "50", Width: "25", Zero: "50", Ceiling: "100"}, rows[0])
	require.Equal(t, "62.5", rows[1].X, "a step back begins where it ends")
	require.Equal(t, "12.5", rows[1].Width)
	require.Equal(t, "good", rows[1].Class)
	require.Equal(t, "0", rows[2].X)
	require.Equal(t, "0", rows[3].Width, "nothing is nothing")
	require.Equal(t, "0.4", rows[4].Width, "what is not nothing is seen")
	require.Equal(t, &[2]string{"62.5", "100"}, rows[5].Whisker)
}

func TestScaleHasRoundSteps(t *testing.T) {
	for _, c := range []struct{ low, high, wantLow, wantHigh, step float64 }{
		{0, 5719, 0, 6000, 2000}, {0, 1, 0, 1, 0.5}, {-30, 70, -50, 100, 50}, {0, 0, 0, 1, 0.5}, {0, 4, 0, 4, 1}} {
		s := newScale(c.low, c.high, "")
		require.InDelta(t, c.wantLow, s.low, 1e-9)
		require.InDelta(t, c.wantHigh, s.high, 1e-9)
		require.InDelta(t, c.step, s.step, 1e-9)
	}
	drawn.Check(t, func(t *rapid.T) {
		low, high := rapid.Float64Range(-1e6, 0).Draw(t, "low"), rapid.Float64Range(1e-3, 1e9).Draw(t, "high")
		s := newScale(low, high, "")
		require.LessOrEqual(t, s.low, low)
		require.GreaterOrEqual(t, s.high, high*(1-1e-6))
		require.LessOrEqual(t, (s.high-s.low)/s.step, plotTicks+2.001)
	})
}

// A waterfall leads from nothing to the whole, step by step.
func TestWaterfallAddsUp(t *testing.T) {
	base, head := referenceSmall(), referenceMedium()
	d := compare.Estimates(&base, &head)
	charts := diffCharts(d)
	rows := charts[0].Rows
	at := 0.0
	for i, r := range rows[:len(rows)-1] {
		require.InDelta(t, at, r.From, 1e-9)
		at = r.To
		if i > 0 {
			before := math.Abs(rows[i-1].To - rows[i-1].From)
			require.GreaterOrEqual(t, before+1e-9, math.Abs(r.To-r.From), "greatest first")
		}
	}
	require.InDelta(t, d.Change.Float64(), at, 1e-9)
	require.InDelta(t, d.Change.Float64(), rows[len(rows)-1].To, 1e-9)
	require.Equal(t, Caution, changeTone(money.MustAmount("1")))
	require.Equal(t, Good, changeTone(money.MustAmount("-1")))
}

// Pictures of what is not there, or of one value, are drawn without a number that is none.
func TestChartsOfLittle(t *testing.T) {
	for _, c := range []Chart{{}, {Series: []Series{{Name: "a"}}},
		{Series: []Series{{Name: "a", X: []float64{5}, Y: []float64{0}}}},
		{X: ChartAxis{Log: true}, Series: []Series{{X: []float64{1, 10}, Y: []float64{-1, 1}, Right: "x"}}},
		{Series: []Series{{Shape: Stacked, X: hours(), Y: hours()}, {Shape: Stacked, X: hours(), Y: hours()}}},
		{Rows: []ChartRow{{}}}} {
		var b bytes.Buffer
		require.NoError(t, Write(&b, "html", Document{Sections: []Section{{Charts: []Chart{c}}}}, Output{}))
		requirePage(t, b.String())
		require.NotRegexp(t, `"[^"]*(NaN|Inf)[^"]*"`, b.String())
	}
}
