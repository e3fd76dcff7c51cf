// Package remark holds what the program has to say as values. A Remark has a
// key, which names what is said, and the figures and names that it is about.
// Sentences are made of remarks in package words and nowhere else; JSON has the
// figures as fields. So nothing in the program ever reads a sentence back.
//
// Figures are in base units: bytes, seconds, per second, parts of 1. How they are
// printed is the report's matter.
//
// A Step is one line of a derivation: a formula with its figures, each with name and unit.
package remark

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"headroom/pkg/unit"
)

// Remark is one thing that is said. The zero Remark says nothing.
type Remark struct {
	Key  string // "log.partitions": what is said, for whom there are words in package words
	Args []Arg
}

// Arg is one figure or name of a remark. Value is a string, a float64, a bool, a
// []string, a []float64 or a []Remark: of Join and Listed, or what With was given.
type Arg struct {
	Name  string
	Value any
}

// New makes a remark of a key and of pairs of a name and a value: a text, a
// number of any kind, a bool, a list of texts or one of numbers, or a list of
// remarks that this one is made with, such as its reason. Anything else is a
// mistake of the program, and panics.
func New(key string, pairs ...any) Remark {
	r := Remark{Key: key}
	if len(pairs) == 0 {
		return r // most of a search's remarks: the compiler leaves no call of it
	}
	return r.With(pairs...)
}

// With is the remark with further values.
func (r Remark) With(pairs ...any) Remark {
	key := r.Key
	if len(pairs)%2 != 0 {
		panic("remark: " + key + ": a name without a value")
	}
	r.Args = append(make([]Arg, 0, len(r.Args)+len(pairs)/2), r.Args...)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			panic(fmt.Sprintf("remark: %s: %v is no name", key, pairs[i]))
		}
		r.Args = append(r.Args, Arg{name, plain(key, name, pairs[i+1])})
	}
	return r
}

// plain is a value as one of the types of Arg.Value. What is of one already stays
// the value that it is: a search makes thousands of remarks of such.
func plain(key, name string, v any) any {
	switch x := v.(type) {
	case string, float64, bool:
		return v
	case int:
		return float64(x)
	}
	switch x := reflect.ValueOf(v); x.Kind() {
	case reflect.String:
		return x.String()
	case reflect.Bool:
		return x.Bool()
	case reflect.Float64, reflect.Float32:
		return x.Float()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(x.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return float64(x.Uint())
	case reflect.Slice:
		switch list := v.(type) {
		case []string:
			return append([]string{}, list...)
		case []float64:
			return append([]float64{}, list...)
		case []Remark:
			return slices.Clone(list)
		}
	}
	panic(fmt.Sprintf("remark: %s: %s is a %T, which is no figure and no text", key, name, v))
}

// Verbatim is a text that is said as it is: a remark of the profile's author, or
// what a file of an older version of this program says.
func Verbatim(text string) Remark {
	if text == "" {
		return Remark{}
	}
	return New(verbatim, "text", text)
}

// Labelled is a text under a label, both said as they are.
func Labelled(label, text string) Remark { return New(verbatim, "label", label, "text", text) }

// Keys of this package's own.
const (
	verbatim = "verbatim"
	joined   = "joined"
	listed   = "listed"
)

// Verbatim is the text of a remark that is said as it is.
func (r Remark) Verbatim() (text string, ok bool) {
	if r.Key != verbatim {
		return "", false
	}
	return r.Text("text"), true
}

// Join is several remarks that are said one after the other; those that say
// nothing are left out.
func Join(list ...Remark) Remark { return several(joined, list) }

// Listed are several remarks that are parts of one: "two in a, three in b".
func Listed(list ...Remark) Remark { return several(listed, list) }

func several(key string, list []Remark) Remark {
	list = slices.DeleteFunc(slices.Clone(list), Remark.IsZero)
	switch len(list) {
	case 0:
		return Remark{}
	case 1:
		return list[0]
	}
	return Remark{Key: key, Args: []Arg{{"parts", list}}}
}

// Parts are the remarks of Join and Listed, and whether they are those of a list;
// nil of any other.
func (r Remark) Parts() (parts []Remark, list bool) {
	if r.Key != joined && r.Key != listed {
		return nil, false
	}
	return r.Remarks("parts"), r.Key == listed
}

// IsZero tells whether the remark says nothing.
func (r Remark) IsZero() bool { return r.Key == "" }

// Equal tells whether two remarks say the same: to the digits that a saved one has.
func (r Remark) Equal(o Remark) bool {
	return r.Key == o.Key && slices.EqualFunc(r.Args, o.Args, func(a, b Arg) bool {
		return a.Name == b.Name && sameValue(a.Value, b.Value)
	})
}

// sameValue tells whether two values are the same once they are saved.
func sameValue(a, b any) bool {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return ok && x == y
	case int:
		y, ok := b.(int)
		return ok && x == y
	}
	return reflect.DeepEqual(saved(a), saved(b))
}

