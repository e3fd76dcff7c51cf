package drawn

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// sample names the environment variable with which a test here runs this test
// program again, to see what a property of TestSample does.
const sample = "DRAWN_SAMPLE"

// TestSample is what the other tests run. It prints its cases as "case 123".
func TestSample(t *testing.T) {
	number := func(rt *rapid.T) uint64 {
		n := rapid.Uint64().Draw(rt, "n")
		fmt.Println("case", n)
		return n
	}
	t.Run("a b", func(t *testing.T) {
		switch os.Getenv(sample) {
		case "passes":
			Check(t, func(rt *rapid.T) { number(rt) })
		case "fails":
			Check(t, func(rt *rapid.T) {
				if n := number(rt); n%5 == 0 {
					rt.Fatalf("%d is a multiple of five", n)
				}
			})
		case "half": // cannot be planned
			for range 2 { // the first failure ends the test, as it does with rapid
				CheckMost(t, 0.25, func(rt *rapid.T) bool { return number(rt)%2 == 0 })
			}
		}
	})
}

// ran is what a run of TestSample wrote.
type ran struct {
	out   string
	cases []string
	err   error
}

// runSample runs TestSample in an empty folder, or the one given.
func runSample(t *testing.T, dir, which string, env []string, args ...string) ran {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(program, append([]string{"-test.run=^TestSample$", "-test.v"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append([]string{sample + "=" + which}, env...)
	out, err := cmd.CombinedOutput()
	r := ran{out: string(out), err: err}
	for _, m := range regexp.MustCompile(`(?m)^case (\d+)`).FindAllStringSubmatch(r.out, -1) {
		r.cases = append(r.cases, m[1])
	}
	return r
}

// These are the cases of everybody: whatever rapid's environment variables say.
func TestSameCasesForAll(t *testing.T) {
	plain := runSample(t, t.TempDir(), "passes", nil)
	require.NoError(t, plain.err, plain.out)
	require.Len(t, plain.cases, usual)
	// Another version of rapid may draw others; then this is the place that says
	// so, and the parts of CheckMost have to be looked at again.
	require.Equal(t, []string{"55", "1", "2161382"}, plain.cases[:3])
	env := []string{"RAPID_SEED=5", "RAPID_CHECKS=7", "RAPID_FAILFILE=x", "RAPID_V=1"}
	other := runSample(t, t.TempDir(), "passes", env)
	require.NoError(t, other.err, other.out)
	require.Equal(t, plain.cases, other.cases)
	more := runSample(t, t.TempDir(), "passes", nil, "-rapid.checks=150")
	require.Len(t, more.cases, 150)
	require.Equal(t, plain.cases, more.cases[:usual])
	short := runSample(t, t.TempDir(), "passes", nil, "-test.short")
	require.Equal(t, plain.cases[:usual/5], short.cases)
}

func TestEveryTestHasItsOwnSeed(t *testing.T) {
	r := run{}
	require.NotEqual(t, r.seed("TestA"), r.seed("TestB"))
	require.NotEqual(t, r.seed("TestA"), run{explore: "1"}.seed("TestA"))
	require.NotEqual(t, run{explore: "2"}.seed("TestA"), run{explore: "1"}.seed("TestA"))
}

// What a failure prints is a command that shows the failure again, and nothing
// else.
func TestFailureSaysHowToSeeItAgain(t *testing.T) {
	for _, env := range [][]string{nil, {"EXPLORE=7"}} {
		dir := t.TempDir()
		r := runSample(t, dir, "fails", env)
		require.Error(t, r.err)
		line := regexp.MustCompile(`To see it again: go test \./pkg/drawn ` +
			`-run '\^TestSample\$/\^a_b\$' -rapid\.seed=(\d+)\n`)
		m := line.FindStringSubmatch(r.out)
		require.NotNil(t, m, r.out)
		require.NotContains(t, r.out, "reproduce")
		first := ""
		for _, c := range r.cases {
			if first == "" && strings.ContainsAny(c[len(c)-1:], "05") {
				first = c
			}
		}
		once := runSample(t, dir, "fails", nil, "-rapid.seed="+m[1])
		require.Error(t, once.err)
		require.Equal(t, first, once.cases[0])
		require.Contains(t, once.out, "failed after 0 tests")
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left, "a failure leaves no file")
	}
}

// Rapid would begin with the cases in such files, which one machine has and
// others have not.
func TestFilesOfRapidAreNotRead(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "testdata", "rapid", "TestSample_a_b"), 0o777))
	file := filepath.Join(dir, "testdata", "rapid", "TestSample_a_b", "TestSample_a_b-1.fail")
	require.NoError(t, os.WriteFile(file, []byte("v0.4.8#1\n0x1\n0x1\n0x1\n"), 0o666))
	r := runSample(t, dir, "passes", nil)
	require.NoError(t, r.err, r.out)
	require.Len(t, r.cases, usual)
	// The file is one that rapid reads, so that this test can fail.
	r = runSample(t, dir, "passes", nil, "-rapid.failfile="+file)
	require.Len(t, r.cases, usual+1, r.out)
}

func TestCasesThatCannotBePlannedAreCounted(t *testing.T) {
	r := runSample(t, t.TempDir(), "half", nil)
	require.Error(t, r.err)
	require.Len(t, r.cases, usual)
	require.NotContains(t, r.out, "panic")
	require.Regexp(t, `\d\d of 100 drawn cases cannot be planned; at most 25 % may`, r.out)
	require.Contains(t, r.out, "To see it again: go test ./pkg/drawn -run '^TestSample$/^a_b$'\n")
	r = runSample(t, t.TempDir(), "half", []string{"EXPLORE=3"})
	require.Contains(t, r.out, "To see it again: EXPLORE=3 go test ./pkg/drawn -run '^TestSample$/^a_b$'\n")
	// A few cases say nothing about the part.
	r = runSample(t, t.TempDir(), "half", nil, "-test.short")
	require.NoError(t, r.err)
	require.Len(t, r.cases, 2*usual/5)
	require.Contains(t, r.out, "of 20 drawn cases cannot be planned")
	// No more than the part given is no failure.
	n := 0
	CheckMost(t, 0.25, func(*rapid.T) bool {
		n++
		return n%4 != 0
	})
}

// An exploration draws other cases, more of them, and the same ones again from
// the same seed.
func TestExplore(t *testing.T) {
	usualCases := runSample(t, t.TempDir(), "passes", nil).cases
	a := runSample(t, t.TempDir(), "passes", []string{"EXPLORE=7"})
	require.NoError(t, a.err, a.out)
	require.Len(t, a.cases, explored)
	require.NotEqual(t, usualCases, a.cases[:usual])
	require.Equal(t, a.cases, runSample(t, t.TempDir(), "passes", []string{"EXPLORE=7"}).cases)
	require.NotEqual(t, a.cases, runSample(t, t.TempDir(), "passes", []string{"EXPLORE=8"}).cases)
	// When the time is over, a property has its usual number of cases.
	require.Len(t, runSample(t, t.TempDir(), "passes", []string{"EXPLORE=7", "EXPLORE_TIME=1ns"}).cases, usual)
	for _, wrong := range []string{"EXPLORE=x", "EXPLORE=-1", "EXPLORE_TIME=5", "EXPLORE_TIME=-5s"} {
		r := runSample(t, t.TempDir(), "passes", []string{wrong})
		require.Error(t, r.err)
		require.Contains(t, r.out, wrong+": ")
	}
}
