package workload

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
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

	v   reflect.Value // the float behind it; invalid for what is not a number
	max float64       // the greatest value that it may have
}

// Numeric tells whether the input is a number that Scale can change on its own.
// A share is not: the others of the whole would have to change with it.
func (in *Input) Numeric() bool { return in.v.IsValid() }

// Scale multiplies the input in place, up to the greatest value that it may
// have, and returns the way back. It must not run while the profile is used
// elsewhere.
func (in *Input) Scale(k float64) (undo func()) {
	old := in.v.Float()
	in.v.SetFloat(math.Min(old*k, math.Max(old, in.max)))
	return func() { in.v.SetFloat(old) }
}

// Inputs lists every value of the profile that has a provenance, in the order
// of the format's fields and the file's components.
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
			item := v.Index(i)
			if isStrict(item.Type(), "Entry[") {
				collect(item.FieldByName("V"), join(path, item.FieldByName("Key").String()), most, out)
			} else if item.Kind() == reflect.Struct {
				collect(item, join(path, fmt.Sprint(i)), most, out)
			}
		}
	case reflect.Struct:
		if isStrict(v.Type(), "Value[") {
			*out = append(*out, input(v, path, most))
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
			collect(v.Field(i), join(path, name), greatest(f.Tag), out)
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

// greatest is the bound that a field's tag sets.
func greatest(tag reflect.StructTag) float64 {
	if x, err := strconv.ParseFloat(tag.Get("max"), 64); err == nil {
		return x
	}
	return math.Inf(1)
}

func input(v reflect.Value, path string, most float64) Input {
	in := Input{Path: path, Set: v.FieldByName("Set").Bool(), Source: v.FieldByName("Source").String(),
		Assumed: v.FieldByName("Assumed").String(), Pos: v.FieldByName("Pos").Interface().(diag.Pos)}
	x := v.FieldByName("V")
	in.Value = fmt.Sprint(x.Interface())
	if x.Kind() == reflect.Float64 && !strings.HasSuffix(path, ".share") {
		in.v, in.max = x, most
	}
	return in
}
