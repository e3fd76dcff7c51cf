package strict_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

func TestDecodeWhole(t *testing.T) {
	s, err := decode(t, whole)
	require.NoError(t, err)
	require.Equal(t, diag.Pos{File: "f.yaml", Line: 2, Col: 1}, s.Pos)
	require.Equal(t, "1.10", s.Name, "the text as it stands, not a number")
	require.Equal(t, "2016-04-18", s.Vintage)
	require.Equal(t, "off", s.Mode)
	require.Equal(t, 3, s.Retries)
	require.Equal(t, 0.5, s.Weight)
	require.True(t, s.Debug)
	require.Equal(t, []string{"red", "green"}, s.Tags)
	require.Equal(t, strict.Value[unit.Count]{
		V: 2500, Set: true, Source: "the brief: page 3", Text: "2500", Pos: diag.Pos{File: "f.yaml", Line: 9, Col: 16},
	}, s.Users)
	require.Equal(t, unit.Bytes(2e6), s.Size.V)
	require.Equal(t, diag.Pos{File: "f.yaml", Line: 10, Col: 7}, s.Size.Pos)
	require.Equal(t, unit.Fraction(0.5), s.Share.V)
	require.Equal(t, "half of them", s.Share.Assumed)
	require.False(t, s.Spot.V)
	require.True(t, s.Spot.Set)
	require.Equal(t, unit.Duration(30), s.Timeout)
	require.NotNil(t, s.Survive)
	require.Empty(t, *s.Survive)
	require.Equal(t, unit.Duration(1), s.Aims.Degraded.P99.V)
	require.Nil(t, s.Aims.Degraded.Degraded)
	require.Equal(t, []string{"db", "front"}, s.Parts.Keys())
	require.Equal(t, diag.Pos{File: "f.yaml", Line: 23, Col: 3}, s.Parts[0].KeyPos)
	db, ok := s.Parts.Get("db")
	require.True(t, ok)
	require.Equal(t, "two\nlines\n", db.Notes)
	require.Equal(t, 2, db.Spec.(*database).Replicas)
	require.Equal(t, db.At, db.Spec.(*database).At)
	require.Equal(t, unit.Duration(300), s.Parts[1].V.Spec.(*cache).TTL)
	require.Equal(t, []zone{{"a", 7}, {"720", 1}}, s.Zones, "new items begin with their defaults")
	require.Equal(t, "blue", s.Extra.Color)
	require.Equal(t, "me", s.Owner)
	_, ok = s.Parts.Get("none")
	require.False(t, ok)
}

func TestDefaultsStay(t *testing.T) {
	s, err := decode(t, "name: x\nlimits: {cpu: 0.1}\n")
	require.NoError(t, err)
	require.Equal(t, "one", s.Mode)
	require.Equal(t, strict.Value[unit.Count]{V: 100, Assumed: "a guess"}, s.Users)
	require.Equal(t, "a book", s.Limits.RAM.Source, "a sibling that is given does not reset it")
	require.Nil(t, s.Spot)
	require.Nil(t, s.Aims)

	s, err = decode(t, "name: x\nusers: 100\n")
	require.NoError(t, err)
	require.True(t, s.Users.Set)
	require.Empty(t, s.Users.Assumed, "the file's value is not the default's")
}

