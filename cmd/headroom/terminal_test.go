package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"headroom/pkg/cli"
	"headroom/pricing"
	"headroom/profiles"
)

// terminalCases has lines for every command, by the words behind the program's name. They
// are run in the folder of terminalFolder.
func terminalCases() map[string][]string {
	return map[string][]string{
		"":     {""},
		"help": {"help whatif", "help prices show"},
		"estimate": {"estimate medium", "estimate large --full", "estimate",
			"estimate reference-small --reconcile"},
		"explain": {"explain small db", "explain medium", "explain medium phoenix --all"},
		"whatif": {"whatif small --set peak.users=1000", "whatif small --set peak.users=1000 --full",
			"whatif small --vary peak.users=500..2000:log:3",
			"whatif small --vary peak.users=500..2000:log:3 --vary curve.preset=consumer,flat",
			"whatif small --scenario twice-the-users --scenario one-region",
			"whatif small --goal monthly<=1500 --solve peak.users"},
		"diff":                  {"diff small medium", "diff small medium --full"},
		"check":                 {"check", "check --full"},
		"serve":                 {"help serve"}, // it runs until it is stopped
		"docs":                  {"docs", "docs model"},
		"queue":                 {"queue --servers 12 --rate 1000/s --service 10ms"},
		"render":                {"render baseline.json", "render baseline.json --full"},
		"profiles":              {"profiles"},
		"profiles list":         {"profiles list"},
		"profiles show":         {"help profiles show"}, // a file is shown as it is
		"profiles init":         {"profiles init new.yaml --force"},
		"profiles validate":     {"profiles validate ./shop.yaml small"},
		"profiles schema":       {"help profiles schema"}, // JSON
		"prices":                {"prices"},
		"prices list":           {"prices list", "prices list --coverage", "prices list --tables"},
		"prices show":           {"prices show m7g.large nat-gateway"},
		"prices diff":           {"prices diff 2016-04-18 2017-11-12"},
		"prices verify":         {"prices verify"},
		"config":                {"config"},
		"config show":           {"config show --origin"},
		"version":               {"version"},
		"completion":            {"completion"},
		"completion bash":       {"help completion bash"}, // a script
		"completion fish":       {"help completion fish"},
		"completion powershell": {"help completion powershell"},
		"completion zsh":        {"help completion zsh"},
	}
}

// paths are the commands of the tree, by the words behind the program's name.
func paths(cmd *cobra.Command) []string {
	out := []string{strings.TrimSpace(strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()))}
	for _, sub := range cmd.Commands() {
		if !sub.Hidden {
			out = append(out, paths(sub)...)
		}
	}
	return out
}

// terminalFolder has the files that the cases name.
func terminalFolder(t *testing.T) string {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no pseudo-terminals as POSIX has; every other system must run this")
	}
	dir := t.TempDir()
	shell(t, dir, "headroom profiles init ./shop.yaml")
	const budget = "apiVersion: headroom/v1\nprofiles: [shop.yaml]\nrules: {total: {monthly: $5000}}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budget.yaml"), []byte(budget), 0o600))
	shell(t, dir, "headroom estimate ./shop.yaml --format json --out baseline.json")
	return dir
}

// seat is somebody before a terminal.
type seat struct {
	dir   string
	width int
	rows  int
	env   []string
}

func (s seat) command(line string) *exec.Cmd {
	cmd := exec.Command("headroom", strings.Fields(line)...)
	cmd.Dir = s.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "HEADROOM_PAGER=never",
		"TERM=xterm-256color"}, s.env...)
	return cmd
}

// run gives what a line shows at the terminal, stdout and stderr, and the exit code.
func (s seat) run(t *testing.T, line string) (shown string, code int) {
	t.Helper()
	cmd := s.command(line)
	rows := s.rows
	if rows == 0 {
		rows = 50
	}
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uint16(rows), Cols: uint16(s.width)})
	require.NoError(t, err)
	defer tty.Close()
	var b bytes.Buffer
	_, _ = io.Copy(&b, tty) // ends with an error of the terminal when the program has ended
	return strings.ReplaceAll(b.String(), "\r\n", "\n"), exitOf(t, cmd.Wait())
}

