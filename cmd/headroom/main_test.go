package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"headroom/docs"
	"headroom/pkg/cli"
	"headroom/pricing"
	"headroom/profiles"
)

var update = flag.Bool("update", false, "write the expected outputs of cmp into the scripts")

// TestMain makes the scripts' command "headroom" this very program, and
// "headroom-at-terminal" the same before somebody who sees its errors and
// progress; terminal and fits are in terminal_test.go.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"headroom": main, "terminal": terminal, "fits": fits,
		"headroom-at-terminal": func() {
			e := cli.Process(os.Args[1:])
			e.ErrTerminal, e.Docs = true, docs.FS
			os.Exit(cli.Main(e, pricing.FS, profiles.FS))
		}})
}

// TestScripts runs testdata/script: the real program, its files and exit codes.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Condition:           condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"mkfile":  mkfile,
			"replace": replace,
			"printf":  printf,
		},
	})
}

// setup gives a script an empty home; testscript passes on nothing of the
// environment but PATH.
func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, ".home")
	if err := os.MkdirAll(filepath.Join(home, ".config"), 0o777); err != nil {
		return err
	}
	env.Setenv("HOME", home)
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
	return nil
}

// condition knows [root]: whether the user may write everywhere, so that tests
// of permissions mean nothing.
func condition(name string) (bool, error) {
	if name == "root" {
		return runtime.GOOS != "windows" && os.Geteuid() == 0, nil
	}
	return false, errors.New("unknown condition " + name)
}

// exits runs a program and wants exactly this exit code; stdout, stderr and
// cmp then see what it wrote.
//
//	exits 2 headroom --no-such-flag
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program [argument…]")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("exits: %q is not an exit code", args[0])
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var failed *exec.ExitError
		if !errors.As(err, &failed) {
			ts.Fatalf("exits: %v", err)
		}
		code = failed.ExitCode()
	}
	if code != want {
		ts.Fatalf("%s ended with exit code %d, not %d", strings.Join(args[1:], " "), code, want)
	}
}

// mkfile writes a file of so many bytes, the text over and over again, or a
// comment without one; \n and \x00 in the text are what they are in Go.
//
//	mkfile big.yaml 10485760 'a: 1\n'
func mkfile(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 2 {
		args = append(args, `# nothing\n`)
	}
	if neg || len(args) != 3 {
		ts.Fatalf("usage: mkfile FILE BYTES [TEXT]")
	}
	size, err := strconv.Atoi(args[1])
	if err != nil || size < 0 || size > 64<<20 {
		ts.Fatalf("mkfile: %q is not a size up to 64 MiB", args[1])
	}
	text, err := strconv.Unquote(`"` + args[2] + `"`)
	if err != nil || text == "" {
		ts.Fatalf("mkfile: %q is not a text", args[2])
	}
	data := strings.Repeat(text, size/len(text)+1)[:size]
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(data), 0o666))
}

// printf writes a file with bytes that a script cannot hold, in the escapes of
// a Go string.
//
//	printf FILE 'a\x00b\n'
func printf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: printf FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// replace puts a text in the place of another, which the file must contain
// exactly once.
//
//	replace 'count: 3' 'count: 4' shop.yaml
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace OLD NEW FILE")
	}
	text := ts.ReadFile(args[2])
	if n := strings.Count(text, args[0]); n != 1 {
		ts.Fatalf("replace: %s contains %q %d times, not once", args[2], args[0], n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.Replace(text, args[0], args[1], 1)), 0o666))
}
