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
	Outputs           map[string]struct{ Description, Value string }
	Runs              struct {
		Using string
		Steps []struct {
			ID                     string `yaml:"id"`
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
			"GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary.md"), "GITHUB_OUTPUT=" + filepath.Join(dir, "outputs")}
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
	require.Equal(t, map[string]string{"total": "238.28", "difference": "", "breached": "true", "outcome": "fail"},
		stepOutputs(t, &a, dir))
	out, code = run(2, "PROFILES=./shop.yaml", "BASELINE=./shop.yaml", "ARGS=--warn-only --today 2026-08-03")
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "as ./shop.yaml")
	require.Equal(t, "0.00", stepOutputs(t, &a, dir)["difference"])

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

// A comment of before is replaced also where there is no verdict, and a fork's pull
// request has none.
func TestActionReplacesComments(t *testing.T) {
	needBash(t)
	var a action
	readYAML(t, "action.yml", &a)
	dir, temp := ciFolder(t), t.TempDir()
	run := actionRunner(t, &a, dir, temp)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "comments"), []byte("4711\n"), 0o600))
	asked := filepath.Join(dir, "asked")

	// Input with problems and systems that nothing carries replace the comment, too.
	for code, change := range map[int][2]string{3: {"m7g.large", "m7g.largee"},
		4: {"pin: {type: m7g.large, count: 2}", "entry: true, cpu: 10min, slo: {p99: 1s}"}} {
		text := strings.Replace(ciProfile, change[0], change[1], 1)
		if code == 4 {
			text += "peak: {users: 10, requests_per_user: 1/min, write_ratio: 0, request: 1KB, response: 1KB}\n"
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(text), 0o600))
		out, got := run(2)
		require.Equal(t, code, got, out)
		require.Empty(t, stepOutputs(t, &a, dir)["total"])
		out, got = run(3, "REPOSITORY=ada/shop", "NUMBER=7")
		require.Equal(t, 0, got, out)
		said, err := os.ReadFile(asked)
		require.NoError(t, err)
		require.NoError(t, os.Remove(asked))
		require.Contains(t, string(said), "--method PATCH repos/ada/shop/issues/comments/4711")
		body, err := os.ReadFile(filepath.Join(temp, "headroom.md"))
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(body), "<!-- headroom-check: budget.yaml -->\n"), string(body))
	}

	// A fork's token may not comment.
	out, code := run(3, "FORK=true", "REPOSITORY=ada/shop", "NUMBER=7")
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "::notice title=headroom::")
	require.NoFileExists(t, asked)
}

// stepOutputs are the outputs of the action after its step has run, which adds them to
// the runner's file.
func stepOutputs(t *testing.T, a *action, dir string) map[string]string {
	t.Helper()
	file := filepath.Join(dir, "outputs")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.Remove(file))
	written := map[string]string{}
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		name, value, ok := strings.Cut(line, "=")
		require.True(t, ok, line)
		written[name] = value
	}
	out := map[string]string{}
	for name, o := range a.Outputs {
		from, ok := strings.CutPrefix(o.Value, "${{ steps.check.outputs.")
		require.True(t, ok, o.Value)
		value, known := written[strings.TrimSuffix(from, " }}")]
		require.True(t, known, "%s: nothing writes %s", name, o.Value)
		out[name] = value
	}
	require.Equal(t, "check", a.Runs.Steps[2].ID)
	return out
}

