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
