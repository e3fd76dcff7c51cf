package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/intake"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// workIn puts the test into a folder of its own with the files given.
func workIn(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	return dir
}

// hourly is a load curve.
func hourly() string {
	var b strings.Builder
	b.WriteString("hour,load\n")
	for h := range workload.Hours {
		fmt.Fprintf(&b, "%d,%d\n", h, 1+h%24)
	}
	return b.String()
}

// everyInput is every kind of file that a command reads, with a command that reads
// it in the folder that it makes, and how commands are run there.
func everyInput(t *testing.T) (readers []sideFile, run func(args ...string) (out, said string, code int)) {
	t.Helper()
	pricing, profiles := absolute(t, "../../pricing"), absolute(t, "../../profiles")
	workIn(t, map[string]string{"shop.yaml": sideProfile})
	run = func(args ...string) (string, string, int) { return runFrom(t, pricing, profiles, nil, args...) }
	out, said, code := run("estimate", "./shop.yaml", "--format", "json")
	require.Zero(t, code, said)
	readers = sideFiles()
	for i := range readers {
		if readers[i].file == "base.json" {
			readers[i].right = out
		}
	}
	curved := strings.Replace(sideProfile, "data:", "curve: {file: curve.csv}\ndata:", 1)
	require.NoError(t, os.WriteFile("curved.yaml", []byte(curved), 0o600))
	const growth = "apiVersion: headroom/v1\nrules: {a: {increase: 10%}}\n"
	require.NoError(t, os.WriteFile("growth.yaml", []byte(growth), 0o600))
	readers = append(readers,
		sideFile{file: "saved.json", right: out, args: []string{"render", "saved.json"}},
		sideFile{file: "kept.json", right: out, args: []string{"estimate", "shop.yaml", "--keep", "kept.json"}},
		sideFile{file: "other.yaml", right: sideProfile, args: []string{"estimate", "other.yaml"}},
		sideFile{file: "curve.csv", right: hourly(), args: []string{"estimate", "curved.yaml"}},
		sideFile{file: projectFile, right: "scope: all\nregions:\n  - us-east-1\n",
			args: []string{"estimate", "shop.yaml"}})
	for i := range readers {
		for j, a := range readers[i].args {
			if strings.Contains(a, ".") {
				readers[i].args[j] = "./" + a
			}
		}
	}
	return readers, run
}

// Every reader takes the same for text: marks and line ends that editors leave are
// read, what is no text in UTF-8 is named with its place.
func TestReadersAgreeOnText(t *testing.T) {
	readers, run := everyInput(t)
	for _, f := range readers {
		args := f.args
		for name, text := range map[string]string{
			"mark": "\ufeff" + f.right, "CRLF": strings.ReplaceAll(f.right, "\n", "\r\n"),
			"CR": strings.ReplaceAll(f.right, "\n", "\r"),
		} {
			require.NoError(t, os.WriteFile(f.file, []byte(text), 0o600))
			_, said, code := run(args...)
			require.Zero(t, code, "%s %s: %s", f.file, name, said)
		}
		for want, text := range map[string]string{
			":1:1: the file is encoded as UTF-16":   "\xFF\xFE" + f.right,
			":1:2: the file contains a NUL byte":    f.right[:1] + "\x00" + f.right[1:],
			":1:2: byte 0xFF is not valid UTF-8":    f.right[:1] + "\xff" + f.right[1:],
			":2:1: the file contains the control c": strings.Replace(f.right, "\n", "\r\n\x1b", 1),
		} {
			require.NoError(t, os.WriteFile(f.file, []byte(text), 0o600))
			_, said, code := run(args...)
			require.Equal(t, exitInvalid, code, f.file)
			require.Contains(t, said, f.file+want)
		}
		require.NoError(t, os.Remove(f.file))
	}
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	name, err := filepath.Abs(name)
	require.NoError(t, err)
	return name
}

