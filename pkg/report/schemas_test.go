package report

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/budget"
	"headroom/pkg/drawn"
)

const (
	schemas     = "../../testdata/schemas"
	sarifSchema = "sarif-schema-2.1.0.json"
	junitSchema = "jenkins-junit.xsd"
)

func schemaText(t *testing.T, name string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(schemas, name))
	require.NoError(t, err)
	return string(src)
}

// schemaFile compiles a JSON Schema of the draft it names. Up to draft 7 the
// formats, such as uri, are checked too.
func schemaFile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(filepath.Join(schemas, name))
	require.NoError(t, err)
	return s
}

func junitXSD(t *testing.T) xsd {
	t.Helper()
	x, err := parseXSD(schemaText(t, junitSchema))
	require.NoError(t, err)
	return x
}

func checkJSON(t require.TestingT, s *jsonschema.Schema, src string) error {
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(src))
	require.NoError(t, err)
	return s.Validate(v)
}

// The public schemas are the published bytes, by the digests of their README.
func TestPublicSchemasAreUnchanged(t *testing.T) {
	readme := schemaText(t, "README.md")
	for _, name := range []string{sarifSchema, junitSchema} {
		sum := sha256.Sum256([]byte(schemaText(t, name)))
		require.Contains(t, readme, "sha256  "+hex.EncodeToString(sum[:])+"  "+name+"\n")
	}
	require.Equal(t, 4, schemaFile(t, sarifSchema).DraftVersion)
}

// Whatever texts a profile and a budget have, the reports are valid.
func TestReportsMeetTheirSchemas(t *testing.T) {
	sarif, quality, junit := schemaFile(t, sarifSchema), schemaFile(t, "codequality.schema.json"), junitXSD(t)
	drawn.Check(t, func(rt *rapid.T) {
		v := verdictOf(rt, rapid.SampledFrom([]string{"2026-06-30", "2027-01-01"}).Draw(rt, "today"))
		statuses := []string{budget.Pass, budget.Warn, budget.Excepted, budget.Fail, budget.Infeasible}
		if rapid.Bool().Draw(rt, "settings") {
			v.Settings = []budget.Setting{{Name: "overlay", Value: rapid.String().Draw(rt, "value"),
				Origin: rapid.String().Draw(rt, "origin")}}
		}
		for i := range v.Results {
			r := &v.Results[i]
			r.Status = rapid.SampledFrom(statuses).Draw(rt, "status")
			r.Failure = rapid.StringN(1, -1, -1).Draw(rt, "message")
			r.Reason = rapid.String().Draw(rt, "reason")
			r.Rule = rapid.StringMatching(`[a-z][a-z0-9_-]{0,9}`).Draw(rt, "rule")
			r.Profile = rapid.String().Draw(rt, "profile")
			r.At = budget.Place{File: rapid.SampledFrom([]string{"", "a b.yaml", "./x.yaml", `c:\d.yaml`,
				"main:ü.yaml"}).Draw(rt, "file"), Line: rapid.IntRange(0, 9).Draw(rt, "line")}
			if r.Status == budget.Excepted && r.Exception == nil {
				r.Exception = &budget.Allowance{Until: "2026-12-31"}
			}
		}
		require.NoError(rt, checkJSON(rt, sarif, writeVerdict(rt, "sarif", v)))
		require.NoError(rt, checkJSON(rt, quality, writeVerdict(rt, "codequality", v)))
		require.NoError(rt, junit.check(writeVerdict(rt, "junit", v)))
		for _, line := range strings.SplitAfter(Annotations(v), "\n") {
			require.True(rt, line == "" || strings.HasPrefix(line, "::"), "one command a line")
		}
	})
}

