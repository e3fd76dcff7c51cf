package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/bill"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/remark"
)

func TestUnknownFormat(t *testing.T) {
	var b bytes.Buffer
	err := Write(&b, "markdwon", Document{}, Output{})
	var unknown *FormatError
	require.ErrorAs(t, err, &unknown)
	require.EqualError(t, err, `unknown format "markdwon"; did you mean "markdown"?`)
	require.EqualError(t, Write(&b, "docx", Document{}, Output{}),
		`unknown format "docx"; known are table, csv, markdown, json, html, xlsx, mermaid`)
	require.Zero(t, b.Len())
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk is full") }

func TestWriteErrorIsReported(t *testing.T) {
	for _, f := range DocumentFormats().Names() {
		require.ErrorContains(t, Write(full{}, f, New([]bill.Estimate{referenceSmall()}), Output{}), "disk is full", f)
	}
}

func TestNoEstimates(t *testing.T) {
	require.Empty(t, render(t, "table", nil, Output{}))
	require.Regexp(t, "^{\n  \"schema\": \"headroom.estimates/v3\",\n  \"estimates\": \\[\\],\n"+
		"  \"digest\": \"[0-9a-f]{64}\"\n}\n$", render(t, "json", nil, Output{}))
	back, err := ReadEstimates("x", []byte(render(t, "json", nil, Output{})))
	require.NoError(t, err)
	require.Empty(t, back)
}

// A document of another command, without records and data of its own.
func listing() Document {
	return Document{Title: "Prices", Sections: []Section{{
		Name: "m7g.large", Lead: []string{"1. not a list"},
		Grids: []Grid{{
			Columns: []Column{leftColumn("Term", "term"), decimalColumn("$/h", "price"),
				decimalColumn("Change", "change")},
			Rows: []Row{
				{Cells: []Cell{text("on-demand"), {Text: "0.0816", Value: money.MustRate("0.0816")},
					{Text: "-5.5", Value: -5.5}}},
				{Cells: []Cell{text("spot"), {Text: "1,000.1", Value: money.MustRate("1000.1")},
					{Text: "none", Value: nil}}},
				{Role: Total, Cells: []Cell{text("sum"), {Text: "1,000.1816", Value: money.MustRate("1000.1816")}, {}}},
			},
		}},
		Facts: []Fact{fact("", "- text")},
	}}}
}

func TestListing(t *testing.T) {
	for format, want := range map[string]string{
		"table": "Prices\n\nM7G.LARGE\n1. not a list\n" +
			"Term              $/h  Change\n" +
			"─────────  ──────────  ──────\n" +
			"on-demand      0.0816    -5.5\n" +
			"spot       1,000.1       none\n" +
			"─────────  ──────────  ──────\n" +
			"sum        1,000.1816\n\n- text\n",
		"csv": "term,price,change\non-demand,0.0816,-5.5\nspot,1000.10,\n",
		"markdown": "# Prices\n\n## m7g.large\n\n1\\. not a list\n\n" +
			"| Term | \\$/h | Change |\n| --- | ---: | ---: |\n" +
			"| on-demand | 0.0816 | -5.5 |\n| spot | 1,000.1 | none |\n| **sum** | **1,000.1816** |  |\n\n- \\- text\n",
	} {
		var b bytes.Buffer
		require.NoError(t, Write(&b, format, listing(), Output{}))
		require.Equal(t, want, b.String(), format)
	}
	var b bytes.Buffer
	require.NoError(t, Write(&b, "json", listing(), Output{}))
	require.JSONEq(t, `{"title": "Prices", "sections": [{"name": "m7g.large", "title": "",
		"lead": ["1. not a list"], "notes": [],
		"facts": [{"label": "", "text": "- text"}],
		"grids": [{"title": "", "rows": [
			{"row": "body", "term": "on-demand", "price": 0.0816, "change": -5.5},
			{"row": "body", "term": "spot", "price": 1000.1, "change": null},
			{"row": "total", "term": "sum", "price": 1000.1816, "change": null}]}]}]}`, b.String())
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"a|b":     `a\|b`,
		"`*_[]`":  "\\`\\*\\_\\[\\]\\`",
		"<b>&lt;": `\<b\>\&lt;`,
		"#1 \\":   `\#1 \\`,
		"a\r\nb":  "a<br>b",
		" a ":     "a",
	} {
		require.Equal(t, want, escape(in))
	}
	require.Equal(t, `12\. x`, paragraph("12. x"))
	require.Equal(t, `\- x`, paragraph("- x"))
	require.Equal(t, "12 x", paragraph("12 x"))
}

