package diag_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
)

func TestWrapKeepsWordsAndIndents(t *testing.T) {
	require.Equal(t, "one two\n  three", diag.Wrap("one two three", 8, "  "))
	require.Equal(t, "  one\n    two", diag.Wrap("  one two", 6, "  "), "what goes on is indented further")
	require.Equal(t, "a\n./a/long/path.yaml\nb", diag.Wrap("a ./a/long/path.yaml b", 10, ""), "a path is not cut")
	require.Equal(t, "日本\n日本", diag.Wrap("日本 日本", 6, ""))
	require.Equal(t, "one  two three", diag.Wrap("one  two three", 0, ""), "where the width is not known")
	require.Equal(t, "a\nb", diag.Wrap("a\nb", 5, ""))
}

// On a narrow terminal an error is wrapped, and of a source line as much is quoted as fits.
func TestRenderAtAWidth(t *testing.T) {
	p := diag.Problems{{Pos: diag.Pos{File: "p.yaml", Line: 3, Col: 50}, Source: strings.Repeat("abcdefghi ", 12),
		Summary: "a sentence that is longer than the terminal is wide", Hint: "shorten it as far as you can, or more"}}
	var b strings.Builder
	require.NoError(t, diag.Render(&b, "headroom: ", p, 40))
	require.Equal(t, `headroom: p.yaml:3:50: a sentence that
  is longer than the terminal is wide
    3 | …fghi abcdefghi abcdefghi abcde…
      |                ^
  hint: shorten it as far as you can, or
    more
`, b.String())
}
