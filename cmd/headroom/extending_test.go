package main

import (
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// extendingPage is the page of docs that adds to the program.
const extendingPage = "extending.md"

// The page that says how to extend the program is carried out. Of its blocks
//
//	```go file=pkg/…     is a new file of the module
//	```diff file=pkg/…   is added to a file that exists: the lines without + must be
//	                     in it, together and once
//	```console, ```yaml  are as on all other pages
//
// The program is built with all of them, by an overlay, so that nothing is
// written into the checkout, and its commands must write what the page shows.
func TestDocumentationExtending(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the examples are lines for a POSIX shell, which Windows does not have; " +
			"every other system must run them")
	}
	page := filepath.Join("..", "..", "docs", extendingPage)
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	e := newExtension(t, string(text))

	t.Run("commands", func(t *testing.T) {
		bin := t.TempDir()
		e.build(t, "build", "-buildvcs=false", "-o", filepath.Join(bin, "headroom"), "./cmd/headroom")
		t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
		d := document{t: t, dir: t.TempDir()}
		e.makeFolders(t, d.dir)
		d.check(page, string(text))
		require.Greater(t, d.ran, 4)
	})
	t.Run("kind", e.testKind)
	t.Run("vet", func(t *testing.T) { e.build(t, append([]string{"vet"}, e.packages()...)...) })
}

// extension is what the page adds to the module.
type extension struct {
	root    string            // of the module
	files   map[string]string // what is new or changed, by its path in the module
	overlay string            // as go build wants it
}

func newExtension(t *testing.T, text string) *extension {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	e := &extension{root: root, files: map[string]string{}}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		info, ok := strings.CutPrefix(line, fence)
		language, name, found := strings.Cut(info, " file=")
		if !ok || !found || !strings.Contains(name, "/") {
			continue // of the folder in which the commands run
		}
		end := slices.Index(lines[i+1:], fence)
		require.GreaterOrEqual(t, end, 0, "line %d: the block does not end", i+1)
		block := lines[i+1 : i+1+end]
		if language == "diff" {
			e.change(t, name, block)
		} else {
			e.add(t, name, strings.Join(block, "\n")+"\n")
		}
	}
	require.Greater(t, len(e.files), 6)
	e.generate(t)
	e.write(t)
	return e
}

// generate makes the texts of the keys, as the page asks for.
func (e *extension) generate(t *testing.T) {
	t.Helper()
	const in = "pkg/sizing"
	folder := e.mirror(t, t.TempDir(), in)
	cmd := exec.Command("go", "run", "./cmd/genkeys", folder)
	cmd.Dir = e.root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	const file = "keytexts_sessions.go"
	texts, err := os.ReadFile(filepath.Join(folder, file))
	require.NoError(t, err)
	require.Contains(t, string(texts), "what a key of Sessions means")
	e.files[path.Join(in, file)] = string(texts)
}

// add is a new file.
func (e *extension) add(t *testing.T, name, text string) {
	t.Helper()
	require.NoFileExists(t, e.disk(name), "the page adds a file that there is; choose another example")
	require.NotContains(t, e.files, name, "the page adds it twice")
	if path.Ext(name) == ".go" {
		formatted, err := format.Source([]byte(text))
		require.NoError(t, err, name)
		require.Equal(t, string(formatted), text, "%s is not formatted", name)
		for _, l := range strings.Split(text, "\n") {
			wide := utf8.RuneCountInString(strings.ReplaceAll(l, "\t", "    ")) > 120
			require.False(t, wide, "%s: make lint refuses the length of\n%s", name, l)
		}
	}
	e.files[name] = text
}

