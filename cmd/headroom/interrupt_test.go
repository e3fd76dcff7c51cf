package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ctrl-C ends a long sweep; what was planned is written, every row marked as a
// part, and the exit code says so. The test presses it when the progress bar
// shows that some points are planned, however long that takes.
func TestInterruptedSweep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("os.Process.Signal(os.Interrupt) is not implemented on Windows (package os), " +
			"so the test cannot press Ctrl-C there")
	}
	const points, enough = 100_000, 10
	vary := "peak.users=100..10k:lin:" + strconv.Itoa(points)
	cmd := exec.Command("headroom-at-terminal", "whatif", "small", "--vary", vary, "--format", "csv")
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir}
	var out, errs bytes.Buffer
	cmd.Stdout = &out
	pipe, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	planned := 0
	bar := regexp.MustCompile(`(\d+) of \d+ points, Ctrl-C ends`)
	screen := bufio.NewReader(io.TeeReader(pipe, &errs))
	for planned < enough {
		text, err := screen.ReadString('\r') // each drawing begins with it
		if m := bar.FindStringSubmatch(text); m != nil {
			planned, _ = strconv.Atoi(m[1])
		}
		if err != nil {
			break // the program has ended
		}
	}
	require.NoError(t, cmd.Process.Signal(os.Interrupt), "%s", &errs)
	_, err = io.Copy(io.Discard, screen)
	require.NoError(t, err)
	err = cmd.Wait()
	var exit *exec.ExitError
	require.True(t, errors.As(err, &exit), "%v\n%s", err, &errs)
	require.Equal(t, 130, exit.ExitCode(), "%s", &errs)
	require.Contains(t, errs.String(), "interrupted")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.True(t, strings.HasSuffix(lines[0], ",partial"))
	require.GreaterOrEqual(t, len(lines)-1, planned)
	require.Less(t, len(lines)-1, points)
	for _, l := range lines[1:] {
		require.True(t, strings.HasSuffix(l, ",true"), l)
	}
}