func TestGitLabTemplate(t *testing.T) {
	needBash(t)
	var template struct {
		Headroom struct {
			Stage, Image string
			Variables    map[string]string
			Cache        struct {
				Key   string
				Paths []string
			}
			Rules        []map[string]string
			BeforeScript []string `yaml:"before_script"`
			Script       []string
			Artifacts    struct {
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
	for _, name := range []string{"BUDGET_FILE", "CHECK_SOURCE", "CHECK_REF"} {
		require.NotContains(t, job.Variables, name, "a variable of a job wins over that of who includes it")
	}
	var env []string
	for name, value := range job.Variables {
		env = append(env, name+"="+value)
	}
	commands := append(job.BeforeScript, job.Script...)
	out, code := script(t, dir, strings.Join(commands, "\n"), env...)
	require.Equal(t, 1, code, out)
	require.NotContains(t, out, "is no setting", "variables of the job are not taken for settings")
	require.Equal(t, "always", job.Artifacts.When, "reports are kept of what fails")
	for _, name := range append(job.Artifacts.Paths, job.Artifacts.Reports["junit"],
		job.Artifacts.Reports["codequality"]) {
		require.FileExists(t, filepath.Join(dir, name))
	}

	// Included by another project, the job has no program and builds it from the source.
	git := func(args ...string) {
		args = append([]string{"-c", "user.name=ada", "-c", "user.email=ada@example.com"}, args...)
		cmd := exec.Command("git", args...)
		cmd.Dir = stubSource(t, dir)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	git("init", "--quiet", "--initial-branch", "main")
	git("add", ".")
	git("commit", "--quiet", "-m", "stub")
	env = append(env, goEnv(t)...)
	env = append(env, "PATH="+pathWithout(t, "headroom"), "CHECK_SOURCE=file://"+stubSource(t, dir))
	env = append(env, "BUDGET_FILE=cost/budget.yaml")
	out, code = script(t, dir, strings.Join(commands, "\n"), env...)
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "stub check --budget cost/budget.yaml --report junit=")
	out, code = script(t, dir, strings.Join(commands, "\n"), append(env, "CHECK_SOURCE=")...)
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "set CHECK_SOURCE")
}

// stubSource is a module like this one, with a program that prints what it is told and
// another that does not compile: it is not to be built.
func stubSource(t *testing.T, dir string) string {
	t.Helper()
	source := filepath.Join(dir, "source")
	for name, text := range map[string]string{
		"go.mod": "module stub\n\ngo 1.26\n",
		"cmd/headroom/main.go": "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"strings\"\n)\n\n" +
			"func main() { fmt.Println(\"stub\", strings.Join(os.Args[1:], \" \")) }\n",
		"cmd/other/main.go": "package main\n\nfunc main() { undefined() }\n",
	} {
		file := filepath.Join(source, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	return source
}

// goEnv is where Go keeps what it has compiled.
func goEnv(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOROOT"} {
		value, err := exec.Command("go", "env", name).Output()
		require.NoError(t, err)
		out = append(out, name+"="+strings.TrimSpace(string(value)))
	}
	return out
}

// pathWithout is the path of programs without the folders that have one of that name.
func pathWithout(t *testing.T, name string) string {
	t.Helper()
	var kept []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			kept = append(kept, dir)
		}
	}
	return strings.Join(kept, string(filepath.ListSeparator))
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
		require.Equal(t, "script", h.Language)
		command, ok := strings.CutPrefix(h.Entry, ".ci/pre-commit ")
		require.True(t, ok, h.Entry)
		line := "headroom " + command
		if h.PassFilenames == nil || *h.PassFilenames {
			line += " ./shop.yaml"
		}
		out, code := script(t, ciFolder(t), line)
		require.Equal(t, want[h.ID], code, out)
	}
}

// The script that the hooks run builds the program, and only it, and hands on what it is
// told, in the folder of whoever uses the hook.
func TestPreCommitScript(t *testing.T) {
	needBash(t)
	dir := t.TempDir()
	source := stubSource(t, dir)
	text, err := os.ReadFile(filepath.Join("..", "..", ".ci", "pre-commit"))
	require.NoError(t, err)
	hook := filepath.Join(source, ".ci", "pre-commit")
	require.NoError(t, os.MkdirAll(filepath.Dir(hook), 0o700))
	require.NoError(t, os.WriteFile(hook, text, 0o700))
	out, code := script(t, dir, "source/.ci/pre-commit profiles validate 'a b.yaml'", goEnv(t)...)
	require.Equal(t, 0, code, out)
	require.Equal(t, "stub profiles validate a b.yaml\n", out)
}
