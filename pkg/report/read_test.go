package report

import (
	"encoding/json"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
)

func TestReadRefuses(t *testing.T) {
	good := render(t, "json", []bill.Estimate{referenceMedium()}, Output{})
	edit := func(was, is string) string {
		require.Contains(t, good, was)
		return strings.Replace(good, was, is, 1)
	}
	for _, c := range []struct {
		name, src, at, want string
	}{
		{"empty", " \n", "1:1", "the file is empty"},
		{"binary", "\x00\x01\x02", "1:1", "the file contains a NUL byte"},
		{"a list", "[]", "1:1", "has no schema"},
		{"null", "null", "1:1", "has no schema"},
		{"no schema", "{}", "1:1", "has no schema"},
		{"newer", edit("headroom.estimates/v3", "headroom.estimates/v4"), "2:13",
			`the schema "headroom.estimates/v4" is not known`},
		{"estimate of another version", edit("headroom.estimate/v3", "headroom.estimate/v2"), "5:17",
			`estimates.0.schema is "headroom.estimate/v2", not "headroom.estimate/v3"`},
		{"cost edited", edit(`"share": 0.0133`, `"share": 0.0134`), "",
			"estimates.0.components.0.cost is not what the lines come to"},
		{"truncated", good[:strings.LastIndex(good[:len(good)/2], "\n")], "", "ends in the middle"},
		{"two documents", good + "{}", "", "this is not JSON"},
		{"unknown key", edit(`"seed": 0`, `"sead": 0`), "26:7", `unknown key "sead" in estimates.0`},
		{"missing key", edit("      \"seed\": 0,\n", ""), "4:5", `estimates.0 lacks the key "seed"`},
		{"key twice", edit(`"seed": 0,`, `"seed": 0, "seed": 1,`), "26:18", `key "seed" appears twice`},
		{"null value", edit(`"seed": 0`, `"seed": null`), "26:15", "estimates.0.seed must be a whole number, not null"},
		{"wrong type", edit(`"mirrored": true`, `"mirrored": "yes"`), "", "estimates.0.mirrored must be true or false"},
		{"object for a list", edit(`"sources": [`, `"sources": {"a": [{}]}, "x": [`), "17:20",
			"estimates.0.prices.sources must be a list in [ ], not an object"},
		{"price as text", edit(`"unit_price": 18.72`, `"unit_price": "18.72"`), "",
			"estimates.0.lines.0.unit_price must be a number"},
		{"exponent", edit(`"unit_price": 18.72`, `"unit_price": 1e9`), "", "is not a plain decimal number"},
		{"region renamed", edit(`"region": "us-east-1",
          "cost"`, `"region": "us-east-9",
          "cost"`), "", "estimates.0.region_totals must be one of each of the regions"},
		{"line elsewhere", edit(`"region": "us-east-1",
          "component"`, `"region": "us-east-9",
          "component"`), "", "estimates.0.lines.0.region is \"us-east-9\", which has no region total"},
		{"unit misspelt", edit(`"unit": "node-month"`, `"unit": "node-mnth"`), "",
			"estimates.0.lines.0.unit is \"node-mnth\""},
		{"unit that commands", edit(`"unit": "node-month"`, `"unit": "::error::x"`), "", "lines.0.unit is "},
		{"headline", edit(`"headline": "maximum"`, `"headline": "best"`), "", "estimates.0.headline is \"best\""},
		{"line edited", edit(`"expected": 56.16`, `"expected": 55.16`), "",
			"estimates.0.lines.0.cost.expected is 55.16, but quantity × unit_price is 56.16"},
		{"total edited", edit(`"expected": 8388.00`, `"expected": 8386.00`), "",
			"estimates.0.total.expected is 8386.00, but the regions add up to 8388.00"},
		{"region edited", edit(`"min": 3619.44`, `"min": 3618.44`), "",
			"estimates.0.region_totals.0.cost.min is 3618.44, but the lines of us-east-1 add up to 3619.44"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadEstimates("saved.json", []byte(c.src))
			require.ErrorContains(t, err, c.want)
			var ps diag.Problems
			require.ErrorAs(t, err, &ps)
			require.NotEmpty(t, ps[0].Hint)
			require.Positive(t, ps[0].Pos.Line)
			if c.at != "" {
				require.Contains(t, err.Error(), "saved.json:"+c.at+": ")
			}
		})
	}
}

