package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/compare"
)

func TestDiffGolden(t *testing.T) {
	base, head := referenceSmall(), referenceMedium()
	d := compare.Estimates(&base, &head)
	d.Base.Label, d.Head.Label = "small.json", "medium.json"
	for _, format := range goldenFormats(DocumentFormats()) {
		var b bytes.Buffer
		require.NoError(t, Write(&b, format, Diffs([]*compare.Diff{d}), Output{}))
		golden(t, "diff"+endings()[format], b.String())
	}
}

// An estimate against itself has nothing but the two totals.
func TestNoDifferences(t *testing.T) {
	e := referenceMedium()
	d := compare.Estimates(&e, &e)
	doc := Diffs([]*compare.Diff{d})
	require.Empty(t, doc.Sections[0].Grids)
	require.Contains(t, doc.Sections[0].Lead, "No differences.")
	require.Empty(t, doc.Records.Rows)
	var b bytes.Buffer
	require.NoError(t, Write(&b, "json", doc, Output{}))
	var back struct {
		Schema     string `json:"schema"`
		Components []any  `json:"components"`
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	require.Equal(t, "headroom.diff/v2", back.Schema)
	require.Equal(t, []any{}, back.Components)
	require.NotContains(t, b.String(), "null")
}

func TestSeveralDiffs(t *testing.T) {
	a, b := referenceSmall(), referenceMedium()
	all := []*compare.Diff{compare.Estimates(&a, &b), compare.Estimates(&b, &a)}
	var out bytes.Buffer
	require.NoError(t, Write(&out, "json", Diffs(all), Output{}))
	require.Contains(t, out.String(), `"schema": "headroom.diffs/v2"`)
	require.Len(t, Diffs(all).Sections, 2)
}