// Line ends and a byte order mark change neither result nor positions.
func TestLineEnds(t *testing.T) {
	want, err := decode(t, whole)
	require.NoError(t, err)
	for name, src := range map[string]string{
		"CRLF": strings.ReplaceAll(whole, "\n", "\r\n"),
		"CR":   strings.ReplaceAll(whole, "\n", "\r"),
		"BOM":  "\uFEFF" + whole,
		"---":  strings.Replace(whole, "# a comment", "---", 1) + "...\n",
	} {
		got, err := decode(t, src)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
}

type badInput struct{ name, src, want string }

func TestErrorsOfKeysAndValues(t *testing.T) {
	testErrors(t, []badInput{
		{"unknown key", "name: x\nusres: 5\n", `2:1 unknown key "usres" | did you mean "users"?`},
		{"unknown key below", "name: x\nlimits: {cpu: 0.1, ran: 1}\n",
			`2:20 unknown key "ran" in limits | did you mean "ram"? Allowed: cpu, ram`},
		{"unknown key of a kind", "name: x\nparts:\n  a: {kind: cache, replicas: 1}\n",
			`3:20 unknown key "replicas" in parts.a | allowed: kind, notes, ttl`},
		{"key that there was", "name: x\nparts:\n  a: {kind: cache, ttl: 1s, expiry: 1}\n",
			`3:29 unknown key "expiry" in parts.a | write ttl: 5min`},
		{"key of another case", "Name: x\nname: y\n", `1:1 unknown key "Name" | did you mean "name"?`},
		{"unknown kind", "name: x\nparts:\n  a: {kind: cahce, ttl: 1s, foo: 1}\n",
			`3:13 parts.a.kind: "cahce" is not a known kind | did you mean "cache"? Allowed: cache, database`},
		{"missing kind", "name: x\nparts:\n  a: {ttl: 1s}\n", `3:6 parts.a lacks the key "kind" | add`},
		{"missing key", "mode: one\n", `1:1 the file lacks the key "name" | add "name: …" (Short name)`},
		{"missing key of a variant", "name: x\nparts:\n  a:\n    kind: database\n",
			`4:5 parts.a lacks the key "replicas" | add`},
		{"missing key in a list", "name: x\nzones:\n- weight: 3\n", `3:3 zones.0 lacks the key "name" | add`},
		{"duplicate", "name: x\nmode: one\nname: y\n", `3:1 key "name" is given twice | it was given on line 1`},
		{"duplicate, flow, quoted", "name: x\nlimits: {cpu: 0, \"cpu\": 0}\n",
			`2:18 key "cpu" is given twice | line 2`},
		{"text for an integer", "name: x\nretries: many\n", `2:10 retries must be a whole number, not "many" | digits`},
		{"quoted integer", "name: x\nretries: \"3\"\n",
			`2:10 retries must be a whole number, not "3" | remove the quotes`},
		{"integer with fraction", "name: x\nretries: 3.5\n", `2:10 retries must be a whole number, not "3.5" | digits`},
		{"negative", "name: x\nretries: -1\n", `2:10 retries is -1, but must be at least 0 | write`},
		{"too great", "name: x\nretries: 10\n", `2:10 retries is 10, but must be at most 9 | write`},
		{"overflow", "name: x\nretries: 99999999999999999999\n", `2:10 retries must be a whole number`},
		{"exclusive", "name: x\nweight: 0\n", `2:9 weight is 0, but must be greater than 0 | write`},
		{"exclusive above", "name: x\nweight: 1e1\n", `2:9 weight is 1e1, but must be less than 10 | write`},
		{"not a number", "name: x\nweight: .nan\n", `2:9 weight must be a number, not ".nan" |`},
		{"infinite", "name: x\nweight: 1e999\n", `2:9 weight must be a number, not "1e999" |`},
		{"yes", "name: x\ndebug: yes\n", `2:8 debug must be true or false, not "yes" | write true or false`},
		{"wrong unit", "name: x\nsize: 5 parsecs\n", `2:7 size: `},
		{"no unit", "name: x\ntimeout: 5\n", `2:10 timeout: `},
		{"bound of a value", "name: x\nusers: {value: 0, source: s}\n",
			`2:16 users.value is 0, but must be at least 1 |`},
		{"enum", "name: x\nmode: tow\n", `2:7 mode: "tow" is not allowed | did you mean "two"? Allowed: one, two, off`},
		{"enum of items", "name: x\nsurvive: [node, zones]\n",
			`2:17 survive.1: "zones" is not allowed | did you mean "zone"?`},
		{"pattern", "name: A b\n", `1:7 name: "A b" is not well-formed | write what matches ^[a-z0-9]`},
		{"pattern of keys", "name: x\nparts:\n  A1: {kind: cache}\n",
			`3:3 parts.key: "A1" is not well-formed | write what matches ^[a-z]+$`},
		{"long list", "name: x\ntags: [a, b, c, d]\n", `2:7 tags is 4 long, but must be at most 3 |`},
	})
}

func TestErrorsOfShape(t *testing.T) {
	testErrors(t, []badInput{
		{"no value", "name: x\nmode:\nretries: 1\n", `2:1 mode has no value | write a value`},
		{"null", "name: x\nusers: ~\n", `2:1 users has no value | write a value`},
		{"null struct", "name: x\nlimits:\n", `2:1 limits has no value | write a value`},
		{"null pointer", "name: x\naims: null\n", `2:1 aims has no value | write a value`},
		{"null item", "name: x\ntags:\n- a\n-\n", `4:1 tags.1 has no value | write a value`},
		{"scalar for mapping", "name: x\nlimits: 0.5\n",
			`2:9 limits must be a mapping, not the single value "0.5" | write limits: {cpu: …, ram: …}`},
		{"list for mapping", "name: x\nparts: [a]\n", `2:8 parts must be a mapping, not a list | name`},
		{"mapping for list", "name: x\nzones:\n  name: a\n", `3:3 zones must be a list, not a mapping | "- "`},
		{"scalar for item", "name: x\nzones: [a]\n", `2:9 zones.0 must be a mapping, not the single value "a" | "- "`},
		{"scalar for list", "name: x\ntags: a\n", `2:7 tags must be a list, not the single value "a" | "- "`},
		{"mapping for scalar", "name: {a: 1}\n", `1:7 name must be a single value, not a mapping | one value`},
		{"list for value", "name: x\nusers: [1]\n", `2:8 users must be a single value, not a list | source`},
		{"value without provenance", "name: x\nusers: {value: 5}\n",
			`2:8 users has neither source nor assumed | source`},
		{"both provenances", "name: x\nusers: {value: 5, source: a, assumed: b}\n",
			`2:8 users has both source and assumed |`},
		{"empty source", "name: x\nusers: {value: 5, source: ''}\n", `2:27 users.source is empty | where`},
		{"no value in a value", "name: x\nusers: {source: a}\n", `2:8 users lacks the key "value" |`},
		{"unknown key in a value", "name: x\nusers: {value: 5, sorce: a}\n",
			`2:19 unknown key "sorce" in users | did you mean "source"?`},
		{"check", "name: x\nlimits:\n  cpu: 0.9\n", `3:8 cpu 90% is above ram 80% | lower cpu`},
		{"check of a variant", "name: x\nparts:\n  a:\n    kind: database\n    replicas: 6\n",
			`5:15 too many replicas | use at most 5`},
		{"not a mapping", "- a\n", `1:1 the file must be a mapping, not a list | name: …`},
		{"text only", "hello\n", `1:1 the file must be a mapping, not the single value "hello" |`},
		{"after multi-line text", "vintage: \"a\n  b\"\nname: 'c\n\n  d'\nmode: |\n  x\n\n\nretries: x\n",
			`10:10 retries must be`},
		{"after wide characters", "name: x\nlimits: {ü€😀: 1, y: 2}\n", `2:18 unknown key "y" in limits |`},
	})
}

// testErrors looks for a problem at the place, with the summary and the hint.
func testErrors(t *testing.T, inputs []badInput) {
	t.Helper()
	for _, c := range inputs {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(t, c.src)
			ps := problems(t, err)
			place, rest, _ := strings.Cut(c.want, " ")
			summary, hint, _ := strings.Cut(rest, " |")
			for _, p := range ps {
				at := strings.TrimPrefix(p.Pos.String(), "f.yaml:")
				if at == place && strings.HasPrefix(p.Summary, summary) &&
					strings.Contains(p.Hint, strings.TrimSpace(hint)) {
					require.Equal(t, strings.Split(c.src, "\n")[p.Pos.Line-1], p.Source)
					return
				}
			}
			t.Fatalf("want %s\ngot  %+v", c.want, ps)
		})
	}
}

