package whatif_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/sizing"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
	"headroom/pricing"
	"headroom/profiles"
)

// source is the text of a shipped profile.
func source(t testing.TB, name string) []byte {
	t.Helper()
	src, err := fs.ReadFile(profiles.FS, name+".yaml")
	require.NoError(t, err)
	return src
}

// system is a profile's text under the shipped prices.
func system(t testing.TB, src []byte) *whatif.Model { return systemWith(t, src, bill.Request{}) }

func systemWith(t testing.TB, src []byte, o bill.Request) *whatif.Model {
	t.Helper()
	draft, err := workload.Open("test.yaml", src, sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	c, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	s, err := whatif.New(draft, o, func(p *workload.Profile, o bill.Request) (*bill.Planned, error) {
		return bill.Search(p, c, o)
	})
	require.NoError(t, err)
	return s
}

func set(t testing.TB, texts ...string) []whatif.Assignment {
	t.Helper()
	out := make([]whatif.Assignment, len(texts))
	for i, text := range texts {
		var err error
		out[i], err = whatif.ParseAssignment(text)
		require.NoError(t, err)
	}
	return out
}

// detailed is an error with its hints, as the command line prints it.
func detailed(err error) string {
	var b strings.Builder
	_ = diag.Render(&b, "", err, 0)
	return b.String()
}
