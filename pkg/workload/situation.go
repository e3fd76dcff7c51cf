package workload

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"headroom/pkg/diag"
)

// Situation is what a question is about: the same system in another month, in
// an environment, with a region lost, or with other numbers. The zero value is
// the system as its profile states it.
type Situation struct {
	// Month is how many months from the start it is. Demand has grown until then.
	Month int
	// Week is the week, counted from the start, which begins in that month; nil for the
	// whole month, of which all phases count that begin in it.
	Week *int
	// Surge multiplies the demand, as an event does for a while: nothing is stored more by
	// it, and what lies ahead stays as it is. 0 is none.
	Surge float64
	// Environment is a copy of the system that stands beside production; ""
	// and Production are the system itself.
	Environment string
	// Lost is a region that is gone in all hours. Its users are where the
	// profile's failover takes them; no further region is lost.
	Lost string
	// Inputs are numbers that take the place of the environment's.
	Inputs []Override
}

// Override gives one number another value, in its base unit: seconds, bytes, a
// part of 1.
type Override struct {
	Path  string // as Inputs names it: peak.users, components.web.cpu
	Value float64
}

// In is what users ask of the system in a situation. The profile is not
// written: where the situation has other values, the demand carries a copy with
// these, which shares with the profile all that is the same.
func (p *Profile) In(s Situation) (*Demand, error) { return p.Stage(s).in(s, nil) }

// In is what users ask of the demand's profile in another situation. Where they are spread
// alike over regions and hours it takes that over.
func (d *Demand) In(s Situation) (*Demand, error) { return d.Profile.in(s, d) }

func (p *Profile) in(s Situation, like *Demand) (*Demand, error) {
	q, err := p.Environment(s.Environment)
	if err != nil {
		return nil, err
	}
	for _, o := range s.Inputs {
		if q, err = q.override(o); err != nil {
			return nil, err
		}
	}
	lost := noRegion
	if s.Lost != "" {
		if lost = slices.Index(q.RegionNames(), s.Lost); lost < 0 {
			return nil, diag.Problem{Pos: diag.Pos{File: q.File}, Hint: hintNearest(s.Lost, q.RegionNames()),
				Summary: fmt.Sprintf("region %q cannot be lost: the profile %s does not have it", s.Lost, q.Name)}
		}
	}
	d := q.demand(s, lost, like)
	d.Situation = Situation{Month: s.Month, Week: s.Week, Surge: s.Surge, Lost: s.Lost}
	return d, nil
}

// Demand is what users ask of the system as the profile states it, in the month
// at hand.
func (p *Profile) Demand() *Demand { return p.demand(Situation{}, noRegion, nil) }

// override is a copy of the profile with another number.
func (p *Profile) override(o Override) (*Profile, error) {
	if math.IsNaN(o.Value) || math.IsInf(o.Value, 0) {
		return nil, fmt.Errorf("%s cannot be %v", o.Path, o.Value)
	}
	changed, ok := withNumber(reflect.ValueOf(p), "", &o)
	if !ok {
		return nil, fmt.Errorf("%s is no number of the profile %s that can be changed on its own", o.Path, p.Name)
	}
	return changed.Interface().(*Profile), nil
}

// leads tells whether a path is that of the number or one on the way to it.
func (o *Override) leads(path string) bool {
	rest, ok := strings.CutPrefix(o.Path, path)
	return ok && (path == "" || rest == "" || rest[0] == '.')
}

// withNumber is v, which stands at a path, with the number of an override in
// it; false where v does not have that number. Only what lies on the way to the
// number is copied; v stays as it is.
func withNumber(v reflect.Value, path string, o *Override) (reflect.Value, bool) {
	if !o.leads(path) {
		return v, false
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v, false
		}
		inner, ok := withNumber(v.Elem(), path, o)
		if !ok {
			return v, false
		}
		if inner.Kind() == reflect.Struct { // a copy already, see withNumberInStruct
			return inner.Addr(), true
		}
		fresh := reflect.New(v.Type().Elem())
		fresh.Elem().Set(inner)
		return fresh, true
	case reflect.Interface:
		if v.IsNil() {
			return v, false
		}
		return withNumber(v.Elem(), path, o)
	case reflect.Slice:
		return withNumberInList(v, path, o)
	case reflect.Struct:
		return withNumberInStruct(v, path, o)
	}
	return v, false
}

func withNumberInList(v reflect.Value, path string, o *Override) (reflect.Value, bool) {
	for i := range v.Len() {
		part, at, ok := item(v, i, path)
		if !ok {
			continue
		}
		inner, ok := withNumber(part, at, o)
		if !ok {
			continue
		}
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		into, _, _ := item(fresh, i, path)
		into.Set(inner)
		return fresh, true
	}
	return v, false
}

func withNumberInStruct(v reflect.Value, path string, o *Override) (reflect.Value, bool) {
	if isStrict(v.Type(), "Value[") {
		if path != o.Path || !numeric(v, path) {
			return v, false
		}
		fresh := reflect.New(v.Type()).Elem()
		fresh.Set(v)
		fresh.FieldByName("V").SetFloat(o.Value)
		return fresh, true
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(o.Path, path), ".")
	for i := range v.NumField() {
		name, ok := fieldName(v.Type().Field(i))
		if !ok || !strings.HasPrefix(rest, name) {
			continue // for less than its whole path
		}
		at := join(path, name)
		inner, ok := withNumber(v.Field(i), at, o)
		if !ok {
			continue
		}
		fresh := reflect.New(v.Type()).Elem()
		fresh.Set(v)
		fresh.Field(i).Set(inner)
		return fresh, true
	}
	return v, false
}