func TestRefusedFiles(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"empty", "", "1:1 the file is empty"},
		{"blank", " \n\t\n", "1:1 the file is empty"},
		{"comments", "# a\n# b\n", "1:1 the file is empty"},
		{"only a marker", "---\n", "1:1 the file is empty"},
		{"null", "~\n", "1:1 the file is empty"},
		{"NUL", "name: x\nmode: a\x00b\n", "2:8 the file contains a NUL byte"},
		{"control", "name: \x1b[31m\n", "1:7 the file contains the control character U+001B"},
		{"not UTF-8", "name: é\nmode: \xe9\n", "2:7 byte 0xE9 is not valid UTF-8"},
		{"UTF-16", "\xff\xfen\x00", "1:1 the file is encoded as UTF-16"},
		{"tab", "limits:\n\tcpu: 1\n", "2:1 not valid YAML: a tab"},
		{"two documents", "name: x\n---\nname: y\n", "2:1 a second document"},
		{"three markers", "---\n---\nname: y\n", ""},
		{"after the end", "name: x\n...\nname: y\n", "3:1 something follows"},
		{"anchor", "name: &a x\n", "1:7 YAML anchors"},
		{"alias", "name: *a\n", "1:7 YAML aliases"},
		{"merge key", "name: x\nlimits:\n  <<: {cpu: 1}\n", "3:3 YAML merge keys"},
		{"tag", "name: !!str x\n", "1:7 YAML tags"},
		{"own tag", "name: !secret x\n", "1:7 YAML tags"},
		{"directive", "%YAML 1.2\n---\nname: x\n", "1:1 YAML directives"},
		{"complex key", "? name\n: x\n", "1:1 YAML complex keys"},
		{"open list", "tags: [a, b\n", "1:7 not valid YAML"},
		{"open mapping", "limits: {cpu: 1\n", "1:9 not valid YAML"},
		{"open quotes", "name: \"x\n", "1:7 not valid YAML"},
		{"two values", "name: a: b\n", "1:7 not valid YAML"},
		{"dash in brackets", "tags: [\n- a\n]\n", "2:1 a list item with a dash"},
		{"deep lists", strings.Repeat("[", 60), "1:51 the file is nested"},
		{"deep mappings", strings.Repeat("{a: ", 60), "the file is nested"},
		{"deep dashes", strings.Repeat("- ", 60), "1:101 the file is nested"},
		{"long key", strings.Repeat("k", 200) + ": 1\n", "1:1 a key has more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(t, c.src)
			ps := problems(t, err)
			require.Contains(t, strings.TrimPrefix(ps[0].Error(), "f.yaml:"),
				strings.Replace(c.want, " ", ": ", btoi(c.want != "" && c.want[0] < 'a')))
			require.NotEmpty(t, ps[0].Hint)
		})
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A bomb of aliases is refused where the first anchor is; nothing expands.
func TestAliasBomb(t *testing.T) {
	src := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		src += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 10) + "]\n"
	}
	_, err := decode(t, src)
	ps := problems(t, err)
	require.Equal(t, diag.Pos{File: "f.yaml", Line: 1, Col: 4}, ps[0].Pos)
}

