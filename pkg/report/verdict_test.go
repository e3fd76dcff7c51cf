package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/budget"
	"headroom/pkg/plan"
)

const budgetSource = `apiVersion: headroom/v1
rules:
  total: {monthly: $8000, reason: agreed <for> the year}
  room: {monthly_max: $9000}
  kafka: {component: kafka, monthly: $1000, level: warn}
  search:
    kind: search
    monthly: $1500
    exception: {until: 2026-12-31, reason: migration, approved_by: Ada}
  logs:
    component: es-logging
    monthly: $100
    exception: {until: 2026-01-31, reason: until the disks arrive}
`

// verdictOf judges the document's medium system: of 8,388.00 a month, Kafka
// 1,987.20, search 1,438.56 + 479.52, logging 479.52.
func verdictOf(t require.TestingT, today string, subjects ...budget.Subject) *budget.Verdict {
	b, err := budget.Parse("ci/budget.yaml", []byte(budgetSource))
	require.NoError(t, err)
	if len(subjects) == 0 {
		e, base := referenceMedium(), referenceSmall()
		base.Profile.Name = e.Profile.Name
		subjects = []budget.Subject{{Name: e.Profile.Name, Estimate: &e, Baseline: &base, Label: "base.json", Diff: plan.CompareEstimates(&base, &e)}}
	}
	v, err := b.Check(subjects, today, plan.Program{Name: "headroom", Version: "test"})
	require.NoError(t, err)
	return v
}

func writeVerdict(t require.TestingT, format string, v *budget.Verdict) string {
	var b bytes.Buffer
	require.NoError(t, WriteVerdict(&b, format, v, Options{}))
	return b.String()
}

func TestVerdictGolden(t *testing.T) {
	v := verdictOf(t, "2026-06-30")
	endings := map[string]string{"table": "txt", "markdown": "md", "junit": "xml", "sarif": "sarif"}
	for _, format := range VerdictFormatNames() {
		ending := endings[format]
		if ending == "" {
			ending = strings.Replace(format, "codequality", "codequality.json", 1)
		}
		golden(t, "verdict."+ending, writeVerdict(t, format, v))
	}
	golden(t, "verdict.annotations", Annotations(v))
}

// golden compares with a file, which -update writes.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("../../testdata/golden/check", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "make golden writes the file")
	require.Equal(t, string(want), got)
}

func schemaFile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../testdata/schemas/" + name)
	require.NoError(t, err)
	return s
}

func validJSON(t require.TestingT, s *jsonschema.Schema, src string) {
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(src))
	require.NoError(t, err)
	require.NoError(t, s.Validate(v))
}

// Whatever texts a profile and a budget have, the reports are valid.
func TestReportsMeetTheirSchemas(t *testing.T) {
	sarif, quality := schemaFile(t, "sarif-2.1.0-subset.schema.json"), schemaFile(t, "codequality.schema.json")
	junit := readXSD(t, "../../testdata/schemas/junit-10-subset.xsd")
	rapid.Check(t, func(rt *rapid.T) {
		v := verdictOf(rt, rapid.SampledFrom([]string{"2026-06-30", "2027-01-01"}).Draw(rt, "today"))
		statuses := []string{budget.Pass, budget.Warn, budget.Excepted, budget.Fail, budget.Infeasible}
		for i := range v.Results {
			r := &v.Results[i]
			r.Status = rapid.SampledFrom(statuses).Draw(rt, "status")
			r.Message = rapid.StringN(1, -1, -1).Draw(rt, "message")
			r.Reason = rapid.String().Draw(rt, "reason")
			r.Rule = rapid.StringMatching(`[a-z][a-z0-9_-]{0,9}`).Draw(rt, "rule")
			r.Profile = rapid.String().Draw(rt, "profile")
			r.At = budget.Place{File: rapid.SampledFrom([]string{"", "a b.yaml", "./x.yaml", `c:\d.yaml`, "main:ü.yaml"}).Draw(rt, "file"), Line: rapid.IntRange(0, 9).Draw(rt, "line")}
			if r.Status == budget.Excepted && r.Exception == nil {
				r.Exception = &budget.Allowance{Until: "2026-12-31"}
			}
		}
		validJSON(rt, sarif, writeVerdict(rt, "sarif", v))
		validJSON(rt, quality, writeVerdict(rt, "codequality", v))
		junit.validate(rt, writeVerdict(rt, "junit", v))
		for _, line := range strings.SplitAfter(Annotations(v), "\n") {
			require.True(rt, line == "" || strings.HasPrefix(line, "::"), "one command a line")
		}
	})
}

