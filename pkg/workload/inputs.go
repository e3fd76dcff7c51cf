package workload

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/unit"
)

// Input is one number of a profile with its provenance: given by the file, or
// a documented default.
type Input struct {
	Path    string // peak.users, components.web.cpu
	Value   string
	Unit    string // the base unit of its number: B, B/s, s, /s; "" for counts and parts of 1
	Set     bool   // given by the file
	Source  string
	Assumed string
	Pos     diag.Pos

	number   float64 // its value, in its base unit
	isNumber bool    // whether it has one
	numeric  bool    // whether it is a number that can be changed on its own
	most     float64 // the greatest value that it may have
}

// Numeric tells whether the input is a number that can be changed on its own.
// A share is not: the others of the whole would have to change with it.
func (in *Input) Numeric() bool { return in.numeric }

// Number is the input in its base unit (bytes, seconds, per second, parts of 1, US dollars);
// nil of what is no number.
func (in *Input) Number() *float64 {
	if !in.isNumber {
		return nil
	}
	x := in.number
	return &x
}

// Scaled is the input times a factor, but no more than the greatest value that
// it may have.
func (in *Input) Scaled(k float64) Override {
	return Override{Path: in.Path, Value: math.Min(in.number*k, math.Max(in.number, in.most))}
}

// Inputs lists every value of the profile that has a provenance, in the order
// of the format's fields and the file's components; but for those that only failures are
// about, on which nothing rests that is planned or billed.
func (p *Profile) Inputs() []Input {
	var out []Input
	collect(reflect.ValueOf(p).Elem(), "", math.Inf(1), &out)
	return out
}

const strictPath = "headroom/pkg/strict"

// collect goes through the fields; most is the greatest value that a number at
// hand may have.
func collect(v reflect.Value, path string, most float64, out *[]Input) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			collect(v.Elem(), path, most, out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if part, at, ok := item(v, i, path); ok {
				collect(part, at, most, out)
			}
		}
	case reflect.Struct:
		if isStrict(v.Type(), "Value[") {
			*out = append(*out, input(v, path, most))
			return
		}
		if isStrict(v.Type(), "OrNone[") && v.FieldByName("None").Bool() {
			return // what is switched off is no input
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if at, ok := field(f, path); ok {
				collect(v.Field(i), at, greatest(f.Tag), out)
			}
		}
	}
}

// field is the path of a struct's field; false for what is no part of the
// format, and for what no bill depends on.
func field(f reflect.StructField, path string) (at string, ok bool) {
	name, ok := fieldName(f)
	return join(path, name), ok
}

// fieldName is the last part of a field's path, "" where the path is that of its struct.
func fieldName(f reflect.StructField) (name string, ok bool) {
	name, _, _ = strings.Cut(f.Tag.Get("yaml"), ",")
	return name, f.IsExported() && name != "-" && f.Tag.Get("bill") != "none" &&
		!(f.Type.PkgPath() == strictPath && f.Name == "At")
}

// item is the value and the path of a list's item, by its key or else its index;
// false for an item that holds nothing with a path.
func item(list reflect.Value, i int, path string) (v reflect.Value, at string, ok bool) {
	v = list.Index(i)
	if isStrict(v.Type(), "Entry[") {
		return v.FieldByName("V"), join(path, v.FieldByName("Key").String()), true
	}
	return v, join(path, strconv.Itoa(i)), v.Kind() == reflect.Struct
}

// numeric tells whether a value with provenance is a number that can be changed
// on its own.
func numeric(v reflect.Value, path string) bool {
	return v.FieldByName("V").Kind() == reflect.Float64 && !strings.HasSuffix(path, ".share")
}

func isStrict(t reflect.Type, prefix string) bool {
	return t.PkgPath() == strictPath && strings.HasPrefix(t.Name(), prefix)
}

func join(path, name string) string {
	switch {
	case name == "":
		return path
	case path == "":
		return name
	}
	return path + "." + name
}

// greatest is the bound that a field's tag sets.
func greatest(tag reflect.StructTag) float64 {
	if text, ok := tag.Lookup("max"); ok { // most fields have none, and an error takes long to make
		if x, err := strconv.ParseFloat(text, 64); err == nil {
			return x
		}
	}
	return math.Inf(1)
}

// baseUnit is the unit in which a type of numbers counts.
func baseUnit(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[unit.Bytes](), reflect.TypeFor[unit.ReplicatedBytes]():
		return "B"
	case reflect.TypeFor[unit.ByteRate]():
		return "B/s"
	case reflect.TypeFor[unit.Duration]():
		return "s"
	case reflect.TypeFor[unit.EventRate]():
		return "/s"
	}
	return ""
}

func input(v reflect.Value, path string, most float64) Input {
	in := Input{Path: path, Set: v.FieldByName("Set").Bool(), Source: v.FieldByName("Source").String(),
		Assumed: v.FieldByName("Assumed").String(), Pos: v.FieldByName("Pos").Interface().(diag.Pos)}
	x := v.FieldByName("V")
	in.Unit = baseUnit(x.Type())
	in.Value = fmt.Sprint(x.Interface())
	if x.Kind() == reflect.Float64 && !math.IsInf(x.Float(), 0) {
		in.number, in.isNumber = x.Float(), true
	}
	if numeric(v, path) {
		in.number, in.numeric, in.most = x.Float(), true, most
	}
	return in
}
