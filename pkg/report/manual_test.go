package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// manualText is a page as a terminal shows it.
func manualText(t *testing.T, m Manual, width int) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, "table", m.Document(), Output{Width: width}))
	return b.String()
}

func TestManualIsPlainText(t *testing.T) {
	m := ReadManual("# A page\n\nA *long* line with `a*b*c`, **bold** words and a [link](x.md),\nand one [out](https://x.y/).\n" +
		"\n<!-- not\nshown -->\n![picture](a.png)\n- one\n  goes on\n- **two**: more\n\n1. first\n\n## 2. Tables\n\n" +
		"| Name | Cost |\n|---|---:|\n| a\\|b | 1 |\n\n```\nheadroom  estimate\n\n  x\n```\n### Deep\nend\n")
	require.Equal(t, "A page", m.Title())
	require.Equal(t, []string{"2-tables", "deep"}, m.Sections())
	require.Equal(t, `A page

A long line with a*b*c, bold words and a
link, and one out (https://x.y/).

-   one goes on
-   two: more
1.  first

2. Tables

Name  Cost
────  ────
a|b      1

    headroom  estimate

      x

Deep

end
`, manualText(t, m, 40))
	for name, want := range map[string]string{
		"2": "## 2. Tables\n", "tables": "## 2. Tables\n", "2-tables": "## 2. Tables\n", "Deep": "### Deep\nend\n",
		"two": "- **two**: more\n",
	} {
		part, ok := m.Section(name)
		require.True(t, ok, name)
		require.True(t, strings.HasPrefix(part.Markdown(), want), "%s: %s", name, part.Markdown())
	}
	part, _ := m.Section("2")
	require.Contains(t, part.Markdown(), "### Deep", "what is below it is in it")
	_, ok := m.Section("three")
	require.False(t, ok)
}

// Every page of the documentation is read without loss, and shown without marks, cut
// words or lines wider than the terminal.
func TestManualShowsEveryPage(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		src := string(readFile(t, file))
		m := ReadManual(src)
		require.Equal(t, strings.TrimRight(src, "\n")+"\n", m.Markdown(), file)
		require.NotEmpty(t, m.Title(), file)
		for _, name := range m.Sections() {
			_, ok := m.Section(name)
			require.True(t, ok, "%s: %s", file, name)
		}
		for _, width := range []int{60, 80, 140} {
			for _, l := range strings.Split(manualText(t, m, width), "\n") {
				require.LessOrEqual(t, utf8.RuneCountInString(l), width, "%s: %s", file, l)
			}
		}
		require.NotRegexp(t, `\]\([^) ]+\.md`, manualText(t, m, 1000), file)
	}
	_, err = os.Stat("../../docs/model.md")
	require.NoError(t, err, "which explanations cite")
}
