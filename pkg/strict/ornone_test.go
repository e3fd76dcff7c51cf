package strict

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type switchable struct {
	Weights OrNone[weights] `yaml:"weights"`
}

type weights struct {
	At
	A Value[float64] `yaml:"a" min:"0"`
	B Value[float64] `yaml:"b"`
}

func (*weights) KeyText(key string) string {
	return map[string]string{"a": "First.", "b": "Second."}[key]
}

func TestOrNone(t *testing.T) {
	read := func(src string) (switchable, *Doc, error) {
		var x switchable
		x.Weights.V.A.V, x.Weights.V.B.V = 1, 2
		doc, err := Parse("f.yaml", []byte(src), ReadOptions{})
		require.NoError(t, err)
		return x, doc, doc.Decode(&x)
	}
	for src, want := range map[string]struct {
		none bool
		a, b float64
	}{
		"weights: none\n": {true, 1, 2}, "weights: {a: 5}\n": {false, 5, 2}, "weights: {}\n": {false, 1, 2},
	} {
		x, _, err := read(src)
		require.NoError(t, err, src)
		require.Equal(t, want.none, x.Weights.None, src)
		require.Equal(t, [2]float64{want.a, want.b}, [2]float64{x.Weights.V.A.V, x.Weights.V.B.V}, src)
	}
	for src, message := range map[string]string{
		"weights: some\n":    `f.yaml:1:10: weights must be a mapping or the word none, not the single value "some"`,
		"weights: [1]\n":     "weights must be a mapping or the word none, not a list",
		"weights:\n":         "weights has no value",
		"weights: {a: -1}\n": "weights.a is -1, but must be at least 0",
		"weights: {c: 1}\n":  `unknown key "c" in weights`,
	} {
		_, _, err := read(src)
		require.ErrorContains(t, err, message, src)
	}
	x, doc, err := read("weights: {a: 5}\n")
	require.NoError(t, err)
	var paths []string
	for _, l := range doc.Leaves(&x) {
		paths = append(paths, l.Path+"="+l.Now)
	}
	require.Equal(t, []string{"weights.a=5", "weights.b=2"}, paths)
	require.NoError(t, doc.Set(SetPos("weights", "none"), "weights", "none"))
	require.NoError(t, doc.Decode(&x))
	require.True(t, x.Weights.None)
	require.Contains(t, string(Schema(&switchable{}, SchemaOptions{})), `"const": "none"`)
}
