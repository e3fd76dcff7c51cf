package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ctrl-C ends the page of serve cleanly, with the code that it has everywhere; an --open
// that finds no browser does not keep it from being there.
func TestInterruptedServe(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("os.Process.Signal(os.Interrupt) is not implemented on Windows (package os), " +
			"so the test cannot press Ctrl-C there")
	}
	program, err := exec.LookPath("headroom")
	require.NoError(t, err)
	cmd := exec.Command(program, "serve", "small", "--open", "--listen", "0.0.0.0")
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=" + cmd.Dir, "HOME=" + cmd.Dir} // no browser there
	var errs bytes.Buffer
	cmd.Stderr = &errs
	pipe, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	address, err := bufio.NewReader(pipe).ReadString('\n')
	require.NoError(t, err, "%s", &errs)
	require.Regexp(t, `^http://127\.0\.0\.1:\d+/\w+/\n$`, address)
	answer, err := http.Get(strings.TrimSpace(address))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	err = cmd.Wait()
	var exit *exec.ExitError
	require.True(t, errors.As(err, &exit), "%v\n%s", err, &errs)
	require.Equal(t, 130, exit.ExitCode(), "%s", &errs)
	require.Contains(t, errs.String(), "warning: 0.0.0.0 is not of this machine alone")
	require.Contains(t, errs.String(), "no browser was opened")
}

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

// Ctrl-C ends a timeline, too: the months that were planned are written, marked as a part.
func TestInterruptedTimeline(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("os.Process.Signal(os.Interrupt) is not implemented on Windows (package os), " +
			"so the test cannot press Ctrl-C there")
	}
	// Many systems of many weeks: more than the test waits for.
	envs := strings.TrimSuffix(strings.Repeat("production,", 200), ",")
	cmd := exec.Command("headroom-at-terminal", "timeline", "medium", "--weeks", "520", "--environment", envs,
		"--format", "json")
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir}
	var out, errs bytes.Buffer
	cmd.Stdout = &out
	pipe, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	screen := bufio.NewReader(io.TeeReader(pipe, &errs))
	for !strings.Contains(errs.String(), "weeks, Ctrl-C ends") {
		if _, err := screen.ReadByte(); err != nil {
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
	require.Contains(t, out.String(), "\"partial\": true")
}
