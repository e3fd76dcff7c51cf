package strict

import (
	"reflect"
)

// readNode reads a scalar, or a mapping of a value and its provenance.
func (x *Value[T]) readNode(d *decoder, n *node, r rules, path string) {
	if n.null {
		d.noValue(n, path)
		return
	}
	val := n
	fresh := Value[T]{Set: true, Pos: n.pos}
	if n.kind == mappingNode {
		if val = fresh.readProvenance(d, n, path); val == nil {
			return
		}
		fresh.Pos = val.pos
		path = join(path, "value")
	}
	if n.kind == listNode {
		d.errorf(n, "write one value, or {value: …, source: …}", "%s must be a single value, not a list", label(path))
		return
	}
	fresh.Text = val.text
	before := len(d.problems)
	d.read(val, reflect.ValueOf(&fresh.V).Elem(), r, path)
	if len(d.problems) == before {
		*x = fresh
	}
}

// readProvenance reads the mapping form and returns the node of the value, or
// nil where there is none.
func (x *Value[T]) readProvenance(d *decoder, n *node, path string) (val *node) {
	keys := []string{"value", "source", "assumed"}
	given := 0
	for _, e := range n.entries {
		switch e.key {
		case "value":
			val = e.val
		case "source", "assumed":
			given++
			text := &x.Source
			if e.key == "assumed" {
				text = &x.Assumed
			}
			if d.wantScalar(e.val, join(path, e.key)) {
				*text = e.val.text
				if e.val.text == "" {
					d.errorf(e.val, "say where the value is from", "%s is empty", join(path, e.key))
				}
			}
		default:
			d.problems.Addf(e.pos, suggest(e.key, keys, "key"), "unknown key %s in %s", quote(e.key), label(path))
		}
	}
	if val == nil {
		d.errorf(n, "write "+lastPart(path)+": {value: …, source: …}", "%s lacks the key \"value\"", label(path))
	}
	if given != 1 {
		what := "neither source nor assumed"
		if given > 1 {
			what = "both source and assumed"
		}
		d.errorf(n, "give source (where a measured value is from) or assumed (why it is taken), not both; "+
			"or write the value alone",
			"%s has %s", label(path), what)
	}
	return val
}

// readNode reads a mapping with free keys.
func (m *Map[T]) readNode(d *decoder, n *node, r rules, path string) {
	if n.null {
		d.noValue(n, path)
		return
	}
	if n.kind != mappingNode {
		d.errorf(n, "write \"name: …\" lines below it", "%s must be a mapping, not %s", label(path), n.describe())
		return
	}
	bounds, keys := r.length()
	d.checkLength(n, len(n.entries), bounds, path)
	out := make(Map[T], len(n.entries))
	for i, e := range n.entries {
		out[i].Key, out[i].KeyPos = e.key, e.pos
		d.checkText(&node{pos: e.pos, text: e.key}, keys, join(path, "key"))
		v := reflect.ValueOf(&out[i].V).Elem()
		if v.Kind() != reflect.Pointer {
			v.Set(newValue(v.Type()).Elem())
		} else if old, ok := d.kept[e.val]; ok && old.Type() == v.Type() {
			v.Set(old)
			continue
		}
		d.read(e.val, v, rules{}, join(path, e.key))
		if d.keep != nil && v.Kind() == reflect.Pointer {
			d.keep[e.val] = reflect.ValueOf(out[i].V)
		}
	}
	*m = out
}