func TestSize(t *testing.T) {
	src := []byte("name: x # " + strings.Repeat("y", 100))
	o := options()
	o.MaxBytes = len(src)
	require.NoError(t, strict.Decode("f.yaml", src, defaults(), o))
	o.MaxBytes--
	ps := problems(t, strict.Decode("f.yaml", src, defaults(), o))
	require.Contains(t, ps[0].Summary, "the file has 110 bytes; at most 109 are read")
	ps = problems(t, strict.Decode("f.yaml", make([]byte, 10<<20), defaults(), options()))
	require.Contains(t, ps[0].Summary, "10485760 bytes; at most 1048576")
}

// The limits that bound the parser's work hold exactly.
func TestLimits(t *testing.T) {
	keys := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "k%d: 1\n", i)
		}
		return b.String()
	}
	for _, c := range []struct{ name, good, bad, want string }{
		{"keys", keys(5000), keys(5001), "f.yaml:5001:1: a mapping has more than 5000 keys"},
		{"flow keys", "{" + strings.ReplaceAll(keys(5000), "\n", ",\n ") + "}",
			"{" + strings.ReplaceAll(keys(5001), "\n", ",\n ") + "}", "a mapping has more than 5000 keys"},
		{"signs", "[" + strings.Repeat("x,\n", 99_999) + "]", "[" + strings.Repeat("x,\n", 100_000) + "]",
			"more than 200000 keys, values and signs"},
		{"depth", strings.Repeat("[", 50) + strings.Repeat("]", 50), strings.Repeat("[", 51) + strings.Repeat("]", 51),
			"f.yaml:1:51: the file is nested more than 50 levels deep"},
		{"line", "# " + strings.Repeat("é", 16_382) + "\na: 1", "# " + strings.Repeat("é", 16_383) + "\na: 1",
			"f.yaml:1:16385: a line has more than 16384 characters"},
		{"blank lines", "a: 1" + strings.Repeat(" \n", 201) + "b: 1", "a: 1" + strings.Repeat(" \n", 202) + "b: 1",
			"f.yaml:202:1: more than 200 lines in a row are blank"},
		{"key", strings.Repeat("k", 128) + ": 1", strings.Repeat("k", 129) + ": 1",
			"f.yaml:1:1: a key has more than 128 characters"},
	} {
		_, err := strict.Parse("f.yaml", []byte(c.good), options())
		require.NoError(t, err, c.name)
		_, err = strict.Parse("f.yaml", []byte(c.bad), options())
		problems(t, err)
		require.ErrorContains(t, err, c.want, c.name)
	}
}

// All problems are reported together, in the order of the file, up to a limit.
func TestSeveralAtOnce(t *testing.T) {
	_, err := decode(t, "nme: x\nretries: x\nretries: 2\nlimits: {cpu: 0.9}\nmode: x\n")
	ps := problems(t, err)
	var lines []int
	for _, p := range ps {
		lines = append(lines, p.Pos.Line)
	}
	require.Equal(t, []int{1, 1, 2, 3, 4, 5}, lines)

	_, err = decode(t, "name: x\nlimits: {cpu: 0.9, ram: much}\n")
	require.Len(t, problems(t, err), 1, "no Check of what could not be read")

	var b strings.Builder
	for range 200 {
		b.WriteString("- x\n")
	}
	_, err = decode(t, "name: x\nzones:\n"+b.String())
	ps = problems(t, err)
	require.Len(t, ps, 51)
	require.Equal(t, "and 150 more problems", ps[50].Summary)
}

func TestPositions(t *testing.T) {
	got, err := strict.Positions("f.yaml", []byte(whole))
	require.NoError(t, err)
	for path, want := range map[string]string{
		"name": "2:7", "users.value": "9:16", "parts.db.replicas": "28:15",
		"zones.1.weight": "33:11", "zones.720.weight": "33:11", "tags.1": "8:13",
	} {
		require.Equal(t, "f.yaml:"+want, got[path].String(), path)
	}
	_, err = strict.Positions("f.yaml", []byte("a: ["))
	problems(t, err)
}
