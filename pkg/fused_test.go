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
// bits. An explicit conversion rounds the product: float64(a*b) + c (Go's
// specification, "Floating-point operators"). This test finds products that are added
// or subtracted in one expression, or returned to who may add them; those that go through
// a variable first are beyond it.
func TestNoProductIsAddedWithoutRounding(t *testing.T) {
	imports := exported(t)
	fset := token.NewFileSet() // one for all files: types keep positions
	byDir := map[string][]*ast.File{}
	for _, f := range sources(t) {
		if f.test || !strings.HasPrefix(f.dir, "pkg") {
			continue
		}
		syntax, err := parser.ParseFile(fset, filepath.Join("..", f.path), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		byDir[f.dir] = append(byDir[f.dir], syntax)
	}
	for dir, files := range byDir {
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		conf := types.Config{Importer: importer.ForCompiler(fset, "gc", imports)}
		_, err := conf.Check(module+dir, fset, files, info)
		require.NoError(t, err, dir)
		for _, f := range files {
			for _, p := range addedProducts(f, info) {
				assert.Fail(t, "write float64(a*b)", "%s: this product is added without rounding",
					fset.Position(p.Pos()))
			}
		}
	}
}

// addedProducts are the products of floats that are operands of + or −, or are returned:
// the caller may add them where the call is inlined.
func addedProducts(file *ast.File, info *types.Info) []ast.Expr {
	var out []ast.Expr
	see := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.ParenExpr:
				e = x.X
				continue
			case *ast.UnaryExpr:
				e = x.X
				continue
			case *ast.BinaryExpr:
				v := info.Types[e]
				if x.Op == token.MUL && v.Value == nil && isFloat(v.Type) {
					out = append(out, e)
				}
			}
			return
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.BinaryExpr:
			if x.Op == token.ADD || x.Op == token.SUB {
				see(x.X)
				see(x.Y)
			}
		case *ast.AssignStmt:
			if x.Tok == token.ADD_ASSIGN || x.Tok == token.SUB_ASSIGN {
				see(x.Rhs[0])
			}
		case *ast.ReturnStmt:
			for _, e := range x.Results {
				see(e)
			}
		}
		return true
	})
	return out
}

func isFloat(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsFloat != 0
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
