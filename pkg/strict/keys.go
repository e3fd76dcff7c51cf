package strict

import "reflect"

// Documented is a struct, by its pointer, that says what its keys mean, in sentences
// that end with a full stop. cmd/genkeys makes the method from the comments above the
// fields. A key that is not the struct's own, but of a struct within, is "".
type Documented interface {
	KeyText(key string) string
}

// Enumerated is a struct, by its pointer, that knows which texts its keys allow: those
// that are too many for the tag enum, or are listed elsewhere. Of a key that allows all
// it gives nil.
type Enumerated interface {
	KeyEnum(key string) []string
}

// Key is what a key is, for references.
type Key struct {
	Name     string
	Text     string // what it means
	Index    []int  // of its field
	Required bool
	Enum     []string // the texts allowed, where only some are
	// Least and Most are the bounds of a number or a length; nil for none.
	Least, Most *float64
}

// Keys lists the keys of a struct, without those of a variant, in the order of the
// fields.
func Keys(t reflect.Type) []Key {
	var out []Key
	for _, f := range newPlan(t).fields {
		out = append(out, Key{Name: f.key, Text: f.text(), Index: f.index, Required: f.required,
			Enum: f.enum, Least: f.min, Most: f.max})
	}
	return out
}

// text is what the key means.
func (f *field) text() string {
	if f.in == nil {
		return ""
	}
	if x, ok := nilOf(f.in).(Documented); ok {
		return x.KeyText(f.key)
	}
	return ""
}

// nilOf is a nil pointer to a struct: enough for methods that only look at its type.
func nilOf(t reflect.Type) any { return reflect.Zero(reflect.PointerTo(t)).Interface() }
