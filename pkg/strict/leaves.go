package strict

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// Leaf is a value that a file gives or could give.
type Leaf struct {
	Path string   // peak.users, regions.us-east-1.share
	Doc  string   // what it is
	Now  string   // as it stands, given or by default; "" where there is none
	Enum []string // the texts allowed, where only some are
	// Least and Most bound a number, in base units; nil for no bound.
	Least, Most *float64

	typ reflect.Type
}

// Sort says what a leaf is made of.
type Sort string

// The sorts.
const (
	SortNumber Sort = "number" // with or without a unit
	SortBool   Sort = "bool"
	SortList   Sort = "list"
	SortText   Sort = "text" // all else, of Enum where it has one
)

// Sort is the sort of the value.
func (l *Leaf) Sort() Sort {
	switch l.typ.Kind() {
	case reflect.Float64:
		return SortNumber
	case reflect.Bool:
		return SortBool
	case reflect.Slice:
		return SortList
	}
	return SortText
}

// Number tells whether the value is a number with or without a unit, and so has
// Parse and Text.
func (l *Leaf) Number() bool { return l.Sort() == SortNumber }

// Parse reads the value's text as a number in base units.
func (l *Leaf) Parse(text string) (float64, error) {
	v := reflect.New(l.typ)
	s, ok := v.Interface().(Scalar)
	if !ok {
		return strconv.ParseFloat(text, 64)
	}
	if err := s.ParseScalar(text); err != nil {
		return 0, err
	}
	return v.Elem().Float(), nil
}

// Text writes a number so that Parse gives the identical number.
func (l *Leaf) Text(x float64) string {
	return fmt.Sprint(reflect.ValueOf(x).Convert(l.typ).Interface())
}

// Human writes a number for people, rounded.
func (l *Leaf) Human(x float64) string {
	v := reflect.ValueOf(x).Convert(l.typ).Interface()
	if h, ok := v.(interface{ Human() string }); ok {
		return h.Human()
	}
	return fmt.Sprint(v)
}

// Leaves lists the values of a struct that Decode has filled from the
// document, in the order of its fields and of the file's mappings, and those
// that the file could have beside them. Items of lists are named by index, or
// by name where they have one.
func (d *Doc) Leaves(of any) []Leaf {
	w := &leafWalk{plans: d.plans}
	w.walk(reflect.ValueOf(of).Elem(), "", field{})
	return w.out
}

type leafWalk struct {
	plans *plans
	out   []Leaf
	open  []reflect.Type // structs around; what contains itself is not followed for ever
}

func (w *leafWalk) add(v reflect.Value, path string, f field, given bool) {
	l := Leaf{Path: path, Doc: f.text(), Enum: f.enum, typ: v.Type()}
	if l.Number() {
		l.Least, l.Most = cmp.Or(f.min, f.above), cmp.Or(f.max, f.below)
	}
	if given || !v.IsZero() {
		l.Now = fmt.Sprint(v.Interface())
	}
	w.out = append(w.out, l)
}

// walk visits a value; an absent one is visited as it would be by default.
func (w *leafWalk) walk(v reflect.Value, path string, f field) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			w.absent(v.Type().Elem(), path, f)
			return
		}
		w.walk(v.Elem(), path, f)
		return
	}
	switch x := v.Addr().Interface().(type) {
	case interface{ leaf() reflect.Value }:
		w.add(x.leaf(), path, f, v.FieldByName("Set").Bool())
		return
	case interface{ mapping() reflect.Value }: // an OrNone
		w.walk(x.mapping(), path, f)
		return
	case nodeReader: // a Map
		w.entries(v, path)
		return
	case Scalar:
		w.add(v, path, f, false)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		w.fields(v, path)
	case reflect.Slice:
		w.items(v, path, f)
	default:
		w.add(v, path, f, false)
	}
}

// absent visits a value that the file does not have.
func (w *leafWalk) absent(t reflect.Type, path string, f field) {
	v := newDefault(t)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if slices.Contains(w.open, v.Type()) {
		return
	}
	if x, ok := v.Addr().Interface().(interface{ leaf() reflect.Value }); ok {
		w.add(x.leaf(), path, f, false)
		return
	}
	w.walk(v, path, f)
}

func (w *leafWalk) fields(v reflect.Value, path string) {
	w.open = append(w.open, v.Type())
	defer func() { w.open = w.open[:len(w.open)-1] }()
	p := w.plans.of(v.Type())
	for _, f := range p.fields {
		w.walk(v.FieldByIndex(f.index), join(path, f.key), *f)
	}
	if p.variant != nil {
		if spec := v.FieldByIndex(p.variant.index); !spec.IsNil() {
			w.fields(spec.Elem().Elem(), path)
		}
	}
}

func (w *leafWalk) entries(v reflect.Value, path string) {
	for i := range v.Len() {
		e := v.Index(i)
		w.walk(e.FieldByName("V"), join(path, e.FieldByName("Key").String()), field{})
	}
}

// items visits the structs of a list; a list of plain values is one leaf.
func (w *leafWalk) items(v reflect.Value, path string, f field) {
	if t := v.Type().Elem(); t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[Scalar]()) {
		w.add(v, path, f, false)
		return
	}
	for i := range v.Len() {
		name := strconv.Itoa(i)
		if n := v.Index(i).FieldByName("Name"); n.IsValid() && n.Kind() == reflect.String && n.String() != "" {
			name = n.String()
		}
		w.walk(v.Index(i), join(path, name), f)
	}
}

// Counts tells whether the value is a number of things, without a unit.
func (l *Leaf) Counts() bool {
	if !l.Number() {
		return false
	}
	v := reflect.New(l.typ)
	s, ok := v.Interface().(Scalar)
	return ok && s.ParseScalar("1.5M") == nil && v.Elem().Float() == 1.5e6
}
