package pkg_test

import (
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exactFunctions are those of package math that give the same bits on every machine: what
// they return is exact, or rounded once. Pow10 looks its powers up. Not so Exp, Log, Sin
// and Gamma: they are other code on other machines, or sums that a compiler may round as
// it likes.
func exactFunctions() []string {
	return []string{"Abs", "Ceil", "Copysign", "FMA", "Float64bits", "Float64frombits", "Floor", "Frexp", "Inf",
		"IsInf", "IsNaN", "Ldexp", "Max", "Min", "Mod", "Modf", "NaN", "Nextafter", "Pow10", "Remainder", "Round",
		"RoundToEven", "Signbit", "Sqrt", "Trunc"}
}

// Only portable has functions beyond arithmetic. Gonum's are for tests, which compare with
// them: they call those of package math and leave sums to the compiler, as complex
// numbers do.
func TestNoFunctionDiffersBetweenMachines(t *testing.T) {
	load := importer.ForCompiler(token.NewFileSet(), "gc", exported(t))
	library, err := load.Import("math")
	require.NoError(t, err)
	constant := func(name string) bool {
		_, ok := library.Scope().Lookup(name).(*types.Const)
		return ok
	}
	seen := map[string]bool{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		for _, spec := range f.syntax.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			assert.NotEqual(t, "math/cmplx", p, "%s: its functions are not portable", f.path)
			if p != "math" {
				continue
			}
			assert.Nil(t, spec.Name, "%s: package math has its own name", f.path)
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains(f.imports, "math") {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); !ok || x.Name != "math" || sel.Sel.Name[0] >= 'a' {
				return true
			}
			name := sel.Sel.Name
			seen[name] = true
			assert.True(t, slices.Contains(exactFunctions(), name) || constant(name),
				"%s: math.%s may differ from machine to machine; use pkg/portable", f.at(sel.Pos()), name)
			return true
		})
	}
	require.True(t, seen["Sqrt"] && seen["Ln2"], "the walk finds functions and constants")
}
