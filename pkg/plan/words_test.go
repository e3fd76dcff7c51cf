package plan

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// speaking are the three systems and the fixture of every kind.
func speaking(t *testing.T) []*workload.Profile {
	t.Helper()
	profiles := []*workload.Profile{}
	for _, size := range systems {
		profiles = append(profiles, parseProfile(t, profileSource(t, size)))
	}
	for _, k := range sizing.Kinds() {
		profiles = append(profiles, fixtureOf(t, k.Word()))
	}
	return profiles
}

// requireWords fails where a remark is said with its key and the names of its
// values.
func requireWords(t *testing.T, r remark.Remark) {
	t.Helper()
	_, name, _ := strings.Cut(r.Key, ".")
	name = strings.ReplaceAll(name, "_", " ")
	text := words.Say(r)
	require.NotEqual(t, name, text, r.Key)
	if len(r.Args) > 0 {
		plain := name + ": " + strings.ReplaceAll(r.Args[0].Name, "_", " ") + " "
		require.False(t, strings.HasPrefix(text, plain), "%s has no words: %s", r.Key, text)
	}
}

// What every kind has to say of its fixture, and of the three systems, is said in
// words and not with the names of its values.
func TestKindsSpeakInWords(t *testing.T) {
	cat := testCatalog(t)
	said := 0
	for _, p := range speaking(t) {
		for _, c := range searchAny(t, p, cat, Options{}).Choices {
			l := c.Layout
			all := append([]remark.Remark{l.Brief, l.Grows}, l.Structure...)
			all = append(all, l.Warnings...)
			for _, x := range l.Limits {
				all = append(all, x.Why)
			}
			for _, r := range all {
				if r.IsZero() {
					continue
				}
				requireWords(t, r)
				said++
			}
		}
	}
	require.Greater(t, said, 200)
}

// So is why a machine does not do, on every type that there is and also where it
// is to be bought in a way that many have no price for. None of it is a text that
// the search has made.
func TestRejectionsSpeakInWords(t *testing.T) {
	cat := testCatalog(t)
	met := map[string]int{}
	for _, p := range speaking(t) {
		for _, option := range []string{"", "reserved-3y-all"} {
			for _, rej := range rejected(t, p, cat, Options{Purchase: option}) {
				why := rej.Why
				if why.IsZero() {
					continue
				}
				if met[why.Key]++; met[why.Key] > 10 {
					continue // alike
				}
				_, text := why.Verbatim()
				require.False(t, text, "%s", why)
				requireWords(t, why)
			}
		}
	}
	require.Greater(t, len(met), 8, "%v", met)
	require.NotZero(t, met["purchase.no_price"])
}

// rejected are the layouts that do not carry a profile's components; where no
// layout carries one of them, the nearest.
func rejected(t *testing.T, p *workload.Profile, cat *catalog.Catalog, o Options) (out []*sizing.Rejection) {
	t.Helper()
	plan, err := searchProfile(p, cat, o)
	var none *Infeasible
	if errors.As(err, &none) {
		return []*sizing.Rejection{none.Nearest}
	}
	require.NoError(t, err)
	all, err := plan.Survey()
	require.NoError(t, err)
	for _, x := range all {
		out = append(out, x.Rejected...)
	}
	return out
}
