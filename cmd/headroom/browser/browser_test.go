// Package browser tests, in a real browser, the pages that the program makes: that of
// headroom serve and those of --format html. It has no other code.
package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/cli"
	"headroom/pricing"
	"headroom/profiles"
)

// patience is how long a page may take to show something. It takes some milliseconds
// where nothing else runs.
const patience = time.Minute

// findBrowser is the path of a Chromium, or skips the test.
func findBrowser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("a real browser takes some seconds")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"headless-shell", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if path := "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; runtime.GOOS == "darwin" {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skip("no Chromium was found: apt-get install chromium (Debian), or put chromium or google-chrome on the PATH; " +
		".ci/run installs it")
	return ""
}

// TestMain makes this program the command "headroom" as well, so that what is tested is
// never an older one.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"headroom": func() {
		tables := catalog.WithCompact(pricing.FS, pricing.Compact)
		os.Exit(cli.Main(cli.Process(os.Args[1:]), tables, profiles.FS))
	}})
}

// tab is a tab of a browser that notes what no page may do.
type tab struct {
	t      *testing.T
	ctx    context.Context
	events chan string // what was asked for, and what went wrong
}

// open starts a browser with one tab.
func open(t *testing.T, options ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	all := append(append([]chromedp.ExecAllocatorOption(nil), chromedp.DefaultExecAllocatorOptions[:]...),
		chromedp.ExecPath(findBrowser(t)), chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true))
	if os.Geteuid() == 0 {
		all = append(all, chromedp.NoSandbox) // Chromium's own does not run as root
	}
	start, cancel := chromedp.NewExecAllocator(t.Context(), append(all, options...)...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(start)
	t.Cleanup(cancel)
	return (&tab{t: t, ctx: ctx}).listen()
}

// another is a second tab of the same browser.
func (b *tab) another() *tab {
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	return (&tab{t: b.t, ctx: ctx}).listen()
}

func (b *tab) listen() *tab {
	b.events = make(chan string, 10_000)
	note := func(kind, what string) {
		select {
		case b.events <- kind + " " + what:
		default: // full: there is more than enough
		}
	}
	require.NoError(b.t, chromedp.Listen(b.ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			note("asked", e.Request.URL)
		case *cdpruntime.EventConsoleAPICalled:
			text, err := json.Marshal(e.Args)
			note("console", fmt.Sprint(string(text), err))
		case *cdpruntime.EventExceptionThrown:
			note("exception", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			note("log", e.Entry.Text+" "+e.Entry.URL)
		}
	}))
	_, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{})
	require.NoError(b.t, err)
	b.do(chromedp.EmulateViewport(1400, 900))
	return b
}

// do does things in the tab; each has to end.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	run(b, chromedp.Steps(steps...))
}

// run does one thing that has a result.
func run[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, a)
	require.NoError(b.t, err)
	return out
}

// text evaluates an expression that is a text.
func (b *tab) text(expression string) string {
	b.t.Helper()
	return run(b, chromedp.Evaluate[string](expression))
}

// is evaluates a condition.
func (b *tab) is(expression string) bool {
	b.t.Helper()
	return run(b, chromedp.Evaluate[bool]("Boolean("+expression+")"))
}

// wait waits until a condition holds.
func (b *tab) wait(expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); !b.is(expression); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("this does not come: %s", expression)
		}
	}
}

// harmless holds the tab to what it has asked for: only what begins so, and nothing was
// complained about.
func (b *tab) harmless(origin string) {
	b.t.Helper()
	for len(b.events) > 0 {
		kind, what, _ := strings.Cut(<-b.events, " ")
		require.Equal(b.t, "asked", kind, what)
		require.True(b.t, strings.HasPrefix(what, origin) || strings.HasPrefix(what, "data:") ||
			strings.HasPrefix(what, "blob:"), "asked for %s", what)
	}
}

// pictures keeps the page as it is at two widths, in the folder of CI's artefacts where
// there is one, and wants no page that is wider than its window.
func (b *tab) pictures(name string) {
	b.t.Helper()
	folder := os.Getenv("CI_ARTIFACTS")
	if folder == "" {
		folder = b.t.TempDir()
	}
	require.NoError(b.t, os.MkdirAll(folder, 0o755))
	for _, width := range []int64{400, 1400} {
		b.do(chromedp.EmulateViewport(width, 900))
		picture := run(b, chromedp.FullScreenshot(100))
		file := filepath.Join(folder, fmt.Sprintf("%s-%d.png", name, width))
		require.NoError(b.t, os.WriteFile(file, picture, 0o600))
		require.False(b.t, b.is("document.documentElement.scrollWidth > innerWidth"), "%s is wider than %d pixels",
			name, width)
	}
}

// served starts headroom serve and gives its address.
func served(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("headroom", append([]string{"serve"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(address)
}

// total is what the command line gives: of the estimate, or of the changed system of a
// command that the page has shown.
func total(t *testing.T, command string) string {
	t.Helper()
	cmd := exec.Command("sh", "-c", command+" --format json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err, command)
	var r struct {
		Estimates []struct {
			Total struct{ Expected json.Number }
		}
		Total struct{ Expected json.Number }
		Cases []struct {
			Figures struct {
				Total struct{ Expected json.Number }
			}
		}
	}
	require.NoError(t, json.Unmarshal(out, &r), "%s", out)
	switch {
	case len(r.Cases) > 0:
		return r.Cases[0].Figures.Total.Expected.String()
	case len(r.Estimates) > 0:
		return r.Estimates[0].Total.Expected.String()
	}
	return r.Total.Expected.String()
}
