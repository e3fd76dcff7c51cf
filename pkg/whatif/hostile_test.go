package whatif_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/diag"
	"headroom/pkg/drawn"
	"headroom/pkg/whatif"
)

// Whatever is typed is read or refused, never a crash, and what is read is what
// was typed.
func TestHostileArguments(t *testing.T) {
	s := system(t, source(t, "small"))
	drawn.Check(t, func(t *rapid.T) {
		part := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"peak.users", "peak.response", "components.phoenix.cpu", "failover", "monthly", "p99", "headroom", "=",
			"..", ":", ",", "<=", ">=",
			"log", "lin", "0", "1", "5k", "3KB", "10ms", "20%", "1e308", "-1", "99999999999999999999999999999999999999",
			"{a: b}", "[x]", "\x00", "*", "."}))
		text := ""
		for range rapid.IntRange(1, 8).Draw(t, "parts") {
			text += part.Draw(t, "part")
		}
		if a, err := whatif.ParseAssignment(text); err == nil {
			require.NotEmpty(t, a.Path)
			require.NotEmpty(t, a.Text)
			_, _ = s.With([]whatif.Assignment{a})
		}
		if g, err := whatif.ParseGoal(text); err == nil {
			require.False(t, math.IsNaN(g.Bound))
		}
		if a, err := s.Axis(text); err == nil {
			require.NotEmpty(t, a.Texts)
			for i := 1; i < len(a.Values); i++ {
				require.NotEqual(t, a.Texts[i-1], a.Texts[i])
			}
		}
		if q, err := s.Search(text, false); err == nil {
			require.Less(t, q.From, q.To)
		}
	})
}

// Scenarios with whatever is in them are read or refused with a place.
func FuzzParseScenario(f *testing.F) {
	files, err := filepath.Glob("../../profiles/scenarios/*.yaml")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, name := range files {
		src, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := whatif.ParseScenario("sale.yaml", src)
		if err == nil {
			return
		}
		var ps diag.Problems
		require.ErrorAs(t, err, &ps)
		require.NotEmpty(t, ps)
		require.Positive(t, ps[0].Pos.Line)
	})
}
