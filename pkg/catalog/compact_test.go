package catalog

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
	"headroom/pricing"
)

// The committed compact form, which is also the one inside the program, is what
// the CSV files give. Where this fails after a change of tables, run
// go generate ./pricing; where nobody changed any, somebody edited a file.
func TestCompactFormIsMadeFromTheTables(t *testing.T) {
	made, err := MakeCompact(tablesFS())
	require.NoError(t, err)
	committed, err := os.ReadFile("../../pricing/" + CompactName)
	require.NoError(t, err)
	require.True(t, string(made) == string(committed), "run go generate ./pricing")
	require.True(t, string(made) == pricing.Compact)
}

// Every cell, row, line and place of every table is the same in both forms.
func TestCompactFormEqualsTheTables(t *testing.T) {
	slow := openTables(t)
	quick, err := Open(WithCompact(pricing.FS, pricing.Compact))
	require.NoError(t, err)
	for _, f := range slow.Files() {
		want, err := slow.readTable(f.Path)
		require.NoError(t, err)
		have, err := quick.readTable(f.Path)
		require.NoError(t, err)
		require.NotNil(t, have.columns, "%s is not taken from the compact form", f.Path)
		require.Equal(t, want.header, have.header)
		require.Equal(t, want.len(), have.len(), f.Path)
		for row := range want.len() {
			if want.line(row) != have.line(row) || want.text(row) != have.text(row) {
				t.Fatalf("%s:%d: the row is another", f.Path, want.line(row))
			}
			for col := range want.header {
				if want.cell(row, col) != have.cell(row, col) {
					t.Fatalf("%s:%d: column %s", f.Path, want.line(row), want.header[col])
				}
			}
		}
		last := want.header[len(want.header)-1]
		require.Equal(t, want.problem(0, last, "x"), have.problem(0, last, "x"), "a message names the same place")
	}
}

// A compact form that was made before a table changed is not used for it.
func TestStaleCompactForm(t *testing.T) {
	files := copyTables(t)
	form := pricing.Compact
	const path = "2026-07-20/ec2/us-east-1.csv"
	files[path].Data = []byte(strings.Replace(string(files[path].Data), "us-east-1,m7g.large,0.081600",
		"us-east-1,m7g.large,0.091600", 1))
	reseal(files, path)
	c, err := Open(WithCompact(files, form))
	require.NoError(t, err)
	v, err := c.Vintage("")
	require.NoError(t, err)
	r, err := v.Region("us-east-1")
	require.NoError(t, err)
	p, ok := r.OnDemand("m7g.large")
	require.True(t, ok)
	require.True(t, p.Rate.Equal(rate("0.0916")))
	require.Contains(t, Verify(WithCompact(files, form)).Error(),
		"compact.bin: the compact form is not what the tables give")
}

// A damaged compact form is an error with its name, wherever it is cut off.
func TestDamagedCompactForm(t *testing.T) {
	files := copyTables(t)
	form := pricing.Compact
	require.Empty(t, Verify(WithCompact(files, form)))
	for _, n := range []int{0, 5, len(compactMagic), len(compactMagic) + 4, 1000, len(form) / 2, len(form) - 1} {
		_, err := Open(WithCompact(files, form[:n]))
		require.ErrorContains(t, err, CompactName, "%d bytes", n)
	}
	_, err := Open(WithCompact(files, "headroom tables 9\n"+form[len(compactMagic):]))
	var problem diag.Problem
	require.ErrorAs(t, err, &problem)
	require.Contains(t, problem.Hint, "go generate ./pricing")
	// A section that says it has more rows than it has room for.
	c, err := openCompact(form)
	require.NoError(t, err)
	at := c.sections["limits/ebs_volumes.csv"].start
	grown := form[:at] + "\xff\xff\x00\x00" + form[at+4:]
	broken, err := Open(WithCompact(files, grown))
	require.NoError(t, err, "opening reads the list of tables only")
	_, err = broken.Limits()
	require.ErrorContains(t, err, "limits/ebs_volumes.csv is cut short")
	require.NotEmpty(t, Verify(WithCompact(files, grown)))
}

// What the compact form cannot give back character for character is refused.
func TestCompactFormRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"a,b\nx,\"y\"\n": "t.csv:2:1: a cell is quoted that need not be",
		"a,b\n\nx,y\n":   "t.csv:3:1: a blank line comes before the row",
		"a,b\n":          "t.csv:1: the table has 0 rows",
	} {
		tab, err := readTable("t.csv", []byte(text))
		require.NoError(t, err)
		_, err = appendTable(nil, tab)
		require.ErrorContains(t, err, want)
	}
}
