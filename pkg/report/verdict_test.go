package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/compare"
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
		subjects = []budget.Subject{{Name: e.Profile.Name, Estimate: &e, Baseline: &base, Label: "base.json",
			Diff: compare.Estimates(&base, &e)}}
	}
	v, err := b.Check(subjects, today, bill.Program{Name: "headroom", Version: "test"})
	require.NoError(t, err)
	return v
}

func writeVerdict(t require.TestingT, format string, v *budget.Verdict) string {
	var b bytes.Buffer
	require.NoError(t, WriteVerdict(&b, format, v, Output{}))
	return b.String()
}

func TestVerdictGolden(t *testing.T) {
	v := verdictOf(t, "2026-06-30")
	for _, format := range goldenFormats(VerdictFormats()) {
		golden(t, "verdict"+endings()[format], writeVerdict(t, format, v))
	}
	golden(t, "verdict.annotations", Annotations(v))
	var full bytes.Buffer
	require.NoError(t, WriteVerdict(&full, "table", v, Output{Full: true}))
	golden(t, "verdict.full.txt", full.String())
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

func TestSARIFPointsAtTheLimitAndSuppresses(t *testing.T) {
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(writeVerdict(t, "sarif", verdictOf(t, "2026-06-30"))), &log))
	results := log.Runs[0].Results
	require.Len(t, results, 5)
	first := results[0]
	require.Equal(t, "total/monthly", first.RuleID)
	require.Equal(t, sarifPhysical{sarifArtifact{"ci/budget.yaml"}, &sarifRegion{3, 20}}, first.Locations[0].Physical)
	i := slices.IndexFunc(results, func(r sarifResult) bool { return r.RuleID == "search/monthly" })
	require.Equal(t, []sarifSuppression{{"external", "accepted", "excepted until 2026-12-31: migration (Ada)"}},
		results[i].Suppressions)
	require.Equal(t, results[i].RuleID, log.Runs[0].Tool.Driver.Rules[results[i].RuleIndex].ID)
}

func TestJUnitCounts(t *testing.T) {
	var all junitSuites
	require.NoError(t, xml.Unmarshal([]byte(writeVerdict(t, "junit", verdictOf(t, "2026-06-30"))), &all))
	require.Equal(t, []int{5, 2, 0}, []int{all.Tests, all.Failures, all.Errors},
		"total and logs are breached, the exception of logs is over")
	require.Equal(t, 1, all.Suites[0].Skipped)
}

func TestInfeasibleIsAnError(t *testing.T) {
	v := verdictOf(t, "2026-06-30",
		budget.Subject{Name: "shop", Infeasible: errors.New("component db: no type carries it")})
	require.Equal(t, budget.Infeasible, v.Outcome)
	require.Contains(t, writeVerdict(t, "junit", v), `errors="1"`)
	require.Contains(t, writeVerdict(t, "table", v), "Budget not checked")
}

// The comment is found again by its marker, and what is kept is folded away.
func TestComment(t *testing.T) {
	md := writeVerdict(t, "markdown", verdictOf(t, "2026-06-30"))
	require.True(t, strings.HasPrefix(md, "<!-- headroom-check: ci/budget.yaml -->\n"))
	shown, hidden, ok := strings.Cut(md, "<details>")
	require.True(t, ok)
	require.NotContains(t, shown, "| pass |")
	require.Contains(t, hidden, "| pass |")
	hidden, foot, ok := strings.Cut(hidden, "\n\n</details>\n\n")
	require.True(t, ok)
	require.NotContains(t, hidden, "</details>")
	require.Regexp(t, `^<sub>headroom .* · prices of \S+ · judged on 2026-06-30</sub>\n$`, foot)
	require.Contains(t, shown, "| ❌ | total, `ci/budget.yaml:3` |")
}