// change changes a file by a difference without line numbers.
func (e *extension) change(t *testing.T, name string, diff []string) {
	t.Helper()
	text, changed := e.files[name]
	if !changed {
		data, err := os.ReadFile(e.disk(name))
		require.NoError(t, err)
		text = string(data)
	}
	was, is := "", ""
	for _, l := range diff {
		require.NotEmpty(t, l, "%s: a line of a difference begins with a space, + or -", name)
		rest := l[1:] + "\n"
		switch l[0] {
		case ' ':
			was, is = was+rest, is+rest
		case '-':
			was += rest
		case '+':
			is += rest
		default:
			require.Fail(t, "a line of a difference begins with a space, + or -", "%s: %s", name, l)
		}
	}
	require.Equal(t, 1, strings.Count("\n"+text, "\n"+was),
		"docs/%s changes %s at a place that is not there, or more than once:\n%s", extendingPage, name, was)
	e.files[name] = strings.TrimPrefix(strings.Replace("\n"+text, "\n"+was, "\n"+is, 1), "\n")
}

// disk is a path of the module on this disk.
func (e *extension) disk(name string) string { return filepath.Join(e.root, filepath.FromSlash(name)) }

// write writes the files and the overlay that lays them over the module.
func (e *extension) write(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for name, text := range e.files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o777))
		require.NoError(t, os.WriteFile(to, []byte(text), 0o600))
		replace[e.disk(name)] = to
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	e.overlay = filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(e.overlay, data, 0o600))
}

// build runs go, without the network, in the module with the overlay.
func (e *extension) build(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("go", slices.Insert(args, 1, "-overlay", e.overlay)...)
	cmd.Dir = e.root
	cmd.Env = append(os.Environ(), "PWD="+e.root, "GOPROXY=off", "GOTOOLCHAIN=local")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "go %s, with what docs/%s adds:\n%s", strings.Join(args, " "), extendingPage, out)
}

// packages are those with new or changed Go files.
func (e *extension) packages() []string {
	var out []string
	for name := range e.files {
		if path.Ext(name) == ".go" {
			out = append(out, "./"+path.Dir(name))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// makeFolders makes the folders of the page's files, which the document writes as
// any other.
func (e *extension) makeFolders(t *testing.T, dir string) {
	t.Helper()
	for name := range e.files {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.FromSlash(path.Dir(name))), 0o777))
	}
}

// kindTests are tests that hold for every kind, with the part of them that is about
// the page's.
var kindTests = []struct{ in, run string }{
	{"pkg/sizing", "^(TestKindsOpenTheirOwnSpecs|TestEveryKindHasTraits)$"},
	{"pkg/plan", "^(TestPlansSurviveWhatTheyClaim|TestNoLoadNeedsTheStructureOnly|" +
		"TestSecondRegionTakesNothingOffTheFirst)$/cache$"},
	{"pkg/plan", "^TestKindsSpeakInWords$"},
}

// testKind runs the tests of all kinds for the page's.
func (e *extension) testKind(t *testing.T) {
	if testing.Short() {
		t.Skip("the tests of a kind take some seconds")
	}
	for _, k := range kindTests {
		dir := t.TempDir()
		program := filepath.Join(dir, "kind.test")
		e.build(t, "test", "-c", "-o", program, "./"+k.in)
		cmd := exec.Command(program, "-test.run", k.run, "-test.v")
		cmd.Dir = e.mirror(t, dir, k.in)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		ran := strings.Count(string(out), "\n--- PASS: Test")
		require.Equal(t, 1+strings.Count(k.run, "|"), ran, "%s lacks some of %s:\n%s", k.in, k.run, out)
		if strings.Contains(k.run, "/") {
			require.GreaterOrEqual(t, strings.Count(string(out), "/cache ("), ran, "%s", out)
		}
	}
}

// mirror makes a folder in which the tests of a package find what they read: the
// files of the checkout with those of the page. It returns the package's.
func (e *extension) mirror(t *testing.T, dir, name string) string {
	t.Helper()
	for _, top := range []string{"pricing", "profiles"} {
		require.NoError(t, os.Symlink(e.disk(top), filepath.Join(dir, top)))
	}
	for _, part := range []string{name, "testdata/kinds"} {
		require.NoError(t, os.CopyFS(filepath.Join(dir, part), os.DirFS(e.disk(part))))
	}
	for file, text := range e.files {
		if d := path.Dir(file); d == name || d == "testdata/kinds" {
			require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.FromSlash(file)), []byte(text), 0o600))
		}
	}
	return filepath.Join(dir, filepath.FromSlash(name))
}
