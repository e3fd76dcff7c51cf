package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"time"

	"golang.org/x/term"

	"headroom/pkg/catalog"
	"headroom/pkg/intake"
)

// Env is what a process brings: arguments, streams and environment. Tests
// make their own.
type Env struct {
	Args     []string
	In       io.Reader // of a profile that is named -
	Out, Err io.Writer
	Getenv   func(string) string
	Environ  func() []string // all variables, as NAME=value; nil where they are not known
	Version  string
	// Now is the clock. check asks it for the day on which exceptions and the age of
	// prices are judged, and whatever reads an overlay, to refuse prices of days to
	// come; nothing else depends on the day.
	Now func() time.Time
	// Docs are the pages that the docs command shows; nil where there are none.
	Docs fs.FS
	// Terminal tells whether Out is a terminal, and Width how wide it is; 0 is
	// not known.
	Terminal bool
	Width    int
	Height   int // in lines; 0 is not known
	// ErrTerminal tells whether Err is a terminal, on which progress is drawn, and
	// ErrWidth how wide it is; 0 is not known.
	ErrTerminal bool
	ErrWidth    int
}

// Process is the environment of the running process.
func Process(args []string) Env {
	e := Env{Args: args, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Environ: os.Environ,
		Version: version(debug.ReadBuildInfo), Now: time.Now}
	e.Terminal, e.Width, e.Height = terminalOf(os.Stdout)
	e.ErrTerminal, e.ErrWidth, _ = terminalOf(os.Stderr)
	return e
}

// terminalOf tells whether a file is a terminal, and its columns and lines where they are
// known.
func terminalOf(f *os.File) (is bool, width, height int) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return false, 0, 0
	}
	width, height, err := term.GetSize(fd)
	if err != nil {
		return true, 0, 0
	}
	return true, width, height
}

// app is what the commands share.
type app struct {
	Env
	out      *stdout
	errOut   io.Writer
	force    bool // --out may replace an input
	profiles fs.FS
	pricing  fs.FS
	cat      *catalog.Catalog // opened by catalog()
	settings *settings
	files    *intake.Reader // of the user's inputs
	judged   string         // the day of --today, where check was given one

	allowEdited bool // --allow-edited
	full        bool // --full: all that a report has, not only the answer in short
	noPager     bool // --no-pager
	quiet       bool // --quiet
}

// today is the day, YYYY-MM-DD, or "" without a clock.
func (a *app) today() string {
	switch {
	case a.judged != "":
		return a.judged
	case a.Now == nil:
		return ""
	}
	return a.Now().UTC().Format(time.DateOnly)
}

// grace is how long a command that Ctrl-C ends may take to leave things tidy: to
// write the part of a sweep that it has, to remove a temporary file.
const grace = time.Second

// Main runs the command line and returns the exit code. The first Ctrl-C ends every
// command: those that watch the context end by themselves, and the process does not
// wait for others, such as one that waits for a pipe that nobody writes. A second
// Ctrl-C ends the process at once.
func Main(env Env, pricing, profiles fs.FS) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	a := &app{Env: env, out: &stdout{to: env.Out}, errOut: env.Err, pricing: pricing, profiles: profiles,
		files: intake.NewReader(ctx)}
	done := make(chan int, 1)
	go func() { done <- a.run(ctx) }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
		stop()
	}
	select {
	case <-done: // which has said that it was interrupted, or was at its end
	case <-time.After(grace):
		fmt.Fprintln(a.errOut, "headroom: interrupted")
	}
	return exitInterrupted
}

// run runs the command line and gives its exit code.
func (a *app) run(ctx context.Context) int {
	root := newRootCmd(a)
	root.SetArgs(a.Args)
	root.SetErr(a.errOut)
	if err := a.out.ended(root.ExecuteContext(ctx)); err != nil {
		return a.fail(err)
	}
	return exitOK
}

// catalog opens the embedded price tables once.
func (a *app) catalog() (*catalog.Catalog, error) {
	if a.cat == nil {
		c, err := catalog.Open(a.pricing)
		if err != nil {
			return nil, err
		}
		a.cat = c
	}
	return a.cat, nil
}
