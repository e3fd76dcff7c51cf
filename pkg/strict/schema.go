package strict

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// SchemaOptions describe the schema as a whole.
type SchemaOptions struct {
	ID          string // $id
	Title       string
	Description string
	Variants    map[string]func() any // as in Options
	Offers      map[string][]string   // lists of values that fields name with the tag offer
}

// Schema is the JSON Schema (draft 2020-12) of what Decode accepts into root,
// a pointer to a struct that holds the defaults. The bytes are deterministic.
// What JSON Schema cannot say (units, Check, duplicate keys) is left to Decode.
func Schema(root any, o SchemaOptions) []byte {
	v := reflect.ValueOf(root)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("strict: Schema of %T, not a pointer to a struct", root))
	}
	s := &schemer{variants: o.Variants, offers: o.Offers, says: map[string]string{},
		defs: map[string]any{}, names: map[reflect.Type]string{}}
	out := s.object(v.Elem())
	out["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	for key, text := range map[string]string{"$id": o.ID, "title": o.Title, "description": o.Description} {
		if text != "" {
			out[key] = text
		}
	}
	if len(s.defs) > 0 {
		out["$defs"] = s.defs
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf) // sorts keys
	enc.SetEscapeHTML(false)     // patterns stay readable
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		panic(fmt.Sprintf("strict: a JSONSchema method returns what JSON cannot hold: %v", err))
	}
	return buf.Bytes()
}

type schemer struct {
	variants map[string]func() any
	offers   map[string][]string
	says     map[string]string // of a reference to a scalar: how it is written
	defs     map[string]any
	names    map[reflect.Type]string
}

// define puts a schema under $defs once and returns a reference to it.
func (s *schemer) define(t reflect.Type, prefix string, build func() map[string]any) map[string]any {
	base := t.Name()
	if base == "" {
		return build()
	}
	name, known := s.names[t]
	if !known || s.defs[prefix+name] == nil {
		if !known {
			name = defName(base)
			for taken := true; taken; {
				taken = false
				for _, other := range s.names {
					if other == name {
						taken = true
						name += "_"
					}
				}
			}
			s.names[t] = name
		}
		s.defs[prefix+name] = true // stands in while a recursive type is built
		s.defs[prefix+name] = build()
	}
	return map[string]any{"$ref": "#/$defs/" + prefix + name}
}

// defName keeps what may stand in a JSON pointer without escapes.
func defName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, s)
}

// of describes what read accepts into v.
func (s *schemer) of(v reflect.Value, r rules) map[string]any {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return s.fresh(v.Type().Elem(), r)
		}
		return s.of(v.Elem(), r)
	}
	switch x := v.Addr().Interface().(type) {
	case nodeReader:
		return x.describe(s, r)
	case Scalar:
		return s.scalar(v.Type(), r)
	}
	switch v.Kind() {
	case reflect.Struct:
		return s.object(v)
	case reflect.Slice:
		bounds, items := r.length()
		out := map[string]any{"type": "array", "items": s.fresh(v.Type().Elem(), items)}
		bounds.limitLength(out, "minItems", "maxItems")
		return out
	}
	return plain(v, r)
}

// fresh describes a new value, as list items, map entries and pointer targets
// are; its defaults do not depend on the place, so structs are shared.
func (s *schemer) fresh(t reflect.Type, r rules) map[string]any {
	v := newDefault(t)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	_, reader := v.Addr().Interface().(nodeReader)
	_, leaf := v.Addr().Interface().(Scalar)
	if v.Kind() == reflect.Struct && !reader && !leaf {
		return s.define(v.Type(), "", func() map[string]any { return s.object(v) })
	}
	return s.of(v, r)
}

// newDefault is newValue with pointers followed.
func newDefault(t reflect.Type) reflect.Value {
	if t.Kind() == reflect.Pointer {
		return newDefault(t.Elem())
	}
	return newValue(t).Elem()
}

