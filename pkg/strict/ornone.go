package strict

import "reflect"

// noneWord switches off what a mapping would steer.
const noneWord = "none"

// OrNone is a struct that a file gives as a mapping or switches off with the word
// none. A mapping that leaves keys out keeps what the caller filled in for them.
type OrNone[T any] struct {
	V    T
	None bool // the file says none; V is then not to be used
}

// readNode reads the word or the mapping.
func (x *OrNone[T]) readNode(d *decoder, n *node, r rules, path string) {
	if n.kind != mappingNode && !n.null {
		if n.kind != scalarNode || n.text != noneWord {
			d.errorf(n, example(path, d.plan(reflect.TypeFor[T]()))+"; or write none",
				"%s must be a mapping or the word none, not %s", label(path), n.describe())
			return
		}
		x.None = true
		return
	}
	d.read(n, reflect.ValueOf(&x.V).Elem(), r, path)
	x.None = false
}

// describe accepts the word or the mapping.
func (x *OrNone[T]) describe(s *schemer, r rules) map[string]any {
	return map[string]any{"anyOf": []any{map[string]any{"const": noneWord},
		s.of(reflect.ValueOf(&x.V).Elem(), r)}}
}

// mapping is the struct, of which Leaves lists the values.
func (x *OrNone[T]) mapping() reflect.Value { return reflect.ValueOf(&x.V).Elem() }
