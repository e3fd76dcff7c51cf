package sizing

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Only a kind opens its own spec: all others ask for traits.
func TestKindsOpenTheirOwnSpecs(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "*.go")
	require.NoError(t, err)
	opened := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range file.Decls {
			ast.Inspect(d, func(n ast.Node) bool {
				if s, ok := n.(*ast.TypeSwitchStmt); ok {
					require.Fail(t, "a switch over types", "%s", fset.Position(s.Pos()))
				}
				a, ok := n.(*ast.TypeAssertExpr)
				if !ok {
					return true
				}
				star, ok := a.Type.(*ast.StarExpr)
				if !ok {
					return true
				}
				spec := star.X.(*ast.Ident).Name
				if spec == "Traits" { // which are what all may know
					return true
				}
				opened++
				require.Equal(t, strings.ToLower(spec)+"kind", strings.ToLower(receiver(d)), "%s: %s is opened",
					fset.Position(n.Pos()), spec)
				return true
			})
		}
	}
	require.Greater(t, opened, len(Kinds()))
}

// receiver is the type whose method a declaration is, or "".
func receiver(d ast.Decl) string {
	f, ok := d.(*ast.FuncDecl)
	if !ok || f.Recv == nil {
		return ""
	}
	if id, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// Every spec is one whose traits its kind can tell, with a scope of its own.
func TestEveryKindHasTraits(t *testing.T) {
	for _, k := range Kinds() {
		require.NotEmpty(t, k.Traits(k.Spec()).Scope, k.Word())
	}
}
