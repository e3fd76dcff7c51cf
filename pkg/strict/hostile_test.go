package strict_test

import (
	"fmt"
	"strings"
	"testing"

	"headroom/pkg/strict"
)

// wrap breaks text into lines of the greatest length that is read.
func wrap(s string) string {
	var b strings.Builder
	for len(s) > 16_300 {
		b.WriteString(s[:16_300] + "\n  ")
		s = s[16_300:]
	}
	return b.String() + s
}

// hostile shapes fill n bytes.
func hostile(n int) map[string]string {
	count := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()[:b.Len()]
	}
	fill := func(s string) string { return strings.Repeat(s, n/len(s)) }
	out := map[string]string{
		"keys":            count("k%d: 1\n"),
		"keys below":      "a:\n" + count(" k%d: 1\n"),
		"keys in items":   count("- k%d: 1\n  b: 2\n"),
		"flow mapping":    "{" + count("k%d: 1, ") + "}",
		"mappings":        count("k%d: {a: 1}\n"),
		"long lines":      "name: " + wrap(fill("x")),
		"words":           "name: " + wrap(fill("x ")),
		"plain lines":     "name: x\n" + fill("  y\n"),
		"literal":         "name: |\n" + fill("  y\n"),
		"folded":          "name: >\n" + fill("  y\n\n"),
		"double quotes":   "name: \"" + fill("\\n") + "\"",
		"quoted lines":    "name: \"" + fill("x\n ") + "\"",
		"long key":        fill("k") + ": 1",
		"blanks":          "name: x" + fill("\n") + "  y",
		"ending blanks":   "name: |\n" + fill("  x"+strings.Repeat("\n", 199)),
		"tabs in quotes":  wrap(fill("\"\t")),
		"a long key each": count(strings.Repeat("k", 100) + "%d: 1\n"),
	}
	for _, s := range []string{
		"a: 1\n", "a:\n", "a: # x\n", "- a\n", "- |\n x\n", "- - a\n", "# x\n", "\n", " ", "\t", "\r", "#",
		"[", "{", "]", "}", "[]", "[a", "{a: ", "{a, ", "[a,", "- ", "? ", ": ", ":", ",", "-", "---\n", "...\n",
		"&a ", "*a ", "!a ", "!!str ", "&a", "%a\n", "%", "~", "|", ">", "|\n", ">\n ", "'", "\"", "''", "\"\" ",
		"' ", "a: '", "a: \"\n", "@", "`", "<<: ", "\\", "é", "\uFEFF", "\u2028", "\x85", "null\n", "a: [\n",
		"a:\n b:\n", "a: {\n", "x\n", "- a: ",
	} {
		out[fmt.Sprintf("%q", s)] = fill(s)
		out["wrapped "+fmt.Sprintf("%q", s)] = wrap(fill(s))
		out["[ and "+fmt.Sprintf("%q", s)] = "[" + fill(s)
		out["a: and "+fmt.Sprintf("%q", s)] = "a: " + fill(s)
	}
	// Every level one deeper than the one before.
	var stairs strings.Builder
	for i := 0; stairs.Len() < n; i++ {
		stairs.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	out["stairs"] = stairs.String()[:n]
	return out
}

// A file of any shape ends in a profile or in problems with positions: it does
// not crash, and does not hang, which the test binary's own time limit would
// show. The named shapes have full size, the many made of one repeated text an
// eighth of it; -short, for the race detector, takes a sixteenth.
// BenchmarkHostileShapes says how long each takes.
func TestHostileShapes(t *testing.T) {
	for _, src := range hostileFiles(testing.Short()) {
		if err := strict.Decode("f.yaml", []byte(src), defaults(), options()); err != nil {
			problems(t, err)
		}
	}
}

func hostileFiles(short bool) map[string]string {
	full := 1<<20 - 4096
	if short {
		full /= 16
	}
	shapes := hostile(full / 8)
	for name, src := range hostile(full) {
		if !strings.Contains(name, "\"") {
			shapes[name] = src
		}
	}
	return shapes
}

// BenchmarkHostileShapes decodes files made to be slow. Time grows with their
// size, not with its square.
func BenchmarkHostileShapes(b *testing.B) {
	for name, src := range hostileFiles(false) {
		if strings.Contains(name, "\"") {
			continue // one text repeated: like the named ones
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				_ = strict.Decode("f.yaml", []byte(src), defaults(), options())
			}
		})
	}
}
