package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// The files by which CI systems use the program are YAML of the right shape,
// and the commands in them do what they say, as far as can be seen without
// these systems.

const ciProfile = `apiVersion: headroom/v1
name: shop
prices: {scope: compute}
regions: [{name: us-east-1}, {name: us-west-2}]
components:
  web: {kind: stateless, pin: {type: m7g.large, count: 2}}
`

const ciBudget = `apiVersion: headroom/v1
profiles: [shop.yaml]
rules:
  total: {monthly: $100}
`

// ciFolder has a profile that breaches its budget.
func ciFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(ciProfile), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budget.yaml"), []byte(ciBudget), 0o600))
	return dir
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	require.NoError(t, err)
	require.NoError(t, yaml.UnmarshalWithOptions(src, into, yaml.Strict()), name)
}

// script runs a shell's commands in a folder and gives its exit code.
func script(t *testing.T, dir, text string, env ...string) (string, int) {
	t.Helper()
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}, env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		require.IsType(t, &exec.ExitError{}, err, "%s", out)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func needBash(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("these are steps of GitHub and GitLab jobs, which run in bash, and none is installed; " +
			".ci/run is a bash script, so CI never skips them")
	}
}

type action struct {
	Name, Description string
	Branding          map[string]string
	Inputs            map[string]struct{ Description, Default string }
	Runs              struct {
		Using string
		Steps []struct {
			Name, Uses, Shell, Run string
			If                     string `yaml:"if"`
			With, Env              map[string]string
		}
	}
}

// actionRunner runs steps of an action in a folder, as a job on GitHub does.
func actionRunner(t *testing.T, a *action, dir, temp string) func(step int, values ...string) (string, int) {
	t.Helper()
	bin := t.TempDir()
	// The program in place of the one that the step before has built, and a gh
	// that notes what it is asked.
	program, err := exec.LookPath("headroom")
	require.NoError(t, err)
	require.NoError(t, os.Symlink(program, filepath.Join(temp, "headroom")))
	const gh = "#!/bin/sh\necho \"$@\" >>\"$HOME/asked\"\ncase \"$*\" in *--paginate*) cat \"$HOME/comments\" ;; esac\n"
	require.NoError(t, os.WriteFile(filepath.Join(bin, "gh"), []byte(gh), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "comments"), nil, 0o600))
	return func(step int, values ...string) (string, int) {
		s := a.Runs.Steps[step]
		require.Equal(t, "bash", s.Shell, s.Name)
		require.NotContains(t, s.Run, "${{", "inputs are not pasted into the script")
		env := []string{"RUNNER_TEMP=" + temp, "GITHUB_ACTIONS=true",
			"GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary.md")}
		for name, value := range s.Env {
			if key, ok := strings.CutPrefix(value, "${{ inputs."); ok {
				in, known := a.Inputs[strings.TrimSuffix(key, " }}")]
				require.True(t, known, "%s: %s", s.Name, value)
				value = in.Default
			}
			env = append(env, name+"="+value)
		}
		text := s.Run
		if s.Name == "Comment" {
			text = "PATH=" + bin + ":$PATH\n" + text
		}
		return script(t, dir, text, append(env, values...)...)
	}
}

func TestAction(t *testing.T) {
	needBash(t)
	var a action
	readYAML(t, "action.yml", &a)
	require.Equal(t, "composite", a.Runs.Using)
	dir, temp := ciFolder(t), t.TempDir()
	run := actionRunner(t, &a, dir, temp)
	names := []string{}
	for _, s := range a.Runs.Steps {
		names = append(names, s.Name)
	}
	require.Equal(t, []string{"Go", "Build headroom", "Check", "Comment"}, names)
	for _, s := range a.Runs.Steps[2:] {
		for name := range s.Env {
			if name != "GH_TOKEN" { // gh itself reads it
				require.Contains(t, s.Run, "$"+name, "%s uses what it is given", s.Name)
			}
		}
	}
	require.Contains(t, a.Runs.Steps[1].Run, "./cmd/headroom")

	out, code := run(2)
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "::error file=budget.yaml,line=4,col=20,title=headroom%3A total::")
	for _, name := range []string{"headroom.sarif", "headroom-junit.xml", "summary.md"} {
		require.FileExists(t, filepath.Join(dir, name))
	}
	out, code = run(2, "PROFILES=./shop.yaml", "BASELINE=./shop.yaml", "ARGS=--warn-only --today 2026-08-03")
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "baseline ./shop.yaml")

	// The first time a comment is made, then it is updated.
	out, code = run(3, "REPOSITORY=ada/shop", "NUMBER=7")
	require.Equal(t, 0, code, out)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "comments"), []byte("4711\n"), 0o600))
	out, code = run(3, "REPOSITORY=ada/shop", "NUMBER=7")
	require.Equal(t, 0, code, out)
	asked, err := os.ReadFile(filepath.Join(dir, "asked"))
	require.NoError(t, err)
	require.Contains(t, string(asked), "--method POST repos/ada/shop/issues/7/comments --field body=@"+temp+
		"/headroom.md")
	require.Contains(t, string(asked), "--method PATCH repos/ada/shop/issues/comments/4711")
	require.Contains(t, string(asked), `startswith("<!-- headroom-check: budget.yaml -->")`)
}

func TestGitLabTemplate(t *testing.T) {
	needBash(t)
	var template struct {
		Headroom struct {
			Stage     string
			Variables map[string]string
			Rules     []map[string]string
			Script    []string
			Artifacts struct {
				When     string
				ExposeAs string `yaml:"expose_as"`
				Paths    []string
				Reports  map[string]string
			}
		}
	}
	readYAML(t, "docs/ci/gitlab.yml", &template)
	job := template.Headroom
	dir := ciFolder(t)
	var env []string
	for name, value := range job.Variables {
		env = append(env, name+"="+value)
	}
	out, code := script(t, dir, strings.Join(job.Script, "\n"), env...)
	require.Equal(t, 1, code, out)
	require.NotContains(t, out, "is no setting", "variables of the job are not taken for settings")
	require.Equal(t, "always", job.Artifacts.When, "reports are kept of what fails")
	for _, name := range append(job.Artifacts.Paths, job.Artifacts.Reports["junit"],
		job.Artifacts.Reports["codequality"]) {
		require.FileExists(t, filepath.Join(dir, name))
	}
}

func TestPreCommitHooks(t *testing.T) {
	needBash(t)
	var hooks []struct {
		ID, Name, Description, Entry, Language, Files string
		PassFilenames                                 *bool `yaml:"pass_filenames"`
		Types                                         []string
	}
	readYAML(t, ".pre-commit-hooks.yaml", &hooks)
	require.Len(t, hooks, 2)
	want := map[string]int{"headroom-check": 1, "headroom-validate": 0}
	for _, h := range hooks {
		require.Equal(t, "golang", h.Language)
		line := h.Entry
		if h.PassFilenames == nil || *h.PassFilenames {
			line += " ./shop.yaml"
		}
		out, code := script(t, ciFolder(t), line)
		require.Equal(t, want[h.ID], code, out)
	}
}