// The checker of the tests sees what is wrong.
func TestTheSchemasRefuse(t *testing.T) {
	good := writeVerdict(t, "junit", verdictOf(t, "2026-06-30"))
	junit := readXSD(t, "../../testdata/schemas/junit-10-subset.xsd")
	require.NoError(t, junit.check(good))
	for _, x := range [][2]string{{"<testcase name=", "<testcase nam="}, {` tests="5"`, ""}, {"<failure", "<fail"}, {"</testsuites>", ""}, {"testsuites", "suites"}} {
		require.Contains(t, good, x[0])
		require.Error(t, junit.check(strings.ReplaceAll(good, x[0], x[1])), x[0])
	}
	sarif := schemaFile(t, "sarif-2.1.0-subset.schema.json")
	log := writeVerdict(t, "sarif", verdictOf(t, "2026-06-30"))
	for _, x := range [][2]string{{`"level": "error"`, `"level": "fatal"`}, {`"version": "2.1.0"`, `"version": "2.0.0"`}, {`"driver"`, `"main"`}, {`"startLine": `, `"startLine": -`}} {
		require.Contains(t, log, x[0])
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.ReplaceAll(log, x[0], x[1])))
		require.NoError(t, err)
		require.Error(t, sarif.Validate(v), x[0])
	}
}

func TestSARIFPointsAtTheLimitAndSuppresses(t *testing.T) {
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(writeVerdict(t, "sarif", verdictOf(t, "2026-06-30"))), &log))
	results := log.Runs[0].Results
	require.Len(t, results, 5)
	first := results[0]
	require.Equal(t, "total/monthly", first.RuleID)
	require.Equal(t, sarifPhysical{sarifArtifact{"ci/budget.yaml"}, &sarifRegion{3, 20}}, first.Locations[0].Physical)
	i := slices.IndexFunc(results, func(r sarifResult) bool { return r.RuleID == "search/monthly" })
	require.Equal(t, []sarifSuppression{{"external", "accepted", "excepted until 2026-12-31: migration (Ada)"}}, results[i].Suppressions)
	require.Equal(t, results[i].RuleID, log.Runs[0].Tool.Driver.Rules[results[i].RuleIndex].ID)
}

func TestJUnitCounts(t *testing.T) {
	var all junitSuites
	require.NoError(t, xml.Unmarshal([]byte(writeVerdict(t, "junit", verdictOf(t, "2026-06-30"))), &all))
	require.Equal(t, []int{5, 2, 0}, []int{all.Tests, all.Failures, all.Errors}, "total and logs are breached, the exception of logs is over")
	require.Equal(t, 1, all.Suites[0].Skipped)
}

func TestInfeasibleIsAnError(t *testing.T) {
	v := verdictOf(t, "2026-06-30", budget.Subject{Name: "shop", Infeasible: errors.New("component db: no type carries it")})
	require.Equal(t, budget.Infeasible, v.Outcome)
	require.Contains(t, writeVerdict(t, "junit", v), `errors="1"`)
	require.Contains(t, writeVerdict(t, "table", v), "Budget not checked")
}

