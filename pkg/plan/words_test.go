package plan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// What every kind has to say of its fixture, and of the three systems, is said in
// words and not with the names of its values.
func TestKindsSpeakInWords(t *testing.T) {
	cat := testCatalog(t)
	profiles := []*workload.Profile{}
	for _, size := range systems {
		profiles = append(profiles, parseProfile(t, profileSource(t, size)))
	}
	for _, k := range sizing.Kinds() {
		profiles = append(profiles, fixtureOf(t, k.Word()))
	}
	said := 0
	for _, p := range profiles {
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
				_, name, _ := strings.Cut(r.Key, ".")
				name = strings.ReplaceAll(name, "_", " ")
				text := words.Say(r)
				require.NotEqual(t, name, text, r.Key)
				if len(r.Args) > 0 {
					plain := name + ": " + strings.ReplaceAll(r.Args[0].Name, "_", " ") + " "
					require.False(t, strings.HasPrefix(text, plain), "%s has no words: %s", r.Key, text)
				}
				said++
			}
		}
	}
	require.Greater(t, said, 200)
}
