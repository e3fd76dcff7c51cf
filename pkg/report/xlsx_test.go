package report

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"headroom/pkg/bill"
)

func itoa(n int) string { return strconv.Itoa(n) }

func asFloat(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return x
}

func workbook(t *testing.T, doc Document) (*excelize.File, []byte) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, "xlsx", doc, Output{}))
	data := bytes.Clone(b.Bytes())
	f, err := excelize.OpenReader(&b)
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f, data
}

func TestXLSXHasTheSameBytes(t *testing.T) {
	doc := Backed([]bill.Estimate{sized(), referenceMedium()}, nil)
	_, one := workbook(t, doc)
	for range 5 {
		_, again := workbook(t, doc)
		require.Equal(t, one, again)
	}
}

func TestXLSXSheets(t *testing.T) {
	f, _ := workbook(t, Backed([]bill.Estimate{sized(), referenceMedium()}, nil))
	require.Equal(t, []string{"Summary", "Lines, medium", "Inputs, medium", "Lines, reference-medium",
		"Inputs, reference-medium"}, f.GetSheetList())
	f, _ = workbook(t, listing())
	require.Equal(t, []string{"m7g.large"}, f.GetSheetList())
	f, _ = workbook(t, Document{})
	require.Equal(t, []string{"Summary"}, f.GetSheetList())
	k, err := newBook()
	require.NoError(t, err)
	long := strings.Repeat("long ", 10)
	for _, x := range []struct{ want, name string }{{"a/b:c*d?e[f]g", "a b c d e f g"}, {"'a'", "a"}, {"A", "A 2"},
		{"", "Sheet "}, {"History", "Sheet History"}, {long, "long long long long long long l"},
		{long, "long long long long long long 2"}, {strings.Repeat("日", 40), strings.Repeat("日", 31)}} {
		require.Equal(t, strings.TrimSpace(x.name), k.sheetName(x.want))
	}
}

// A text that a spreadsheet would take for a formula is a text, and stays one when it is
// edited.
func TestXLSXOfHostileTexts(t *testing.T) {
	bad := []string{"=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)", "<c><f>1+1</f></c>", hostileText}
	doc := Document{Sections: []Section{{Name: "=x", Lead: bad,
		Grids: []Grid{{Columns: []Column{leftColumn("=h", "h")}}}}}}
	for _, s := range bad {
		doc.Sections[0].Grids[0].Rows = append(doc.Sections[0].Grids[0].Rows, Row{Cells: []Cell{text(s)}})
	}
	f, _ := workbook(t, doc)
	rows, err := f.GetRows("=x")
	require.NoError(t, err)
	seen := 0
	for i, r := range rows {
		if len(r) == 0 {
			continue
		}
		cell := "A" + itoa(i+1)
		formula, err := f.GetCellFormula("=x", cell)
		require.NoError(t, err)
		require.Empty(t, formula)
		id, err := f.GetCellStyle("=x", cell)
		require.NoError(t, err)
		style, err := f.GetStyle(id)
		require.NoError(t, err)
		if strings.ContainsAny(r[0][:1], "=+-@") {
			require.Equal(t, asText, style.NumFmt, r[0])
			seen++
		}
		require.Equal(t, clean(r[0]), r[0])
	}
	require.Equal(t, 10, seen)
}
