package pkg_test

import (
	"go/ast"
	"go/token"
	"go/types"
)

// read takes in a program's files: first which variables hold functions, as calls of
// these go there.
func (f *flow) read(files []*ast.File) {
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			f.functions(n)
			return true
		})
	}
	for _, file := range files {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				o := f.info.Defs[fn.Name].(*types.Func)
				f.body(fn.Body, o, o.Signature())
				continue
			}
			f.body(d, nil, nil)
		}
	}
}

// functions notes which variables hold which function literals.
func (f *flow) functions(n ast.Node) {
	hold := func(to, e ast.Expr) {
		lit, ok := ast.Unparen(e).(*ast.FuncLit)
		id, named := to.(*ast.Ident)
		if !ok || !named {
			return
		}
		if o := f.info.ObjectOf(id); o != nil {
			f.bodies[o] = append(f.bodies[o], f.info.TypeOf(lit).(*types.Signature))
		}
	}
	switch x := n.(type) {
	case *ast.AssignStmt:
		if len(x.Lhs) == len(x.Rhs) {
			for i, e := range x.Rhs {
				hold(x.Lhs[i], e)
			}
		}
	case *ast.ValueSpec:
		if len(x.Names) == len(x.Values) {
			for i, e := range x.Values {
				hold(x.Names[i], e)
			}
		}
	case *ast.CallExpr:
		for _, c := range f.called(x.Fun) {
			for i, e := range x.Args {
				if lit, ok := e.(*ast.FuncLit); ok && i < c.signature.Params().Len() {
					p := c.signature.Params().At(i).Origin()
					f.bodies[p] = append(f.bodies[p], f.info.TypeOf(lit).(*types.Signature))
				}
			}
		}
	}
}

// body takes in the statements of a function, or a declaration outside of one.
func (f *flow) body(n ast.Node, of any, s *types.Signature) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncLit:
			s := f.info.TypeOf(x).(*types.Signature)
			f.body(x.Body, s, s)
			return false
		case *ast.ReturnStmt:
			f.returned(x, of, s)
		case *ast.AssignStmt:
			f.assigned(x)
		case *ast.IncDecStmt:
			f.add(x.X, x.Pos())
		case *ast.ValueSpec:
			lhs := make([]ast.Expr, len(x.Names))
			for i, id := range x.Names {
				lhs[i] = id
			}
			f.stored(lhs, x.Values)
		case *ast.RangeStmt:
			if x.Value != nil {
				f.store(x.Value, f.from(x.X))
			}
		case *ast.BinaryExpr:
			if x.Op == token.ADD || x.Op == token.SUB {
				f.add(x.X, x.Pos())
				f.add(x.Y, x.Pos())
			}
		case *ast.CompositeLit:
			f.fields(x)
		case *ast.CallExpr:
			f.arguments(x)
		}
		return true
	})
}

func (f *flow) returned(x *ast.ReturnStmt, of any, s *types.Signature) {
	list := s.Results()
	for i := range list.Len() {
		switch r := (result{of, i}); {
		case len(x.Results) == list.Len():
			f.move(r, f.from(x.Results[i]))
		case len(x.Results) == 1:
			f.move(r, f.results(x.Results[0].(*ast.CallExpr), i))
		default:
			f.move(r, []place{list.At(i)})
		}
	}
}

func (f *flow) assigned(x *ast.AssignStmt) {
	switch x.Tok {
	case token.ASSIGN, token.DEFINE:
		f.stored(x.Lhs, x.Rhs)
	case token.ADD_ASSIGN, token.SUB_ASSIGN:
		f.add(x.Lhs[0], x.Pos())
		f.add(x.Rhs[0], x.Pos())
	default:
		if isFloat(f.info.TypeOf(x.Lhs[0])) && f.multiplies(x.Tok, x.Lhs[0], x.Rhs[0]) {
			f.store(x.Lhs[0], []place{x})
		}
	}
}

func (f *flow) stored(lhs, rhs []ast.Expr) {
	for i, to := range lhs {
		switch {
		case len(lhs) == len(rhs):
			f.store(to, f.from(rhs[i]))
		case len(rhs) != 1: // a declaration without values
		default:
			if call, ok := ast.Unparen(rhs[0]).(*ast.CallExpr); ok {
				f.store(to, f.results(call, i))
			} else if i == 0 { // the value of v, ok := m[k]
				f.store(to, f.from(rhs[0]))
			}
		}
	}
}

func (f *flow) store(to ast.Expr, from []place) {
	for _, p := range f.from(to) {
		f.move(p, from)
	}
}

// fields takes over what a struct literal puts into its fields.
func (f *flow) fields(lit *ast.CompositeLit) {
	t := f.info.TypeOf(lit).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	s, ok := t.(*types.Struct)
	if !ok {
		return
	}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			f.store(kv.Key, f.from(kv.Value))
			continue
		}
		f.move(s.Field(i).Origin(), f.from(e))
	}
}

// arguments go to the parameters of what is called.
func (f *flow) arguments(call *ast.CallExpr) {
	if f.info.Types[call.Fun].IsType() {
		return
	}
	for _, c := range f.called(call.Fun) {
		params := c.signature.Params()
		if params.Len() == 0 {
			continue
		}
		for i, e := range call.Args {
			f.move(params.At(min(i, params.Len()-1)).Origin(), f.from(e))
		}
	}
}
