package strict

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const rewritten = `# A shop.
name: shop # its name
about: >-
  Sells things,
  many of them.
peak:
  # counted on Black Friday
  users: {value: 2500, source: 'the shop''s count'} # of customers
  rate: "100/min"   # measured
  page: 2MB
survive:
  - node # always
  - zone
regions:
  - {name: east, tz: -5h}
  - name: west
    tz: -8h
flow: {a: 1,
  b: [x, y] # two
  }
`

func TestRewriteKeepsAllElse(t *testing.T) {
	doc, err := Parse("shop.yaml", []byte(rewritten), ReadOptions{})
	require.NoError(t, err)
	text, err := doc.Rewrite([]Change{
		{"peak.users", "5k"}, {"peak.rate", "50/min"}, {"peak.writes", "1/min"}, {"survive", "[node]"},
		{"regions.east.tz", "1h"}, {"regions.1.name", "north"}, {"regions.north.zones", "2"}, {"flow.b", "z"},
		{"flow.c.d", "true"}, {"purchase.option", "optimal"}, {"about", "a shop"}, {"regions.0.share", "20%"},
	})
	require.NoError(t, err)
	require.Equal(t, `# A shop.
name: shop # its name
about: a shop
peak:
  # counted on Black Friday
  users: 5k # of customers
  rate: 50/min   # measured
  page: 2MB
  writes: 1/min
survive: [node]
regions:
  - {name: east, tz: 1h, share: 20%}
  - name: north
    tz: -8h
    zones: 2
flow: {a: 1,
  b: z, c: {d: true} # two
  }
purchase: {option: optimal}
`, string(text))
}

// What is written in a way that is not followed, or would read as something else, is
// refused and never written wrongly.
func TestRewriteRefuses(t *testing.T) {
	for _, c := range []struct{ file, path, text string }{
		{"a: one\n  two\n", "a", "3"},
		{"a: {b: 1}\n", "a.c", "x, y"},
		{"a: {b: 1}\n", "a.b", "1 }"},
		{"a:\n", "a.b", "1"},
		{"a: 1\n", "b", "2 # not a value"},
		{"a: [1, 2]\n", "a.0", "x, y"},
		{"a: 1\n", "b c", "2"},
		{"a: 1\n", "b", "|\n  2"},
	} {
		doc, err := Parse("a.yaml", []byte(c.file), ReadOptions{})
		require.NoError(t, err)
		text, err := doc.Rewrite([]Change{{c.path, c.text}})
		if err == nil { // then it is what Set makes of it
			want := doc.Clone()
			require.NoError(t, want.Set(SetPos(c.path, c.text), c.path, c.text))
			again, err := Parse("a.yaml", text, ReadOptions{})
			require.NoError(t, err)
			require.True(t, same(want.root, again.root), "%s", text)
			continue
		}
		require.Nil(t, text)
	}
	doc, err := Parse("a.yaml", []byte("a: one\n  two\n"), ReadOptions{})
	require.NoError(t, err)
	_, err = doc.Rewrite([]Change{{"a", "3"}})
	require.ErrorIs(t, err, ErrRewrite)
}
