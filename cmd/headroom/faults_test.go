package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/cli"
	"headroom/pricing"
	"headroom/profiles"
)

// What is written when the world fails: whatever happens, a file is the old one or
// the new one, whole, nothing is left beside it that has an end of its own, and a run
// that wrote less than was asked for does not end as if it had.

// writingCommands are the commands that write files, with arguments of a short run. FILE is
// where they write; check writes FILE by --report.
func writingCommands() map[string]string {
	return map[string]string{
		"headroom estimate":        "estimate small --format json --out FILE",
		"headroom explain":         "explain small db --out FILE",
		"headroom whatif":          "whatif small --set peak.users=200 --out FILE",
		"headroom queue":           "queue --servers 4 --rate 100/s --service 10ms --out FILE",
		"headroom compare":         "compare campus-b campus-b --out FILE",
		"headroom diff":            "diff small medium --out FILE",
		"headroom check":           "check ./shop.yaml --warn-only --report junit=FILE",
		"headroom render":          "render saved.json --out FILE",
		"headroom timeline":        "timeline small --months 3 --out FILE",
		"headroom resilience":      "resilience small --out FILE",
		"headroom profiles list":   "profiles list --out FILE",
		"headroom profiles schema": "profiles schema --out FILE",
		"headroom profiles init":   "profiles init --force FILE",
		"headroom prices list":     "prices list --out FILE",
		"headroom prices show":     "prices show m7g.large --out FILE",
		"headroom prices diff":     "prices diff 2016-04-18 2017-11-12 --out FILE",
		"headroom prices verify":   "prices verify --out FILE",
		"headroom config show":     "config show --out FILE",
	}
}

// program is a run of the program in a folder.
func program(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("headroom", args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	return cmd
}

// ended runs a command and gives its exit code; -1 where a signal ended it.
func ended(t require.TestingT, cmd *exec.Cmd) int {
	err := cmd.Run()
	if err != nil {
		require.IsType(t, &exec.ExitError{}, err)
	}
	return cmd.ProcessState.ExitCode()
}

func needUnix(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("limits of a process, /dev/full and SIGKILL are of Unix; .ci/run tests on Linux")
	}
}

// arguments of a writer for a file, with the inputs that it needs in its folder.
func arguments(t *testing.T, dir, line, file string) []string {
	t.Helper()
	if strings.Contains(line, "saved.json") {
		saved := filepath.Join(dir, "saved.json")
		require.Zero(t, ended(t, program(dir, "estimate", "small", "--format", "json", "--out", saved)))
	}
	args := strings.Fields(line)
	for i := range args {
		args[i] = strings.Replace(args[i], "FILE", file, 1)
	}
	return args
}

