package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// A terminal cannot show a workbook; a file and a pipe take it.
func TestWorkbookIsNotForTerminals(t *testing.T) {
	terminal := func(args ...string) (out, said string, code int) {
		var stdout, stderr bytes.Buffer
		code = Main(Env{Args: args, Out: &stdout, Err: &stderr, Getenv: func(string) string { return "" },
			Version: "test", Terminal: true, Width: 80,
			Now: func() time.Time { return time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC) }},
			os.DirFS("../../pricing"), os.DirFS("../../profiles"))
		return stdout.String(), stderr.String(), code
	}
	out, said, code := terminal("estimate", "reference-small", "--format", "xlsx")
	require.Equal(t, exitUsage, code)
	require.Empty(t, out)
	require.Contains(t, said, "a terminal cannot show xlsx")
	require.Contains(t, said, "--out")
	file := filepath.Join(t.TempDir(), "small.xlsx")
	_, said, code = terminal("estimate", "reference-small", "--format", "xlsx", "--out", file)
	require.Zero(t, code, said)
	piped, said, code := runAll(t, nil, "estimate", "reference-small", "--format", "xlsx")
	require.Zero(t, code, said)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, piped, string(written))
}

// The page of every shipped profile is small, needs nothing and is the same again.
func TestPagesOfShippedProfiles(t *testing.T) {
	files, err := filepath.Glob("../../profiles/*.yaml")
	require.NoError(t, err)
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".yaml")
		if testing.Short() && name != "small" {
			continue
		}
		page, said, code := runAll(t, nil, "estimate", name, "--format", "html")
		require.Zero(t, code, said)
		require.Less(t, len(page), 200_000, name)
		again, _, _ := runAll(t, nil, "estimate", name, "--format", "html")
		require.Equal(t, page, again, name)
		_, err := html.Parse(strings.NewReader(page))
		require.NoError(t, err)
		require.NotContains(t, page, "://")
		if !strings.HasPrefix(name, "reference-") {
			require.Contains(t, page, "Cost over users")
			require.Contains(t, page, ": this plan</li>")
		}
	}
}
