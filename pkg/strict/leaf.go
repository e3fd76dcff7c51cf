package strict

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

func (d *decoder) readScalar(n *node, x Scalar, r rules, path string) {
	if err := x.ParseScalar(n.text); err != nil {
		hint := ""
		if h, ok := err.(interface{ Hint() string }); ok {
			hint = h.Hint()
		}
		d.errorf(n, hint, "%s: %s", label(path), err)
		return
	}
	d.checkText(n, r, path)
	if number, ok := numberOf(reflect.ValueOf(x).Elem()); ok {
		d.checkNumber(n, number, quoteBare(n.text), r, path)
	}
}

// quoteBare shortens text for a message, without quotes where it is short.
func quoteBare(s string) string {
	if len(s) <= 30 {
		return s
	}
	return quote(s)
}

// numberOf is the number that bounds apply to.
func numberOf(v reflect.Value) (float64, bool) {
	if x, ok := v.Interface().(interface{ Float64() float64 }); ok {
		return x.Float64(), true
	}
	switch {
	case v.CanFloat():
		return v.Float(), true
	case v.CanInt():
		return float64(v.Int()), true
	}
	return 0, false
}

// readPlain reads Go's own leaf types.
func (d *decoder) readPlain(n *node, v reflect.Value, r rules, path string) {
	wrong := func(want, hint string) {
		if n.quoted && v.Kind() != reflect.String {
			hint = "remove the quotes"
		}
		d.errorf(n, hint, "%s must be %s, not %s", label(path), want, quote(n.text))
	}
	switch {
	case v.Kind() == reflect.String:
		v.SetString(n.text)
		d.checkText(n, r, path)
	case v.Kind() == reflect.Bool:
		if n.quoted || n.text != "true" && n.text != "false" {
			wrong("true or false", "write true or false")
			return
		}
		v.SetBool(n.text == "true")
	case v.CanInt():
		x, err := strconv.ParseInt(n.text, 10, v.Type().Bits())
		if err != nil || n.quoted || n.text[0] == '+' {
			wrong("a whole number", "write digits only, such as 12")
			return
		}
		v.SetInt(x)
		d.checkNumber(n, float64(x), n.text, r, path)
	case v.CanFloat():
		x, err := strconv.ParseFloat(n.text, v.Type().Bits())
		if err != nil || n.quoted || strings.Trim(n.text, "0123456789.eE+-") != "" || n.text[0] == '+' {
			wrong("a number", "write a plain number, such as 0.5")
			return
		}
		v.SetFloat(x)
		d.checkNumber(n, x, quoteBare(n.text), r, path)
	default:
		panic(fmt.Sprintf("strict: %s: cannot read into %v", path, v.Type()))
	}
}

func (d *decoder) checkText(n *node, r rules, path string) {
	if r.enum != nil {
		if !slices.Contains(r.enum, n.text) {
			d.errorf(n, suggest(n.text, r.enum, "value"), "%s: %s is not allowed", label(path), quote(n.text))
		}
		return
	}
	if r.pattern != nil && !r.pattern.matches(n.text) {
		d.errorf(n, "write "+r.pattern.says, "%s: %s is not well-formed", label(path), quote(n.text))
	}
}

// The sizes of numbers, in base units, that a system can have. A figure beyond them
// is a slip of the keyboard; further on it would only end in a quantity that nothing
// can carry or bill, far from the line that it stands in.
const (
	maxNumber = 1e21  // a zettabyte
	minNumber = 1e-15 // a femtosecond; 0 is a number too
)

// checkNumber compares with the bounds; a NaN is within none.
func (d *decoder) checkNumber(n *node, x float64, shown string, r rules, path string) {
	switch size := math.Abs(x); {
	case size > maxNumber:
		d.errorf(n, "check the digits and the unit", "%s is %s: no system is so large", label(path), shown)
		return
	case size < minNumber && size != 0:
		d.errorf(n, "check the digits and the unit, or write 0", "%s is %s: nothing is so small", label(path), shown)
		return
	}
	say := func(rule string, bound float64) {
		b := strconv.FormatFloat(bound, 'g', -1, 64)
		d.errorf(n, "write a value "+rule+" "+b, "%s is %s, but must be %s %s", label(path), shown, rule, b)
	}
	switch {
	case r.min != nil && !(x >= *r.min):
		say("at least", *r.min)
	case r.above != nil && !(x > *r.above):
		say("greater than", *r.above)
	case r.max != nil && !(x <= *r.max):
		say("at most", *r.max)
	case r.below != nil && !(x < *r.below):
		say("less than", *r.below)
	case r.whole && x != math.Trunc(x):
		d.errorf(n, "write a whole number", "%s is %s, which is not a whole number", label(path), shown)
	}
}
