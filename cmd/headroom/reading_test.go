//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The first Ctrl-C ends every command with 130, also one that waits for a pipe
// that nobody writes.
func TestInterruptedWhileReading(t *testing.T) {
	for _, args := range [][]string{
		{"estimate", "./pipe.yaml"}, {"explain", "./pipe.yaml"}, {"profiles", "validate", "./pipe.yaml"},
		{"whatif", "small", "--scenario", "./pipe.yaml"}, {"check", "--budget", "pipe.yaml"},
		{"render", "pipe.json"}, {"diff", "pipe.json", "small"}, {"estimate", "--overlay", "pipe.csv"},
		{"estimate", "--adjustments", "pipe.yaml"}, {"estimate", "./curve.yaml"},
	} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, name := range []string{"pipe.yaml", "pipe.json", "pipe.csv"} {
				require.NoError(t, syscall.Mkfifo(filepath.Join(dir, name), 0o600))
			}
			const profile = "apiVersion: headroom/v1\nname: shop\nregions: [{name: us-east-1}]\n" +
				"curve: {file: pipe.csv}\ncomponents: {web: {kind: stateless, pin: {type: m7g.large, count: 2}}}\n"
			require.NoError(t, os.WriteFile(filepath.Join(dir, "curve.yaml"), []byte(profile), 0o600))
			code, said := -1, ""
			// A signal before the program watches for it ends it in another way: on a busy
			// machine it comes later.
			for wait := 2 * time.Second; code < 0 && wait < time.Minute; wait *= 4 {
				code, said = interruptedAfter(t, wait, dir, args)
			}
			require.Equal(t, 130, code, said)
			require.Equal(t, "headroom: interrupted\n", said)
		})
	}
}

// interruptedAfter runs a command that cannot end by itself, and interrupts it. The
// code is negative where the signal itself has ended it.
func interruptedAfter(t *testing.T, wait time.Duration, dir string, args []string) (code int, said string) {
	t.Helper()
	cmd := exec.Command("headroom", args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		t.Fatalf("ended by itself: %v %s", err, &errs)
	case <-time.After(wait):
	}
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	<-ended
	return cmd.ProcessState.ExitCode(), errs.String()
}

// A pipe that is written is read, once, by all parts of a run that need it.
func TestReadsPipesOnce(t *testing.T) {
	dir := t.TempDir()
	shell(t, dir, "headroom profiles init shop.yaml && headroom estimate ./shop.yaml >want && "+
		"mkfifo pipe.yaml && "+
		"{ cat shop.yaml >pipe.yaml & headroom estimate ./pipe.yaml | sed s/pipe.yaml/shop.yaml/g >got; } && "+
		"cmp want got")
	shell(t, dir, "headroom estimate ./shop.yaml --format json --out b.json && "+
		"{ cat shop.yaml >pipe.yaml & headroom estimate ./pipe.yaml --keep b.json >got; }")
}
