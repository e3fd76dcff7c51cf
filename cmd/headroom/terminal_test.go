package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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

// This file has the programs by which scripts see what somebody before a terminal sees:
// testdata/script/terminal*.txtar. They are programs, not commands of the scripts, so that
// they get a script's whole environment.

// terminal runs a program at a terminal and writes what it shows there, stdout and stderr;
// it ends with the program's exit code.
//
//	exec terminal 80x25 headroom estimate medium
func terminal() {
	usage := errors.New("usage: terminal COLUMNSxROWS program [argument…]")
	var size pty.Winsize
	if len(os.Args) < 3 {
		fail(usage)
	}
	if _, err := fmt.Sscanf(os.Args[1], "%dx%d", &size.Cols, &size.Rows); err != nil {
		fail(usage)
	}
	shown, code, err := atTerminal(size, nil, os.Args[2:])
	if err != nil {
		fail(err)
	}
	fmt.Print(shown)
	os.Exit(code)
}

// fits checks what a program shows: at terminals of 60 to 140 columns no line is wider and
// no word is cut, and where none are wanted there are no escapes. It runs the program seven
// times.
//
//	exec fits headroom estimate medium
//	exec fits -exit 2 headroom estmate
func fits() {
	want := flag.Int("exit", 0, "exit code that the program must have")
	flag.Parse()
	if flag.NArg() == 0 {
		fail(errors.New("usage: fits [-exit CODE] program [argument…]"))
	}
	if err := fitsEverywhere(flag.Args(), *want); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(125) // no exit code of headroom
}

// usualRows is the height of terminals in which only the width matters.
const usualRows = 50

func fitsEverywhere(args []string, want int) error {
	run := func(columns uint16, env ...string) (string, error) {
		shown, code, err := atTerminal(pty.Winsize{Cols: columns, Rows: usualRows}, env, args)
		if err == nil && code != want {
			err = fmt.Errorf("exit code %d, not %d, at %d columns:\n%s", code, want, columns, shown)
		}
		return shown, err
	}
	wide, err := run(400, "TERM=dumb")
	if err != nil {
		return err
	}
	for _, columns := range []uint16{60, 80, 100, 140} {
		shown, err := run(columns)
		if err != nil {
			return err
		}
		if err := fitsIn(int(columns), wide, shown); err != nil {
			return fmt.Errorf("at %d columns %w:\n%s", columns, err, shown)
		}
	}
	piped, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if code, err := exitCode(err); err != nil || code != want {
		return fmt.Errorf("exit code %d, not %d, in a pipe (%v):\n%s", code, want, err, piped)
	}
	uncoloured, err := run(80, "NO_COLOR=1")
	if err != nil {
		return err
	}
	plain := map[string]string{"in a pipe": string(piped), "with TERM=dumb": wide, "with NO_COLOR": uncoloured}
	for where, shown := range plain {
		if strings.Contains(shown, "\x1b") {
			return fmt.Errorf("an escape %s:\n%q", where, shown)
		}
	}
	return nil
}

// atTerminal gives what a program shows at a terminal and its exit code.
func atTerminal(size pty.Winsize, env, args []string) (shown string, code int, err error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env...)
	tty, err := pty.StartWithSize(cmd, &size)
	if err != nil {
		return "", 0, err
	}
	defer tty.Close()
	var b bytes.Buffer
	_, _ = io.Copy(&b, tty) // ends with an error of the terminal when the program has ended
	code, err = exitCode(cmd.Wait())
	return strings.ReplaceAll(b.String(), "\r\n", "\n"), code, err
}

// exitCode is what a program ended with, by the error of its run.
func exitCode(err error) (int, error) {
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode(), nil
	}
	return 0, err
}

var (
	colours = regexp.MustCompile("\x1b\\[[0-9;]*m")
	bars    = regexp.MustCompile("(?:\r[^\r\n]+)+\r") // of progress, each over the one before
)

// fitsIn tells what is too wide for a terminal, or missing of what one without end shows.
func fitsIn(columns int, wide, shown string) error {
	for _, drawn := range bars.FindAllString(shown, -1) {
		for _, bar := range strings.Split(drawn, "\r") {
			if twwidth.Width(bar) >= columns { // the cursor stands behind it
				return fmt.Errorf("the bar %q is too wide", bar)
			}
		}
	}
	plain := colours.ReplaceAllString(bars.ReplaceAllString(shown, ""), "")
	if strings.Contains(plain, "\x1b") {
		return fmt.Errorf("an escape that is no colour is in %q", plain)
	}
	for _, l := range strings.Split(plain, "\n") {
		if twwidth.Width(l) > columns {
			return fmt.Errorf("the line %q is too wide", l)
		}
		if strings.TrimRight(l, " ") != l { // also before codes
			return fmt.Errorf("the line %q ends in blanks", l)
		}
	}
	for _, word := range strings.Fields(wide) {
		if twwidth.Width(word) > columns-8 || strings.Trim(word, "─▏▎▍▌▋▊▉█│#·") == "" {
			continue // there is no other way for words that long; lines and bars are as long as there is room
		}
		if !strings.Contains(plain, word) {
			return fmt.Errorf("the word %q is missing or cut", word)
		}
	}
	return nil
}

// helpOnly are the commands of which a terminal shows the help only, and why.
func helpOnly() map[string]string {
	return map[string]string{
		"serve":                 "runs until it is stopped",
		"profiles show":         "shows a file as it is",
		"profiles schema":       "writes JSON",
		"completion bash":       "writes a script",
		"completion fish":       "writes a script",
		"completion powershell": "writes a script",
		"completion zsh":        "writes a script",
	}
}

// The scripts see every command at terminals.
func TestTerminalScriptsSeeEveryCommand(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("..", "..", "testdata", "script", "terminal*.txtar"))
	require.NoError(t, err)
	var seen []string
	for _, file := range scripts {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, line := range strings.Split(string(text), "\n") {
			if run, ok := strings.CutPrefix(line, "exec fits headroom"); ok {
				seen = append(seen, strings.Join(strings.Fields(run), " "))
			}
		}
	}
	for _, path := range paths(cli.Commands(pricing.FS, profiles.FS)) {
		run := path
		if _, ok := helpOnly()[path]; ok {
			run = "help " + path
		}
		isSeen := slices.ContainsFunc(seen, func(s string) bool { return strings.HasPrefix(s+" ", run+" ") })
		require.True(t, isSeen, "no line `exec fits headroom %s …` in testdata/script/terminal*.txtar", run)
	}
	require.Contains(t, seen, "", "the program without arguments")
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
