package strict

import (
	"fmt"
	"math"
	"reflect"
	"strings"
)

// defaultOf is what a file would state to get the prefilled value; ok is false
// where there is none, or none that can be written in one value.
func defaultOf(v reflect.Value) (def any, ok bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, false
		}
		return defaultOf(v.Elem())
	}
	if v.IsZero() {
		return nil, false
	}
	if x, is := v.Addr().Interface().(interface{ leaf() reflect.Value }); is {
		return defaultOf(x.leaf())
	}
	if _, is := v.Addr().Interface().(Scalar); is {
		return scalarDefault(v)
	}
	switch {
	case v.Kind() == reflect.String, v.Kind() == reflect.Bool, v.CanInt():
		return v.Interface(), true
	case v.CanFloat():
		return v.Interface(), finite(v.Float())
	case v.Kind() == reflect.Slice:
		items := make([]any, v.Len())
		for i := range items {
			if items[i], ok = defaultOf(v.Index(i)); !ok {
				return nil, false
			}
		}
		return items, len(items) > 0
	}
	return nil, false
}

// scalarDefault prefers the text, which has a unit, to the bare number.
func scalarDefault(v reflect.Value) (any, bool) {
	if x, is := v.Interface().(fmt.Stringer); is {
		text := x.String()
		if reflect.New(v.Type()).Interface().(Scalar).ParseScalar(text) == nil {
			return text, true
		}
	}
	if v.CanFloat() {
		return v.Float(), finite(v.Float())
	}
	return nil, false
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// leaf gives the prefilled value.
func (x *Value[T]) leaf() reflect.Value { return reflect.ValueOf(&x.V).Elem() }

// describe accepts the value alone or with its provenance.
func (*Value[T]) describe(s *schemer, r rules) map[string]any {
	build := func() map[string]any {
		leaf := func() map[string]any { return s.of(reflect.ValueOf(new(T)).Elem(), r) }
		value := leaf()
		value["description"] = strings.TrimSpace("The value itself, as it may stand alone. " + s.written(value))
		return map[string]any{"anyOf": []any{leaf(), map[string]any{
			"type": "object",
			"properties": map[string]any{"value": value,
				"source": s.provenance("source"), "assumed": s.provenance("assumed")},
			"required": []string{"value"},
			"oneOf": []any{map[string]any{"required": []string{"source"}},
				map[string]any{"required": []string{"assumed"}}},
			"additionalProperties": false,
		}}}
	}
	if !r.none() {
		return build()
	}
	return s.define(reflect.TypeFor[T](), "Value_", build)
}

// provenance describes a key that says where a value is from. Most values have it, so
// that the schema has it once.
func (s *schemer) provenance(key string) map[string]any {
	text := "Where the value is from: who measured or published it, and when."
	if key == "assumed" {
		text = "Why the value is what it is, where nobody has measured it; instead of source."
	}
	name := "provenance_" + key
	s.defs[name] = map[string]any{"type": []string{"string", "number", "boolean"}, "minLength": 1}
	return map[string]any{"$ref": "#/$defs/" + name, "description": text}
}

// describe accepts free keys.
func (*Map[T]) describe(s *schemer, r rules) map[string]any {
	bounds, keys := r.length()
	out := map[string]any{"type": "object", "additionalProperties": s.fresh(reflect.TypeFor[T](), rules{})}
	if !keys.none() {
		out["propertyNames"] = keys.limit(map[string]any{})
	}
	bounds.limitLength(out, "minProperties", "maxProperties")
	return out
}
