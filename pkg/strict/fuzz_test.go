package strict_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
)

// FuzzDecode: any bytes give a result or problems inside the file, twice the
// same, never a panic.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(whole))
	for _, s := range hostile(200) {
		f.Add([]byte(s))
	}
	f.Add([]byte("\"" + strings.Repeat("\na: \"", 12) + "\"\na:\"" + strings.Repeat("\na: \"", 5) + "\ta: \"\na: \""))
	f.Fuzz(func(t *testing.T, src []byte) {
		a, b := defaults(), defaults()
		err := strict.Decode("f.yaml", src, a, options())
		again := strict.Decode("f.yaml", src, b, options())
		require.Equal(t, err, again)
		if err == nil {
			require.Equal(t, a, b)
			return
		}
		var ps diag.Problems
		require.True(t, errors.As(err, &ps), "%T", err)
		text := strings.ReplaceAll(strings.ReplaceAll(string(src), "\r\n", "\n"), "\r", "\n")
		lines := strings.Split(text, "\n")
		require.NotEmpty(t, ps)
		for _, p := range ps {
			require.Equal(t, "f.yaml", p.Pos.File)
			require.GreaterOrEqual(t, p.Pos.Line, 1)
			require.LessOrEqual(t, p.Pos.Line, len(lines), "%v", p)
			require.GreaterOrEqual(t, p.Pos.Col, 1)
			require.LessOrEqual(t, p.Pos.Col, len([]rune(lines[p.Pos.Line-1]))+1, "%v", p)
		}
	})
}

// FuzzSet: any path and value change the document or are refused.
func FuzzSet(f *testing.F) {
	f.Add("users", "5")
	f.Add("parts.db.replicas", "3")
	f.Add("zones.1.name", "{a: [1]}")
	f.Add("a..b", "")
	f.Fuzz(func(t *testing.T, path, text string) {
		doc, err := strict.Parse("f.yaml", []byte(whole), options())
		require.NoError(t, err)
		before := doc.Clone()
		if set(doc, path, text) == nil {
			pos, ok := doc.Pos(path)
			require.True(t, ok, path)
			require.Contains(t, pos.File, "--set ")
			_ = doc.Decode(defaults())
		}
		require.NoError(t, before.Decode(defaults()))
	})
}

func BenchmarkDecode10KB(b *testing.B) {
	var s strings.Builder
	s.WriteString("name: x\nparts:\n")
	for i := 'a'; s.Len() < 10_000; i++ {
		name := strings.Repeat(string('a'+(i-'a')%26), int(1+(i-'a')/26))
		s.WriteString("  " + name + ":\n    kind: database\n    notes: some words about it\n    replicas: 2\n" +
			"    row: {value: 2KB, assumed: as in the other one}\n")
	}
	src := []byte(s.String())
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if err := strict.Decode("f.yaml", src, defaults(), options()); err != nil {
			b.Fatal(err)
		}
	}
}
