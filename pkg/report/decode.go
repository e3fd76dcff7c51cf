package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"headroom/pkg/diag"
	"headroom/pkg/remark"
)

// maxProblems bounds how much is said about one file.
const maxProblems = 20

// jsonReader reads JSON into a Go value and keeps where every value stands, which
// encoding/json does not tell: unknown, missing and repeated keys, wrong types
// and null are problems. The recursion is as deep as the type, whatever the
// file contains.
type jsonReader struct {
	file     string
	src      []byte
	dec      *json.Decoder
	at       map[string]int // offset of the value at a path
	problems diag.Problems
	failed   bool // there are no further tokens
}

func newDecoder(file string, src []byte) *jsonReader {
	d := &jsonReader{file: file, src: src, dec: json.NewDecoder(bytes.NewReader(src)), at: map[string]int{}}
	d.dec.UseNumber()
	return d
}

// decode reads all of the source, which is valid JSON, into a pointer.
func (d *jsonReader) decode(into any) error {
	d.value(reflect.ValueOf(into).Elem(), "")
	return d.err()
}

// err is the problems found so far, with their source lines.
func (d *jsonReader) err() error {
	d.problems.Quote(d.file, d.src)
	return d.problems.Err()
}

// start is the offset at which the next token begins.
func (d *jsonReader) start() int {
	i := int(d.dec.InputOffset())
	for i < len(d.src) && strings.IndexByte(" \t\r\n:,", d.src[i]) >= 0 {
		i++
	}
	return i
}

// token reads the next token and gives its offset.
func (d *jsonReader) token() (json.Token, int) {
	at := d.start()
	t, err := d.dec.Token()
	if err != nil && !d.failed {
		d.failed = true
		d.addf(at, madeAgain, "this is not JSON: %s", err)
	}
	return t, at
}

