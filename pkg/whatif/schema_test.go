package whatif_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// schemaKeys are all keys that a profile may have, as schemaKey writes them: with kinds
// instead of components and * for other names.
func schemaKeys() []string { return walkKeys().keys }

// unbilledKeys are those of them on which no bill depends, by their tag; sorted.
func unbilledKeys() []string { return slices.Sorted(slices.Values(walkKeys().unbilled)) }

func walkKeys() *keyWalk {
	var w keyWalk
	w.walk("", reflect.TypeOf(workload.Profile{}), false)
	for _, k := range sizing.Kinds() {
		w.walk("components."+k.Word(), reflect.TypeOf(k.Spec()), false)
	}
	return &w
}

type keyWalk struct {
	keys, unbilled []string
	open           []reflect.Type // structs around: slo has degraded:, which is an slo
}

func (w *keyWalk) walk(path string, t reflect.Type, unbilled bool) {
	inner, suffix := within(t)
	if path += suffix; inner == nil {
		w.keys = append(w.keys, path)
		if unbilled {
			w.unbilled = append(w.unbilled, path)
		}
		return
	}
	if slices.Contains(w.open, inner) {
		return
	}
	w.open = append(w.open, inner)
	defer func() { w.open = w.open[:len(w.open)-1] }()
	for _, f := range reflect.VisibleFields(inner) {
		key, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "" || key == "-" || opts != "" || !f.IsExported() {
			continue
		}
		w.walk(strings.TrimPrefix(path+"."+key, "."), f.Type, f.Tag.Get("bill") == "none")
	}
}

// within is the struct whose keys a key holds, and what stands between in a path; nil
// for a value.
func within(t reflect.Type) (inner reflect.Type, suffix string) {
	switch {
	case t.Kind() == reflect.Pointer:
		return within(t.Elem())
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		if v, ok := t.Elem().FieldByName("V"); ok { // an entry of a mapping
			if inner, suffix = within(v.Type); inner == nil {
				return nil, ".*"
			}
			return inner, ".*" + suffix
		}
		inner, suffix = within(t.Elem())
		return inner, ".*" + suffix
	case t.Kind() != reflect.Struct:
		return nil, ""
	}
	if _, ok := t.FieldByName("Assumed"); ok { // a strict.Value
		return nil, ""
	}
	if _, ok := t.FieldByName("None"); ok { // a strict.OrNone
		v, _ := t.FieldByName("V")
		return within(v.Type)
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.Tag.Get("yaml") != "" && f.Tag.Get("yaml") != "-" {
			return t, ""
		}
	}
	return nil, "" // a value that is written as text
}

// schemaKey is a path with kinds instead of components and * for all other names.
func schemaKey(path string, kinds map[string]string) string {
	parts := strings.Split(path, ".")
	named := []string{"regions", "classes", "environments", "adjustments", "calls", "phases", "events", "rates",
		"topics", "cpu_by_class", "partitions", "share", "machines", "groups", "agents", "members", "copies",
		"scenarios", "pros", "cons"}
	for i := range parts[:len(parts)-1] {
		switch {
		case parts[i] == "components" && i == 0:
			if parts[1] = kinds[parts[1]]; ofAllKinds(parts[2]) {
				parts[1] = "*"
			}
		case slices.Contains(named, parts[i]):
			parts[i+1] = "*"
		}
	}
	return regexp.MustCompile(`\.\d+$`).ReplaceAllString(strings.Join(parts, "."), "")
}

// ofAllKinds tells whether components of every kind have the key.
func ofAllKinds(key string) bool {
	for _, f := range reflect.VisibleFields(reflect.TypeOf(workload.Component{})) {
		if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); name == key {
			return true
		}
	}
	return false
}