// piped gives what a line writes, stdout and stderr, where nothing is a terminal.
func (s seat) piped(t *testing.T, line string) (shown string, code int) {
	t.Helper()
	out, err := s.command(line).CombinedOutput()
	return string(out), exitOf(t, err)
}

func exitOf(t *testing.T, err error) int {
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode()
	}
	require.NoError(t, err)
	return 0
}

var (
	colours = regexp.MustCompile("\x1b\\[[0-9;]*m")
	bars    = regexp.MustCompile("(?:\r[^\r\n]+)+\r") // of progress, each over the one before
)

// requireFits checks that no line is wider than the terminal, and that no word is cut:
// those of a terminal without end are all there. Of words that are wider than the
// terminal there is no other way.
func requireFits(t *testing.T, width int, wide, shown string) {
	t.Helper()
	for _, drawn := range bars.FindAllString(shown, -1) {
		for _, bar := range strings.Split(drawn, "\r") {
			require.Less(t, twwidth.Width(bar), width)
		}
	}
	plain := colours.ReplaceAllString(bars.ReplaceAllString(shown, ""), "")
	require.NotContains(t, plain, "\x1b")
	for _, l := range strings.Split(plain, "\n") {
		require.LessOrEqual(t, twwidth.Width(l), width, "%q of\n%s", l, plain)
		require.Equal(t, strings.TrimRight(l, " "), l, "no blanks at the end, also before codes")
	}
	for _, word := range strings.Fields(wide) {
		if twwidth.Width(word) > width-8 || strings.Trim(word, "─▏▎▍▌▋▊▉█│#·") == "" {
			continue // lines and bars are as long as there is room
		}
		require.Contains(t, plain, word, "at %d columns of\n%s", width, plain)
	}
}

// Every command fits terminals of 60 to 140 columns without cutting a word, and without
// escapes where none are wanted.
func TestEveryCommandFitsTheTerminal(t *testing.T) {
	dir := terminalFolder(t)
	cases := terminalCases()
	for _, path := range paths(cli.Commands(pricing.FS, profiles.FS)) {
		require.NotEmpty(t, cases[path], "a line for headroom %s in terminalCases", path)
		for _, line := range cases[path] {
			t.Run(strings.ReplaceAll(line, " ", "_"), func(t *testing.T) {
				t.Parallel()
				wide, code := seat{dir: dir}.piped(t, line)
				require.Zero(t, code, wide)
				require.NotContains(t, wide, "\x1b", "in a pipe")
				wide, _ = seat{dir: dir, width: 400, env: []string{"TERM=dumb"}}.run(t, line)
				for _, width := range []int{60, 80, 100, 140} {
					shown, code := seat{dir: dir, width: width}.run(t, line)
					require.Zero(t, code, shown)
					requireFits(t, width, wide, shown)
				}
				for _, env := range []string{"TERM=dumb", "NO_COLOR=1"} {
					shown, _ := seat{dir: dir, width: 80, env: []string{env}}.run(t, line)
					require.NotContains(t, shown, "\x1b", env)
				}
			})
		}
	}
}