func (s *schemer) object(v reflect.Value) map[string]any {
	p := newPlan(v.Type())
	props := map[string]any{}
	required := s.fields(p, v, props)
	out := map[string]any{"type": "object", "properties": props}
	if p.variant == nil {
		out["additionalProperties"] = false
	} else {
		required = s.variant(p, out, props, required)
	}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// fields adds the properties of a plan and returns the required keys.
func (s *schemer) fields(p *plan, v reflect.Value, props map[string]any) (required []string) {
	for _, f := range p.fields {
		fv := v.FieldByIndex(f.index)
		prop := s.of(fv, f.rules)
		if text := strings.TrimSpace(f.text() + " " + s.written(prop)); text != "" {
			prop["description"] = text
		}
		if values := s.offers[f.rules.offer]; len(values) > 0 {
			s.offer(prop, f.rules.offer, values)
		}
		if def, ok := defaultOf(fv); ok && !f.required {
			prop["default"] = def
		}
		props[f.key] = prop
		if f.required {
			required = append(required, f.key)
		}
	}
	return required
}

// variant adds one conditional schema per kind. Each lists all the keys of its
// kind, the common ones without repeating their schema, so that unknown keys
// are refused also by editors that know only older drafts.
func (s *schemer) variant(p *plan, out, props map[string]any, required []string) []string {
	key := p.variant.key
	kinds := variantNames(s.variants, *p.variant)
	text := p.byKey[key].text()
	props[key] = map[string]any{"enum": kinds, "description": text}
	var conditions []any
	for _, k := range kinds {
		spec := reflect.ValueOf(s.variants[p.variant.name(k)]()).Elem()
		own := map[string]any{}
		need := s.fields(newPlan(spec.Type()), spec, own)
		for common := range props {
			own[common] = true
		}
		then := map[string]any{"properties": own, "additionalProperties": false}
		if len(need) > 0 {
			then["required"] = need
		}
		conditions = append(conditions, map[string]any{
			"if": map[string]any{
				"properties": map[string]any{key: map[string]any{"const": k, "description": text}},
				"required":   []string{key},
			},
			"then": then,
		})
	}
	if conditions != nil {
		out["allOf"] = conditions
	}
	if slices.Contains(required, key) {
		return required
	}
	return append(required, key)
}

// scalar describes a Scalar's texts; a type that does not describe itself may
// accept any text or number.
func (s *schemer) scalar(t reflect.Type, r rules) map[string]any {
	says := ""
	ref := s.define(t, "", func() map[string]any {
		out := map[string]any{"type": []string{"string", "number"}}
		if x, ok := reflect.New(t).Interface().(interface{ JSONSchema() map[string]any }); ok {
			out = x.JSONSchema()
		}
		says, _ = out["description"].(string)
		delete(out, "description")
		explainPatterns(out, says)
		return out
	})
	if says != "" {
		s.says[ref["$ref"].(string)] = says
	}
	return r.limit(ref)
}

// written says how the scalar is written that a schema refers to. An editor shows the
// descriptions of a reference's target instead of the key's, so that targets have none
// and keys say both.
func (s *schemer) written(prop map[string]any) string {
	if ref, ok := prop["$ref"].(string); ok {
		if says := s.says[ref]; says != "" {
			return says
		}
		def, _ := s.defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		if _, keys := def["properties"]; keys {
			return ""
		}
		return s.written(def)
	}
	for _, one := range anyOf(prop) {
		if m, ok := one.(map[string]any); ok {
			if says := s.written(m); says != "" {
				return says
			}
		}
	}
	return ""
}

func anyOf(schema map[string]any) []any {
	list, _ := schema["anyOf"].([]any)
	return list
}

// explainPatterns lets editors show a sentence, not a regular expression: the keyword is
// one of the language servers for YAML and JSON, which JSON Schema ignores.
func explainPatterns(schema map[string]any, says string) {
	if _, ok := schema["pattern"]; ok && says != "" {
		schema[patternMessage] = says
	}
	for _, one := range anyOf(schema) {
		if m, ok := one.(map[string]any); ok {
			explainPatterns(m, says)
		}
	}
}

const patternMessage = "patternErrorMessage"

// offer adds values that an editor proposes; others are allowed. A list is long and
// offered at many keys, so it is written once.
func (s *schemer) offer(prop map[string]any, list string, values []string) {
	if items, ok := prop["items"].(map[string]any); ok {
		prop = items
	}
	name := "offer_" + list
	s.defs[name] = map[string]any{"examples": values}
	prop["allOf"] = []any{map[string]any{"$ref": "#/$defs/" + name}}
}

// plain describes Go's own leaf types.
func plain(v reflect.Value, r rules) map[string]any {
	switch {
	case v.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case v.CanInt():
		return r.limit(map[string]any{"type": "integer"})
	case v.CanFloat():
		return r.limit(map[string]any{"type": "number"})
	case v.Kind() != reflect.String:
		panic(fmt.Sprintf("strict: no schema for %v", v.Type()))
	}
	// Texts are taken as they stand, so 720 and true are texts too where the
	// rules let them.
	types := []string{"string"}
	if r.accepts("720") {
		types = append(types, "number")
	}
	if r.accepts("true") {
		types = append(types, "boolean")
	}
	out := map[string]any{"type": "string"}
	if len(types) > 1 {
		out["type"] = types
	}
	return r.limit(out)
}

// accepts tells whether a text fulfils the rules on texts.
func (r rules) accepts(text string) bool {
	if r.enum != nil {
		return slices.Contains(r.enum, text)
	}
	return r.pattern == nil || r.pattern.matches(text)
}

// limit adds the rules to a leaf's schema.
func (r rules) limit(out map[string]any) map[string]any {
	if r.enum != nil {
		out["enum"] = r.enum
	} else if r.pattern != nil {
		out["pattern"], out[patternMessage] = r.pattern.text, "Write "+r.pattern.says+"."
	}
	for key, bound := range map[string]*float64{
		"minimum": r.min, "maximum": r.max, "exclusiveMinimum": r.above, "exclusiveMaximum": r.below,
	} {
		if bound != nil {
			out[key] = *bound
		}
	}
	if r.whole {
		out["multipleOf"] = 1
	}
	return out
}

// limitLength adds bounds on a length; lengths are whole, so that exclusive
// bounds become inclusive ones.
func (r rules) limitLength(out map[string]any, least, most string) {
	switch {
	case r.min != nil:
		out[least] = *r.min
	case r.above != nil:
		out[least] = *r.above + 1
	}
	switch {
	case r.max != nil:
		out[most] = *r.max
	case r.below != nil:
		out[most] = *r.below - 1
	}
}
