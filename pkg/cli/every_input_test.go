package cli

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/report"
)

// No input is read without end: each kind of file has a limit.
func TestEveryInputIsBounded(t *testing.T) {
	const endless = "/dev/zero"
	if _, err := os.Stat(endless); err != nil {
		t.Skip("this system has no " + endless)
	}
	readers, run := everyInput(t)
	for _, f := range readers {
		require.NoError(t, os.Symlink(endless, f.file))
		out, said, code := run(f.args...)
		require.Equal(t, exitInvalid, code, "%s: %s", f.file, said)
		require.Regexp(t, `the file has more than [0-9]+ bytes, the most that is read of an? `, said)
		require.Empty(t, out)
		require.NoError(t, os.Remove(f.file))
	}
}

// What a command has read is not replaced by what it writes, unless it is told to.
func TestNoInputIsReplaced(t *testing.T) {
	readers, run := everyInput(t)
	for _, f := range readers {
		require.NoError(t, os.WriteFile(f.file, []byte(f.right), 0o600))
		require.NoError(t, os.Link(f.file, "again"))
		for _, name := range []string{f.file, "again"} {
			_, said, code := run(append(f.args, "--out", name)...)
			require.Equal(t, exitUsage, code, "%s: %s", f.file, said)
			require.Contains(t, said, name+" was read as an input and would be replaced")
			src, err := os.ReadFile(f.file)
			require.NoError(t, err)
			require.Equal(t, f.right, string(src))
		}
		_, said, code := run(append(f.args, "--out", f.file, "--force")...)
		require.Zero(t, code, "%s: %s", f.file, said)
		require.NoError(t, os.Remove(f.file))
		require.NoError(t, os.Remove("again"))
	}
}

// A budget that is not kept decides the exit code also where its report cannot be
// written, and both are said, with what to do about each.
func TestVerdictDecidesTheExitCode(t *testing.T) {
	_, run := everyInput(t)
	const budget = "apiVersion: headroom/v1\nprofiles: [shop.yaml]\nrules: {a: {monthly: $1}}\n"
	require.NoError(t, os.WriteFile("budget.yaml", []byte(budget), 0o600))
	for _, name := range []string{"budget.yaml", "nowhere/report.json"} {
		_, said, code := run("check", "--report", "json="+name+",junit=junit.xml")
		require.Equal(t, exitBreached, code, said)
		require.Regexp(t, `(?s)^headroom: 1 of 1 limit breached\n`+name+
			` [^\n]*\nChange the system[^\n]*\n(Name another file|Check that the folder)`, said)
		require.FileExists(t, "junit.xml")
		require.NoError(t, os.Remove("junit.xml"))
	}
	src, err := os.ReadFile("budget.yaml")
	require.NoError(t, err)
	require.Equal(t, budget, string(src))

	// Refused input is in all reports that can be written, too.
	require.NoError(t, os.WriteFile("budget.yaml", []byte("rules: none\n"), 0o600))
	_, said, code := run("check", "--report", "json=nowhere/report.json,junit=junit.xml", "--out", "report.txt")
	require.Equal(t, exitInvalid, code, said)
	require.Contains(t, said, "nowhere/report.json cannot be written")
	require.FileExists(t, "junit.xml")
	require.FileExists(t, "report.txt")
}

// A profile that is shown is text, whoever wrote it: no mark of it turns the direction
// of writing, and no line is a command to the runner of a CI system.
func TestShownProfileIsText(t *testing.T) {
	_, run := everyInput(t)
	hostile := "\ufeff# \u202e\tmark\r\n" + strings.Replace(sideProfile, "name: shop\n",
		"name: shop\ndescription: |\n  ::error::no\n  ##[error]no\n", 1)
	require.NoError(t, os.WriteFile("hostile.yaml", []byte(hostile), 0o600))
	out, said, code := run("profiles", "show", "./hostile.yaml")
	require.Zero(t, code, said)
	require.True(t, strings.HasPrefix(out, "# \\u202e\tmark\napiVersion"), out)
	require.Contains(t, out, "  \\::error::no\n  #\\#[error]no\n")
	require.NoError(t, os.WriteFile("plain.yaml", []byte(sideProfile), 0o600))
	out, _, _ = run("profiles", "show", "./plain.yaml")
	require.Equal(t, sideProfile, out)
}

// What to do is text as well where it names a file.
func TestHintsAreText(t *testing.T) {
	_, run := everyInput(t)
	const name = "::error::\x1b\n::error::budget.yaml"
	require.NoError(t, os.MkdirAll(filepath.Dir("./"+name), 0o700))
	require.NoError(t, os.WriteFile(name, []byte("apiVersion: headroom/v1\nrules: {a: {monthly: $1}}\n"), 0o600))
	_, said, code := run("check", "./shop.yaml", "--budget", name)
	require.Equal(t, exitBreached, code, said)
	require.NotContains(t, said, "\x1b")
	require.NotRegexp(t, `(?m)^\s*::`, said)
}

// The reports of refused input have no text of a file that may not be shown, and
// neither do annotations and the summary of a job.
func TestRefusedReportsDoNotPrintOtherFiles(t *testing.T) {
	const secret = "hunter2"
	pricing, profiles := absolute(t, "../../pricing"), absolute(t, "../../profiles")
	workIn(t, map[string]string{
		".env":          secret + ": " + secret + "\n",
		"profiles.yaml": "apiVersion: headroom/v1\nprofiles: [.env]\nrules: {a: {monthly: $1}}\n",
		"baseline.yaml": "apiVersion: headroom/v1\nprofiles: [shop.yaml]\nbaseline: .env\nrules: {a: {monthly: $1}}\n",
		"overlay.yaml":  "apiVersion: headroom/v1\nprofiles: [lays.yaml]\nrules: {a: {monthly: $1}}\n",
		"lays.yaml":     strings.Replace(sideProfile, "data:", "prices: {overlay: [.env]}\ndata:", 1),
		"shop.yaml":     sideProfile,
	})
	for _, file := range []string{".env", "profiles.yaml", "baseline.yaml", "overlay.yaml"} {
		reports := map[string]string{}
		var targets []string
		for _, f := range report.VerdictFormats() {
			reports[f.Name] = "report-" + f.Name
			targets = append(targets, f.Name+"="+reports[f.Name])
		}
		env := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "report-summary"}
		_, said, code := runFrom(t, pricing, profiles, env, "check", "--budget", file,
			"--report", strings.Join(targets, ","))
		require.Equal(t, exitInvalid, code, said)
		require.Contains(t, said, "its text is not shown")
		require.NotContains(t, said, secret)
		for _, name := range append(slices.Collect(maps.Values(reports)), "report-summary") {
			src, err := os.ReadFile(name)
			require.NoError(t, err)
			require.NotContains(t, string(src), secret, name)
			require.NoError(t, os.Remove(name))
		}
	}
}
