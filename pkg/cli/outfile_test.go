package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a link leads to is replaced, with the mode that it has; the link stays. It
// also leads to a file that is not there yet, and through the parent of a linked
// folder.
func TestOutputFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	in := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	require.NoError(t, os.MkdirAll(in("real", "deep"), 0o755))
	require.NoError(t, os.Symlink(in("real", "deep"), in("linked")))
	require.NoError(t, os.WriteFile(in("real", "old"), []byte("old"), 0o600))
	// Seen from real/deep, .. is real; from the name linked, it would be the top.
	require.NoError(t, os.Symlink("../old", in("real", "deep", "to-old")))
	require.NoError(t, os.Symlink("new", in("to-new")))
	for link, file := range map[string]string{in("linked", "to-old"): in("real", "old"), in("to-new"): in("new")} {
		_, code := runMain(t, "profiles", "schema", "--out", link)
		require.Zero(t, code)
		info, err := os.Lstat(link)
		require.NoError(t, err)
		require.NotZero(t, info.Mode()&os.ModeSymlink, link)
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(src), "$schema", file)
	}
	info, err := os.Stat(in("real", "old"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, os.Symlink("loop", in("loop")))
	_, code := runMain(t, "profiles", "schema", "--out", in("loop"))
	require.Equal(t, exitOther, code)
}

// Names may be as long as the system lets them be: that of the temporary file is not
// made of them.
func TestOutputOfALongName(t *testing.T) {
	_, code := runMain(t, "profiles", "schema", "--out", filepath.Join(t.TempDir(), strings.Repeat("n", 255)))
	require.Zero(t, code)
}

// What a run has read is not replaced by what it writes, under whatever name.
func TestInputsAreNotReplaced(t *testing.T) {
	dir := t.TempDir()
	profile, saved := filepath.Join(dir, "shop.yaml"), filepath.Join(dir, "saved.json")
	other := filepath.Join(dir, "other")
	_, code := runMain(t, "profiles", "init", profile)
	require.Zero(t, code)
	_, code = runMain(t, "estimate", profile, "--format", "json", "--out", saved)
	require.Zero(t, code)
	require.NoError(t, os.Symlink(profile, other))
	for _, args := range [][]string{
		{"estimate", profile, "--out", profile},
		{"estimate", profile, "--out", other},
		{"diff", saved, profile, "--out", saved},
		{"render", saved, "--format", "csv", "--out", saved},
	} {
		_, code := runMain(t, args...)
		require.Equal(t, exitUsage, code, "%s", args)
	}
	_, code = runMain(t, "render", saved, "--format", "csv", "--out", saved, "--force")
	require.Zero(t, code)
}

// A file that the shell sent stdout to already gets what comes after, not over it.
func TestOutputToTheFileOfStdout(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	f, err := os.Create(file)
	require.NoError(t, err)
	_, err = f.WriteString("before\n")
	require.NoError(t, err)
	run := func(args ...string) int {
		return Main(Env{Args: args, Out: f, Err: io.Discard, Getenv: func(string) string { return "" }},
			os.DirFS("../../pricing"), os.DirFS("../../profiles"))
	}
	require.Zero(t, run("estimate", "small", "--format", "json", "--out", file))
	require.Zero(t, run("version"))
	require.NoError(t, f.Close())
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Regexp(t, `(?s)^before\n\{\n.*\n\}\nheadroom\b.*$`, string(src))
}

// A report beside that of stdout does not go to the same file.
func TestReportToTheFileOfStdout(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	f, err := os.Create(file)
	require.NoError(t, err)
	defer f.Close()
	code := Main(Env{Args: []string{"check", "--today", "2026-08-03", "--report", "json=" + file}, Out: f,
		Err: io.Discard, Getenv: func(string) string { return "" }},
		os.DirFS("../../pricing"), os.DirFS("../../profiles"))
	require.Equal(t, exitUsage, code)
}

// Two reports are not written to one file, where only the last would be left.
func TestReportsHaveFilesOfTheirOwn(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Symlink(dir, filepath.Join(dir, "again")))
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "again", "a")
	for _, args := range [][]string{
		{"check", "--report", "junit=" + a + ",sarif=" + b},
		{"check", "--out", a, "--report", "sarif=" + b},
	} {
		_, code := runMain(t, args...)
		require.Equal(t, exitUsage, code, "%s", args)
	}
}
