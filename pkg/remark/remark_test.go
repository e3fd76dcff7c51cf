package remark

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/unit"
)

func TestJSON(t *testing.T) {
	for _, x := range []struct {
		r    Remark
		want string
	}{
		{Remark{}, `null`},
		{New("log.partitions", "partitions", 12, "replication", 3),
			`{"key":"log.partitions","partitions":12,"replication":3}`},
		{New("a", "bytes", unit.Bytes(1.5), "to", []string{"b", "c"}, "sharded", true, "name", "<x>"),
			`{"key":"a","bytes":1.5,"to":["b","c"],"sharded":true,"name":"<x>"}`},
		{Join(New("b", "z", 1, "a", 2), Remark{}, New("c", "text", "d")),
			`{"key":"joined","parts":[{"key":"b","z":1,"a":2},{"key":"c","text":"d"}]}`},
		{Listed(New("b"), New("c")), `{"key":"listed","parts":[{"key":"b"},{"key":"c"}]}`},
		{Join(Remark{}, New("b")), `{"key":"b"}`},
		{Verbatim("as it is"), `{"key":"verbatim","text":"as it is"}`},
		{Labelled("L", ""), `{"key":"verbatim","label":"L","text":""}`},
		{New("a", "none", []string(nil), "some", []float64{0.25, 1}), `{"key":"a","none":[],"some":[0.25,1]}`},
		{New("a", "of", []Remark{New("b", "c", 1)}), `{"key":"a","of":[{"key":"b","c":1}]}`},
		{New("a").With("b", 1).With("c", 2), `{"key":"a","b":1,"c":2}`},
	} {
		got, err := x.r.MarshalJSON()
		require.NoError(t, err)
		var compact Remark
		require.JSONEq(t, x.want, string(got))
		require.NoError(t, json.Unmarshal(got, &compact))
		require.True(t, x.r.Equal(compact), "%v is %v after reading", x.r, compact)
	}
}

// Values have names, so that a report may ask for them in any order; what is
// not there is nothing.
func TestValues(t *testing.T) {
	r := New("k", "n", int64(3), "s", "text", "l", []string{"a"}, "b", true)
	require.Equal(t, 3.0, r.Number("n"))
	require.Equal(t, 3, r.Int("n"))
	require.Equal(t, "text", r.Text("s"))
	require.Equal(t, []string{"a"}, r.List("l"))
	require.True(t, r.Is("b"))
	require.True(t, r.Has("n"))
	require.Equal(t, []Remark{New("w")}, New("k", "why", []Remark{New("w")}).Remarks("why"))
	require.Empty(t, r.Remarks("l"), "a name is no remark")
	require.False(t, r.Has("N"))
	require.Zero(t, r.Number("s"), "a text is no figure")
	require.Empty(t, r.Text("none"))
}

func TestMistakesPanic(t *testing.T) {
	of := func(pairs ...any) func() { return func() { New("k", pairs...) } }
	require.Panics(t, of("name"))
	require.Panics(t, func() { New("k", 1, 2) })
	require.Panics(t, func() { New("k", "name", struct{}{}) })
}

func TestHostileJSON(t *testing.T) {
	for _, s := range []string{`{}`, `[]`, `1`, `{"key":1}`, `{"key":"k","a":{}}`,
		`{"key":"k","a":[1,"b"]}`, `{"key":"k","a":1,"a":1}`, `{"key":"k","key":"k"}`,
		`{"key":"k"`, `{"a":1}`, `{"key":"k","a":null}`} {
		var r Remark
		require.Error(t, json.Unmarshal([]byte(s), &r), s)
	}
}

// For programmers a text is itself, with its region, and anything else its JSON.
func TestString(t *testing.T) {
	require.Empty(t, Remark{}.String())
	require.Equal(t, "as it is", Verbatim("as it is").String())
	require.Equal(t, "us-east-1: 9 shards", Verbatim("9 shards").With("region", "us-east-1").String())
	require.Equal(t, `{"key":"a","b":1}`, New("a", "b", 1).String())
}

// A remark is the same after it was saved, with fewer digits than a float carries.
func TestSavedRemarkIsEqual(t *testing.T) {
	r := New("load.answers", "reads", 895.9563305071234, "parts", []float64{1.0 / 3, 2.0 / 3})
	saved, err := json.Marshal(r)
	require.NoError(t, err)
	var again Remark
	require.NoError(t, json.Unmarshal(saved, &again))
	require.True(t, r.Equal(again), "%s", saved)
	require.False(t, r.Equal(New("load.answers", "reads", 895.957, "parts", []float64{1.0 / 3, 2.0 / 3})))
}
