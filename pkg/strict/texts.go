package strict

import (
	"reflect"

	"headroom/pkg/diag"
)

// Texts is one text or a list of texts, as a file has it. It is for files whose
// values are read elsewhere, such as settings: numbers, dates and truth values are
// texts too, and keep their zeros.
type Texts struct {
	Items []string
	List  bool       // as a list
	Set   bool       // the file has it
	Pos   diag.Pos   // of the value
	At    []diag.Pos // of every item
}

// readNode reads a scalar or a list of scalars.
func (x *Texts) readNode(d *decoder, n *node, _ rules, path string) {
	fresh := Texts{List: n.kind == listNode, Set: true, Pos: n.pos}
	items := []*node{n}
	if fresh.List {
		items = n.items
	}
	for _, it := range items {
		if d.wantScalar(it, path) {
			fresh.Items, fresh.At = append(fresh.Items, it.text), append(fresh.At, it.pos)
		}
	}
	*x = fresh
}

// describe accepts a text or a list of texts.
func (*Texts) describe(s *schemer, r rules) map[string]any {
	return map[string]any{"anyOf": []any{s.of(reflect.ValueOf(new(string)).Elem(), r),
		s.of(reflect.ValueOf(new([]string)).Elem(), r)}}
}

// leaf is what --set replaces.
func (x *Texts) leaf() reflect.Value { return reflect.ValueOf(&x.Items).Elem() }
