package pkg_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A compiler may multiply and add with one rounding where a machine can (arm64 can,
// amd64 as it is compiled for here does not), and results would differ in their last
// bits. An explicit conversion rounds the product, an assignment does not: in
//
//	x := a * b
//	y := x + c
//
// too the two may become one (Go's specification, "Floating-point operators"), and the
// compiler does so through variables, fields and functions that it inlines. This test
// follows where products go; .ci/fused asks the compiler itself.
func TestNoProductIsAddedWithoutRounding(t *testing.T) {
	load := &loader{fset: token.NewFileSet(), done: map[string]*types.Package{}, files: map[string][]*ast.File{},
		info: newInfo()}
	load.others = importer.ForCompiler(load.fset, "gc", exported(t))
	for _, f := range sources(t) {
		if f.test || !strings.HasPrefix(f.dir, "pkg") {
			continue
		}
		syntax, err := parser.ParseFile(load.fset, filepath.Join("..", f.path), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		load.files[module+f.dir] = append(load.files[module+f.dir], syntax)
	}
	flow := newFlow(load.info)
	var all []*ast.File
	for name, files := range load.files {
		_, err := load.Import(name)
		require.NoError(t, err, name)
		all = append(all, files...)
	}
	flow.read(all)
	for p, at := range flow.products() {
		assert.Fail(t, "write float64(a*b)", "%s: this product is added without rounding, at %s",
			load.fset.Position(p.Pos()), load.fset.Position(at))
	}
}

func newInfo() *types.Info {
	return &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}}
}

// loader checks the project's packages from their source, each once, so that a function
// is the same object for its own package and for those that call it.
type loader struct {
	fset   *token.FileSet
	info   *types.Info
	files  map[string][]*ast.File
	done   map[string]*types.Package
	others types.Importer
}

func (l *loader) Import(name string) (*types.Package, error) {
	files, ours := l.files[name]
	if !ours {
		return l.others.Import(name)
	}
	if l.done[name] == nil {
		conf := types.Config{Importer: l}
		p, err := conf.Check(name, l.fset, files, l.info)
		if err != nil {
			return nil, err
		}
		l.done[name] = p
	}
	return l.done[name], nil
}

// isFloat also tells a parameter that may stand for a type of floats.
func isFloat(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsFloat != 0
	case *types.Union:
		for term := range u.Terms() {
			if isFloat(term.Type()) {
				return true
			}
		}
	case *types.Interface:
		for e := range u.EmbeddedTypes() {
			if isFloat(e) {
				return true
			}
		}
	}
	return false
}

// exported finds what the compiler knows of the packages that the project imports.
func exported(t *testing.T) importer.Lookup {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export", "./...")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, "%s", &errs)
	files := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		files[p.ImportPath] = p.Export
	}
	return func(name string) (io.ReadCloser, error) { return os.Open(files[name]) }
}
