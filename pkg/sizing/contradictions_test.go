package sizing

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
	"headroom/pkg/workload"
)

var update = flag.Bool("update", false, "write testdata/contradictions.txt anew")

// What contradicts itself is refused where it stands, all of it at once, with what to do.
func TestContradictions(t *testing.T) {
	const file = "testdata/contradictions.txt"
	table, err := txtar.ParseFile(file)
	require.NoError(t, err)
	var made []txtar.File
	wants := map[string]string{}
	for _, f := range table.Files {
		if filepath.Ext(f.Name) == ".txt" {
			wants[f.Name] = string(f.Data)
		}
	}
	const rest = "apiVersion: headroom/v1\nname: test\npeak: {users: 100, requests_per_user: 1/min}\n"
	for _, f := range table.Files {
		name := strings.TrimSuffix(f.Name, ".yaml")
		if name == f.Name {
			continue
		}
		_, err := workload.Parse(f.Name, append(bytes.Clone(f.Data), rest...), Specs(), os.ReadFile)
		var said strings.Builder
		for _, p := range diag.Of(err) {
			said.WriteString(p.Error() + "\n")
			if p.Hint != "" {
				said.WriteString("    " + p.Hint + "\n")
			}
		}
		made = append(made, f, txtar.File{Name: name + ".txt", Data: []byte(said.String())})
		if !*update {
			assert.NotEmpty(t, said.String(), f.Name)
			assert.Equal(t, wants[name+".txt"], said.String(), f.Name)
		}
	}
	if *update {
		table.Files = made
		require.NoError(t, os.WriteFile(file, txtar.Format(table), 0o600))
	}
}
