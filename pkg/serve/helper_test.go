package serve_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/serve"
	"headroom/pkg/sizing"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
	"headroom/pricing"
	"headroom/profiles"
)

// options are those of a profile's text under the shipped prices.
func options(t testing.TB, src []byte) serve.Options {
	t.Helper()
	refuse := func(string) ([]byte, error) { return nil, errors.New("this test reads no file") }
	draft, err := workload.Open("test.yaml", src, sizing.Specs(), refuse)
	require.NoError(t, err)
	c, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	m, err := whatif.New(draft, bill.Request{}, func(p *workload.Profile, o bill.Request) (*bill.Planned, error) {
		return bill.Search(p, c, o)
	})
	require.NoError(t, err)
	return serve.Options{Model: m, Name: "./test.yaml", Vintages: []string{c.Newest()},
		Regions: []string{"us-east-1", "eu-west-1", "us-west-2"}, Types: []string{"m7g.large"}}
}

// shipped is the text of a profile that comes with the program.
func shipped(t testing.TB, name string) []byte {
	t.Helper()
	src, err := fs.ReadFile(profiles.FS, name+".yaml")
	require.NoError(t, err)
	return src
}

func pageOf(t testing.TB, o serve.Options) *serve.Page {
	t.Helper()
	p, err := serve.New(o)
	require.NoError(t, err)
	return p
}

func medium(t testing.TB) *serve.Page { return pageOf(t, options(t, shipped(t, "medium"))) }

// answer is that of pairs of path and value.
func answer(t testing.TB, p *serve.Page, want string, pairs ...string) *serve.Answer {
	t.Helper()
	a, err := p.Answer(context.Background(), serve.Request{Sets: sets(pairs...), Want: want})
	require.NoError(t, err)
	return a
}

func sets(pairs ...string) []serve.Set {
	var out []serve.Set
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, serve.Set{Path: pairs[i], Value: pairs[i+1]})
	}
	return out
}
