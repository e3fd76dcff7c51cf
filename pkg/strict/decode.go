package strict

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"headroom/pkg/diag"
)

// nodeReader is a generic type of this package that reads itself.
type nodeReader interface {
	readNode(d *decoder, n *node, r rules, path string)
	describe(s *schemer, r rules) map[string]any
}

type decoder struct {
	opts     ReadOptions
	plans    *plans
	kept     map[*node]reflect.Value
	keep     map[*node]reflect.Value // nil where nothing is to be kept
	problems diag.Problems           // of the file's shape
	checks   diag.Problems           // found by Check
}

// Decode reads the document into a pointer to a struct, which holds the
// defaults. It may be called several times. After an error the struct is
// partly filled and must not be used.
func (d *Doc) Decode(into any) error { return d.decode(into, nil) }

// DecodeKept is Decode, and keeps what the pointers in maps then point to. Later
// Decodes of the document, and of clones that are made from now on, point to the
// same where Set has changed nothing: nobody may change it any more.
func (d *Doc) DecodeKept(into any) error {
	keep := map[*node]reflect.Value{}
	err := d.decode(into, keep)
	if err == nil {
		d.kept = keep
	}
	return err
}

func (d *Doc) decode(into any, keep map[*node]reflect.Value) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("strict: Decode into %T, not a pointer to a struct", into))
	}
	dec := &decoder{opts: d.opts, plans: d.plans, keep: keep}
	if keep == nil {
		dec.kept = d.kept
	}
	dec.read(d.root, v.Elem(), rules{}, "")
	all := append(append(append(diag.Problems(nil), d.found...), dec.problems...), dec.checks...)
	return finish(all, d.file, d.src)
}

func (d *decoder) plan(t reflect.Type) *plan { return d.plans.of(t) }

// plans are the plans of the types met. Clones of a document share them, as
// they take longer to make than a file takes to read.
type plans struct {
	mu sync.Mutex
	by map[reflect.Type]*plan
}

func (p *plans) of(t reflect.Type) *plan {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by[t] == nil {
		if p.by == nil {
			p.by = map[reflect.Type]*plan{}
		}
		p.by[t] = newPlan(t)
	}
	return p.by[t]
}

func (d *decoder) errorf(n *node, hint, format string, args ...any) {
	d.problems.Addf(n.pos, hint, format, args...)
}