// A command that gets --out must be in the list above, so that the tests below are of
// every command that writes.
func TestEveryWriterIsListed(t *testing.T) {
	known := writingCommands()
	found := []string{"headroom profiles init"} // its file is an argument
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Flags().Lookup("out") != nil {
			found = append(found, c.CommandPath())
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(cli.Commands(pricing.FS, profiles.FS))
	slices.Sort(found)
	listed := make([]string, 0, len(known))
	for name := range known {
		listed = append(listed, name)
	}
	slices.Sort(listed)
	require.Equal(t, found, listed)
}

// A limit of the size of files stands for a full disk: both fail in the middle of
// writing, and the limit needs no rights.
func TestFullDisk(t *testing.T) {
	needUnix(t)
	needBash(t)
	for name, line := range writingCommands() {
		dir := ciFolder(t)
		file := filepath.Join(dir, "report.txt")
		args := arguments(t, dir, line, file)
		require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
		before := listFolder(t, dir)
		full := append([]string{"-c", `ulimit -f 0; exec headroom "$@"`, "bash"}, args...)
		cmd := exec.Command("bash", full...)
		cmd.Dir, cmd.Env = dir, program(dir).Env
		var errs bytes.Buffer
		cmd.Stderr = &errs
		assert.Equal(t, 5, ended(t, cmd), name)
		assert.Contains(t, errs.String(), "report.txt cannot be written: file too large", name)
		assert.NotContains(t, errs.String(), ".tmp", name)
		assert.Equal(t, "old", readFile(t, file), name)
		assert.Equal(t, before, listFolder(t, dir), name)
	}
}

// A disk that is full, or a pipe that nobody reads, is no success on stdout either.
func TestStdoutFails(t *testing.T) {
	needUnix(t)
	lines := []string{"--help", "version", "--version", "completion bash", "help estimate", "estimate --print-schema",
		"profiles validate small", "profiles show small"}
	for _, line := range writingCommands() {
		if line, ok := strings.CutSuffix(line, " --out FILE"); ok {
			lines = append(lines, line)
		}
	}
	for _, line := range lines {
		dir := ciFolder(t)
		args := arguments(t, dir, line, "")
		reader, writer, err := os.Pipe()
		require.NoError(t, err)
		require.NoError(t, reader.Close())
		cmd := program(dir, args...)
		cmd.Stdout = writer
		assert.Equal(t, -1, ended(t, cmd), "%s: a closed pipe ends it by SIGPIPE", line)
		require.NoError(t, writer.Close())

		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if os.IsNotExist(err) {
			continue // it is of Linux
		}
		require.NoError(t, err)
		cmd = program(dir, args...)
		var errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &errs
		assert.Equal(t, 5, ended(t, cmd), line)
		assert.Contains(t, errs.String(), "stdout cannot be written: no space left on device", line)
		require.NoError(t, full.Close())
	}
}

// A closed stdout ends as /dev/null does. Before any code of the program runs, Go opens
// /dev/null for reading and writing in the place of what is closed (runtime, checkfds), so
// that no report lands in a file that happens to be opened as number 1. That is the very
// descriptor that Python (subprocess.DEVNULL), daemon(3) and others hand over who want no
// output: an error would be one for them, too.
func TestClosedStdoutIsNone(t *testing.T) {
	needUnix(t)
	needBash(t)
	for name, line := range writingCommands() {
		dir := ciFolder(t)
		shell := func(redirect, line string) (code int, errs string) {
			args := []string{"-c", `headroom "$@" ` + redirect, "bash"}
			cmd := exec.Command("bash", append(args, arguments(t, dir, line, "report.txt")...)...)
			cmd.Dir, cmd.Env = dir, program(dir).Env
			var b bytes.Buffer
			cmd.Stderr = &b
			return ended(t, cmd), b.String()
		}
		code, errs := shell("", line)
		require.Zero(t, code, "%s: %s", name, errs)
		whole := readFile(t, filepath.Join(dir, "report.txt"))
		for _, none := range []string{">/dev/null", "1<>/dev/null", ">&-", "<&- >&- 2>&-"} {
			code, errs = shell(none, line)
			assert.Zero(t, code, "%s %s: %s", name, none, errs)
			assert.Equal(t, whole, readFile(t, filepath.Join(dir, "report.txt")), "%s %s", name, none)
			if toStdout, ok := strings.CutSuffix(line, " --out FILE"); ok && !testing.Short() {
				code, errs = shell(none, toStdout)
				assert.Zero(t, code, "%s %s: %s", toStdout, none, errs)
			}
		}
	}
	cmd := exec.Command("bash", "-c", "headroom estimate nowhere >&-")
	cmd.Env = program(t.TempDir()).Env
	var b bytes.Buffer
	cmd.Stderr = &b
	assert.Equal(t, 3, ended(t, cmd), "an error is still one")
	assert.Contains(t, b.String(), "no profile is called")
}

// Where nothing can be created, nothing is: not in a folder that may not be written,
// nor in one that is none.
func TestFolderCannotBeWritten(t *testing.T) {
	needUnix(t)
	for name, line := range writingCommands() {
		dir := ciFolder(t)
		for _, folder := range []string{filepath.Join(dir, "nowhere"), filepath.Join(dir, "shop.yaml"), readOnly(t)} {
			cmd := program(dir, arguments(t, dir, line, filepath.Join(folder, "report.txt"))...)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			assert.Equal(t, 5, ended(t, cmd), name)
			assert.Contains(t, errs.String(), filepath.Join(folder, "report.txt")+" cannot be written: ", name)
			assert.NotContains(t, errs.String(), ".tmp", name)
			assert.NoDirExists(t, filepath.Join(dir, "nowhere"), name)
		}
	}
}

// readOnly is a folder in which this user may create nothing. Root may everywhere but
// where the kernel shows itself.
func readOnly(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o555))
	if probe, err := os.Create(filepath.Join(dir, "probe")); err == nil {
		require.NoError(t, probe.Close())
		return "/sys"
	}
	return dir
}