// A report that is changed for the worse is refused, so the checks above see.
func TestTheSchemasRefuse(t *testing.T) {
	v := verdictOf(t, "2026-06-30")
	type change struct{ old, changed string }
	changed := func(src string, c change) string {
		require.Contains(t, src, c.old)
		return strings.Replace(src, c.old, c.changed, 1)
	}
	junit, xml := junitXSD(t), writeVerdict(t, "junit", v)
	for _, c := range []change{
		{"<testcase name=", "<testcase nam="},
		{"<testsuite name=", `<testsuite colour="red" name=`},
		{"<testsuite name=", "<testsuite xmlns=\"urn:x\" name="},
		{` skipped="1">`, ` skipped="1">5 of them`},
		{` skipped="1">`, ` skipped="1"><properties/>`},
		{` skipped="1">`, ` skipped="1"><properties><property name="a" value="b"> </property></properties>`},
		{"<skipped>", `<skipped type="monthly">`},
		{"<skipped>", "<system-out>first</system-out><skipped>"},
		{"<skipped>", "<skipped></skipped><skipped>"},
		{"<failure ", "<system-out><b/></system-out><failure "},
		{"<failure type=", "<failure type=\"a\" type="},
		{"<testsuites ", "<suites "},
		{"</testsuites>", ""},
		{"</testsuites>", "</testsuites><testsuites/>"},
		{"<testsuite ", "<testcase name=\"a\"/><testsuite "},
	} {
		require.Error(t, junit.check(changed(xml, c)), c)
	}
	cut := strings.Index(xml, "<testsuite ")
	require.Error(t, junit.check(xml[:cut]+strings.Replace(xml[cut:], ` tests="5"`, "", 1)),
		"tests of a suite is required")
	require.NoError(t, junit.check(
		changed(xml, change{` skipped="1">`, ` skipped="1"><properties><property name="a" value="b"/></properties>`})))

	sarif, log := schemaFile(t, sarifSchema), writeVerdict(t, "sarif", v)
	for _, c := range []change{
		{`"level": "error"`, `"level": "fatal"`},
		{`"kind": "pass"`, `"kind": "passed"`},
		{`"version": "2.1.0"`, `"version": "2.0.0"`},
		{`"driver"`, `"main"`},
		{`"startLine": `, `"startLine": -`},
		{`"ruleIndex": 0`, `"ruleIndex": "0"`},
		{`"$schema": "https:`, `"$schema": "`},
		{`"uri": "`, `"uri": "%`},
		{`"status": "accepted"`, `"status": "granted"`},
		{`"columnKind"`, `"columns"`},
	} {
		require.Error(t, checkJSON(t, sarif, changed(log, c)), c)
	}

	quality, list := schemaFile(t, "codequality.schema.json"), writeVerdict(t, "codequality", v)
	for _, c := range []change{{`"severity": "`, `"severity": "very `}, {`"fingerprint"`, `"print"`}} {
		require.Error(t, checkJSON(t, quality, changed(list, c)), c)
	}
}

// A schema says something only where the checker understands all of it.
func TestXSDCheckerRefusesWhatItDoesNotKnow(t *testing.T) {
	const head, foot = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">`,
		`<xs:element name="b" type="xs:string"/></xs:schema>`
	typed := func(inner string) string {
		return head + `<xs:element name="a"><xs:complexType>` + inner + `</xs:complexType></xs:element>` + foot
	}
	for name, src := range map[string]string{
		"no schema":           `<schema/>`,
		"target namespace":    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x">` + foot,
		"named type":          head + `<xs:simpleType name="t"/>` + foot,
		"import":              head + `<xs:import/>` + foot,
		"other type":          head + `<xs:element name="a" type="xs:integer"/>` + foot,
		"no type":             head + `<xs:element name="a"/>` + foot,
		"twice":               head + `<xs:element name="b" type="xs:string"/>` + foot,
		"substitution":        head + `<xs:element name="a" type="xs:string" substitutionGroup="b"/>` + foot,
		"extension":           typed(`<xs:simpleContent/>`),
		"all":                 typed(`<xs:all><xs:element ref="b"/></xs:all>`),
		"any":                 typed(`<xs:sequence><xs:any/></xs:sequence>`),
		"local element":       typed(`<xs:sequence><xs:element name="c" type="xs:string"/></xs:sequence>`),
		"no such reference":   typed(`<xs:sequence><xs:element ref="c"/></xs:sequence>`),
		"bad occurrence":      typed(`<xs:sequence><xs:element ref="b" maxOccurs="many"/></xs:sequence>`),
		"inverted occurrence": typed(`<xs:sequence><xs:element ref="b" minOccurs="2"/></xs:sequence>`),
		"typed attribute":     typed(`<xs:attribute name="n" type="xs:integer"/>`),
		"fixed attribute":     typed(`<xs:attribute name="n" type="xs:string" fixed="1"/>`),
		"prohibited":          typed(`<xs:attribute name="n" type="xs:string" use="prohibited"/>`),
		"any attribute":       typed(`<xs:anyAttribute/>`),
	} {
		_, err := parseXSD(src)
		require.Error(t, err, name)
	}
}

// Sequences, choices and occurrences, by documents on both sides of the line.
func TestXSDCheckerContentModels(t *testing.T) {
	x, err := parseXSD(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
	<xs:element name="b" type="xs:string"/><xs:element name="c" type="xs:string"/>
	<xs:element name="a"><xs:complexType><xs:sequence>
		<xs:element ref="b" minOccurs="0" maxOccurs="2"/>
		<xs:choice maxOccurs="unbounded"><xs:element ref="c"/>
			<xs:sequence><xs:element ref="b"/><xs:element ref="c"/></xs:sequence></xs:choice>
	</xs:sequence></xs:complexType></xs:element></xs:schema>`)
	require.NoError(t, err)
	for _, good := range []string{"<c/>", "<b/><b/><c/>", "<b/><b/><b/><c/>", "<c/><b>x</b>\n<c/><c/>"} {
		require.NoError(t, x.check("<a>"+good+"</a>"), good)
	}
	for _, bad := range []string{"", "<b/>", "<b/><b/><b/><b/><c/>", "<c/><b/>", "<c/>x", "<c><b/></c>", "<d/>"} {
		require.Error(t, x.check("<a>"+bad+"</a>"), bad)
	}
}
