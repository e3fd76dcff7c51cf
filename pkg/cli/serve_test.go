package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/intake"
	"headroom/pkg/serve"
)

// served makes the page of a profile, as headroom serve does.
func served(t *testing.T, name string) *serve.Page {
	t.Helper()
	env := Env{Out: io.Discard, Err: io.Discard, Getenv: func(string) string { return "" }, Version: "test"}
	a := &app{Env: env, out: &stdout{to: env.Out}, errOut: env.Err, pricing: os.DirFS("../../pricing"),
		profiles: os.DirFS("../../profiles"), files: intake.NewReader(t.Context())}
	require.NoError(t, a.loadSettings(newServeCmd(a).Flags()))
	page, err := a.page(serveOptions{}, name)
	require.NoError(t, err)
	a.files.Seal()
	return page
}

// No input makes the page read a file that the profile does not name, however it is
// written; those that it names are there.
func TestServedPageReadsNoOtherFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	src, err := os.ReadFile("../../profiles/small.yaml")
	require.NoError(t, err)
	own := "service,region,item,unit,price_usd,as_of,source\n"
	write("own.csv", own)
	write("other.csv", own+"TOPSECRET\n")
	write("shop.yaml", string(src)+"prices: {overlay: [own.csv]}\n")
	p := served(t, filepath.Join(dir, "shop.yaml"))
	ask := func(path, value string) string {
		a, err := p.Answer(context.Background(), serve.Request{Sets: []serve.Set{{Path: path, Value: value}}})
		require.NoError(t, err)
		text, err := json.Marshal(a)
		require.NoError(t, err)
		require.NotContains(t, string(text), "TOPSECRET")
		return string(text)
	}
	require.NotContains(t, ask("peak.users", "600"), "problems", "its own overlay was read at the start")
	require.NotContains(t, ask("prices.overlay", "[./own.csv]"), "problems", "it is the same file")
	for _, set := range [][2]string{
		{"prices.overlay", "[other.csv]"}, {"prices.overlay.0", "other.csv"}, {"prices.overlay", "[/etc/passwd]"},
		{"prices", "{overlay: [" + filepath.ToSlash(filepath.Join(dir, "other.csv")) + "]}"},
		{"prices.overlay", "['HEAD:other.csv']"},
		{"curve", "{file: other.csv, clock: local}"}, {"curve", "{file: /dev/zero, clock: local}"},
	} {
		require.Contains(t, ask(set[0], set[1]), "no file is read but the profile", set)
	}
}

// The whole command: it prints the address, which answers, and ends with Ctrl-C's code.
func TestServeCommand(t *testing.T) {
	r, w := io.Pipe()
	env := Env{Args: []string{"serve", "small"}, Out: w, Err: io.Discard,
		Getenv: func(string) string { return "" }, Version: "test"}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a := &app{Env: env, out: &stdout{to: env.Out}, errOut: env.Err, pricing: os.DirFS("../../pricing"),
		profiles: os.DirFS("../../profiles"), files: intake.NewReader(ctx)}
	done := make(chan int, 1)
	go func() { done <- a.run(ctx) }()
	address, err := bufio.NewReader(r).ReadString('\n')
	require.NoError(t, err)
	address = strings.TrimSpace(address)
	require.Regexp(t, `^http://127\.0\.0\.1:[0-9]+/[A-Z2-7]{26}/$`, address)
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"plan", strings.NewReader("{}"))
	require.NoError(t, err)
	q.Header.Set("Content-Type", "application/json")
	got, err := http.DefaultClient.Do(q)
	require.NoError(t, err)
	var answer serve.Answer
	require.NoError(t, json.NewDecoder(got.Body).Decode(&answer))
	require.NoError(t, got.Body.Close())
	require.Equal(t, "headroom estimate small", answer.Command)
	cancel()
	require.Zero(t, <-done, "Main makes 130 of it")
}

// What a setting fixes is told of; what is on the line is in the commands.
func TestServedSettings(t *testing.T) {
	a := &app{files: intake.NewReader(t.Context())}
	a.Env = Env{Out: io.Discard, Err: io.Discard, Version: "test", Getenv: func(name string) string {
		return map[string]string{"HEADROOM_REGIONS": "us-east-1,us-west-2"}[name]
	}}
	flags := newServeCmd(a).Flags()
	require.NoError(t, flags.Set("purchase", "optimal"))
	require.NoError(t, a.loadSettings(flags))
	require.Equal(t, map[string]string{"purchase.option": "--purchase", "regions": "environment HEADROOM_REGIONS"},
		a.fixedInputs())
	require.Equal(t, []string{"--purchase", "optimal", "--environment", "dev"},
		a.planFlags(serveOptions{environment: "dev"}))
}