// label names a value in a message.
func label(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// read decodes n into v, which is addressable.
func (d *decoder) read(n *node, v reflect.Value, r rules, path string) {
	if v.Kind() == reflect.Pointer {
		if n.null {
			d.noValue(n, path)
			return
		}
		if v.IsNil() {
			v.Set(newValue(v.Type().Elem()))
		}
		d.read(n, v.Elem(), r, path)
		return
	}
	switch x := v.Addr().Interface().(type) {
	case nodeReader:
		x.readNode(d, n, r, path)
		return
	case Scalar:
		if d.wantScalar(n, path) {
			d.readScalar(n, x, r, path)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.readStruct(n, v, path)
	case reflect.Slice:
		d.readList(n, v, r, path)
	default:
		if d.wantScalar(n, path) {
			d.readPlain(n, v, r, path)
		}
	}
}

// newValue makes a pointer to a fresh value that holds its defaults.
func newValue(t reflect.Type) reflect.Value {
	p := reflect.New(t)
	if t.Kind() == reflect.Pointer {
		p.Elem().Set(newValue(t.Elem()))
		return p
	}
	if x, ok := p.Interface().(Defaulter); ok {
		x.Default()
	}
	return p
}

func (d *decoder) noValue(n *node, path string) {
	d.errorf(n, "write a value after the colon or dash, or remove the key", "%s has no value", label(path))
}

func (d *decoder) wantScalar(n *node, path string) bool {
	switch {
	case n.null:
		d.noValue(n, path)
		return false
	case n.kind != scalarNode:
		d.errorf(n, "write one value, such as a number or a text", "%s must be a single value, not %s",
			label(path), n.describe())
		return false
	}
	return true
}

func lastPart(path string) string {
	return path[strings.LastIndexByte(path, '.')+1:]
}

func (d *decoder) checkLength(n *node, length int, r rules, path string) {
	d.checkNumber(n, float64(length), fmt.Sprintf("%d long", length), r, path)
}

func (d *decoder) readList(n *node, v reflect.Value, r rules, path string) {
	if n.null {
		d.noValue(n, path)
		return
	}
	if n.kind != listNode {
		d.errorf(n, "write each item on a line of its own after \"- \", or all as [a, b]",
			"%s must be a list, not %s", label(path), n.describe())
		return
	}
	bounds, items := r.length()
	d.checkLength(n, len(n.items), bounds, path)
	out := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, it := range n.items {
		if e := out.Index(i); e.Kind() != reflect.Pointer {
			e.Set(newValue(e.Type()).Elem())
		}
		d.read(it, out.Index(i), items, join(path, strconv.Itoa(i)))
	}
	v.Set(out)
}

// fieldGroup is one struct whose fields are at a mapping's level.
type fieldGroup struct {
	v reflect.Value
	p *plan
}

func (d *decoder) readStruct(n *node, v reflect.Value, path string) {
	if n.null {
		d.noValue(n, path)
		return
	}
	own := fieldGroup{v, d.plan(v.Type())}
	if n.kind != mappingNode {
		d.errorf(n, example(path, own.p), "%s must be a mapping, not %s", label(path), n.describe())
		return
	}
	before := len(d.problems)
	parts, guess := d.variant(n, own, path)
	keys := map[string]bool{}
	for _, e := range n.entries {
		keys[e.key] = true
		if !d.readKey(e, parts, path) && !guess {
			d.unknown(e, parts, path)
		}
	}
	for _, pt := range parts {
		for _, f := range pt.p.fields {
			if f.required && !keys[f.key] {
				d.errorf(n, missingHint(f), "%s lacks the key %q", label(path), f.key)
			}
		}
		for _, index := range pt.p.at {
			pt.v.FieldByIndex(index).Set(reflect.ValueOf(At{Pos: n.pos}))
		}
	}
	if len(d.problems) > before {
		return // a check could only repeat or misread what was reported
	}
	for _, pt := range parts[1:] {
		d.check(n, pt)
	}
	d.check(n, own)
}

func missingHint(f *field) string {
	hint := "add \"" + f.key + ": …\""
	if f.enum != nil {
		hint += ", one of " + list(f.enum)
	}
	if text := f.text(); text != "" {
		hint += " (" + strings.TrimSuffix(text, ".") + ")"
	}
	return hint
}

// readKey decodes an entry into the part that has its key.
func (d *decoder) readKey(e entry, parts []fieldGroup, path string) bool {
	for _, pt := range parts {
		if f := pt.p.byKey[e.key]; f != nil {
			d.read(e.val, pt.v.FieldByIndex(f.index), f.rules, join(path, f.key))
			return true
		}
	}
	return false
}

func (d *decoder) unknown(e entry, parts []fieldGroup, path string) {
	var known []string
	for _, pt := range parts {
		known = append(known, pt.p.keys()...)
	}
	where := ""
	if path != "" {
		where = " in " + path
	}
	hint := suggest(e.key, known, "key")
	for _, pt := range parts {
		if f, ok := pt.v.Addr().Interface().(Former); ok && f.Former()[e.key] != "" {
			hint = f.Former()[e.key]
		}
	}
	d.problems.Addf(e.pos, hint, "unknown key %s%s", quote(e.key), where)
}

// check calls Check of the inlined structs and of the struct itself. The Check
// of an embedded struct is promoted, or hidden, as Go has it.
func (d *decoder) check(n *node, pt fieldGroup) {
	c := &Checker{d: d, n: n}
	for _, index := range pt.p.inlined {
		if pt.v.Type().FieldByIndex(index).Anonymous {
			continue
		}
		if x, ok := pt.v.FieldByIndex(index).Addr().Interface().(Checked); ok {
			x.Check(c)
		}
	}
	if x, ok := pt.v.Addr().Interface().(Checked); ok {
		x.Check(c)
	}
}

// variant makes the struct that the mapping's kind asks for. guess is true
// where the kind is not known, so that no key can be called unknown.
func (d *decoder) variant(n *node, own fieldGroup, path string) (parts []fieldGroup, guess bool) {
	parts = []fieldGroup{own}
	vr := own.p.variant
	if vr == nil {
		return parts, false
	}
	kinds := variantNames(d.opts.Variants, *vr)
	_, k := n.get(vr.key)
	if k == nil {
		if !own.p.byKey[vr.key].required {
			d.errorf(n, "allowed: "+list(kinds), "%s lacks the key %q", label(path), vr.key)
		}
		return parts, true
	}
	if k.kind != scalarNode || k.null {
		return parts, true // reported where the key is read
	}
	if !slices.Contains(kinds, k.text) {
		d.errorf(k, suggest(k.text, kinds, vr.key), "%s: %s is not a known %s",
			join(path, vr.key), quote(k.text), vr.key)
		return parts, true
	}
	spec := reflect.ValueOf(d.opts.Variants[vr.name(k.text)]())
	own.v.FieldByIndex(vr.index).Set(spec)
	return append(parts, fieldGroup{spec.Elem(), d.plan(spec.Type().Elem())}), false
}

// variantNames are the values that a variant's key may have, sorted.
func variantNames(variants map[string]func() any, vr variant) []string {
	var names []string
	for name := range variants {
		group, value, grouped := strings.Cut(name, ":")
		if !grouped {
			group, value = "", name
		}
		if group == vr.group {
			names = append(names, value)
		}
	}
	sort.Strings(names)
	return names
}

// example shows how a mapping with the plan's first keys is written.
func example(path string, p *plan) string {
	var keys []string
	for _, f := range p.fields {
		if len(keys) < 2 || f.required {
			keys = append(keys, f.key+": …")
		}
	}
	if path == "" {
		return "write \"key: value\" lines, such as " + list(keys)
	}
	if name := lastPart(path); strings.Trim(name, "0123456789") == "" {
		return "write \"- \" and then the keys, such as " + list(keys)
	}
	return "write " + lastPart(path) + ": {" + list(keys) + "}, or the keys indented below it"
}
