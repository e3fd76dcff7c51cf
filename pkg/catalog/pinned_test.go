package catalog

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the digests of the price tables instead of comparing with them")

// The digests of the price tables are noted outside of their folder: who changes a
// price and computes the manifest anew changes this file too, where a reviewer sees
// which vintage is no longer what it was. A vintage that was published must stay as
// it is; a new one adds a line. go test ./pkg/catalog -run Pinned -update writes it.
func TestDigestsOfTablesArePinned(t *testing.T) {
	c, err := Open(os.DirFS(filepath.Join("..", "..", "pricing")))
	require.NoError(t, err)
	var b strings.Builder
	for _, info := range c.Vintages() {
		v, err := c.Vintage(info.Name)
		require.NoError(t, err)
		fmt.Fprintf(&b, "%s %s\n", info.Name, v.Digest())
	}
	pinned := filepath.Join("testdata", "digests.txt")
	if *update {
		require.NoError(t, os.WriteFile(pinned, []byte(b.String()), 0o600))
	}
	want, err := os.ReadFile(pinned)
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), b.String())
}
