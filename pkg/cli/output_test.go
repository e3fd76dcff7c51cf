package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"headroom/pkg/report"
)

// runMain is one run of the whole program with the embedded files' sources.
func runMain(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	return runMainIn(t, filepath.Join("..", ".."), args...)
}

// runMainIn is runMain with the project's folder, for tests that are in another one.
func runMainIn(t *testing.T, root string, args ...string) (out string, code int) {
	t.Helper()
	var b bytes.Buffer
	env := Env{Args: args, Out: &b, Err: io.Discard, Getenv: func(string) string { return "" }, Version: "test",
		Now: func() time.Time { return time.Date(2026, 8, 3, 23, 0, 0, 0, time.FixedZone("late", -5*3600)) }}
	code = Main(env, os.DirFS(filepath.Join(root, "pricing")), os.DirFS(filepath.Join(root, "profiles")))
	return b.String(), code
}

// Runs in parallel that write the same file leave one complete report there,
// whichever it is, and nothing beside it.
func TestParallelRunsLeaveOneCompleteFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "plan.json")
	whole := map[string]bool{}
	profiles := []string{"reference-small", "medium", "reference-large", "large"}
	for _, p := range profiles {
		out, code := runMain(t, "estimate", p, "--format", "json")
		require.Zero(t, code)
		whole[out] = true
	}
	var runs sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		for _, p := range profiles {
			runs.Go(func() {
				_, code := runMain(t, "estimate", p, "--format", "json", "--out", file)
				if code != 0 {
					t.Errorf("%s ended with %d", p, code)
				}
			})
		}
	}
	// Whoever reads meanwhile never sees half a file.
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if src, err := os.ReadFile(file); err == nil && !whole[string(src)] {
				t.Error("half a file was seen")
				return
			}
		}
	})
	runs.Wait()
	close(stop)
	reader.Wait()
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, whole[string(src)])
	_, err = report.ReadEstimates(file, src)
	require.NoError(t, err)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}

// The day is that of UTC, so that a check does not depend on where it runs.
func TestTodayIsThatOfUTC(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "budget.yaml")
	write := func(until string) {
		src := "apiVersion: headroom/v1\nprofiles: [reference-small]\nrules: {a: {monthly: 1, exception: {until: " +
			until + ", reason: r}}}\n"
		require.NoError(t, os.WriteFile(file, []byte(src), 0o600))
	}
	write("2026-08-04")
	_, code := runMain(t, "check", "--budget", file)
	require.Equal(t, exitOK, code)
	write("2026-08-03")
	_, code = runMain(t, "check", "--budget", file)
	require.Equal(t, exitBreached, code)
}
