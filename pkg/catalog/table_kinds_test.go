package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A kind is recognised by its own shortest header, and has all that reads it.
func TestTableKinds(t *testing.T) {
	for _, k := range tableKinds() {
		require.Contains(t, k.key, k.mark, k.name)
		require.Contains(t, k.key, "region", k.name)
		require.NotEqual(t, k.terms == nil, k.prices == nil, "%s has terms, or a price", k.name)
		require.NotNil(t, k.named, k.name)
		require.NotNil(t, k.verify, k.name)
		require.Equal(t, k.name, kindNamed(k.name).name)
		header := k.header("")
		require.True(t, begins(header[0]), k.name)
		table, err := readTable("own.csv", []byte(strings.Join(header, ",")+"\n"))
		require.NoError(t, err)
		require.Equal(t, k.name, kindOf(table).name)
		require.Empty(t, checkHeader(table, k, 1), k.name)
	}
	require.Nil(t, kindNamed("stones"))
}

// Verification knows every table of the manifest, and says so of those that it does not.
func TestVerifyKnowsEveryTable(t *testing.T) {
	vf := &verifier{cat: openTables(t)}
	vf.shared()
	require.Empty(t, vf.ps)
	vf.cat.manifest = append(vf.cat.manifest, File{Path: "hardware/stones.csv", Table: tableHardware},
		File{Path: "2026-10-04/stones/us-east-1.csv", Vintage: "2026-10-04", Table: "stones"})
	vf.shared()
	require.ErrorContains(t, vf.ps, "hardware/stones.csv: the program reads no such table")
	require.ErrorContains(t, vf.ps, `us-east-1.csv: the kind of table "stones" is not known`)
}
