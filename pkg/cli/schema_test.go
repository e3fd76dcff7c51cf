package cli

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/profiles"
)

// profileSchema compiles what `headroom profiles schema` prints.
func profileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(workload.Schema(sizing.Specs(), nil)))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("profile.json", doc))
	s, err := c.Compile("profile.json")
	require.NoError(t, err)
	return s
}

// accepts tells what the schema and the parser say of a profile.
func accepts(t *testing.T, s *jsonschema.Schema, src string) (schema, parser bool, why string) {
	t.Helper()
	var v any
	require.NoError(t, yaml.Unmarshal([]byte(src), &v))
	data, err := json.Marshal(v)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	invalid := s.Validate(doc)
	_, bad := workload.Parse("p.yaml", []byte(src), sizing.Specs(), os.ReadFile)
	if invalid != nil {
		why += invalid.Error()
	}
	if bad != nil {
		why += bad.Error()
	}
	return invalid == nil, bad == nil, why
}

func TestSchemaAcceptsEveryProfile(t *testing.T) {
	s := profileSchema(t)
	files, err := fs.Glob(profiles.FS, "*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	sources := map[string]string{"starter": starter}
	for _, f := range files {
		src, err := fs.ReadFile(profiles.FS, f)
		require.NoError(t, err)
		sources[f] = string(src)
	}
	for name, src := range sources {
		schema, parser, why := accepts(t, s, src)
		require.True(t, schema, "%s: %s", name, why)
		require.True(t, parser, "%s: %s", name, why)
	}
}

// What an editor marks is what the parser refuses, and the other way round, for
// one alteration after the other of a whole profile.
func TestSchemaAgreesWithTheParser(t *testing.T) {
	s := profileSchema(t)
	src, err := fs.ReadFile(profiles.FS, "medium.yaml")
	require.NoError(t, err)
	for _, x := range []struct {
		old, new string
		ok       bool
	}{
		{"failover: active-active", "failover: active-passive", true},
		{"failover: active-active", "failover: sometimes", false},
		{"value: 2500,", "value: 5k,", true},
		{"value: 2500,", "value: -1,", false},
		{"value: 100/min,", "value: 2/s,", true},
		{"value: 100/min,", "value: 100,", false},
		{"value: 3KB,", "value: 3 kilo,", false},
		{"value: 3KB,", "value: 3072B,", true},
		{"curve: {preset: consumer}", "curve: {preset: weekend}", false},
		{"curve: {preset: consumer}", "curve: {preset: flat, more: 1}", false},
		{"kind: quorum", "kind: quorums", false},
		{"kind: quorum", "kind: quorum\n    tolerate: 2", true},
		{"kind: quorum", "kind: quorum\n    retention: 7d", false},
		{"kind: quorum", "kind: quorum\n    tolerate: {value: 2, assumed: habit}", true},
		{"kind: quorum", "kind: quorum\n    tolerate: {value: 2, guessed: habit}", false},
		{"kind: quorum", "kind: quorum\n    tolerate: {value: 2, source: a, assumed: b}", false},
		{"kind: quorum", "kind: quorum\n    pin: {type: t3.small, count: 1..4}", true},
		{"kind: quorum", "kind: quorum\n    pin: {type: t3.small, count: many}", false},
		{"kind: quorum", "kind: quorum\n    pin: {count: 3}", false},
		{"name: medium", "name: Medium", false},
		{"apiVersion: headroom/v1", "apiVersion: headroom/v2", false},
		{"survive: [node, zone, region]", "survive: [node, planet]", false},
		{"survive: [node, zone, region]", "survive: []", true},
		{"tz: -5h", "tz: -5", false},
		{"tz: -5h", "tz: 0", true},
	} {
		changed := strings.Replace(string(src), x.old, x.new, 1)
		require.NotEqual(t, string(src), changed, x.old)
		schema, parser, why := accepts(t, s, changed)
		require.Equal(t, x.ok, parser, "parser, %q: %s", x.new, why)
		require.Equal(t, x.ok, schema, "schema, %q: %s", x.new, why)
	}
}

// What estimate writes is valid by the schema that it prints, one estimate as several.
func TestEstimatesMeetTheirSchema(t *testing.T) {
	printed, code := runMain(t, "estimate", "--print-schema")
	require.Zero(t, code)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(printed))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("estimates.json", doc))
	s, err := c.Compile("estimates.json")
	require.NoError(t, err)
	for _, args := range [][]string{{"small"}, {"small", "medium", "large", "reference-medium"},
		{"medium", "--purchase", "optimal"}, {"medium", "--regions", "us-east-1,ap-south-2", "--unpriced", "show"}} {
		out, code := runMain(t, append(append([]string{"estimate"}, args...), "--format", "json")...)
		require.Zero(t, code, args)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		require.NoError(t, err)
		require.NoError(t, s.Validate(v), args)
		for _, e := range v.(map[string]any)["estimates"].([]any) {
			for _, part := range e.(map[string]any)["components"].([]any) {
				require.Contains(t, part, "cost")
			}
			require.Contains(t, e, "unassigned")
		}
	}
}