// position is the line and column of an offset.
func (d *jsonReader) position(at int) diag.Pos {
	before := d.src[:min(at, len(d.src))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return diag.Pos{File: d.file, Line: line, Col: column}
}

func (d *jsonReader) addf(at int, hint, format string, args ...any) {
	if len(d.problems) < maxProblems {
		d.problems.Addf(d.position(at), hint, format, args...)
	}
}

// addAt reports a problem of the value at a path.
func (d *jsonReader) addAt(path, hint, format string, args ...any) {
	d.addf(d.at[path], hint, path+" "+format, args...)
}

func under(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func label(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// value reads the next value into v.
func (d *jsonReader) value(v reflect.Value, path string) {
	d.at[path] = d.start()
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if r, ok := v.Addr().Interface().(*remark.Remark); ok {
		d.remark(r, path)
		return
	}
	if u, ok := v.Addr().Interface().(json.Unmarshaler); ok {
		d.leaf(path, "a number", func(t json.Token) bool {
			n, ok := t.(json.Number)
			if !ok {
				return false
			}
			if err := u.UnmarshalJSON([]byte(n)); err != nil {
				d.addAt(path, "write a plain decimal number", "%s", err)
			}
			return true
		})
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.object(v, path)
	case reflect.Slice:
		d.list(v, path)
	case reflect.String:
		d.leaf(path, "a text in quotes", func(t json.Token) bool {
			s, ok := t.(string)
			v.SetString(s)
			return ok
		})
	case reflect.Bool:
		d.leaf(path, "true or false", func(t json.Token) bool {
			b, ok := t.(bool)
			v.SetBool(b)
			return ok
		})
	case reflect.Int, reflect.Int64:
		d.leaf(path, "a whole number", func(t json.Token) bool {
			n, _ := t.(json.Number)
			x, err := strconv.ParseInt(string(n), 10, v.Type().Bits())
			v.SetInt(x)
			return err == nil
		})
	case reflect.Float64:
		d.leaf(path, "a number", func(t json.Token) bool {
			n, _ := t.(json.Number)
			x, err := strconv.ParseFloat(string(n), 64)
			v.SetFloat(x)
			return err == nil
		})
	default:
		panic(fmt.Sprintf("report: %s: cannot read into %v", path, v.Type()))
	}
}

// remark reads a remark, whatever its values are called.
func (d *jsonReader) remark(r *remark.Remark, path string) {
	const hint = "write an object with a key, and with figures, texts and lists of them"
	var raw json.RawMessage
	switch err := d.dec.Decode(&raw); {
	case err != nil:
		d.failed = true
		d.addAt(path, madeAgain, "is not JSON: %s", err)
	case bytes.Equal(raw, []byte("null")):
		d.addAt(path, hint, "must be a remark, not null")
	default:
		if err := r.UnmarshalJSON(raw); err != nil {
			d.addAt(path, hint, "is no remark: %s", err)
		}
	}
}

// leaf reads a single value; take tells whether it has the type.
func (d *jsonReader) leaf(path, want string, take func(json.Token) bool) {
	t, at := d.token()
	if isDelim(t) {
		d.skipRest()
	} else if take(t) {
		return
	}
	d.addf(at, "write "+want, "%s must be %s, not %s", label(path), want, describe(t))
}

func describe(t json.Token) string {
	switch x := t.(type) {
	case nil:
		return "null"
	case json.Delim:
		if x == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return fmt.Sprintf("the text %.40q", x)
	}
	return fmt.Sprintf("%.40v", t)
}

// open reads the beginning of an object or list.
func (d *jsonReader) open(delim json.Delim, path, want string) bool {
	t, at := d.token()
	if t == delim {
		return true
	}
	if isDelim(t) {
		d.skipRest()
	}
	d.addf(at, "write "+want, "%s must be %s, not %s", label(path), want, describe(t))
	return false
}

func (d *jsonReader) list(v reflect.Value, path string) {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	if !d.open('[', path, "a list in [ ]") {
		return
	}
	for i := 0; !d.failed && d.dec.More(); i++ {
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(item, under(path, strconv.Itoa(i)))
		v.Set(reflect.Append(v, item))
	}
	d.token()
}

func (d *jsonReader) object(v reflect.Value, path string) {
	begin := d.start()
	if !d.open('{', path, "an object in { }") {
		return
	}
	fields, known := map[string]reflect.Value{}, []string{}
	optional := map[string]bool{}
	for _, f := range jsonFields(v.Type()) {
		name, opt := jsonName(f)
		fields[name], optional[name] = v.FieldByIndex(f.Index), opt
		known = append(known, name)
	}
	seen := map[string]bool{}
	for !d.failed && d.dec.More() {
		t, at := d.token()
		key, _ := t.(string)
		field, ok := fields[key]
		switch {
		case !ok:
			hint := "remove it"
			if s := diag.Suggest(key, known); s != "" {
				hint = fmt.Sprintf("did you mean %q?", s)
			}
			d.addf(at, hint, "unknown key %.60q in %s", key, label(path))
			d.skip()
		case seen[key]:
			d.addf(at, "remove one of them", "key %q appears twice in %s", key, label(path))
			d.skip()
		case field.Kind() == reflect.Pointer && !optional[key] && d.null():
			d.token() // which says that it is not known
		default:
			d.value(field, under(path, key))
		}
		seen[key] = true
	}
	d.token()
	for _, name := range known {
		if !seen[name] && !optional[name] {
			d.addf(begin, madeAgain, "%s lacks the key %q", label(path), name)
		}
	}
}

// null tells whether the next value is null.
func (d *jsonReader) null() bool { return bytes.HasPrefix(d.src[d.start():], []byte("null")) }

func isDelim(t json.Token) bool { _, ok := t.(json.Delim); return ok }

// skip passes over a value.
func (d *jsonReader) skip() {
	if t, _ := d.token(); isDelim(t) {
		d.skipRest()
	}
}

// skipRest passes over the rest of an object or list that has begun.
func (d *jsonReader) skipRest() {
	for depth := 1; depth > 0 && !d.failed; {
		t, _ := d.token()
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}