// A profile may name any file; an error must not print what is in it.
func TestErrorsDoNotPrintOtherFiles(t *testing.T) {
	pricing, profiles := absolute(t, "../../pricing"), absolute(t, "../../profiles")
	const secret = "DB_PASSWORD=hunter2\n"
	names := func(key string) string { return strings.Replace(sideProfile, "data:", key+"\ndata:", 1) }
	workIn(t, map[string]string{
		".env": secret, "out.csv": secret, "repo/.env": secret, "repo/in.csv": secret,
		"repo/overlay.yaml": names("prices: {overlay: [.env]}"),
		"repo/outside.yaml": names("prices: {overlay: [../out.csv]}"),
		"repo/curve.yaml":   names("curve: {file: .env}"),
		"repo/mine.yaml":    names("prices: {overlay: [in.csv]}"),
		"repo/budget.yaml":  "apiVersion: headroom/v1\nprofiles: [.env]\nrules: {a: {monthly: 1}}\n",
		"shop.yaml":         sideProfile,
	})
	for _, x := range []struct {
		args  []string
		shown bool
	}{
		{[]string{"estimate", "./repo/overlay.yaml"}, false},
		{[]string{"estimate", "./repo/outside.yaml"}, false},
		{[]string{"estimate", "./repo/curve.yaml"}, false},
		{[]string{"estimate", "./repo/mine.yaml"}, true},
		{[]string{"estimate", "./shop.yaml", "--overlay", "repo/in.csv"}, true},
		{[]string{"estimate", "./shop.yaml", "--adjustments", ".env"}, false},
		{[]string{"estimate", "./.env"}, false},
		{[]string{"check", "--budget", "repo/budget.yaml"}, false},
		{[]string{"check", "--budget", ".env"}, false},
		{[]string{"whatif", "./shop.yaml", "--scenario", "./.env"}, false},
	} {
		out, said, code := runFrom(t, pricing, profiles, nil, x.args...)
		require.Equal(t, exitInvalid, code, "%v", x.args)
		require.Equal(t, x.shown, strings.Contains(out+said, "hunter2"), "%v\n%s", x.args, said)
		require.Contains(t, said, ":1:1: ")
	}
	require.NoError(t, os.WriteFile(projectFile, []byte("overlay: [../out.csv]\n"), 0o600))
	require.NoError(t, os.Chdir("repo"))
	require.NoError(t, os.WriteFile("../out.yaml", []byte(secret), 0o600))
	require.NoError(t, os.Remove("budget.yaml"))
	for _, x := range []struct{ link, to string }{ // as a pull request may bring them
		{"budget.yaml", ".env"}, {"budget.yaml", "../out.yaml"}, {projectFile, "../out.yaml"},
	} {
		if os.Symlink(x.to, x.link) != nil {
			break // a system without links
		}
		_, said, code := runFrom(t, pricing, profiles, nil, "check", "../shop.yaml")
		require.Equal(t, exitInvalid, code)
		require.NotContains(t, said, "hunter2", "%v", x)
		require.Contains(t, said, x.link+":1:1: this is not a ")
		require.NoError(t, os.Remove(x.link))
	}
	require.NoError(t, os.WriteFile(projectFile, []byte("overlay: [../out.csv]\n"), 0o600))
	_, said, code := runFrom(t, pricing, profiles, nil, "estimate", "../shop.yaml")
	require.Equal(t, exitInvalid, code)
	require.NotContains(t, said, "hunter2")
}

// Profiles with whatever is in them are read or refused with a place.
func FuzzProfile(f *testing.F) {
	files, err := filepath.Glob("../../profiles/*.yaml")
	require.NoError(f, err)
	cases, err := filepath.Glob("../../testdata/cases/*.yaml")
	require.NoError(f, err)
	for _, name := range append(files, cases...) {
		src, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(src, []byte(hourly()))
	}
	f.Add([]byte(sideProfile), []byte("hour,load\na\"b,1\n"))
	f.Fuzz(func(t *testing.T, src, curve []byte) {
		_, err := workload.Parse("shop.yaml", src, sizing.Specs(), func(string) ([]byte, error) { return curve, nil })
		requirePlaced(t, err)
	})
}

func FuzzSettings(f *testing.F) {
	f.Add([]byte("prices: 2026-07-20\nregions: [us-east-1, us-west-2]\nhours_per_month: 0730\nno_color: true\n"))
	f.Add([]byte("# nothing\n\n"))
	f.Add([]byte("Scope: all\nscope: compute\n---\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := parseSettings(projectFile, src)
		requirePlaced(t, err)
	})
}

func FuzzAdjustments(f *testing.F) {
	f.Add([]byte(adjustmentsFile().right))
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := readAdjustments(&bill.File{Name: "ours.yaml", Text: string(src)})
		requirePlaced(t, err)
	})
}

// requirePlaced wants problems with lines, and that they can be shown.
func requirePlaced(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var ps diag.Problems
	require.ErrorAs(t, err, &ps)
	require.NotEmpty(t, ps)
	for _, p := range ps {
		require.Positive(t, p.Pos.Line, p.Summary)
	}
	require.NotEmpty(t, intake.NewReader(context.Background()).Shown(err).Error())
}
