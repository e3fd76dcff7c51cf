package pkg_test

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
)

// flow is where the numbers of a program go: from a product, or a variable, field,
// parameter or result that may hold one, to those that take its value over. It knows
// neither order nor conditions, and one field of a struct is one place in all values of
// its type: it finds too much rather than too little. What goes through an interface or
// a function that is chosen while the program runs is not followed.
type flow struct {
	info *types.Info
	// into has for each place what its value may come from: products and places.
	into map[place][]place
	// added are the places that are an operand of + or −, and where.
	added map[place]token.Pos
	// bodies are the functions that a variable or parameter may hold.
	bodies map[types.Object][]*types.Signature
}

// place is a types.Object, an ast.Node that is a product, or a result of a function.
type place any

// result is what a function returns at a position; of is its *types.Func, or its
// *types.Signature where it has no name.
type result struct {
	of any
	i  int
}

func newFlow(info *types.Info) *flow {
	return &flow{info: info, into: map[place][]place{}, added: map[place]token.Pos{},
		bodies: map[types.Object][]*types.Signature{}}
}

// products are those that may be added without having been rounded, each with one place
// where that happens.
func (f *flow) products() map[ast.Node]token.Pos {
	out := map[ast.Node]token.Pos{}
	seen := map[place]bool{}
	var back func(p place, at token.Pos)
	back = func(p place, at token.Pos) {
		if seen[p] {
			return
		}
		seen[p] = true
		if n, ok := p.(ast.Node); ok {
			out[n] = at
		}
		for _, from := range f.into[p] {
			back(from, at)
		}
	}
	for p, at := range f.added {
		back(p, at)
	}
	return out
}

func (f *flow) move(to place, from []place) { f.into[to] = append(f.into[to], from...) }

func (f *flow) add(e ast.Expr, at token.Pos) {
	if !isFloat(f.info.TypeOf(e)) {
		return
	}
	for _, p := range f.from(e) {
		f.added[p] = at
	}
}

// from is what the value of an expression may come from, as it is or with its sign
// changed. What a conversion, a sum or a quotient gives is rounded, and so comes from
// nowhere.
func (f *flow) from(e ast.Expr) []place {
	if f.info.Types[e].Value != nil {
		return nil
	}
	switch x := e.(type) {
	case *ast.Ident:
		return f.object(x)
	case *ast.SelectorExpr:
		return f.object(x.Sel)
	case *ast.ParenExpr:
		return f.from(x.X)
	case *ast.StarExpr:
		return f.from(x.X)
	case *ast.UnaryExpr:
		return f.from(x.X)
	case *ast.IndexExpr:
		return f.from(x.X)
	case *ast.SliceExpr:
		return f.from(x.X)
	case *ast.BinaryExpr:
		if isFloat(f.info.TypeOf(e)) && f.multiplies(x.Op, x.X, x.Y) {
			return []place{x}
		}
	case *ast.CompositeLit:
		return f.elements(x)
	case *ast.CallExpr:
		return f.results(x, 0)
	}
	return nil
}

// multiplies tells an operation that a machine carries out as a product. A division by
// a power of two is one, by its inverse. Twice a number is not: it is the number added to
// itself.
func (f *flow) multiplies(op token.Token, x, y ast.Expr) bool {
	switch op {
	case token.MUL, token.MUL_ASSIGN:
		return f.constant(x) != 2 && f.constant(y) != 2
	case token.QUO, token.QUO_ASSIGN:
		fraction, _ := math.Frexp(f.constant(y))
		return math.Abs(fraction) == 0.5
	}
	return false
}

// constant is the value of a constant, and NaN for anything else.
func (f *flow) constant(e ast.Expr) float64 {
	v := f.info.Types[e].Value
	if v == nil {
		return math.NaN()
	}
	x, _ := constant.Float64Val(constant.ToFloat(v))
	return x
}

func (f *flow) object(id *ast.Ident) []place {
	if v, ok := f.info.ObjectOf(id).(*types.Var); ok {
		return []place{v.Origin()}
	}
	return nil
}

// elements is what a list or map holds; the parts of a struct go to its fields.
func (f *flow) elements(lit *ast.CompositeLit) []place {
	t := f.info.TypeOf(lit).Underlying()
	if p, ok := t.(*types.Pointer); ok { // an element of []*T{{…}}
		t = p.Elem().Underlying()
	}
	if _, ok := t.(*types.Struct); ok {
		return nil // see visit
	}
	var out []place
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		out = append(out, f.from(e)...)
	}
	return out
}

// results is what a call returns as its i-th result.
func (f *flow) results(call *ast.CallExpr, i int) []place {
	if f.info.Types[call.Fun].IsType() {
		if isFloat(f.info.TypeOf(call)) {
			return nil // an explicit conversion rounds
		}
		return f.from(call.Args[0]) // a list of numbers, say, keeps them
	}
	var out []place
	if f.appends(call) {
		for _, e := range call.Args {
			out = append(out, f.from(e)...)
		}
		return out
	}
	for _, c := range f.called(call.Fun) {
		out = append(out, result{c.of, i})
	}
	return out
}

func (f *flow) appends(call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	return ok && f.info.ObjectOf(id) == types.Universe.Lookup("append")
}

// callee is a function that a call may reach.
type callee struct {
	of        any
	signature *types.Signature
}

func (f *flow) called(fun ast.Expr) []callee {
	switch x := ast.Unparen(fun).(type) {
	case *ast.FuncLit:
		s := f.info.TypeOf(x).(*types.Signature)
		return []callee{{s, s}}
	case *ast.Ident:
		return f.calledObject(f.info.ObjectOf(x))
	case *ast.SelectorExpr:
		return f.calledObject(f.info.ObjectOf(x.Sel))
	case *ast.IndexExpr: // an instance of a generic function
		return f.called(x.X)
	case *ast.IndexListExpr:
		return f.called(x.X)
	}
	return nil
}

func (f *flow) calledObject(o types.Object) []callee {
	if fn, ok := o.(*types.Func); ok {
		fn = fn.Origin()
		return []callee{{fn, fn.Signature()}}
	}
	var out []callee
	for _, s := range f.bodies[o] {
		out = append(out, callee{s, s})
	}
	return out
}
