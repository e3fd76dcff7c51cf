package strict_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/diag"
	"headroom/pkg/drawn"
	"headroom/pkg/strict"
)

func schema() []byte {
	return strict.Schema(defaults(), strict.SchemaOptions{
		ID: "https://example.invalid/s.json", Title: "sample", Variants: kinds(),
	})
}

// compiled also validates the schema itself against draft 2020-12.
func compiled(t testing.TB) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("s.json", doc))
	s, err := c.Compile("s.json")
	require.NoError(t, err)
	return s
}

func TestSchemaIsDeterministic(t *testing.T) {
	want := schema()
	for range 20 {
		require.Equal(t, string(want), string(schema()))
	}
}

func TestSchemaTellsDefaultsAndDocs(t *testing.T) {
	var s struct {
		Schema     string `json:"$schema"`
		Title      string
		Required   []string
		Properties map[string]map[string]any
		Defs       map[string]map[string]any `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(schema(), &s))
	require.Equal(t, "https://json-schema.org/draft/2020-12/schema", s.Schema)
	require.Equal(t, []string{"name"}, s.Required)
	require.Equal(t, "Short name.", s.Properties["name"]["description"])
	require.Equal(t, "one", s.Properties["mode"]["default"])
	require.Equal(t, []any{"one", "two", "off"}, s.Properties["mode"]["enum"])
	require.Equal(t, "100", fmt.Sprint(s.Properties["users"]["default"]))
	require.NotContains(t, s.Properties, "spec")
	require.Contains(t, s.Properties, "color", "inline")
	require.Contains(t, s.Properties, "owner", "embedded")
	require.Equal(t, "#/$defs/Value_Bytes", s.Properties["size"]["$ref"])
	weight := s.Defs["zone"]["properties"].(map[string]any)["weight"].(map[string]any)
	require.EqualValues(t, 7, weight["default"], "of Defaulter")
	kind := s.Defs["partOf"]["properties"].(map[string]any)["kind"].(map[string]any)
	require.Equal(t, []any{"cache", "database"}, kind["enum"])
}

// base is a valid document with every key, as JSON, which is YAML too.
const base = `{"name":"x.1","vintage":"2016-04-18","mode":"off","retries":3,"weight":0.5,"debug":true,
"tags":["red"],"users":{"value":2500,"source":"brief"},"size":"2MB","share":{"value":"50%","assumed":"half"},
"spot":false,"timeout":"30s","survive":["node"],"limits":{"cpu":0.6,"ram":"70%"},
"aims":{"p99":"200ms","degraded":{"p99":"1s"}},
"parts":{"db":{"kind":"database","notes":"n","replicas":2,"row":"1KB"},"front":{"kind":"cache","ttl":"5min"}},
"zones":[{"name":"a","weight":1},{"name":"b"}],"color":"blue","owner":"me"}`

func tree(t require.TestingT, text []byte) any {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

// replacements are values that some key accepts, and some that none does.
func replacements() []string {
	return []string{
		`null`, `true`, `false`, `0`, `1`, `2`, `5`, `-1`, `9`, `10`, `0.5`, `1.5`, `-0.5`, `720`, `100000`,
		`""`, `"x"`, `"X y"`, `"true"`, `"5"`, `"0"`, `"-1"`, `"50%"`, `"0.5"`, `"150%"`,
		`"2MB"`, `"2 MB"`, `"30s"`, `"1h"`, `"5"`,
		`"node"`, `"zone"`, `"one"`, `"off"`, `"cache"`, `"database"`, `"2016-04-18"`, `"1k"`, `"é"`,
		`[]`, `["a"]`, `["node","zone"]`, `["a","b","c","d"]`, `[1]`, `[null]`, `[["a"]]`, `{}`,
		`{"value":1,"source":"s"}`, `{"value":"1MB","assumed":"a"}`, `{"value":0.5,"source":""}`,
		`{"value":true,"source":"s"}`,
		`{"value":1,"source":"s","assumed":"a"}`, `{"value":1}`, `{"source":"s"}`, `{"value":null,"source":"s"}`,
		`{"value":1,"source":2016}`,
		`{"value":{"value":1,"source":"s"},"source":"s"}`, `{"value":1,"source":"s","other":1}`,
		`{"kind":"cache"}`, `{"kind":"cache","ttl":"1s","notes":"n"}`, `{"kind":"cache","replicas":1}`,
		`{"kind":"database"}`,
		`{"kind":"database","replicas":0}`, `{"kind":"other"}`, `{"kind":1}`, `{"notes":"n"}`,
		`{"name":"a"}`, `{"weight":1}`,
		`{"a":{"kind":"cache"}}`, `{"A":{"kind":"cache"}}`, `{"p99":"1s"}`,
		`{"p99":"1s","degraded":{"degraded":{"p99":"1ms"}}}`, `{"cpu":"1%"}`,
	}
}

func replacement(t *rapid.T) any {
	return tree(t, []byte(rapid.SampledFrom(replacements()).Draw(t, "value")))
}

// mutate changes one place of a tree at random.
func mutate(t *rapid.T, v any) any {
	if rapid.IntRange(0, 3).Draw(t, "here") == 0 {
		return replacement(t)
	}
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		key := rapid.SampledFrom(append(keys, "other", "cpu", "ttl", "weight")).Draw(t, "key")
		switch rapid.IntRange(0, 5).Draw(t, "how") {
		case 0:
			delete(v, key)
		case 1:
			v[key] = replacement(t)
		default:
			v[key] = mutate(t, v[key])
		}
		return v
	case []any:
		if len(v) == 0 || rapid.Bool().Draw(t, "append") {
			return append(v, replacement(t))
		}
		i := rapid.IntRange(0, len(v)-1).Draw(t, "index")
		v[i] = mutate(t, v[i])
		return v
	}
	return replacement(t)
}

// beyondSchema tells whether a problem is one that JSON Schema cannot express:
// rules of Check, bounds on a quantity with a unit, patterns on bare numbers.
func beyondSchema(p diag.Problem) bool {
	at := []rune(p.Source)[p.Pos.Col-1]
	switch {
	case strings.Contains(p.Summary, "is above ram"), strings.Contains(p.Summary, "too many replicas"):
		return true
	case strings.Contains(p.Summary, "but must be"):
		return at == '"'
	case strings.Contains(p.Summary, "is not well-formed"):
		return at != '"'
	}
	return false
}

// agree requires the same verdict of both on a document: whatever Decode
// accepts the schema accepts; what the schema accepts Decode accepts too, but
// for what a schema cannot express. It tells whether the document is valid.
func agree(t require.TestingT, s *jsonschema.Schema, text []byte) bool {
	bySchema := s.Validate(tree(t, text))
	byDecode := strict.Decode("f.yaml", text, defaults(), options())
	if byDecode == nil {
		require.NoError(t, bySchema, "%s", text)
		return true
	}
	for _, p := range byDecode.(diag.Problems) {
		if !beyondSchema(p) {
			require.Error(t, bySchema, "%s\n%v", text, byDecode)
			break
		}
	}
	return false
}

// Every replacement at every place of the valid document, one at a time.
func TestSchemaAgreesWithDecodeEverywhere(t *testing.T) {
	s := compiled(t)
	require.True(t, agree(t, s, []byte(base)))
	valid, invalid := 0, 0
	root := tree(t, []byte(base))
	try := func() {
		text, err := json.Marshal(root)
		require.NoError(t, err)
		if agree(t, s, text) {
			valid++
		} else {
			invalid++
		}
	}
	var places func(v any, set func(any))
	places = func(v any, set func(any)) {
		for _, r := range replacements() {
			set(tree(t, []byte(r)))
			try()
		}
		set(v)
		switch v := v.(type) {
		case map[string]any:
			keys := slices.Sorted(maps.Keys(v))
			for _, k := range keys {
				child := v[k]
				delete(v, k)
				try()
				v["other"] = child
				try()
				delete(v, "other")
				places(child, func(x any) { v[k] = x })
			}
		case []any:
			for i, child := range v {
				places(child, func(x any) { v[i] = x })
			}
		}
	}
	places(root, func(v any) { root = v })
	require.Greater(t, valid, 100)
	require.Greater(t, invalid, 1000)
}

// Several random changes at once.
func TestSchemaAgreesWithDecode(t *testing.T) {
	s := compiled(t)
	drawn.Check(t, func(t *rapid.T) {
		v := tree(t, []byte(base))
		for range rapid.IntRange(1, 3).Draw(t, "mutations") {
			v = mutate(t, v)
		}
		text, err := json.Marshal(v)
		require.NoError(t, err)
		agree(t, s, text)
	})
}
