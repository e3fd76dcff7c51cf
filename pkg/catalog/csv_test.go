package catalog

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// Whatever encoding/csv writes on single lines is read back cell by cell.
func TestTableReadsWhatCSVWrites(t *testing.T) {
	cell := rapid.StringMatching(`[a-z ",.é0-9-]{0,6}`)
	drawn.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 6).Draw(t, "width")
		var recs [][]string
		head := make([]string, width)
		for i := range head {
			head[i] = string(rune('a' + i))
		}
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			recs = append(recs, rapid.SliceOfN(cell, width, width).Draw(t, "row"))
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		if err := w.WriteAll(append([][]string{head}, recs...)); err != nil {
			t.Fatal(err)
		}
		tab, err := readTable("x.csv", []byte(b.String()))
		if err != nil {
			t.Fatalf("%v in %q", err, b.String())
		}
		if tab.len() != len(recs) {
			t.Fatalf("%d rows, want %d", tab.len(), len(recs))
		}
		for i, rec := range recs {
			for c, want := range rec {
				if got := tab.cell(i, c); got != want {
					t.Fatalf("row %d column %d of %q: %q, want %q", i, c, b.String(), got, want)
				}
				if got := tab.cells(i, nil)[c]; got != want {
					t.Fatalf("cells: row %d column %d: %q, want %q", i, c, got, want)
				}
			}
		}
	})
}

func TestTableErrors(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{"", "x.csv: the table is empty"},
		{"a,b\n1\n", "x.csv:2:1: the row has 1 cells, the header has 2"},
		{"a,a\n", `x.csv:1:1: column "a" occurs twice`},
		{"a,c\n", `x.csv:1:1: column "b" is missing`},
		{"a,b\n\n1,\"2\n", "x.csv:3:1: a quoted cell is not closed on its line"},
		{"a,b\n1,\"2\"3\n", "x.csv:2:1: a quoted cell is followed by more text"},
	} {
		_, err := readTable("x.csv", []byte(x.text), "a", "b")
		require.ErrorContains(t, err, x.want)
	}
	tab, err := readTable("x.csv", []byte("\ufeffa,b\r\n1,2\r\n\r\n3,\"x, \"\"y\"\"\""))
	require.NoError(t, err)
	require.Equal(t, 2, tab.len())
	require.Equal(t, 4, tab.line(1))
	require.Equal(t, `x, "y"`, tab.cell(1, 1))
	require.Equal(t, "", tab.cell(1, -1))
}
