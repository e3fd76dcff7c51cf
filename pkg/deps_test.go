package pkg_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
)

const module = "headroom/"

// sourceFile is a Go file of the project.
type sourceFile struct {
	path    string // from the top, with slashes
	dir     string
	test    bool
	imports []string
	syntax  *ast.File
	fset    *token.FileSet
}

// at is a place in the file for a failure's message.
func (f sourceFile) at(p token.Pos) string {
	at := f.fset.Position(p)
	return f.path + ":" + strconv.Itoa(at.Line)
}

// sources parses all Go files of the project.
func sources(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	top := os.DirFS("..")
	err := fs.WalkDir(top, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || name != "." && strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		src, err := fs.ReadFile(top, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		syntax, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		f := sourceFile{path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"),
			syntax: syntax, fset: fset}
		for _, spec := range syntax.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, p)
		}
		files = append(files, f)
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, len(files), 50, "the walk must find the project")
	return files
}

// order is the list of doc.go, top first.
func order(t *testing.T) []string {
	t.Helper()
	src, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^//\t([a-z]+) +\S`).FindAllStringSubmatch(string(src), -1) {
		names = append(names, m[1])
	}
	require.Equal(t, "cli", names[0])
	require.Equal(t, "drawn", names[len(names)-1])
	return names
}

func TestEveryPackageHasAPlace(t *testing.T) {
	names := order(t)
	dirs, err := filepath.Glob("*")
	require.NoError(t, err)
	for _, d := range dirs {
		if info, err := os.Stat(d); err == nil && info.IsDir() && d != "testdata" {
			require.Contains(t, names, d, "pkg/%s is not in the list of pkg/doc.go", d)
		}
	}
	for _, f := range sources(t) {
		if rest, ok := strings.CutPrefix(f.dir, "pkg/"); ok {
			require.NotContains(t, rest, "/", "%s: packages of pkg are not nested", f.path)
		}
	}
}

// A package imports only what stands below it.
func TestImportsOnlyGoDown(t *testing.T) {
	names := order(t)
	for _, f := range sources(t) {
		from := slices.Index(names, strings.TrimPrefix(f.dir, "pkg/"))
		if from < 0 || f.dir == "pkg" {
			continue
		}
		for _, p := range f.imports {
			target, ours := strings.CutPrefix(p, module+"pkg/")
			if !ours {
				continue
			}
			to := slices.Index(names, target)
			// The external tests of a package import the package itself.
			if f.test && to == from {
				continue
			}
			assert.Greater(t, to, from, "%s imports %s, which does not stand below it in pkg/doc.go", f.path, p)
		}
	}
}

// home says where an import may occur; prefixes of folders.
type home struct {
	imports string // an import path or its beginning
	in      []string
	tests   bool // whether tests may use it anywhere
}

func homes() []home {
	return []home{
		{"github.com/shopspring/decimal", []string{"pkg/money"}, false},
		{"github.com/olekukonko/tablewriter", []string{"pkg/report"}, true},
		{"github.com/xuri/excelize/v2", []string{"pkg/report"}, false},
		{"html/template", []string{"pkg/report"}, false},
		{"github.com/spf13/viper", []string{"pkg/cli"}, false},
		{"github.com/spf13/cobra", []string{"pkg/cli", "cmd/gendocs"}, true},
		{"github.com/spf13/pflag", []string{"pkg/cli", "cmd/gendocs"}, false},
		{"github.com/goccy/go-yaml", []string{"pkg/strict"}, true},
		{"github.com/stretchr/testify", nil, true},
		{"pgregory.net/rapid", []string{"pkg/drawn"}, true},
		{module + "pkg/drawn", nil, true},
		// A report says things, and a command how it went. What purchase, sizing and catalog say are errors.
		{module + "pkg/words", []string{"pkg/report", "pkg/cli", "pkg/sizing", "pkg/purchase", "pkg/catalog"}, true},
		{"github.com/rogpeppe/go-internal", nil, true},
		{"gonum.org/v1/gonum", nil, true}, // see portable_test.go
		{"github.com/santhosh-tekuri/jsonschema", nil, true},
		{module + "pricing", []string{"cmd/"}, true},
		{module + "profiles", []string{"cmd/"}, true},
		{module + "docs", []string{"cmd/"}, true},
		{module + "cmd", nil, false},
		{"net/http", []string{"pkg/serve"}, true},
		{"github.com/chromedp", nil, true},
		{"testing/quick", nil, false},
		{"hash/maphash", nil, false},
		{"crypto/rand", []string{"pkg/serve"}, false}, // for who may ask, never for what is answered
		// Random streams are seeded ones of pkg/simulate and pkg/uncertain: math/rand/v2.
		{"math/rand", nil, true},
	}
}

// Libraries stay where doc.go says.
func TestImportsHaveAHome(t *testing.T) {
	files := sources(t)
	for _, h := range homes() {
		for _, f := range files {
			if h.tests && f.test {
				continue
			}
			for _, p := range f.imports {
				if p != h.imports && !strings.HasPrefix(p, h.imports+"/") || p == "math/rand/v2" {
					continue
				}
				allowed := slices.ContainsFunc(h.in, func(dir string) bool {
					return strings.HasPrefix(f.dir+"/", strings.TrimSuffix(dir, "/")+"/")
				})
				assert.True(t, allowed, "%s imports %s, which belongs to %v", f.path, p, h.in)
			}
		}
	}
}

