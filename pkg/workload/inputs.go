package workload

import (
	"fmt"
	"reflect"
	"strings"

	"headroom/pkg/diag"
)

// Input is one number of a profile with its provenance: given by the file, or
// a documented default.
type Input struct {
	Path    string // peak.users, components.web.cpu
	Value   string
	Set     bool // given by the file
	Source  string
	Assumed string
	Pos     diag.Pos

	v reflect.Value // the float behind it; invalid for what is not a number
}

// Numeric tells whether the input is a number that Scale can change.
func (in *Input) Numeric() bool { return in.v.IsValid() }

// Scale multiplies the input in place and returns the way back. It must not
// run while the profile is used elsewhere.
func (in *Input) Scale(k float64) (undo func()) {
	old := in.v.Float()
	in.v.SetFloat(old * k)
	return func() { in.v.SetFloat(old) }
}

// Inputs lists every value of the profile that has a provenance, in the order
// of the format's fields and the file's components.
func (p *Profile) Inputs() []Input {
	var out []Input
	collect(reflect.ValueOf(p).Elem(), "", &out)
	return out
}

const strictPath = "headroom/pkg/strict"

func collect(v reflect.Value, path string, out *[]Input) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			collect(v.Elem(), path, out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			item := v.Index(i)
			if isStrict(item.Type(), "Entry[") {
				collect(item.FieldByName("V"), join(path, item.FieldByName("Key").String()), out)
			} else if item.Kind() == reflect.Struct {
				collect(item, join(path, fmt.Sprint(i)), out)
			}
		}
	case reflect.Struct:
		if isStrict(v.Type(), "Value[") {
			*out = append(*out, input(v, path))
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			tag := f.Tag.Get("yaml")
			name, _, _ := strings.Cut(tag, ",")
			if name == "-" || f.Type.PkgPath() == strictPath && f.Name == "At" {
				continue
			}
			collect(v.Field(i), join(path, name), out)
		}
	}
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

func input(v reflect.Value, path string) Input {
	in := Input{Path: path, Set: v.FieldByName("Set").Bool(), Source: v.FieldByName("Source").String(),
		Assumed: v.FieldByName("Assumed").String(), Pos: v.FieldByName("Pos").Interface().(diag.Pos)}
	x := v.FieldByName("V")
	in.Value = fmt.Sprint(x.Interface())
	if x.Kind() == reflect.Float64 {
		in.v = x
	}
	return in
}
