package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

func tableOf(t require.TestingT, g Grid, o Output) string {
	var b bytes.Buffer
	require.NoError(t, writeTable(&b, Document{Sections: []Section{{Grids: []Grid{g}}}}, o))
	return b.String()
}

// At narrow widths bars get shorter, then spare columns go, then texts stand below their
// row with their header; numbers stay below each other.
func TestColumnsStack(t *testing.T) {
	bar := func(part float64) Cell { return barCell(part, 10) }
	g := Grid{Columns: []Column{leftColumn("Name", "name"), decimalColumn("$", "cost"),
		{Key: "bar", Spare: true}, leftColumn("Machine", "machine"), leftColumn("Notes", "notes"),
		leftColumn("Empty", "empty")},
		Rows: []Row{
			{Cells: []Cell{text("database"), text("1,234.50"), bar(1), text("m7g.large"), text("one two three"), {}}},
			{Cells: []Cell{text("web"), text("9.25"), bar(0.5), text("c8g.large"), {}, {}}},
			{Cells: []Cell{text("2 smaller"), text("1.00"), {}, {Text: "kafka and consul beside it", Over: true}, {},
				{}}},
			{Role: Total, Cells: []Cell{text("Total"), text("1,244.75"), {}, {}, {}, {}}},
		}}
	require.Equal(t, `Name              $              Machine    Notes
─────────  ────────  ──────────  ─────────  ─────────────
database   1,234.50  ██████████  m7g.large  one two three
web            9.25  █████       c8g.large
2 smaller      1.00              kafka and consul beside it
─────────  ────────  ──────────  ─────────  ─────────────
Total      1,244.75
`, tableOf(t, g, Output{Width: 80}))
	require.Equal(t, `Name              $         Machine    Notes
─────────  ────────  ─────  ─────────  ─────────────
database   1,234.50  █████  m7g.large  one two three
web            9.25  ██▌    c8g.large
2 smaller      1.00         kafka and consul beside
                            it
─────────  ────────  ─────  ─────────  ─────────────
Total      1,244.75
`, tableOf(t, g, Output{Width: 52}))
	require.Equal(t, `Name              $
─────────  ────────
database   1,234.50
    Machine: m7g.large
    Notes: one two three
web            9.25
    Machine: c8g.large
2 smaller      1.00
    kafka and consul
    beside it
─────────  ────────
Total      1,244.75
`, tableOf(t, g, Output{Width: 24}))
}

// Tones come behind the cut of blanks, so that no line is longer than what is seen of it.
func TestTonesKeepNoBlanks(t *testing.T) {
	g := Grid{Columns: []Column{leftColumn("A", "a"), leftColumn("B", "b")}, Rows: []Row{
		{Cells: []Cell{{Text: "x", Tone: Good}, {Text: "long text", Tone: Caution}}},
		{Role: Total, Cells: []Cell{text("Total"), {}}}}}
	require.Equal(t, "\x1b[1mA\x1b[0m      \x1b[1mB\x1b[0m\n─────  ─────────\n"+
		"\x1b[32mx\x1b[0m      \x1b[33mlong text\x1b[0m\n─────  ─────────\n\x1b[1mTotal\x1b[0m\n",
		tableOf(t, g, Output{Width: 80, Color: true}))
}

// Whatever the texts: no line is wider than the terminal, and no word that fits it is cut.
func TestTablesNeverCutWords(t *testing.T) {
	words := rapid.SliceOfN(rapid.StringMatching("[a-z0-9.,-]{1,18}"), 0, 9)
	drawn.Check(t, func(t *rapid.T) {
		var g Grid
		for range rapid.IntRange(1, 6).Draw(t, "columns") {
			align := rapid.SampledFrom([]Align{Left, Right, Decimal}).Draw(t, "align")
			header := rapid.StringMatching("[A-Z][a-z]{0,9}").Draw(t, "header")
			g.Columns = append(g.Columns, Column{Header: header, Align: align})
		}
		var all []string
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			var r Row
			for _, c := range g.Columns {
				list := words.Draw(t, "words")
				if c.Align != Left && len(list) > 1 {
					list = list[:1]
				}
				all = append(all, list...)
				r.Cells = append(r.Cells, text(strings.Join(list, " ")))
			}
			g.Rows = append(g.Rows, r)
		}
		width := rapid.IntRange(30, 120).Draw(t, "width")
		out := tableOf(t, g, Output{Width: width})
		for _, l := range strings.Split(out, "\n") {
			require.LessOrEqual(t, twwidth.Width(l), width, out)
		}
		for _, w := range all {
			require.Contains(t, out, w)
		}
	})
}
