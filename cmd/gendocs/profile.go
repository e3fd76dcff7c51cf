package main

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// profilePage is the reference of the profile format, made from the structs
// that profiles are read into: the keys, what they hold, and the defaults with
// their source or the reason for which they are assumed.
func profilePage() []byte {
	r := &reference{title: map[reflect.Type]string{}}
	r.sections = append(r.sections, section{"The file", "", "", reflect.ValueOf(workload.Default()).Elem()})
	for _, k := range sizing.Kinds() {
		spec := k.Spec()
		r.sections = append(r.sections, section{kindTitle(k.Word()), "components.*",
			"Keys of `components.*` with `kind: " + k.Word() + "`, beside those of every component. " +
				"The load of a region is of scope `" + k.Traits(spec).Scope + "` unless `scope` says otherwise.",
			reflect.ValueOf(spec).Elem()})
	}
	var b bytes.Buffer
	b.WriteString(profileIntro)
	for len(r.sections) > 0 {
		s := r.sections[0]
		r.sections = r.sections[1:]
		fmt.Fprintf(&b, "\n## %s\n\n", s.title)
		if s.text != "" {
			b.WriteString(s.text + "\n\n")
		}
		r.table(&b, s)
	}
	return b.Bytes()
}

const profileIntro = `<!-- Made by cmd/gendocs from the structs that profiles are read into: make docs. -->

# Profile reference

Every key of a profile. [Profiles](profiles.md) explains the format with
examples; ` + "`headroom profiles schema`" + ` prints the same as a JSON Schema for editors.

Any value may be written with where it is from: ` + "`{value: 6ms, source: load test of May}`" + ` or
` + "`{value: 6ms, assumed: like the old service}`" + `. A default with a ° is assumed: engineering judgement,
which estimates count among the assumed defaults if their bill depends on it.

| Value | Looks like |
| --- | --- |
| size | ` + "`500B` `3KB` `20GB`" + ` (powers of 1000), ` + "`2KiB` `1.5GiB`" + ` (powers of 1024) |
| rate | ` + "`100/min` `2/s`" + ` |
| byte rate | ` + "`10MB/s` `1Gbit/s`" + ` |
| duration | ` + "`200ms` `30min` `7d`" + ` |
| fraction | ` + "`95%` `0.95`; above 1 with its sign: `250%`" + ` |
| count | ` + "`12` `2500`" + ` |
`

// section is a struct still to be written, with its defaults.
type section struct {
	title string
	path  string // of the mapping in the file
	text  string
	v     reflect.Value
}

type reference struct {
	sections []section
	title    map[reflect.Type]string // of the structs that have or will have a section
}

const head = "| Key | Value | Default | Meaning |\n| --- | --- | --- | --- |\n"

// table writes a row for each key. Structs within become the sections right
// after this one, once each.
func (r *reference) table(b *bytes.Buffer, s section) {
	var rows bytes.Buffer
	var below []section
	for _, key := range strict.Keys(s.v.Type()) {
		owner := s.v.FieldByIndex(key.Index)
		none := "" // the word that may stand instead
		if v, ok := orNone(owner); ok {
			owner, none = v, "`none` or "
		}
		kind, inner, suffix := holds(owner.Type())
		if inner != nil {
			title, ok := r.title[inner]
			if !ok {
				path := strings.TrimPrefix(s.path+"."+key.Name+suffix, ".")
				title = "`" + path + "`"
				r.title[inner] = title
				below = append(below, section{title, path, "", fresh(inner, owner)})
			}
			kind = strings.TrimPrefix(fmt.Sprintf("%s of [%s](#%s)", kind, inner.Name(), anchor(title)), " of ")
		}
		if key.Enum != nil {
			kind = strings.TrimPrefix(kind+": `"+strings.Join(key.Enum, "`, `")+"`", "text: ")
		}
		if key.Name == "kind" && key.Enum == nil {
			kind = kindLinks()
		}
		def, why := defaultText(owner)
		if key.Required {
			def = "required"
		}
		meaning := strings.TrimSpace(markdownText(key.Text) + " " + why)
		fmt.Fprintf(&rows, "| `%s` | %s | %s | %s |\n", key.Name, none+kind+bounds(key), def, meaning)
	}
	if rows.Len() == 0 {
		b.WriteString("No keys of its own.\n")
	} else {
		b.WriteString(head)
		rows.WriteTo(b)
	}
	r.sections = append(below, r.sections...)
}

func kindTitle(name string) string { return "Kind `" + name + "`" }