func TestReadReportsSeveralProblems(t *testing.T) {
	src := render(t, "json", []bill.Estimate{referenceSmall(), referenceMedium()}, Output{})
	src = strings.Replace(src, `"seed": 0`, `"sed": 0`, 2)
	_, err := ReadEstimates("saved.json", []byte(src))
	var ps diag.Problems
	require.ErrorAs(t, err, &ps)
	require.Len(t, ps, 4, "unknown and missing, in both")
	require.Contains(t, ps[1].Error()+ps[0].Error(), "estimates.0")
	require.Equal(t, `did you mean "seed"?`, ps[1].Hint)
	require.Contains(t, ps[1].Source, `"sed": 0`)
}

func FuzzReadEstimates(f *testing.F) {
	e := referenceMedium()
	f.Add([]byte(render(f, "json", []bill.Estimate{e}, Output{})))
	f.Add([]byte(`{"schema": "headroom.estimate/v1", "lines": [[[{}]], {"cost": {"min": 1}}]}`))
	f.Add([]byte(`{"schema": "headroom.estimates/v1", "estimates": [null, {}, 1]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		all, err := ReadEstimates("x.json", src)
		if err != nil {
			var ps diag.Problems
			require.ErrorAs(t, err, &ps)
			return
		}
		for _, format := range DocumentFormats().Names() {
			render(t, format, all, Output{})
		}
	})
}

// The schema is written by hand; every struct of an estimate must have exactly
// the properties of its object.
func TestSchemaHasTheFieldsOfTheStructs(t *testing.T) {
	requireFields(t, EstimateSchema(), "estimate", reflect.TypeFor[bill.Estimate]())
	requireFields(t, EstimateSchema(), "estimates", reflect.TypeFor[envelope]())
}

// requireFields wants a definition of a schema, and those that it refers to, to have
// exactly the properties of a struct.
func requireFields(t *testing.T, src []byte, name string, of reflect.Type) {
	t.Helper()
	var schema struct {
		Defs map[string]any `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(src, &schema))
	var compare func(path string, s map[string]any, typ reflect.Type)
	compare = func(path string, s map[string]any, typ reflect.Type) {
		if ref, ok := s["$ref"].(string); ok {
			s = schema.Defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		}
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		switch {
		case typ == reflect.TypeFor[remark.Remark]():
			require.Equal(t, []any{"key"}, s["required"], path)
		case reflect.PointerTo(typ).Implements(reflect.TypeFor[json.Unmarshaler]()):
			require.Equal(t, "number", s["type"], path)
		case typ.Kind() == reflect.Slice:
			require.Equal(t, "array", s["type"], path)
			compare(path+"[]", s["items"].(map[string]any), typ.Elem())
		case typ.Kind() == reflect.Struct:
			require.Equal(t, false, s["additionalProperties"], path)
			properties := s["properties"].(map[string]any)
			var names, required []string
			for _, f := range jsonFields(typ) {
				name, optional := jsonName(f)
				names = append(names, name)
				if !optional {
					required = append(required, name)
				}
				require.Contains(t, properties, name, path)
				compare(path+"."+name, properties[name].(map[string]any), f.Type)
			}
			require.Len(t, properties, len(names), "%s has properties that the struct does not have", path)
			var have []string
			for _, r := range s["required"].([]any) {
				have = append(have, r.(string))
			}
			sort.Strings(have)
			sort.Strings(required)
			require.Equal(t, required, have, path)
		}
	}
	compare(name, schema.Defs[name].(map[string]any), of)
}

// Files of versions that held no aims against a plan name them instead, and are read as they are.
func TestReadEstimatesFromBeforeAims(t *testing.T) {
	e := referenceMedium()
	e.Resilience, e.Profile.NotEvaluated = nil, []string{"aims.outage", "aims.survive"}
	saved := render(t, "json", []bill.Estimate{e}, Output{})
	require.Contains(t, saved, `"not_evaluated"`)
	all, err := ReadEstimates("x.json", []byte(saved))
	require.NoError(t, err)
	require.Equal(t, e.Profile.NotEvaluated, all[0].Profile.NotEvaluated)
	require.Nil(t, all[0].Resilience)
	require.Equal(t, saved, render(t, "json", all, Output{}))
}

// What a system withstands is read as it was written, what is not known of it too.
func TestReadWhatASystemWithstands(t *testing.T) {
	e := referenceMedium()
	got, users := 40.0, 2600.0
	e.Resilience = &resilience.Summary{Losses: []string{"zone", "split"},
		Aims: []resilience.Aim{{Key: "aims.outage", Verdict: resilience.NotEvaluated, Unit: "s", Want: 60,
			Worst: resilience.Worst{Got: &got, Least: true, Scenario: "node:db",
				Missing: []string{"recovery.on_call"}}},
			{Key: "aims.survive", Loss: "split", Verdict: resilience.Missed, Want: 1, Worst: resilience.Worst{}}},
		Outage: resilience.Worst{Got: &got, Least: true, Scenario: "node:db", Missing: []string{"recovery.on_call"}},
		Buffer: &users, In: "zone:us-east-1", Full: "phoenix"}
	for range 2 {
		saved := render(t, "json", []bill.Estimate{e}, Output{})
		all, err := ReadEstimates("x.json", []byte(saved))
		require.NoError(t, err)
		require.Equal(t, e.Resilience, all[0].Resilience)
		e.Resilience.Buffer = nil // not all users are served
	}
}

// Every field of a line is in the CSV, under the name that JSON has or, for
// the costs, one that contains it.
func TestCSVHasEveryFieldOfALine(t *testing.T) {
	var keys []string
	for _, c := range recordColumns() {
		keys = append(keys, c.Key)
	}
	typ := reflect.TypeFor[bill.Line]()
	for i := range typ.NumField() {
		name, _ := jsonName(typ.Field(i))
		switch name {
		case "cost":
			require.Subset(t, keys, []string{"cost_min", "cost_expected", "cost_max"})
			continue
		case "service": // is in the item
			continue
		case "of_month", "mean_of_month", "about": // are in the notes
			continue
		}
		require.Contains(t, keys, name)
	}
	require.Len(t, keys, typ.NumField()+1,
		"profile, edited, the price of a component, three costs for one, and no service, months and adjustment")
	require.Len(t, lineRecord("p", bill.Line{}).Cells, len(keys))
}

func TestSchemaRefusesWhatReadRefuses(t *testing.T) {
	schema := compiledSchema(t)
	drawn.Check(t, func(t *rapid.T) {
		e := estimates(hostile()).Draw(t, "estimate")
		var all map[string]any
		require.NoError(t, json.Unmarshal([]byte(render(t, "json", []bill.Estimate{e}, Output{})), &all))
		require.NoError(t, schema.Validate(all))
		delete(all, "digest") // a file that was made without
		v := all["estimates"].([]any)[0].(map[string]any)
		var keys []string
		for k := range v {
			// Only where not all is on demand, beyond the defaults, and in a file.
			if k != "buying" && k != "quotas" && k != "unassigned" && k != "together" {
				keys = append(keys, k)
			}
		}
		sort.Strings(keys)
		key := rapid.SampledFrom(keys).Draw(t, "key")
		delete(v, key)
		require.Error(t, schema.Validate(all), "without %s", key)
		broken, err := json.Marshal(all)
		require.NoError(t, err)
		_, err = ReadEstimates("x.json", broken)
		require.Error(t, err, "without %s", key)
	})
}

func TestAmountsKeepTheirScale(t *testing.T) {
	out := render(t, "json", []bill.Estimate{referenceMedium()}, Output{})
	require.Contains(t, out, `"expected": 8388.00`)
	require.Contains(t, out, `"unit_price": 1227.60`)
	require.True(t, strings.HasSuffix(out, "}\n"))
	require.Equal(t, "8388.00", money.MustAmount("8388").String())
}
