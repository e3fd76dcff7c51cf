package strict_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/diag"
	"headroom/pkg/drawn"
	"headroom/pkg/strict"
)

// writer makes YAML and notes where every value and key begins.
type writer struct {
	t    *rapid.T
	b    strings.Builder
	line int
	col  int
	want map[string]diag.Pos // of values, by path
	keys map[string]diag.Pos
	n    int
}

func (w *writer) put(s string) {
	w.b.WriteString(s)
	for _, r := range s {
		if r == '\n' {
			w.line, w.col = w.line+1, 1
		} else {
			w.col++
		}
	}
}

func (w *writer) here() diag.Pos { return diag.Pos{File: "f.yaml", Line: w.line, Col: w.col} }

// noise is what may stand between lines.
func (w *writer) noise() {
	w.put(rapid.SampledFrom([]string{"", "", "", "\n", "# ünï: [code]\n", "   # indented\n", "\n\n"}).Draw(w.t,
		"noise"))
}

func (w *writer) pick(options ...string) string {
	return rapid.SampledFrom(options).Draw(w.t, "form")
}

// scalar writes a value; block ones end their line.
func (w *writer) scalar(path string, indent int, flow bool) {
	w.want[path] = w.here()
	pad := "\n" + strings.Repeat(" ", indent+2)
	forms := []string{"x", "1.10", "two words", "'it''s'", "\"a \\\" é\"", "\"# no\"", "2016-04-18",
		"a:b", "12h # rest"}
	if flow {
		forms = forms[:len(forms)-2]
	} else {
		forms = append(forms, "|"+pad+"one: x"+pad+"# two\n", ">-"+pad+"a"+pad+"b\n", "\"a"+pad+"b\"", "plain"+pad+"on",
			"'q"+pad+"r' # rest")
	}
	w.put(w.pick(forms...))
}

func (w *writer) value(path string, indent, depth int) {
	switch {
	case depth == 0 || rapid.Bool().Draw(w.t, "leaf"):
		w.put(" ")
		w.scalar(path, indent, false)
		w.newline()
	case rapid.Bool().Draw(w.t, "flow"):
		w.put(w.pick(" ", "  "))
		w.want[path] = w.here()
		w.put("{")
		for range rapid.IntRange(1, 3).Draw(w.t, "entries") {
			key := w.key()
			w.keys[path+"."+key] = w.here()
			w.put(key + ": ")
			w.scalar(path+"."+key, 0, true)
			w.put(w.pick(", ", ",", ",\n"+strings.Repeat(" ", indent+3)))
		}
		w.put("}")
		w.newline()
	default:
		w.put(w.pick("", " # why"))
		w.put("\n")
		w.mapping(path, indent+rapid.IntRange(1, 4).Draw(w.t, "step"), depth-1)
	}
}

func (w *writer) newline() {
	if w.col > 1 {
		w.put("\n")
	}
}

func (w *writer) key() string {
	w.n++
	return fmt.Sprintf("%s%d", w.pick("k", "ключ", "a-b"), w.n)
}

func (w *writer) mapping(path string, indent, depth int) {
	for i := range rapid.IntRange(1, 4).Draw(w.t, "entries") {
		w.noise()
		w.put(strings.Repeat(" ", indent))
		key := w.key()
		sub := strings.TrimPrefix(path+"."+key, ".")
		if i == 0 && path != "" {
			w.want[path] = w.here() // a mapping is where its first key is
		}
		w.keys[sub] = w.here()
		w.put(key + ":")
		if depth > 0 && rapid.IntRange(0, 3).Draw(w.t, "list") == 0 {
			w.put("\n")
			dash := indent + rapid.SampledFrom([]int{0, 2}).Draw(w.t, "dash")
			for j := range rapid.IntRange(1, 3).Draw(w.t, "items") {
				w.noise()
				w.put(strings.Repeat(" ", dash))
				if j == 0 {
					w.want[sub] = w.here()
				}
				w.put("-")
				if w.put(" "); rapid.Bool().Draw(w.t, "scalar") {
					w.scalar(fmt.Sprintf("%s.%d", sub, j), dash, false)
					w.newline()
					continue
				}
				item := fmt.Sprintf("%s.%d", sub, j)
				w.want[item] = w.here()
				k := w.key()
				w.keys[item+"."+k] = w.here()
				w.put(k + ":")
				w.value(item+"."+k, dash+2, depth-1)
			}
			continue
		}
		w.value(sub, indent, depth)
	}
}

// The positions are those at which the text was written, whatever stands
// before: comments, blank lines, texts over several lines, wide characters.
func TestPositionsAreWhereTheTextIs(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		w := &writer{t: t, line: 1, col: 1, want: map[string]diag.Pos{}, keys: map[string]diag.Pos{}}
		w.mapping("", 0, 3)
		src := w.b.String()
		got, err := strict.Positions("f.yaml", []byte(src))
		require.NoError(t, err, "%s", src)
		require.Equal(t, w.want, got, "%s", src)

		// Every key of the top is unknown here, and reported where it is.
		err = strict.Decode("f.yaml", []byte(src), &struct{}{}, strict.ReadOptions{})
		var at []diag.Pos
		for _, p := range err.(diag.Problems) {
			at = append(at, p.Pos)
		}
		for path, pos := range w.keys {
			if !strings.Contains(path, ".") {
				require.Contains(t, at, pos, "%s", src)
			}
		}
	})
}
