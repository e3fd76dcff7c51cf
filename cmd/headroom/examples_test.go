package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"headroom/pkg/cli"
	"headroom/pricing"
	"headroom/profiles"
)

// Every example in the help of a command runs as it stands, in a folder with
// the files that the examples name.
func TestExamplesRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the examples are lines for a POSIX shell, which Windows does not have; " +
			"every other system must run them")
	}
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	const overlay = "region,instance_type,on_demand_hourly,as_of,source\nus-west-2,c9g.large,0.07,2026-08-01,quote\n"
	require.NoError(t, os.WriteFile(file("ours.csv"), []byte(overlay), 0o600))
	shell(t, dir, "headroom profiles init ./shop.yaml")
	const budget = "apiVersion: headroom/v1\nprofiles: [shop.yaml]\nrules: {total: {monthly: $5000}}\n"
	require.NoError(t, os.WriteFile(file("budget.yaml"), []byte(budget), 0o600))
	shell(t, dir, "headroom estimate ./shop.yaml --format json --out baseline.json")
	ran := 0
	for _, line := range exampleLines(cli.Commands(pricing.FS, profiles.FS)) {
		require.Contains(t, line, "headroom ")
		if strings.Contains(line, "profiles init") { // which never writes over a file
			words := strings.Fields(line)
			require.NoError(t, os.RemoveAll(file(words[len(words)-1])))
		}
		if strings.HasPrefix(line, "headroom serve") {
			untilServed(t, dir, line)
		} else {
			shell(t, dir, line)
		}
		ran++
	}
	require.Greater(t, ran, 15)
}

// exampleLines lists the examples of a command and all below it.
func exampleLines(cmd *cobra.Command) []string {
	var out []string
	for _, line := range strings.Split(cmd.Example, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	for _, sub := range cmd.Commands() {
		out = append(out, exampleLines(sub)...)
	}
	return out
}

// shell runs a line, which must succeed.
func shell(t *testing.T, dir, line string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	// TestMain has put the program into PATH.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", line, out)
}

// untilServed runs a line that goes on until it is interrupted, which it is as soon as it
// has printed its address. No browser is in its path.
func untilServed(t *testing.T, dir, line string) {
	t.Helper()
	program, err := exec.LookPath("headroom")
	require.NoError(t, err)
	cmd := exec.Command(program, strings.Fields(line)[1:]...)
	cmd.Dir, cmd.Env = dir, []string{"PATH=", "HOME=" + dir}
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	address, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, line)
	require.Contains(t, address, "http://127.0.0.1:", line)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	require.Equal(t, 130, cmd.ProcessState.ExitCode(), line)
}
