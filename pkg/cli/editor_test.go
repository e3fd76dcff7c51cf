package cli

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/budget"
	"headroom/pkg/report"
	"headroom/pkg/whatif"
)

// An editor shows what stands at the key, or else what stands at the target of its
// reference; and of a pattern that fails its message, or else the pattern.
func TestEditorsSayWhatKeysMean(t *testing.T) {
	a := &app{Env: Env{Out: io.Discard, Err: io.Discard}, pricing: embedded()}
	profile, err := a.profileSchema()
	require.NoError(t, err)
	without := 0
	for name, text := range map[string][]byte{"profile": profile, "budget": budget.Schema(),
		"scenario": whatif.Schema(), "estimates": report.EstimateSchema()} {
		var schema map[string]any
		require.NoError(t, json.Unmarshal(text, &schema))
		keys := 0
		walkSchema(schema, name, func(at string, s map[string]any) {
			if _, ok := s["pattern"]; ok {
				require.NotEmptyf(t, s["patternErrorMessage"], "%s: an editor would show a regular expression", at)
			}
			properties, _ := s["properties"].(map[string]any)
			for key, p := range properties {
				p, here := p.(map[string]any)
				if !here {
					continue // a key of all kinds, which is described where the kind is
				}
				keys++
				if says, _ := p["description"].(string); says == "" {
					without++
					t.Errorf("%s.%s: no description", at, key)
				}
			}
		})
		require.Greaterf(t, keys, 10, name)
		if name == "estimates" {
			continue // written by hand, with a text at every reference
		}
		for def, s := range schema["$defs"].(map[string]any) {
			require.NotContainsf(t, s, "description", "%s.%s hides what the keys mean that refer to it", name, def)
		}
	}
	require.Zero(t, without, "keys of which an editor cannot say what they mean")
}

func TestEditorsProposeRegionsAndTypes(t *testing.T) {
	a := &app{Env: Env{Out: io.Discard, Err: io.Discard}, pricing: embedded()}
	text, err := a.profileSchema()
	require.NoError(t, err)
	var schema map[string]any
	require.NoError(t, json.Unmarshal(text, &schema))
	at := func(path ...string) map[string]any {
		s := schema
		for _, key := range path {
			s = s[key].(map[string]any)
		}
		return s
	}
	offers := func(list string) any { return []any{map[string]any{"$ref": "#/$defs/offer_" + list}} }
	require.Equal(t, offers("regions"), at("$defs", "Region", "properties", "name")["allOf"])
	require.Equal(t, offers("types"), at("$defs", "Pin", "properties", "type")["allOf"])
	require.Equal(t, offers("families"), at("$defs", "Allow", "properties", "families", "items")["allOf"])
	require.Contains(t, at("$defs", "offer_regions")["examples"], "eu-central-1")
	require.Contains(t, at("$defs", "offer_types")["examples"], "m7g.large")
	require.Contains(t, at("$defs", "offer_families")["examples"], "m7g")
	require.Contains(t, string(text), `A duration, for example 10ms.`)
}

func walkSchema(v any, at string, see func(string, map[string]any)) {
	switch x := v.(type) {
	case map[string]any:
		see(at, x)
		for key, y := range x {
			walkSchema(y, at+"."+key, see)
		}
	case []any:
		for _, y := range x {
			walkSchema(y, at, see)
		}
	}
}
