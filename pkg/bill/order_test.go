package bill

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/strict"
	"headroom/pkg/workload"
	"headroom/profiles"
)

// Whatever the order in which a profile names its components, each has the same lines to the
// byte: also where the load of one follows how many nodes all others have.
func TestOrderOfComponentsChangesNothing(t *testing.T) {
	cat := testCatalog(t)
	files, err := fs.Glob(profiles.FS, "*.yaml")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(file, ".yaml")
		t.Run(name, func(t *testing.T) {
			src, err := fs.ReadFile(profiles.FS, file)
			require.NoError(t, err)
			lines := func(turn func([]string) []string) map[string]string {
				p := parseProfile(t, string(src))
				var names []string
				for _, c := range p.Components {
					names = append(names, c.Key)
				}
				place := turn(names)
				slices.SortStableFunc(p.Components, func(a, b strict.Entry[*workload.Component]) int {
					return slices.Index(place, a.Key) - slices.Index(place, b.Key)
				})
				e := buildAny(t, p, cat, Request{}).Estimate
				out := map[string]string{"total": e.Total.Expected.String()}
				for i := range e.Lines {
					b, err := json.Marshal(&e.Lines[i])
					require.NoError(t, err)
					out[e.Lines[i].Component] += string(b) + "\n"
				}
				return out
			}
			want := lines(func(n []string) []string { return n })
			require.Equal(t, want, lines(func(n []string) []string {
				r := slices.Clone(n)
				slices.Reverse(r)
				return r
			}), "backwards")
			require.Equal(t, want, lines(func(n []string) []string {
				return append(slices.Clone(n[len(n)/2:]), n[:len(n)/2]...)
			}), "the second half first")
		})
	}
}
