package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The names of options stay whole beside remarks that fill the width.
func TestNamesOfOptionsAreNotBroken(t *testing.T) {
	for _, kind := range []string{"reserved", "convertible", "sp-ec2", "sp-compute"} {
		for _, years := range []string{"1y", "3y"} {
			for _, upfront := range []string{"none", "partial", "all"} {
				option := kind + "-" + years + "-" + upfront
				g := Grid{Columns: []Column{{Header: "Option"}, {Header: "$/h", Align: Decimal}, {Header: "Remark"}},
					Rows: []Row{{Cells: []Cell{{Text: option}, {Text: "0.0944"},
						{Text: strings.Repeat("half of the term is upfront ", 9)}}}}}
				var b bytes.Buffer
				require.NoError(t, writeTable(&b, Document{Sections: []Section{{Grids: []Grid{g}}}}, Output{Width: 60}))
				require.Contains(t, b.String(), option+" ")
			}
		}
	}
}

// A text that is escaped for the runner of a CI system moves no column.
func TestEscapesMoveNoColumn(t *testing.T) {
	row := func(name string) Row { return Row{Cells: []Cell{text(name), text("12"), text("x")}} }
	doc := Document{Sections: []Section{{Grids: []Grid{{
		Columns: []Column{{Header: "System", Key: "system"}, {Header: "Count", Key: "count", Align: Right},
			{Header: "Notes", Key: "notes"}},
		Rows: []Row{row("web"), row("a ##[error]b"), row("::error::c"), row("some words ::error::d")},
	}}}}}
	for _, width := range []int{25, 80} {
		var b bytes.Buffer
		require.NoError(t, writeTable(&b, doc, Output{Width: width}))
		place := -1
		for _, l := range strings.Split(b.String(), "\n") {
			require.NotContains(t, l, "##[")
			require.False(t, strings.HasPrefix(l, "::"), l)
			require.LessOrEqual(t, len([]rune(l)), width, l)
			at := strings.Index(l, "12")
			if at < 0 {
				continue
			}
			if place < 0 {
				place = at
			}
			require.Equal(t, place, at, "%s", &b)
		}
		require.Contains(t, b.String(), `\::error::`)
	}
}
