package diag_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/diag"
	"headroom/pkg/drawn"
)

func rendered(t require.TestingT, err error) string {
	var b strings.Builder
	require.NoError(t, diag.Render(&b, "", err, 0))
	return b.String()
}

func at(line, col int, source string) diag.Problem {
	return diag.Problem{Pos: diag.Pos{File: "p.yaml", Line: line, Col: col}, Summary: "s", Source: source}
}

func TestRender(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"nothing", nil, ""},
		{"another error", errors.New("disk full"), "disk full\n"},
		{"everything", diag.Problems{{
			Pos: diag.Pos{File: "profiles/x.yaml", Line: 12, Col: 3}, Summary: `unknown key "user"`,
			Hint: `did you mean "users"?`, Source: "  user: 2500",
		}}, `profiles/x.yaml:12:3: unknown key "user"
   12 |   user: 2500
      |   ^
  hint: did you mean "users"?
`},
		{"no column", at(7, 0, "count: -1"), "p.yaml:7: s\n    7 | count: -1\n"},
		{"whole file", diag.Problem{Pos: diag.Pos{File: "p.yaml"}, Summary: "is empty", Hint: "run init"},
			"p.yaml: is empty\n  hint: run init\n"},
		{"no place", diag.Problem{Summary: "no profile"}, "no profile\n"},
		{"behind the end", at(1, 99, "ab"), "p.yaml:1:99: s\n    1 | ab\n      |   ^\n"},
		{"a tab counts as shown", at(1, 2, "\tab"), "p.yaml:1:2: s\n    1 |     ab\n      |     ^\n"},
		{"wide runes take two columns", at(1, 3, "日本x"), "p.yaml:1:3: s\n    1 | 日本x\n      |     ^\n"},
		{"marks take none", at(1, 3, "e\u0301x"), "p.yaml:1:3: s\n    1 | e\u0301x\n      | " + " ^\n"},
		{"control characters", at(1, 2, "\x1b[31m"), "p.yaml:1:2: s\n    1 | \\x1b[31m\n      |     ^\n"},
		{"invalid UTF-8", at(1, 2, "\xffx"), "p.yaml:1:2: s\n    1 | \\xffx\n      |     ^\n"},
		{"direction marks", at(1, 2, "\u202ex"), "p.yaml:1:2: s\n    1 | \\u202ex\n      |       ^\n"},
		{"a blank that is no space", at(1, 1, "\u00a0x"), "p.yaml:1:1: s\n    1 | \\u00a0x\n      | ^\n"},
		{"lines of a summary are indented", errors.New("a\nb\x07\n"), "a\n  b\\a\n"},
		{"line numbers beyond five digits", at(1234567, 1, "x"), "p.yaml:1234567:1: s\n1234567 | x\n        | ^\n"},
		{"wrapped", fmt.Errorf("reading: %w", diag.Problems{at(1, 0, "")}), "p.yaml:1: s\n"},
		{"joined", errors.Join(at(1, 0, ""), errors.New("other")), "p.yaml:1: s\nother\n"},
	} {
		require.Equal(t, c.want, rendered(t, c.err), c.name)
	}
}

func TestRenderStopsAtTwenty(t *testing.T) {
	var ps diag.Problems
	for i := 1; i <= 20; i++ {
		ps.Add(at(i, 0, ""))
	}
	require.NotContains(t, rendered(t, ps.Err()), "more")
	ps.Add(at(21, 0, ""))
	ps.Add(at(22, 0, ""))
	lines := strings.Split(strings.TrimSpace(rendered(t, ps.Err())), "\n")
	require.Len(t, lines, 21)
	require.Equal(t, "p.yaml:20: s", lines[19])
	require.Equal(t, "… and 2 more", lines[20])
}

func TestRenderPassesOnWriteErrors(t *testing.T) {
	r, w := io.Pipe()
	require.NoError(t, r.Close())
	require.ErrorIs(t, diag.Render(w, "", errors.New("x"), 0), io.ErrClosedPipe)
}

func TestLongLinesAreCutAroundTheColumn(t *testing.T) {
	long := strings.Repeat("a", 500) + "X" + strings.Repeat("b", 500)
	lines := strings.Split(rendered(t, at(1, 501, long)), "\n")
	source, caret := []rune(lines[1]), []rune(lines[2])
	require.Equal(t, '^', caret[len(caret)-1])
	require.Equal(t, 'X', source[len(caret)-1], "the caret is under the place")
	require.Equal(t, '…', source[8])
	require.Equal(t, '…', source[len(source)-1])
	require.LessOrEqual(t, len(source), 100)

	lines = strings.Split(rendered(t, at(1, 1001, long)), "\n")
	require.Greater(t, len(lines[1]), 80, "near the end the room shows what is before")
	require.True(t, strings.HasSuffix(lines[1], "bbb"))

	short := strings.Repeat("a", 86)
	require.Contains(t, rendered(t, at(1, 50, short)), "| "+short+"\n", "what fits is not cut")
}

// Whatever a file holds: no line is wider than 100 columns, the caret is under
// the shown line, and nothing that steers a terminal comes out.
func TestRenderIsSafeForAnyInput(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		source := string(rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "text") {
			source = rapid.StringN(0, 300, -1).Draw(t, "source")
		}
		p := diag.Problem{
			Pos: diag.Pos{File: "p.yaml", Line: rapid.IntRange(1, 99999).Draw(t, "line"),
				Col: rapid.IntRange(1, 500).Draw(t, "col")},
			Summary: "s", Source: source, Hint: rapid.String().Draw(t, "hint"),
		}
		out := rendered(t, p)
		if !utf8.ValidString(out) {
			t.Fatalf("invalid UTF-8: %q", out)
		}
		for _, r := range out {
			if r != '\n' && !unicode.IsPrint(r) {
				t.Fatalf("%q is printed in %q", r, out)
			}
		}
		if source == "" {
			return
		}
		lines := strings.Split(out, "\n")
		if strings.Count(lines[2], "^") != 1 || strings.Trim(lines[2], " |^") != "" ||
			utf8.RuneCountInString(lines[2]) > 97 {
			t.Fatalf("caret line %q", lines[2])
		}
		if n := utf8.RuneCountInString(strings.Map(noMarks, lines[1])); n > 96 {
			t.Fatalf("%d characters: %q", n, lines[1])
		}
	})
}

func noMarks(r rune) rune {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return -1
	}
	return r
}

func BenchmarkRenderOfALongLine(b *testing.B) {
	p := at(1, 9_000_000, strings.Repeat("x", 10_000_000))
	for b.Loop() {
		if err := diag.Render(io.Discard, "", p, 0); err != nil {
			b.Fatal(err)
		}
	}
}