// The comment is found again by its marker, and what is kept is folded away.
func TestComment(t *testing.T) {
	md := writeVerdict(t, "markdown", verdictOf(t, "2026-06-30"))
	require.True(t, strings.HasPrefix(md, CommentMarker+"\n"))
	shown, hidden, ok := strings.Cut(md, "<details>")
	require.True(t, ok)
	require.NotContains(t, shown, "| pass |")
	require.Contains(t, hidden, "| pass |")
	require.True(t, strings.HasSuffix(hidden, "\n\n</details>\n"))
}

// xsd is what an XML Schema says of elements: enough of the language for the
// schema in testdata (global elements, sequences of references, attributes).
type xsd map[string]*xsdElement

type xsdElement struct {
	mixed      bool
	attributes map[string]bool // whether required
	children   []string        // in their order
}

func readXSD(t *testing.T, file string) xsd {
	t.Helper()
	var doc struct {
		Elements []struct {
			Name string `xml:"name,attr"`
			Type string `xml:"type,attr"`
			Body *struct {
				Mixed    bool `xml:"mixed,attr"`
				Sequence []struct {
					Ref string `xml:"ref,attr"`
					Min string `xml:"minOccurs,attr"`
					Max string `xml:"maxOccurs,attr"`
				} `xml:"sequence>element"`
				Attributes []struct {
					Name string `xml:"name,attr"`
					Use  string `xml:"use,attr"`
				} `xml:"attribute"`
			} `xml:"complexType"`
		} `xml:"element"`
	}
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, xml.Unmarshal(src, &doc))
	out := xsd{}
	for _, e := range doc.Elements {
		x := &xsdElement{mixed: e.Type == "xs:string", attributes: map[string]bool{}}
		if e.Body != nil {
			x.mixed = e.Body.Mixed
			for _, a := range e.Body.Attributes {
				x.attributes[a.Name] = a.Use == "required"
			}
			for _, s := range e.Body.Sequence {
				require.Equal(t, []string{"0", "unbounded"}, []string{s.Min, s.Max}, "the checker knows no other occurrence")
				x.children = append(x.children, s.Ref)
			}
		}
		out[e.Name] = x
	}
	require.NotEmpty(t, out)
	return out
}

func (x xsd) validate(t require.TestingT, src string) { require.NoError(t, x.check(src)) }

// check reads a document whose root is testsuites.
func (x xsd) check(src string) error {
	d := xml.NewDecoder(strings.NewReader(src))
	for {
		tok, err := d.Token()
		if err != nil {
			return err
		}
		if start, ok := tok.(xml.StartElement); ok {
			if start.Name.Local != "testsuites" {
				return fmt.Errorf("the root is %s", start.Name.Local)
			}
			if err := x.element(d, start); err != nil {
				return err
			}
			_, err = d.Token()
			for err == nil {
				_, err = d.Token()
			}
			if err != io.EOF {
				return err
			}
			return nil
		}
	}
}

func (x xsd) element(d *xml.Decoder, start xml.StartElement) error {
	name := start.Name.Local
	e := x[name]
	if e == nil {
		return fmt.Errorf("unknown element %s", name)
	}
	seen := map[string]bool{}
	for _, a := range start.Attr {
		if _, ok := e.attributes[a.Name.Local]; !ok || seen[a.Name.Local] {
			return fmt.Errorf("%s may not have the attribute %s here", name, a.Name.Local)
		}
		seen[a.Name.Local] = true
	}
	for a, required := range e.attributes {
		if required && !seen[a] {
			return fmt.Errorf("%s lacks the attribute %s", name, a)
		}
	}
	at := 0
	for {
		tok, err := d.Token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.EndElement:
			return nil
		case xml.CharData:
			if !e.mixed && strings.TrimSpace(string(t)) != "" {
				return fmt.Errorf("%s contains text", name)
			}
		case xml.StartElement:
			i := slices.Index(e.children[at:], t.Name.Local)
			if i < 0 {
				return fmt.Errorf("%s may not contain %s here", name, t.Name.Local)
			}
			at += i
			if err := x.element(d, t); err != nil {
				return err
			}
		}
	}
}
