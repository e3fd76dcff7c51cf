package report

import (
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/stretchr/testify/require"
)

func TestBarUnderItsCeiling(t *testing.T) {
	for _, c := range []struct {
		part, ceiling float64
		want          string
		tone          Tone
	}{
		{0, 0.6, "      │", Measure},
		{0.3, 0.6, "███   │", Measure},
		{0.53, 0.6, "█████▎│", Measure},
		{0.55, 0.6, "█████▌│", Caution},
		{0.6, 0.6, "██████│", Caution},
		{0.85, 0.6, "██████│██▌", Breach},
		{1, 1, "██████████│", Caution},
		{1.4, 0.6, "██████│███▸", Breach},
		{0.001, 1, "▏         │", Measure},
	} {
		cell := ceilingCell(c.part, c.ceiling, 11)
		require.Equal(t, c.want, cell.Text, "%+v", c)
		require.Equal(t, c.tone, cell.Tone, "%+v", c)
		require.Equal(t, c.want, cell.Bar.draw(11))
		for width := 4; width < 40; width++ {
			require.LessOrEqual(t, twwidth.Width(cell.Bar.draw(width)), width, "%+v", c)
		}
	}
}
