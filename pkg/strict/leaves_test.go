package strict

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type leafItem struct {
	At
	Name string         `yaml:"name"`
	Part Value[float64] `yaml:"part"`
}

type leafSpec struct {
	Size Value[int64] `yaml:"size"`
}

type leafRoot struct {
	At
	Kind   string             `yaml:"kind" enum:"big|small"`
	Ratio  Value[float64]     `yaml:"ratio"`
	Maybe  *Value[float64]    `yaml:"maybe"`
	Inner  *leafRoot          `yaml:"inner"`
	Items  []leafItem         `yaml:"items"`
	Names  []string           `yaml:"names" enum:"a|b"`
	Free   Map[Value[string]] `yaml:"free"`
	Hidden int                `yaml:"-"`
	Spec   any                `yaml:",variant=kind"`
}

func (*leafItem) KeyText(key string) string { return map[string]string{"part": "A part."}[key] }
func (*leafSpec) KeyText(key string) string {
	return map[string]string{"size": "Only this kind has it."}[key]
}
func (*leafRoot) KeyText(key string) string { return map[string]string{"ratio": "How much."}[key] }

// Leaves names what is there, what could be there, and nothing that Set cannot
// set.
func TestLeaves(t *testing.T) {
	src := "kind: big\nratio: 0.5\nitems:\n  - {name: one, part: 0.25}\n  - {part: 2}\n" +
		"free: {x: {value: y, source: z}}\nsize: 7\n"
	o := ReadOptions{Variants: map[string]func() any{"big": func() any { return &leafSpec{} }, "small": func() any {
		return &leafSpec{}
	}}}
	doc, err := Parse("f.yaml", []byte(src), o)
	require.NoError(t, err)
	var root leafRoot
	require.NoError(t, doc.Decode(&root))
	got := map[string]string{}
	var order []string
	for _, l := range doc.Leaves(&root) {
		order = append(order, l.Path)
		got[l.Path] = l.Now
	}
	require.Equal(t, []string{"kind", "ratio", "maybe", "items.one.name", "items.one.part", "items.1.name",
		"items.1.part", "names", "free.x", "size"}, order, "inner contains itself and is not followed")
	require.Equal(t, map[string]string{"kind": "big", "ratio": "0.5", "maybe": "", "items.one.name": "one",
		"items.one.part": "0.25", "items.1.name": "", "items.1.part": "2", "names": "", "free.x": "y", "size": "7"},
		got)
	for _, l := range doc.Leaves(&root) {
		require.Equal(t, l.Path == "ratio" || l.Path == "maybe" || l.Path == "items.one.part" ||
			l.Path == "items.1.part", l.Number(), l.Path)
		if !l.Number() {
			continue
		}
		require.Equal(t, "0.375", l.Text(0.375))
		x, err := l.Parse("0.375")
		require.NoError(t, err)
		require.Equal(t, 0.375, x)
		d := doc.Clone()
		require.NoError(t, d.Set(SetPos(l.Path, ""), l.Path, l.Text(0.375)), l.Path)
		var changed leafRoot
		require.NoError(t, d.Decode(&changed), l.Path)
	}
}
