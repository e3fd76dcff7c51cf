package unit

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

func compile(t testing.TB, k kind) *jsonschema.Schema {
	t.Helper()
	b, err := json.Marshal(k.schema())
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("mem:///"+k.name, doc))
	s, err := c.Compile("mem:///" + k.name)
	require.NoError(t, err)
	return s
}

// nearly draws texts that are, or nearly are, quantities of a kind.
func nearly(k kind) *rapid.Generator[string] {
	names := []string{"", "MB", "mb", "/s", "/min", "%", "k", "K", "ms", "m", "Mbit/s", "B/s", "Gi", "µs", "e3", "x1"}
	var units []string
	for _, u := range k.scale.symbols {
		units = append(units, u.name)
	}
	numbers := []string{"", "0", "00", "0.0", "0.", ".5", "1", "1.5", "2500", "2,500", "2_500", "-1", "+1", "1e3",
		"0x1", "NaN", "Inf", "٣", "1.2.3", strings.Repeat("9", maxWhole), strings.Repeat("9", maxWhole+1),
		"0." + strings.Repeat("3", maxFrac), "0." + strings.Repeat("3", maxFrac+1), strings.Repeat("0", maxWhole+1)}
	spaces := []string{"", "", "", "", "", "", "", "", " ", " ", "  ", "\t", "\n", "\u00a0"}
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[0-9.]{1,6} ?[A-Za-z/%]{0,6}`),
		rapid.Custom(func(t *rapid.T) string {
			number := rapid.OneOf(rapid.SampledFrom(numbers), rapid.StringMatching(`[0-9]{1,4}(\.[0-9]{1,3})?`)).Draw(t,
				"number")
			pick := func(label string) string { return rapid.SampledFrom(spaces).Draw(t, label) }
			unit := rapid.OneOf(rapid.SampledFrom(names), rapid.SampledFrom(units)).Draw(t, "unit")
			return pick("before") + number + pick("between") + unit + pick("after")
		}),
	)
}

// The editor's schema and the parser accept exactly the same texts.
func TestSchemaAndParserAcceptTheSameTexts(t *testing.T) {
	for _, k := range kinds() {
		s := compile(t, k)
		seen := map[bool]int{}
		t.Run(k.name, drawn.MakeCheck(func(t *rapid.T) {
			text := nearly(k).Draw(t, "text")
			_, err := k.parse(text)
			if bySchema := s.Validate(text); (bySchema == nil) != (err == nil) {
				t.Fatalf("%q: parser %v, schema %v", text, err, bySchema)
			}
			seen[err == nil]++
		}))
		if testing.Short() {
			continue // too few texts are drawn for both
		}
		require.Positive(t, seen[true], "%s: no text was accepted", k.name)
		require.Positive(t, seen[false], "%s: no text was refused", k.name)
	}
}

// A bare number is accepted by the schema where its plain decimal form is
// accepted by the parser.
func TestSchemaAndParserAcceptTheSameNumbers(t *testing.T) {
	for _, k := range kinds() {
		s := compile(t, k)
		t.Run(k.name, drawn.MakeCheck(func(t *rapid.T) {
			x := rapid.OneOf(finite(), rapid.Float64(), rapid.SampledFrom([]float64{0, 1, -1, 0.5})).Draw(t, "x")
			text := strconv.FormatFloat(x, 'f', -1, 64)
			if x == 0 {
				text = "0" // JSON's -0 equals 0; the text "-0" is refused
			}
			_, err := k.parse(text)
			if bySchema := s.Validate(x); (bySchema == nil) != (err == nil) {
				t.Fatalf("%v: parser %v, schema %v", x, err, bySchema)
			}
		}))
	}
}