// SIGKILL comes at any time of a run: the file is the old one or the new one.
func TestKilled(t *testing.T) {
	needUnix(t)
	const steps = 20
	for name, line := range writingCommands() {
		if testing.Short() && name != "headroom estimate" {
			continue
		}
		dir := ciFolder(t)
		file := filepath.Join(dir, "report.txt")
		args := arguments(t, dir, line, file)
		began := time.Now()
		require.Zero(t, ended(t, program(dir, args...)), name)
		whole, took := readFile(t, file), time.Since(began)
		for i := range steps {
			require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
			before := len(listFolder(t, dir))
			cmd := program(dir, args...)
			require.NoError(t, cmd.Start())
			if i%2 == 0 {
				time.Sleep(took * time.Duration(i) / steps)
			} else {
				// As soon as something new is beside the file: in the middle of writing.
				for end := time.Now().Add(took); len(listFolder(t, dir)) == before && time.Now().Before(end); {
					continue
				}
			}
			_ = cmd.Process.Kill() // it may have ended
			_ = cmd.Wait()
			assert.Contains(t, []string{"old", whole}, readFile(t, file), name)
			for _, left := range listFolder(t, dir) {
				if hidden, _ := filepath.Match(".headroom-*.tmp", left); hidden {
					require.NoError(t, os.Remove(filepath.Join(dir, left)))
				}
			}
			assert.Len(t, listFolder(t, dir), before, name)
		}
	}
}

// Three processes write one file, over and over: it is always a whole one of theirs.
func TestThreeWriters(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "report.json")
	var whole []string
	var runs []*exec.Cmd
	for _, profile := range []string{"small", "medium", "reference-large"} {
		args := []string{"estimate", profile, "--format", "json"}
		out, err := program(dir, args...).Output()
		require.NoError(t, err)
		whole = append(whole, string(out))
		for range 3 {
			runs = append(runs, program(dir, append(args, "--out", file)...))
		}
	}
	done := make(chan error, len(runs))
	for _, r := range runs {
		go func() { done <- r.Run() }()
	}
	for range runs {
		require.NoError(t, <-done)
		require.Contains(t, whole, readFile(t, file))
	}
	require.Equal(t, []string{"report.json"}, listFolder(t, dir))
}

// Of several reports, those are written that can be: the verdict is told first, then
// what failed, and the exit code is the verdict's.
func TestReportsThatCanBeWrittenAre(t *testing.T) {
	for _, c := range []struct {
		limit string
		code  int
	}{{"$100", 1}, {"$100000", 5}} {
		dir := ciFolder(t)
		budget := filepath.Join(dir, "budget.yaml")
		text := strings.Replace(ciBudget, "$100", c.limit, 1)
		require.NoError(t, os.WriteFile(budget, []byte(text), 0o600))
		cmd := program(dir, "check", "--report", "junit=nowhere/a.xml,sarif=b.sarif")
		cmd.Env = append(cmd.Env, "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"))
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		require.Equal(t, c.code, ended(t, cmd), "%s", &errs)
		require.Contains(t, out.String(), "shop is ")
		require.FileExists(t, filepath.Join(dir, "b.sarif"))
		require.FileExists(t, filepath.Join(dir, "summary.md"))
		failed := strings.Index(errs.String(), "nowhere/a.xml cannot be written")
		require.Positive(t, failed, "%s", &errs)
		require.Equal(t, c.code == 1, strings.Contains(errs.String()[:failed], "1 of 1 limit breached"), "%s", &errs)
	}
}

func readFile(t require.TestingT, name string) string {
	src, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(src)
}

// listFolder names what is in a folder.
func listFolder(t require.TestingT, dir string) []string {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
