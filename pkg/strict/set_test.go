package strict_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

func parsed(t *testing.T) *strict.Doc {
	t.Helper()
	doc, err := strict.Parse("f.yaml", []byte(whole), options())
	require.NoError(t, err)
	return doc
}

// set is an assignment on the command line.
func set(d *strict.Doc, path, text string) error { return d.Set(strict.SetPos(path, text), path, text) }

func TestSet(t *testing.T) {
	doc := parsed(t)
	untouched := doc.Clone()
	for _, c := range [][2]string{
		{"users", "5k"},
		{"limits.ram", "{value: 90%, source: measured}"},
		{"parts.db.replicas", "4"},
		{"parts.new", "{kind: cache, ttl: 1s}"},
		{"zones.0.weight", "11"},
		{"zones.720.weight", "12"},
		{"aims.degraded.degraded.p99", "3s"},
		{"tags", "[a, b]"},
		{"mode", "two"},
	} {
		require.NoError(t, set(doc, c[0], c[1]), c[0])
	}
	s := defaults()
	require.NoError(t, doc.Decode(s))
	users := strict.Value[unit.Count]{V: 5000, Set: true, Text: "5k", Pos: diag.Pos{File: "--set users=5k"}}
	require.Equal(t, users, s.Users,
		"the source of the replaced value is not the new one's")
	require.Equal(t, "measured", s.Limits.RAM.Source)
	require.Equal(t, unit.Fraction(0.6), s.Limits.CPU.V, "siblings stay")
	require.Equal(t, 4, s.Parts[0].V.Spec.(*database).Replicas)
	require.Equal(t, []string{"db", "front", "new"}, s.Parts.Keys())
	require.Equal(t, []zone{{"a", 11}, {"720", 12}}, s.Zones)
	require.Equal(t, unit.Duration(3), s.Aims.Degraded.Degraded.P99.V)
	require.Equal(t, unit.Duration(1), s.Aims.Degraded.P99.V)
	require.Equal(t, []string{"a", "b"}, s.Tags)

	want, err := decode(t, whole)
	require.NoError(t, err)
	got := defaults()
	require.NoError(t, untouched.Decode(got))
	require.Equal(t, want, got, "a clone is independent")
}

func TestSetKeysWithDots(t *testing.T) {
	var s struct {
		Types strict.Map[int] `yaml:"types"`
	}
	doc, err := strict.Parse("f.yaml", []byte("types: {m7g.large: 1, m7g: 2}"), strict.ReadOptions{})
	require.NoError(t, err)
	require.NoError(t, set(doc, "types.m7g.large", "3"))
	require.NoError(t, doc.Decode(&s))
	n, _ := s.Types.Get("m7g.large")
	require.Equal(t, 3, n)
	pos, ok := doc.Pos("types.m7g")
	require.True(t, ok)
	require.Equal(t, "f.yaml:1:28", pos.String())
	_, ok = doc.Pos("types.m6g")
	require.False(t, ok)
}

func TestSetRefuses(t *testing.T) {
	for _, c := range []struct{ path, text, want string }{
		{"users", "", "there is no value"},
		{"users", "[1", "not valid YAML"},
		{"users", "&a 1", "YAML anchors"},
		{"users", "a\x00", "NUL"},
		{"", "1", `"" is not a path`},
		{"a..b", "1", `"a..b" is not a path`},
		{"mode.x", "1", `"mode" is a single value and has no key "x"`},
		{"zones.2.weight", "1", `"zones" has no item "2"`},
		{"zones.c.weight", "1", `"zones" has no item "c"`},
		{"zones.-1", "1", `"zones" has no item "-1"`},
		{strings.Repeat("a.", 60) + "a", "1", "more than 50 parts"},
	} {
		err := set(parsed(t), c.path, c.text)
		require.ErrorContains(t, err, c.want)
		require.IsType(t, diag.Problems{}, err)
	}
}

// What Set adds is judged when the document is decoded, at the place of --set.
func TestSetIsDecodedStrictly(t *testing.T) {
	doc := parsed(t)
	require.NoError(t, set(doc, "usres", "5"))
	require.NoError(t, set(doc, "size", "5 parsecs"))
	err := doc.Decode(defaults())
	require.ErrorContains(t, err, `--set usres=5: unknown key "usres"`)
	require.ErrorContains(t, err, `--set size=5 parsecs: size: `)
}