func TestCountText(t *testing.T) {
	line := func(region string, low, high int64) bill.Line {
		return bill.Line{Region: region, Min: money.Int(low), Max: money.Int(high)}
	}
	for _, c := range []struct {
		lines   []bill.Line
		regions []string
		want    string
	}{
		{[]bill.Line{line("a", 3, 3)}, []string{"a"}, "3"},
		{[]bill.Line{line("a", 1, 4)}, []string{"a"}, "1–4"},
		{[]bill.Line{line("a", 3, 3), line("b", 3, 3)}, []string{"a", "b"}, "3 ×2"},
		{[]bill.Line{line("a", 1, 1), line("a", 1, 1), line("b", 1, 1)}, []string{"a", "b"}, "2+1"},
		{[]bill.Line{line("a", 2, 2)}, []string{"a", "b"}, "2+0"},
		{[]bill.Line{line("a", 3, 8), line("b", 3, 8)}, []string{"a", "b"}, "3–8 ×2"},
		{[]bill.Line{line("a", 3, 8), line("b", 2, 2)}, []string{"a", "b"}, "3–8+2"},
	} {
		require.Equal(t, c.want, countText(c.lines, c.regions))
	}
}

func TestStructureSaysOnceWhatIsTheSame(t *testing.T) {
	regions := east()
	part := func(details ...remark.Remark) bill.Part { return bill.Part{Detail: details} }
	of := func(region, text string) remark.Remark { return remark.Verbatim(text).With("region", region) }
	east, west := of("us-east-1", "9 shards"), of("us-west-2", "9 shards")
	require.Equal(t, "RF 3, 9 shards", structure(part(remark.Verbatim("RF 3"), east, west), regions))
	west = of("us-west-2", "8 shards")
	require.Equal(t, "us-east-1: 9 shards, us-west-2: 8 shards", structure(part(east, west), regions))
	require.Equal(t, "9 shards", structure(part(east, west), regions[:1]), "the grid is of one region")
}

func TestRoles(t *testing.T) {
	p := bill.Part{Pools: []bill.NodePool{
		{Region: "us-east-1", Role: "primary", Max: 1}, {Region: "us-east-1", Role: "replica", Max: 2},
		{Region: "us-west-2", Role: "failover", Max: 1},
	}}
	require.Equal(t, "primary+2 replicas | failover", roles(p, east()))
	require.Empty(t, roles(bill.Part{Pools: []bill.NodePool{{Region: "us-east-1", Max: 3}}}, east()))
}

// One component has one row and one price, also where regions have prices of their own.
func TestRegionsWithOtherPricesAreOneRow(t *testing.T) {
	e := abroad()
	e.Mirrored = false
	out := render(t, "table", []bill.Estimate{e}, Output{})
	require.Regexp(t, `t2\.small +3 ×2 +18\.72–20\.16 +116\.64\n`, out)
	require.Contains(t, out, "7,579.44–8,786.88")
}

func TestWrap(t *testing.T) {
	require.Equal(t, []string{"one two", "three"}, wrap("one two three", 8))
	require.Equal(t, []string{"abc", "def", "g"}, wrap("abcdefg", 3))
	require.Equal(t, []string{"日", "本"}, wrap("日本", 1), "a character is never lost")
	require.Equal(t, []string{""}, wrap("", 5))
	drawn.Check(t, func(t *rapid.T) {
		s := clean(rapid.String().Draw(t, "text"))
		width := rapid.IntRange(2, 40).Draw(t, "width")
		lines := wrap(s, width)
		for _, l := range lines {
			require.LessOrEqual(t, twwidth.Width(l), width, "%q", l)
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		require.Equal(t, squeeze(s), squeeze(strings.Join(lines, "")))
	})
}
