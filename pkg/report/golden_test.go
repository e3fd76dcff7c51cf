package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

const goldenDir = "../../testdata/golden/report"

// render writes estimates, tables in full.
func render(t require.TestingT, format string, estimates []bill.Estimate, opts Output) string {
	opts.Full = true
	return short(t, format, estimates, opts)
}

// short writes estimates as the options say, tables in short.
func short(t require.TestingT, format string, estimates []bill.Estimate, opts Output) string {
	var b bytes.Buffer
	require.NoError(t, Write(&b, format, New(estimates), opts))
	return b.String()
}

// endings are those of the names of expected outputs. Formats that draw have tests of
// their own, and one expected output of a whole estimate.
func endings() map[string]string {
	return map[string]string{"table": ".txt", "csv": ".csv", "markdown": ".md", "json": ".json", "junit": ".xml",
		"sarif": ".sarif", "codequality": ".codequality.json"}
}

// goldenFormats are the names of the formats of which there are expected outputs.
func goldenFormats(formats Formats) []string {
	return slices.DeleteFunc(formats.Names(), func(name string) bool { return endings()[name] == "" })
}

func TestGolden(t *testing.T) {
	for _, c := range cases() {
		for _, format := range goldenFormats(DocumentFormats()) {
			name := c.name + endings()[format]
			t.Run(name, func(t *testing.T) {
				sameAsGolden(t, name, render(t, format, c.estimates, Output{}))
			})
		}
		t.Run(c.name+".brief.txt", func(t *testing.T) {
			sameAsGolden(t, c.name+".brief.txt", short(t, "table", c.estimates, Output{Width: 80}))
		})
	}
}

// sameAsGolden compares with the expected output of a name.
func sameAsGolden(t *testing.T, name, got string) {
	path := filepath.Join(goldenDir, name)
	if *update {
		require.NoError(t, os.MkdirAll(goldenDir, 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "make golden writes the file")
	require.Equal(t, string(want), got)
}

// The golden files themselves, so that a stale one is found too.
func TestGoldenJSONMeetsSchema(t *testing.T) {
	schema := compiledSchema(t)
	files, err := filepath.Glob(filepath.Join(goldenDir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, len(cases()))
	for _, f := range files {
		data, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NotContains(t, string(data), "null", f)
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		require.NoError(t, err, f)
		require.NoError(t, schema.Validate(v), f)
	}
}

func compiledSchema(t require.TestingT) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(EstimateSchema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("estimate.schema.json", doc))
	s, err := c.Compile("estimate.schema.json")
	require.NoError(t, err)
	return s
}

// The totals of the document, of which the medium one is corrected: its own
// rows add up to 3619.44–4194.00 where it prints 3618.44–4193.00.
func TestTotalsOfTheDocument(t *testing.T) {
	for _, c := range []struct {
		e    bill.Estimate
		want []string
	}{
		{referenceSmall(), []string{"1,480.32–1,767.60", "2,960.64–3,535.20"}},
		{referenceMedium(), []string{"3,619.44–4,194.00", "7,238.88–8,388.00"}},
	} {
		out := render(t, "table", []bill.Estimate{c.e}, Output{})
		for _, w := range c.want {
			require.Contains(t, out, w)
		}
	}
}

// With eu-west-1 the medium system costs 7579.44–8786.88: the second region is
// priced from its own table, never doubled.
func TestSecondRegionHasItsOwnPrices(t *testing.T) {
	out := render(t, "table", []bill.Estimate{abroad()}, Output{})
	require.Contains(t, out, "7,579.44–8,786.88")
	require.Equal(t, 2, strings.Count(out, "Region total"))
}

func TestTableFitsItsWidth(t *testing.T) {
	for _, c := range cases() {
		for _, width := range []int{80, 100, 140} {
			for _, l := range strings.Split(render(t, "table", c.estimates, Output{Width: width}), "\n") {
				require.LessOrEqual(t, twwidth.Width(l), width, "%s at %d: %s", c.name, width, l)
				require.Equal(t, strings.TrimRight(l, " "), l, "no blanks at the end")
			}
		}
	}
	for _, width := range []int{-1, 1, 10, 40} { // too narrow: still everything, no crash
		require.Contains(t, render(t, "table", cases()[0].estimates, Output{Width: width}), "2,960.64")
	}
}

func TestColorIsOnlyBold(t *testing.T) {
	for _, c := range cases() {
		plain := render(t, "table", c.estimates, Output{})
		require.NotContains(t, plain, "\x1b")
		colored := render(t, "table", c.estimates, Output{Color: true})
		require.Contains(t, colored, "\x1b[1m")
		colored = strings.ReplaceAll(strings.ReplaceAll(colored, "\x1b[1m", ""), "\x1b[0m", "")
		lines := strings.Split(colored, "\n")
		for i, l := range lines {
			lines[i] = strings.TrimRight(l, " ")
		}
		require.Equal(t, plain, strings.Join(lines, "\n"))
	}
}
