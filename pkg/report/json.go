package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"headroom/pkg/bill"
	"headroom/pkg/unit"
)

// estimatesSchema identifies the JSON of estimates.
const estimatesSchema = "headroom.estimates/v3"

// envelope holds one estimate or several.
type envelope struct {
	Schema    string          `json:"schema"`
	Estimates []bill.Estimate `json:"estimates"`
	Digest    string          `json:"digest,omitempty"` // over all else
}

// fileOf is a file of estimates: the same for one as for several, with the cost of each
// component.
func fileOf(estimates []bill.Estimate) envelope {
	out := envelope{Schema: estimatesSchema, Estimates: make([]bill.Estimate, len(estimates))}
	for i := range estimates {
		out.Estimates[i] = *bill.WithCosts(&estimates[i])
	}
	return out
}

// writeJSON writes the document's data, or else its sections, indented and
// with a final newline.
func writeJSON(b *bytes.Buffer, doc Document, _ Output) error {
	if doc.Data != nil {
		data, err := sealed(filled(doc.Data))
		if err != nil {
			return err
		}
		return encodeJSON(b, data)
	}
	return encodeJSON(b, plainDocument(doc))
}

// encodeJSON writes a value so that what is not printable is escaped, which says the
// same to whoever reads it back: the encoder leaves DEL, C1 and marks that turn the
// direction of writing as they are, and ##[ is a command to the runner of a CI system.
func encodeJSON(b *bytes.Buffer, v any) error {
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false) // the output is not a web page; "<" stays readable
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	for _, r := range strings.ReplaceAll(plain.String(), "##[", `##\u005b`) {
		if r == '\n' || r == ' ' || unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		for _, half := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(b, `\u%04x`, half)
		}
	}
	return nil
}

// filled is a copy in which no slice is nil, so that an empty list reads [] and never null,
// and floats are rounded as programs get them.
func filled(v any) any {
	if v == nil {
		return nil
	}
	return fill(reflect.ValueOf(v)).Interface()
}

func fill(v reflect.Value) reflect.Value {
	if _, own := v.Interface().(json.Marshaler); own {
		return v
	}
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Tag.Get("json") != "-" {
				out.Field(i).Set(fill(v.Field(i)))
			}
		}
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(fill(v.Index(i)))
		}
	case reflect.Float64:
		out.SetFloat(unit.Significant(v.Float()))
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		out.Set(reflect.MakeMap(v.Type()))
		for k, x := range v.Seq2() {
			out.SetMapIndex(k, fill(x))
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return v
		}
		if v.Kind() == reflect.Interface {
			return fill(v.Elem())
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(fill(v.Elem()))
		out.Set(p)
	default:
		return v
	}
	return out
}

// plainSection is a section in JSON: the rows of a grid are objects.
type plainSection struct {
	Name  string      `json:"name"`
	Title string      `json:"title"`
	Lead  []string    `json:"lead"`
	Grids []plainGrid `json:"grids"`
	Facts []Fact      `json:"facts"`
	Notes []string    `json:"notes"`
}

type plainGrid struct {
	Title string    `json:"title"`
	Rows  []jsonRow `json:"rows"`
}

func plainDocument(doc Document) any {
	out := struct {
		Title    string         `json:"title"`
		Sections []plainSection `json:"sections"`
	}{doc.Title, []plainSection{}}
	for _, s := range doc.Sections {
		p := plainSection{s.Name, s.Title, s.Lead, nil, s.Facts, s.Notes}
		for _, g := range s.Grids {
			pg := plainGrid{Title: g.Title}
			for _, r := range g.Rows {
				pg.Rows = append(pg.Rows, jsonRow{g.Columns, r})
			}
			p.Grids = append(p.Grids, pg)
		}
		out.Sections = append(out.Sections, p)
	}
	return filled(out)
}

// jsonRow is a row as a JSON object, with the keys in the order of the columns.
type jsonRow struct {
	columns []Column
	row     Row
}

// MarshalJSON writes {"row": role, key: value, …}.
func (r jsonRow) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"row":"` + [...]string{Body: "body", Subtotal: "subtotal", Total: "total"}[r.row.Role] + `"`)
	for i, c := range r.row.Cells {
		key, err := json.Marshal(r.columns[i].Key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(filled(c.Value))
		if err != nil {
			return nil, err
		}
		b.WriteString("," + string(key) + ":" + string(value))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// jsonName is the name of a field in JSON, and whether it may be absent; ""
// for a field that JSON does not have.
func jsonName(f reflect.StructField) (name string, optional bool) {
	name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" || !f.IsExported() {
		return "", false
	}
	if name == "" {
		name = f.Name
	}
	return name, opts == "omitempty" || opts == "omitzero"
}

// jsonFields are the fields that JSON has of a struct, those of what it embeds among them.
func jsonFields(typ reflect.Type) []reflect.StructField {
	var out []reflect.StructField
	for i := range typ.NumField() {
		f := typ.Field(i)
		if f.Anonymous && f.Tag.Get("json") == "" && f.Type.Kind() == reflect.Struct {
			for _, inner := range jsonFields(f.Type) {
				inner.Index = append(slices.Clone(f.Index), inner.Index...)
				out = append(out, inner)
			}
		} else if name, _ := jsonName(f); name != "" {
			out = append(out, f)
		}
	}
	return out
}
