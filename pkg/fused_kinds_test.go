package pkg_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A product for each way to an addition that a compiler can see through, and for each
// that it cannot. The walk has to find those of lines that end in "found", and no others.
const kinds = `package kinds

type amount struct{ a, b float64 }

func (x amount) plus(y amount) amount { return amount{x.a + y.a, x.b + y.b} }
func (x amount) times(k float64) amount {
	return amount{x.a * k, b(x.b, k)} // found
}
func b(x, k float64) float64 { return x * k } // found

func direct(a, b, c float64) float64 { return a*b + c }       // found
func negative(a, b, c float64) float64 { return c - (-(a * b)) } // found
func halved(a, b float64) float64 { return a + (b-a)/2 }      // found
func doubled(a, b float64) float64 { return a + 2*b }
func third(a, b float64) float64 { return a + (b-a)/3 }
func rounded(a, b, c float64) float64 { return float64(a*b) + c }
func quotient(a, b, c float64) float64 { return a*b/c + c }
func whole(a, b, c int) int { return a*b + c }

func variable(a, b, c float64) float64 {
	x := a * b // found
	y := x
	return y + c
}

func declared(a, b, c float64) float64 {
	var x = a * b // found
	x -= c
	return x
}

func kept(a, b float64) float64 {
	var x float64 = float64(a * b)
	x++
	return x
}

func operator(a float64, list []float64) (sum float64) {
	for _, x := range list {
		a *= x // found
		sum += a
	}
	return sum
}

func element(list []float64, a float64) (sum float64) {
	list[0] = a * a // found
	for _, x := range list {
		sum += x
	}
	return sum
}

func counted(a, b float64) float64 {
	x := a * b // found
	x--
	return x
}

func pair(a, b float64) (float64, bool) { return a * b, true } // found

func named(a, b float64) (x float64) {
	x = a * b // found
	return
}

func callers(a, b float64) float64 {
	x, _ := pair(a, b)
	return x + named(a, b)
}

func argument(a, b float64) float64 { return more(a * b) } // found
func more(x float64) float64        { return x + 1 }

func literal(a, b float64) float64 {
	more := func(x float64) float64 { return 1 + x }
	return more(a * b) // found
}

func passed(a, b float64) float64 {
	return call(func(x float64) float64 { return 1 + x }, a, b)
}
func call(f func(float64) float64, a, b float64) float64 { return f(a * b) } // found

func pointer(to *amount, a float64) {
	to.a = a * a // found
}

func apart(a, b, c float64) (float64, float64) {
	x := a * b
	return x / c, c
}

type rate float64

func converted(a, b rate, c rate) rate { return rate(a*b) + c }

func list(a, b float64) float64 {
	xs := append([]float64{a * a}, b*b) // found
	return xs[0] + xs[1]
}

func generic[T ~float64](a, b, c T) T { return a*b + c } // found
`

func TestWalkFindsEveryWayToAnAddition(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "kinds.go", kinds, parser.SkipObjectResolution)
	require.NoError(t, err)
	info := newInfo()
	_, err = new(types.Config).Check("kinds", fset, []*ast.File{file}, info)
	require.NoError(t, err)
	flow := newFlow(info)
	flow.read([]*ast.File{file})

	var want, got []int
	for i, line := range strings.Split(kinds, "\n") {
		if strings.HasSuffix(line, "// found") {
			want = append(want, i+1)
		}
	}
	for p := range flow.products() {
		got = append(got, fset.Position(p.Pos()).Line)
	}
	slices.Sort(got)
	require.Equal(t, want, slices.Compact(got), "lines of kinds")
}
