package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/report"
	"headroom/pricing"
	"headroom/profiles"
)

// hangs is after how long a command that is fuzzed counts as one that does not end. The
// longest takes a second on a machine that does something else, too.
const hangs = time.Minute

// fuzzedCommand is a command that reads the profile shop.yaml, or none, and one file
// beside it.
type fuzzedCommand struct {
	beside string
	args   []string
}

// fuzzedCommands are all that answer a question about files. Their order is that of
// inputs that are kept: append.
var fuzzedCommands = []fuzzedCommand{
	{"prices.csv", []string{"estimate", "shop.yaml", "--overlay", "prices.csv"}},
	{"layers.yaml", []string{"estimate", "shop.yaml", "--adjustments", "layers.yaml"}},
	{"kept.json", []string{"estimate", "shop.yaml", "--keep", "kept.json"}},
	{"curve.csv", []string{"estimate", "shop.yaml"}},
	{"sale.yaml", []string{"whatif", "shop.yaml", "--scenario", "sale.yaml"}},
	{"prices.csv", []string{"explain", "shop.yaml", "--overlay", "prices.csv"}},
	{"budget.yaml", []string{"check", "shop.yaml", "--budget", "budget.yaml"}},
	{"base.json", []string{"check", "shop.yaml", "--budget", "growth.yaml", "--baseline", "base.json"}},
	{"saved.json", []string{"diff", "saved.json", "shop.yaml"}},
	{"saved.json", []string{"render", "saved.json"}},
	{"other.yaml", []string{"diff", "shop.yaml", "other.yaml"}},
}

// Whole commands, whatever is in the profile and in the file beside it: they end, with
// one of the documented codes, print numbers that are numbers, and plan nothing that
// validate refuses.
func FuzzCommand(f *testing.F) {
	dir := f.TempDir()
	tables := catalog.WithCompact(pricing.FS, pricing.Compact)
	run := func(args ...string) (out, said string, code int) {
		for i, a := range args {
			if strings.Contains(a, ".") && !strings.HasPrefix(a, "-") {
				args[i] = filepath.Join(dir, a)
			}
		}
		var stdout, stderr bytes.Buffer
		code = Main(Env{Args: args, Out: &stdout, Err: &stderr, Getenv: func(string) string { return "" },
			Version: "test", Now: func() time.Time { return time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC) }},
			tables, profiles.FS)
		return stdout.String(), stderr.String(), code
	}
	write := func(t testing.TB, name string, text []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	write(f, "growth.yaml", []byte("apiVersion: headroom/v1\nrules: {a: {increase: 10%}}\n"))
	seedCommands(f, run, write)
	f.Fuzz(func(t *testing.T, command, format uint8, profile, beside []byte) {
		if len(profile)+len(beside) > 1<<16 {
			t.Skip("large files are held against their limits elsewhere")
		}
		c := fuzzedCommands[int(command)%len(fuzzedCommands)]
		write(t, "shop.yaml", profile)
		write(t, c.beside, beside)
		args := slices.Clone(c.args)
		formats := commandFormats(c.args[0])
		if n := int(format) % (len(formats) + 1); n > 0 {
			args = append(args, "--format", formats[n-1])
		}
		ended := time.AfterFunc(hangs, func() { panic("does not end: " + strings.Join(args, " ")) })
		defer ended.Stop()
		out, said, code := run(args...)
		require.Contains(t, []int{exitOK, exitBreached, exitInvalid, exitInfeasible}, code, "%v\n%s", args, said)
		requireNumbers(t, out, string(profile)+string(beside))
		if !strings.HasPrefix(out, "PK\x03\x04") { // a workbook, which is an archive
			requireText(t, out)
		}
		requireText(t, said)
		switch {
		case code == exitOK:
			require.NotContains(t, said, "error: ")
			require.NotEmpty(t, out)
		case code != exitBreached:
			require.NotEmpty(t, said)
		}
		if c.args[0] == "estimate" && (code == exitOK || code == exitInfeasible) {
			_, said, validated := run("profiles", "validate", "shop.yaml")
			require.Equal(t, code, validated, said) // it plans, too: what nothing carries, it says as well
		}
	})
}

// commandFormats are the formats that the command writes.
func commandFormats(command string) []string {
	switch command {
	case "check":
		return report.VerdictFormats().Names()
	case "render", "estimate", "diff", "whatif":
		return report.DocumentFormats().Names()
	}
	return nil
}

// seedCommands gives each command real files.
func seedCommands(f *testing.F, run func(...string) (string, string, int), write func(testing.TB, string, []byte)) {
	write(f, "shop.yaml", []byte(sideProfile))
	saved, said, code := run("estimate", "shop.yaml", "--format", "json")
	require.Zero(f, code, said)
	texts := map[string]string{"kept.json": saved, "base.json": saved, "saved.json": saved, "other.yaml": sideProfile,
		"curve.csv": hourly(), "budget.yaml": "apiVersion: headroom/v1\nrules: {a: {monthly: 100}}\n"}
	for _, s := range sideFiles() {
		if _, ok := texts[s.file]; !ok {
			texts[s.file] = s.right
		}
	}
	curved := strings.Replace(sideProfile, "data:", "curve: {file: curve.csv}\ndata:", 1)
	slow := strings.Replace(sideProfile, "cpu: 5ms", "cpu: 5ms, slo: {p99: 1ms}", 1) // nothing carries it
	for i, c := range fuzzedCommands {
		require.NotEmpty(f, texts[c.beside], c.beside)
		for k, profile := range []string{sideProfile, curved, slow} {
			f.Add(uint8(i), uint8(k), []byte(profile), []byte(texts[c.beside]))
		}
	}
	i := 0
	for _, pattern := range []string{"../../profiles/*.yaml", "../../testdata/kinds/*.yaml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		require.NotEmpty(f, files, pattern)
		for _, name := range files {
			b, err := os.ReadFile(name)
			require.NoError(f, err)
			c := i % len(fuzzedCommands)
			f.Add(uint8(c), uint8(i), b, []byte(texts[fuzzedCommands[c].beside]))
			i++
		}
	}
}

// notNumbers are what Go prints for floats that are none.
var notNumbers = regexp.MustCompile(`\b(NaN|[+-]?Inf)\b`)

// requireNumbers wants no floats that are none but those that the input has, and of an
// estimate in JSON no total below zero.
func requireNumbers(t *testing.T, out, input string) {
	t.Helper()
	if x := notNumbers.FindString(out); x != "" && !strings.Contains(input, strings.TrimLeft(x, "+-")) {
		require.Fail(t, "no number: "+x, out)
	}
	var file struct {
		Schema    string
		Estimates []struct{ Total struct{ Expected float64 } }
	}
	if json.Unmarshal([]byte(out), &file) != nil || !strings.HasPrefix(file.Schema, "headroom.estimates/") {
		return
	}
	for _, e := range file.Estimates {
		require.GreaterOrEqual(t, e.Total.Expected, 0.0)
	}
}

// requireText wants nothing that moves a terminal's cursor or hides text.
func requireText(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if unicode.Is(unicode.Cc, r) && r != '\n' && r != '\r' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			require.Failf(t, "a control character is printed", "%U", r)
		}
	}
}