// kindLinks are the kinds with links to their sections.
func kindLinks() string {
	var out []string
	for _, k := range sizing.Kinds() {
		out = append(out, fmt.Sprintf("[`%s`](#%s)", k.Word(), anchor(kindTitle(k.Word()))))
	}
	return strings.Join(out, ", ")
}

// anchor is the name that GitHub gives to a heading.
func anchor(title string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ':
			return '-'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '_', c == '-':
			return c
		}
		return -1
	}, strings.ToLower(title))
}

// holds says in words what a key holds; inner is the struct within, and
// suffix what its keys' path gets: [] for lists, .* for free names.
func holds(t reflect.Type) (kind string, inner reflect.Type, suffix string) {
	if t.Kind() == reflect.Pointer {
		return holds(t.Elem())
	}
	if v, ok := valueType(t); ok {
		return holds(v)
	}
	if name, ok := leafNames()[t.Name()]; ok {
		return name, nil, ""
	}
	switch {
	case entryType(t) != nil:
		of, in, _ := holds(entryType(t))
		if in == nil {
			return "mapping of names to " + of, nil, ""
		}
		return "mapping", in, ".*"
	case t.Kind() == reflect.Slice:
		of, in, _ := holds(t.Elem())
		if in == nil {
			return "list of " + of, nil, ""
		}
		return "list", in, "[]"
	case t.Kind() == reflect.Struct:
		return "", t, ""
	}
	return "text", nil, ""
}

// leafNames are the words for the types of values.
func leafNames() map[string]string {
	return map[string]string{
		"Count": "count", "Fraction": "fraction", "Bytes": "size", "Duration": "duration", "EventRate": "rate",
		"ByteRate": "byte rate", "bool": "`true`, `false`", "string": "text", "TZ": "offset such as `-5h`",
		"DayHours": "hours such as `8-18`", "CountRange": "count or range such as `1..4`",
		"AmountRange": "amount or range", "Dollars": "amount",
		"GivenPrice": "price such as `0.0416`", "FanOut": "count or part such as `users*2%`",
	}
}

// valueType is T of a strict.Value[T].
func valueType(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	v, ok := t.FieldByName("V")
	_, set := t.FieldByName("Assumed")
	if !ok || !set {
		return nil, false
	}
	return v.Type, true
}

// orNone is the struct of a strict.OrNone.
func orNone(v reflect.Value) (reflect.Value, bool) {
	if v.Kind() != reflect.Struct || !v.FieldByName("None").IsValid() {
		return v, false
	}
	return v.FieldByName("V"), true
}

// entryType is T of a strict.Map[T], nil for anything else.
func entryType(t reflect.Type) reflect.Type {
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
		return nil
	}
	if _, ok := t.Elem().FieldByName("KeyPos"); !ok {
		return nil
	}
	v, _ := t.Elem().FieldByName("V")
	return v.Type
}

// fresh is the struct with its defaults: those that its owner holds, else its
// own.
func fresh(t reflect.Type, owner reflect.Value) reflect.Value {
	if owner.Type() == t {
		return owner
	}
	p := reflect.New(t)
	if d, ok := p.Interface().(strict.Defaulter); ok {
		d.Default()
	}
	return p.Elem()
}

// defaultText is a default as a file would state it, and why it is that.
func defaultText(v reflect.Value) (text, why string) {
	if v.Kind() == reflect.Struct {
		if _, ok := valueType(v.Type()); ok {
			source, assumed := v.FieldByName("Source").String(), v.FieldByName("Assumed").String()
			if source == "" && assumed == "" && v.FieldByName("V").IsZero() {
				return "", ""
			}
			text = fmt.Sprintf("`%v`", v.FieldByName("V").Interface())
			if assumed != "" {
				return text + "°", "Assumed: " + markdownText(assumed) + "."
			}
			if source != "" {
				why = "From: " + markdownText(source) + "."
			}
			return text, why
		}
	}
	switch {
	case v.Kind() == reflect.String && v.Len() > 0:
		return "`" + v.String() + "`", ""
	case v.Kind() == reflect.Slice && v.Len() > 0 && v.Type().Elem().Kind() == reflect.String:
		return "`[" + strings.Join(v.Interface().([]string), ", ") + "]`", ""
	}
	return "", ""
}

// bounds are the limits of a number.
func bounds(key strict.Key) string {
	switch {
	case key.Least != nil && key.Most != nil:
		return fmt.Sprintf(", %s to %s", unit.Plain(*key.Least), unit.Plain(*key.Most))
	case key.Least != nil:
		return ", at least " + unit.Plain(*key.Least)
	case key.Most != nil:
		return ", at most " + unit.Plain(*key.Most)
	}
	return ""
}
