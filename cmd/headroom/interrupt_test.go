package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Ctrl-C ends a long sweep at once; what was planned is written, every row
// marked as a part, and the exit code says so.
func TestInterruptedSweep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("os.Process.Signal(os.Interrupt) is not implemented on Windows (package os), " +
			"so the test cannot press Ctrl-C there")
	}
	const points = 100_000
	cmd := exec.Command("headroom", "whatif", "small", "--vary", "peak.users=100..10k:lin:100000", "--format", "csv")
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Start())
	time.Sleep(2 * time.Second)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	stopped := time.Now()
	err := cmd.Wait()
	require.Less(t, time.Since(stopped), 20*time.Second)
	var exit *exec.ExitError
	require.True(t, errors.As(err, &exit), "%v\n%s", err, errs.String())
	require.Equal(t, 5, exit.ExitCode())
	require.Contains(t, errs.String(), "interrupted")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.True(t, strings.HasSuffix(lines[0], ",partial"))
	require.Greater(t, len(lines), 10)
	require.Less(t, len(lines), points)
	for _, l := range lines[1:] {
		require.True(t, strings.HasSuffix(l, ",true"), l)
	}
}