// Errors and hints fit as well.
func TestErrorsFitTheTerminal(t *testing.T) {
	dir := terminalFolder(t)
	text, err := os.ReadFile(filepath.Join(dir, "shop.yaml"))
	require.NoError(t, err)
	bad := bytes.ReplaceAll(text, []byte("us-west-2"), []byte("us-wset-2"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.yaml"), bad, 0o600))
	for line, want := range map[string]int{
		"estmate":                             2,
		"help estmate":                        2,
		"estimate --formt csv":                2,
		"prices list --purchase spot":         2,
		"estimate medium --purchase cheap":    2,
		"estimate ./bad.yaml":                 3,
		"estimate .":                          3,
		"estimate medium --regions us-esat-1": 3,
		"estimate none":                       3,
		"estimate ./none.yaml":                3,
		"whatif small --goal monthly<=1 --solve peak.users": 4,
		"explain medium dbb":                        2,
		"check --budget none.yaml":                  3,
		"estimate small --out no/such/file.txt":     5,
		"queue --servers 1 --rate 9/s --service 1s": 4,
	} {
		t.Run(strings.ReplaceAll(line, "/", "_"), func(t *testing.T) {
			wide, code := seat{dir: dir}.piped(t, line)
			require.Equal(t, want, code, wide)
			for _, width := range []int{60, 80, 100, 140} {
				shown, code := seat{dir: dir, width: width}.run(t, line)
				require.Equal(t, want, code, shown)
				requireFits(t, width, wide, shown)
			}
		})
	}
}

// The answer of estimate fits a terminal of 80 columns and 25 lines, with the total among
// the first 20; what it looks like is kept.
func TestEstimateInShort(t *testing.T) {
	dir := terminalFolder(t)
	for _, profile := range []string{"small", "medium", "large"} {
		for _, width := range []int{60, 80, 100, 140} {
			shown, code := seat{dir: dir, width: width, env: []string{"NO_COLOR=1"}}.run(t, "estimate "+profile)
			require.Zero(t, code)
			requireGolden(t, profile, width, shown)
			lines := strings.Split(strings.TrimSuffix(shown, "\n"), "\n")
			if width < 80 {
				continue
			}
			require.LessOrEqual(t, len(lines), 25, shown)
			total := 0
			for total < len(lines) && !strings.HasPrefix(lines[total], "Total ") {
				total++
			}
			require.Less(t, total, 20, shown)
		}
	}
}

// requireGolden checks what a terminal of some width shows against the file that is kept.
func requireGolden(t *testing.T, name string, width int, shown string) {
	t.Helper()
	golden := filepath.Join("..", "..", "testdata", "golden", "terminal", name+"-"+strconv.Itoa(width)+".txt")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(shown), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err, "go test ./cmd/headroom -run InShort -update writes the file")
	require.Equal(t, string(want), shown)
}

// The other reports in short are kept as they look in narrow and usual terminals.
func TestReportsInShort(t *testing.T) {
	dir := terminalFolder(t)
	const budget = "apiVersion: headroom/v1\nprofiles: [medium]\nrules:\n  total: {monthly: $5000}\n" +
		"  growth: {increase: 10%}\n  db: {component: db, monthly: $400, level: warn}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "medium.yaml"), []byte(budget), 0o600))
	shell(t, dir, "headroom estimate medium --format json --out medium.json")
	for _, c := range []struct {
		name, line string
		code       int
	}{
		{"explain", "explain medium", 0},
		{"explain-db", "explain medium db", 0},
		{"whatif", "whatif medium --set peak.users=5000", 0},
		{"sweep", "whatif medium --vary peak.users=1k..50k:log:6 -q", 0},
		{"goal", "whatif medium --goal monthly<=5000 --solve peak.users=1k..3k -q", 0},
		{"diff", "diff small medium", 0},
		{"check", "check --budget medium.yaml --baseline medium.json --today 2026-11-29", 1},
	} {
		for _, width := range []int{60, 80} {
			shown, code := seat{dir: dir, width: width, env: []string{"NO_COLOR=1"}}.run(t, c.line)
			require.Equal(t, c.code, code, shown)
			requireGolden(t, c.name, width, shown)
		}
	}
}

// Colours say on a terminal what words say too, and whoever is asked decides.
func TestColours(t *testing.T) {
	dir := terminalFolder(t)
	at := func(env ...string) seat { return seat{dir: dir, width: 80, env: env} }
	for _, c := range []struct {
		line    string
		env     []string
		piped   bool
		colours bool
	}{
		{line: "estimate small", colours: true},
		{line: "estimate small", piped: true},
		{line: "estimate small", env: []string{"NO_COLOR=1"}},
		{line: "estimate small", env: []string{"TERM=dumb"}},
		{line: "estimate small", env: []string{"CLICOLOR_FORCE=1"}, piped: true, colours: true},
		{line: "estimate small", env: []string{"CLICOLOR_FORCE=0"}, piped: true},
		{line: "estimate small", env: []string{"CLICOLOR_FORCE=1", "NO_COLOR=1"}, piped: true},
		{line: "estimate small", env: []string{"CLICOLOR_FORCE=1", "TERM=dumb"}, piped: true},
		{line: "estimate small --color always", piped: true, colours: true},
		{line: "estimate small --color always", env: []string{"NO_COLOR=1"}, colours: true},
		{line: "estimate small --color never"},
		{line: "estimate small --no-color"},
		{line: "estimate small", env: []string{"HEADROOM_COLOR=always", "NO_COLOR=1"}, piped: true, colours: true},
		{line: "estimate small", env: []string{"HEADROOM_NO_COLOR=true"}},
		{line: "estimate small --color auto", env: []string{"HEADROOM_COLOR=never"}, colours: true},
	} {
		run := at(c.env...).run
		if c.piped {
			run = at(c.env...).piped
		}
		shown, code := run(t, c.line)
		require.Zero(t, code, shown)
		require.Equal(t, c.colours, strings.Contains(shown, "\x1b["), "%+v\n%s", c, shown)
	}
	shown, _ := at().run(t, "estimate medium")
	require.Contains(t, shown, "\x1b[32mRoom\x1b[0m")
	require.Contains(t, shown, "\x1b[33mRisk\x1b[0m")
	require.Contains(t, shown, "\x1b[33mcpu 83/85 % ◀ first\x1b[0m")
	_, code := at().piped(t, "estimate small --color loud")
	require.Equal(t, 2, code)
}

// What is taller than the terminal goes through the pager; exit codes stay, and who leaves
// the pager early has seen enough.
func TestPager(t *testing.T) {
	dir := terminalFolder(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budget.yaml"), []byte("apiVersion: headroom/v1\n"+
		"profiles: [shop.yaml]\nrules: {total: {monthly: $5}}\n"), 0o600))
	low := func(env ...string) seat { return seat{dir: dir, width: 80, rows: 5, env: env} }
	const numbered = "HEADROOM_PAGER=sed s/^/page:/"
	for _, c := range []struct {
		line  string
		env   []string
		paged bool
	}{
		{"estimate small", []string{numbered}, true},
		{"help estimate", []string{numbered}, true},
		{"version", []string{numbered}, false}, // not taller
		{"estimate small", []string{"HEADROOM_PAGER=", "PAGER=sed s/^/page:/"}, true},
		{"estimate small", []string{"HEADROOM_PAGER=never", "PAGER=sed s/^/page:/"}, false},
		{"estimate small --no-pager", []string{numbered}, false},
		{"estimate small", []string{numbered, "TERM=dumb"}, false},
		{"estimate small", []string{"HEADROOM_PAGER=no-such-program"}, false},
	} {
		shown, code := low(c.env...).run(t, c.line)
		require.Zero(t, code, shown)
		require.Equal(t, c.paged, strings.Contains(shown, "page:"), "%+v\n%s", c, shown)
	}
	shown, _ := low(numbered).piped(t, "estimate small")
	require.NotContains(t, shown, "page:", "never in a pipe")
	_, code := low("HEADROOM_PAGER=head -n 1").run(t, "check")
	require.Equal(t, 1, code, "the budget is breached, whatever the pager does")
	_, code = low("HEADROOM_PAGER=false").run(t, "estimate large --full")
	require.Zero(t, code)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "headroom.yaml"), []byte("pager: sh -c true\n"), 0o600))
	shown, code = low().piped(t, "estimate small")
	require.Equal(t, 3, code)
	require.Contains(t, shown, "headroom.yaml:1:8: a repository cannot say which program runs as pager")
}