// Tests take random numbers from seeds that are the same on every run. What does
// not: rapid's own Check and the functions of math/rand/v2 without a source.
func TestRandomNumbersHaveASeed(t *testing.T) {
	seeded := map[string][]string{
		"pgregory.net/rapid": nil, // see below
		"math/rand/v2":       {"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"},
	}
	seen := map[string]int{}
	for _, f := range sources(t) {
		names := map[string]string{} // package by its name in the file
		for _, spec := range f.syntax.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			require.NotEqual(t, "math/rand", p, "%s: its functions have a random seed", f.path)
			if _, ok := seeded[p]; !ok {
				continue
			}
			name := map[string]string{"pgregory.net/rapid": "rapid", "math/rand/v2": "rand"}[p]
			if spec.Name != nil {
				name = spec.Name.Name
			}
			require.NotEqual(t, ".", name, f.path)
			names[name] = p
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok || names[x.Name] == "" {
				return true
			}
			p := names[x.Name]
			seen[p]++
			if p == "pgregory.net/rapid" {
				if f.dir != "pkg/drawn" {
					assert.NotContains(t, []string{"Check", "MakeCheck"}, sel.Sel.Name,
						"%s: use pkg/drawn", f.at(sel.Pos()))
				}
				return true
			}
			assert.Contains(t, seeded[p], sel.Sel.Name, "%s: a random seed", f.at(sel.Pos()))
			return true
		})
	}
	require.Len(t, seen, len(seeded), "both are in use, so that this test can fail")
}

// pricing, profiles and docs export an fs.FS each, pricing the compact form of its
// tables, and nothing else.
func TestEmbeddedFoldersExportFilesOnly(t *testing.T) {
	for _, f := range sources(t) {
		if f.dir != "pricing" && f.dir != "profiles" && f.dir != "docs" {
			continue
		}
		for _, d := range f.syntax.Decls {
			g, ok := d.(*ast.GenDecl)
			require.True(t, ok, "%s has a function", f.path)
			if g.Tok == token.IMPORT {
				continue
			}
			require.Equal(t, token.VAR, g.Tok, f.path)
			require.Len(t, g.Specs, 1, f.path)
		}
	}
}

// clock is the file that knows the clock of the process. It is handed to
// check alone, which has to know whether an exception has expired.
const clock = "pkg/cli/app.go"

// No init functions, no clock: the same inputs give the same bytes.
func TestNoHiddenInputs(t *testing.T) {
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				assert.NotEqual(t, "init", fn.Name.Name, "%s: init function", f.at(fn.Pos()))
			}
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if f.path == clock {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
				assert.NotContains(t, []string{"Now", "Since", "Until"}, sel.Sel.Name, "%s reads the clock",
					f.at(sel.Pos()))
			}
			return true
		})
	}
}

// Package-level variables are tables: they have a value from the start, and no
// statement changes them or a part of them.
func TestNoPackageState(t *testing.T) {
	vars := map[string]bool{} // folder, blank, name
	files := sources(t)
	for _, f := range files {
		if f.test {
			continue
		}
		for _, d := range f.syntax.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				assert.True(t, len(v.Values) > 0 || embedded(g), "%s: the package-level variable %s has no value",
					f.at(v.Pos()), v.Names[0].Name)
				for _, n := range v.Names {
					vars[f.dir+" "+n.Name] = n.Name != "_"
				}
			}
		}
	}
	var changes []string
	for _, f := range files {
		if f.test {
			continue
		}
		unchanged := func(e ast.Expr) {
			if name := root(e); name != "" && vars[f.dir+" "+name] {
				changes = append(changes, f.at(e.Pos())+" "+name)
			}
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch s := n.(type) {
			case *ast.AssignStmt:
				for _, e := range s.Lhs {
					unchanged(e)
				}
			case *ast.IncDecStmt:
				unchanged(s.X)
			}
			return true
		})
	}
	assert.Empty(t, changes, "places that change a package-level variable, or shadow it")
}

// root is the variable that an expression is a part of, or "".
func root(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x.Name
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
	}
}

// embedded tells whether the compiler fills the variable from a file.
func embedded(g *ast.GenDecl) bool {
	if g.Doc == nil {
		return false
	}
	for _, c := range g.Doc.List {
		if strings.HasPrefix(c.Text, "//go:embed ") {
			return true
		}
	}
	return false
}

// What usage is billed by is named in pkg/catalog only: others take a catalog.Meter, so
// that a misspelt name does not compile.
func TestMetersAreNamedInTheCatalog(t *testing.T) {
	names := map[string]bool{}
	for _, m := range catalog.Meters([]string{"us-west-2"}) {
		if strings.Contains(m.Item(), " ") { // "hour" is a unit, too
			names[m.Item()] = true
		}
	}
	for _, f := range sources(t) {
		if f.test || f.dir == "pkg/catalog" {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, err := strconv.Unquote(l.Value); err == nil {
					assert.False(t, names[text], "%s: %s is a row of the price tables", f.at(l.Pos()), text)
				}
			}
			return true
		})
	}
}
