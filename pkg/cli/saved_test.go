package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Files of every version of the format, of one estimate and of several, are read by
// whatever reads a saved estimate, and are written as today's.
func TestSavedFilesOfEveryVersion(t *testing.T) {
	today := filepath.Join(t.TempDir(), "today.json")
	_, code := runMain(t, "estimate", "reference-medium", "reference-small", "--format", "json", "--out", today)
	require.Zero(t, code)
	const saved = "../../testdata/"
	budget := filepath.Join(t.TempDir(), "budget.yaml")
	require.NoError(t, os.WriteFile(budget, []byte("apiVersion: headroom/v1\nrules:\n"+
		"  grows: {increase: 1000%}\n"), 0o600))
	for _, c := range []struct{ file, profile string }{
		{saved + "v1/medium.json", "medium"}, {saved + "v1/references.json", "reference-medium"},
		{saved + "v2/small.json", "small"}, {saved + "v2/references.json", "reference-medium"},
		{today, "reference-medium"},
	} {
		for _, args := range [][]string{
			{"render", c.file}, {"diff", c.file, c.file}, {"estimate", c.profile, "--keep", c.file},
			{"check", c.profile, "--budget", budget, "--baseline", c.file, "--reprice"},
		} {
			out, code := runMain(t, args...)
			require.Zero(t, code, args)
			require.NotEmpty(t, out, args)
		}
		again, code := runMain(t, "render", c.file, "--format", "json")
		require.Zero(t, code)
		require.Contains(t, again, "{\n  \"schema\": \"headroom.estimates/v3\",\n  \"estimates\": [\n", c.file)
	}
}
