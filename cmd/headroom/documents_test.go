package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocuments writes docs/documents.md, which says of every statement of five
// documents what headroom makes of it. The statements are written by hand, in
// testdata/documents; what they refer to is looked up, so that a key, a component, a flag
// or a test that is renamed fails here.
// `go test ./cmd/headroom -run 'TestDocuments$' -update` writes the page anew.
func TestDocuments(t *testing.T) {
	refs := newReferences(t)
	var page strings.Builder
	page.WriteString(documentsIntro)
	held := map[string]bool{}
	for _, d := range citedDocuments {
		page.WriteString("\n" + d.section(t, refs, held))
	}
	for _, name := range testsOf(t, "cmd/headroom").names {
		if strings.HasPrefix(name, "TestDocuments") && name != "TestDocuments" {
			assert.True(t, held["cmd/headroom "+name], "%s is named by no statement", name)
		}
	}
	if t.Failed() {
		return
	}
	file := filepath.Join("..", "..", "docs", "documents.md")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(page.String()), 0o644))
	}
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(written), page.String(),
		"If that is right: go test ./cmd/headroom -run 'TestDocuments$' -update")
}

const documentsIntro = `<!-- Made by TestDocuments: go test ./cmd/headroom -run 'TestDocuments$' -update. -->

# What becomes of five documents

headroom was made for the systems of five documents. This page takes each statement of them that a
planner can act on, in short and in other words, and says what headroom makes of it: a *key* of a
profile, a *kind* of component, a component of a *profile* that comes with it, a *command*, a
*scenario*, a figure of a report; or why not. An *aim* is held against what the plan does when
something fails. Statements about code, teams and tools are left out.

Where something can be computed from a statement, a test holds it. A test also looks up whatever
the page names, so that nothing on it is gone: keys in the schema, components in the profiles,
commands and flags in the program, figures in reports that it makes.
`

// citedDocument is one of the documents, and the file of its statements.
type citedDocument struct{ file, title, by string }

var citedDocuments = []citedDocument{
	{"happy-production", "The Happy Production Model", "Maxim Noah Khailo, 2016"},
	{"proposal", "Production Environment Architecture Proposal", "Undated"},
	{"five-stages", "Avocado's 5 Early Stages of Architecture Evolution", "High Scalability, 2013"},
	{"sane-again", "Making distributed systems sane again", "Slides of Signoi, undated"},
	{"web-operations", "Web operations pattern", "A blog, 2012"},
}

// statement is a row of a document's file.
type statement struct {
	section string // of the document
	says    string
	takenUp string // references, with semicolons between them; "not" where it is not
	tests   string // tests that hold it: package and function, or a script
	remark  string
}

func (d citedDocument) statements(t *testing.T) []statement {
	t.Helper()
	var out []statement
	for _, r := range readCSV(t, "documents/"+d.file+".csv", "section", "statement", "taken up", "tests", "remark") {
		out = append(out, statement{r[0], r[1], r[2], r[3], r[4]})
	}
	return out
}

// section is a document's part of the page. What its tests hold is added to held.
func (d citedDocument) section(t *testing.T, refs *references, held map[string]bool) string {
	t.Helper()
	var rows [][]string
	count, seen := map[string]int{}, map[string]bool{}
	for _, s := range d.statements(t) {
		require.NotEmpty(t, s.section, s.says)
		require.False(t, s.says == "" || seen[s.says], "%s: %q", d.file, s.says)
		seen[s.says] = true
		var by []string
		for _, ref := range parts(s.takenUp) {
			text, err := refs.look(ref)
			assert.NoError(t, err, "%s: %s", d.file, s.says)
			by = append(by, text)
		}
		count[s.outcome(t)]++
		var tests []string
		for _, name := range parts(s.tests) {
			text, err := refs.test(name)
			assert.NoError(t, err, "%s: %s", d.file, s.says)
			tests = append(tests, text)
			held[wholeTest(name)] = true
		}
		if len(tests) > 0 {
			count["tested"]++
		}
		rows = append(rows, []string{s.section, s.says, strings.Join(by, "; "), strings.Join(tests, "; "), s.remark})
	}
	return fmt.Sprintf("## %s\n\n%s. %d statements: %d taken up, %d only aims, %d not; %d held by tests.\n\n", d.title,
		d.by, len(rows), count["taken"], count["aim"], count["not"], count["tested"]) +
		mdTable([]string{"Section", "Statement", "Taken up by", "Test", "Remark"}, rows)
}

// outcome is whether the statement is taken up, is only an aim, or is not taken up.
func (s *statement) outcome(t *testing.T) string {
	t.Helper()
	refs := parts(s.takenUp)
	require.NotEmpty(t, refs, "nothing takes it up: write not, with the reason: %s", s.says)
	if slices.Contains(refs, "not") {
		require.Len(t, refs, 1, s.says)
		require.NotEmpty(t, s.remark, "why not: %s", s.says)
		require.Empty(t, s.tests, s.says)
		return "not"
	}
	if !slices.ContainsFunc(refs, func(ref string) bool { return !strings.HasPrefix(ref, "aim ") }) {
		return "aim"
	}
	return "taken"
}

// parts are the texts between semicolons.
func parts(s string) []string {
	out := strings.FieldsFunc(s, func(r rune) bool { return r == ';' })
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// wholeTest is a test without the name of a part of it.
func wholeTest(name string) string {
	folder, test, _ := strings.Cut(name, " ")
	test, _, _ = strings.Cut(test, "/")
	return folder + " " + test
}

var testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// testFolder is the tests of a package: their source, and their names.
type testFolder struct {
	source string
	names  []string
}

func testsOf(t testing.TB, folder string) testFolder {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(folder), "*_test.go"))
	require.NoError(t, err)
	var all strings.Builder
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		all.Write(src)
	}
	out := testFolder{source: all.String()}
	for _, m := range testFunction.FindAllStringSubmatch(out.source, -1) {
		out.names = append(out.names, m[1])
	}
	return out
}
