package strict

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// field is a struct field with what its tags say.
type field struct {
	key      string
	index    []int
	in       reflect.Type // the struct that declares it
	required bool
	rules
}

// rules are the constraints on a leaf, an item or a key.
type rules struct {
	enum                   []string
	pattern                *pattern
	offer                  string // the list that editors complete from
	min, max, above, below *float64
	whole                  bool // no fraction
}

// pattern is a regular expression that is compiled when a text is first held
// against it: most keys of a format are in no one file.
type pattern struct {
	text string
	says string // in words
	once sync.Once
	re   *regexp.Regexp
}

func (p *pattern) matches(text string) bool {
	p.once.Do(func() { p.re = regexp.MustCompile(p.text) })
	return p.re.MatchString(text)
}

func (r rules) none() bool {
	return r.enum == nil && r.pattern == nil && r.min == nil && r.max == nil && r.above == nil && r.below == nil &&
		!r.whole
}

// variant is an any field whose struct depends on the value of a key.
type variant struct {
	index []int
	key   string
	group string
}

// name is what Options.Variants is asked for.
func (v variant) name(value string) string {
	if v.group == "" {
		return value
	}
	return v.group + ":" + value
}

// plan is how a struct is read. Fields of inlined structs are among fields.
type plan struct {
	fields  []*field
	byKey   map[string]*field
	at      [][]int
	inlined [][]int
	variant *variant
}

func (p *plan) keys() []string {
	keys := make([]string, len(p.fields))
	for i, f := range p.fields {
		keys[i] = f.key
	}
	return keys
}

// formats are the patterns that many keys have, or that are too long for a tag, by
// the name that the tag format gives.
func formats() map[string]*pattern {
	return map[string]*pattern{
		"name":        {text: "^[a-z][a-z0-9_-]{0,62}$", says: "lower-case letters, digits, - and _, a letter first"},
		"dashed name": {text: "^[a-z][a-z0-9-]{0,62}$", says: "lower-case letters, digits and -, a letter first"},
		"slug":        {text: "^[a-z0-9][a-z0-9-]{0,62}$", says: "lower-case letters, digits and -"},
		"day":         {text: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", says: "a day such as 2026-12-31"},
		"region": {text: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
			says: "a region such as us-east-1, or the name of a site"},
	}
}

var atType = reflect.TypeFor[At]()

// newPlan reads a struct's tags. A struct that cannot be planned is a mistake
// in this program, never in its input, and panics.
func newPlan(t reflect.Type) *plan {
	p := &plan{byKey: map[string]*field{}}
	p.add(t, nil)
	if v := p.variant; v != nil && p.byKey[v.key] == nil {
		panic(fmt.Sprintf("strict: %v: the variant's key %q is no field", t, v.key))
	}
	return p
}

func (p *plan) add(t reflect.Type, base []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(append([]int(nil), base...), i)
		tag, tagged := sf.Tag.Lookup("yaml")
		name, opts, _ := strings.Cut(tag, ",")
		if sf.Type == atType {
			p.at = append(p.at, index)
			continue
		}
		if !sf.IsExported() || name == "-" {
			continue
		}
		switch {
		case opts == "inline", sf.Anonymous && !tagged && sf.Type.Kind() == reflect.Struct:
			p.inlined = append(p.inlined, index)
			p.add(sf.Type, index)
			continue
		case strings.HasPrefix(opts, "variant="):
			key, group, _ := strings.Cut(strings.TrimPrefix(opts, "variant="), ",group=")
			if p.variant != nil {
				panic(fmt.Sprintf("strict: %v: more than one variant", t))
			}
			p.variant = &variant{index: index, key: key, group: group}
			continue
		case name == "" || opts != "":
			panic(fmt.Sprintf("strict: %v.%s: no key, or an unknown option, in yaml:%q", t, sf.Name, tag))
		case p.byKey[name] != nil:
			panic(fmt.Sprintf("strict: %v: two fields have the key %q", t, name))
		}
		f := &field{
			key: name, index: index, in: t,
			required: sf.Tag.Get("required") == "true",
			rules:    newRules(t, sf, name),
		}
		p.fields = append(p.fields, f)
		p.byKey[name] = f
	}
}

func newRules(t reflect.Type, sf reflect.StructField, key string) rules {
	var r rules
	if s := sf.Tag.Get("enum"); s != "" {
		r.enum = strings.Split(s, "|")
	} else if x, ok := nilOf(t).(Enumerated); ok {
		r.enum = x.KeyEnum(key)
	}
	if s := sf.Tag.Get("pattern"); s != "" {
		r.pattern = &pattern{text: s, says: cmp.Or(sf.Tag.Get("says"), "what matches "+s)}
	} else if s := sf.Tag.Get("format"); s != "" {
		if r.pattern = formats()[s]; r.pattern == nil {
			panic(fmt.Sprintf("strict: %v.%s: no format is called %q", t, sf.Name, s))
		}
	}
	r.offer, r.whole = sf.Tag.Get("offer"), sf.Tag.Get("whole") == "true"
	bound := func(name string) *float64 {
		s, ok := sf.Tag.Lookup(name)
		if !ok {
			return nil
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			panic(fmt.Sprintf("strict: %v.%s: %s:%q is not a number", t, sf.Name, name, s))
		}
		return &x
	}
	r.min, r.max, r.above, r.below = bound("min"), bound("max"), bound("above"), bound("below")
	return r
}

// length splits rules on a list or map: the bounds concern its length, the
// rest its items or keys.
func (r rules) length() (bounds, rest rules) {
	bounds = rules{min: r.min, max: r.max, above: r.above, below: r.below}
	return bounds, rules{enum: r.enum, pattern: r.pattern, offer: r.offer, whole: r.whole}
}
