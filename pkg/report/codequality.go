package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path"

	"headroom/pkg/budget"
)

// codeIssue is an issue as GitLab's Code Quality reads it
// (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format).
type codeIssue struct {
	Description string       `json:"description"`
	CheckName   string       `json:"check_name"`
	Fingerprint string       `json:"fingerprint"`
	Severity    string       `json:"severity"`
	Location    codeLocation `json:"location"`
}

type codeLocation struct {
	Path  string    `json:"path"`
	Lines codeLines `json:"lines"`
}

type codeLines struct {
	Begin int `json:"begin"`
}

// writeCodeQuality writes an issue for every limit that is not kept, and for every
// setting that is not from the repository.
func writeCodeQuality(b *bytes.Buffer, v *budget.Verdict, _ Output) error {
	issues := []codeIssue{}
	for i, text := range settingTexts(v) {
		sum := sha256.Sum256([]byte(settingStatus + "|" + v.Settings[i].Name))
		issues = append(issues, codeIssue{Description: printable(text),
			CheckName:   settingStatus + "/" + v.Settings[i].Name,
			Fingerprint: hex.EncodeToString(sum[:]), Severity: "info",
			Location: codeLocation{path.Clean(v.Budget.File), codeLines{1}}})
	}
	for i := range v.Results {
		r := &v.Results[i]
		level, ok := map[string]string{budget.Invalid: "blocker", budget.Infeasible: "blocker", budget.Fail: "critical",
			budget.Warn:     "minor",
			budget.Excepted: "info"}[r.Status]
		if !ok {
			continue
		}
		sum := sha256.Sum256([]byte(fingerprint(r)))
		issues = append(issues, codeIssue{Description: printable(message(r)), CheckName: r.Rule + "/" + r.Limit,
			Fingerprint: hex.EncodeToString(sum[:]), Severity: level,
			Location: codeLocation{path.Clean(r.At.File), codeLines{max(r.At.Line, 1)}}})
	}
	return encodeJSON(b, issues)
}