// saved is a value with the digits that it has in a file.
func saved(v any) any {
	switch x := v.(type) {
	case float64:
		return unit.Significant(x)
	case []float64:
		rounded := make([]float64, len(x))
		for i := range x {
			rounded[i] = unit.Significant(x[i])
		}
		return rounded
	}
	return v
}

// Has tells whether the remark has a value of that name.
func (r Remark) Has(name string) bool { return r.find(name) != nil }

func (r Remark) find(name string) any {
	for _, a := range r.Args {
		if a.Name == name {
			return a.Value
		}
	}
	return nil
}

// Number is a figure; 0 where there is none of that name.
func (r Remark) Number(name string) float64 {
	x, _ := r.find(name).(float64)
	return x
}

// Int is a figure that counts something.
func (r Remark) Int(name string) int { return int(r.Number(name)) }

// Text is a name or another text; "" where there is none.
func (r Remark) Text(name string) string {
	s, _ := r.find(name).(string)
	return s
}

// Is is a yes or no; no where there is none.
func (r Remark) Is(name string) bool {
	b, _ := r.find(name).(bool)
	return b
}

// Numbers is a list of figures.
func (r Remark) Numbers(name string) []float64 {
	l, _ := r.find(name).([]float64)
	return l
}

// List is a list of names.
func (r Remark) List(name string) []string {
	l, _ := r.find(name).([]string)
	return l
}

// Remarks is a list of remarks.
func (r Remark) Remarks(name string) []Remark {
	l, _ := r.find(name).([]Remark)
	return l
}

// MarshalJSON writes an object: the key, then the values in their order. The
// zero remark is null.
func (r Remark) MarshalJSON() ([]byte, error) {
	if r.IsZero() {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	b.WriteByte('{')
	field := func(name string, v any) error {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		k, err := json.Marshal(name)
		if err != nil {
			return err
		}
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		b.Write(k)
		b.WriteByte(':')
		return e.Encode(saved(v))
	}
	if err := field("key", r.Key); err != nil {
		return nil, err
	}
	for _, a := range r.Args {
		if err := field(a.Name, a.Value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Remark) UnmarshalJSON(data []byte) error {
	*r = Remark{}
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("a remark is an object with a key")
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		v, err := valueOf(name, raw)
		if err != nil {
			return err
		}
		if seen[name] {
			return fmt.Errorf("%s is there twice", name)
		}
		seen[name] = true
		if name == "key" {
			r.Key, _ = v.(string)
			continue
		}
		r.Args = append(r.Args, Arg{name, v})
	}
	if r.Key == "" {
		return fmt.Errorf("a remark needs a key")
	}
	return nil
}

// valueOf is a value of Arg.Value's types.
func valueOf(name string, raw json.RawMessage) (any, error) {
	if raw[0] == '[' {
		return listOf(name, raw)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, err
	}
	switch v.(type) {
	case string, float64, bool:
		return v, nil
	}
	return nil, fmt.Errorf("%s is neither a figure nor a text", name)
}

// listOf is a list of texts, of figures or of remarks. An empty list is one of
// texts.
func listOf(name string, raw json.RawMessage) (any, error) {
	var list []any
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	texts, figures := []string{}, []float64{}
	for _, x := range list {
		switch x := x.(type) {
		case string:
			texts = append(texts, x)
		case float64:
			figures = append(figures, x)
		}
	}
	switch len(list) {
	case len(texts):
		return texts, nil
	case len(figures):
		return figures, nil
	}
	var remarks []Remark
	if json.Unmarshal(raw, &remarks) != nil || slices.ContainsFunc(remarks, Remark.IsZero) {
		return nil, fmt.Errorf("%s is a list neither of texts nor of figures nor of remarks", name)
	}
	return remarks, nil
}

// String is the remark in a form for messages to programmers: a text that is
// said as it is, with the region that it is about, else the key and the values.
func (r Remark) String() string {
	if r.IsZero() {
		return ""
	}
	text, ok := r.Verbatim()
	if !ok {
		j, err := r.MarshalJSON()
		if err != nil {
			return r.Key
		}
		var b bytes.Buffer
		if json.Compact(&b, j) != nil {
			return r.Key
		}
		return b.String()
	}
	if region := r.Text("region"); region != "" {
		return region + ": " + text
	}
	return text
}
