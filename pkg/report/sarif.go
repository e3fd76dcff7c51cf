package report

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strings"

	"headroom/pkg/budget"
)

// The objects of SARIF 2.1.0 that a verdict needs
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
		Properties *sarifBag     `json:"properties,omitempty"`
	}
	sarifBag struct {
		Settings []budget.Setting `json:"settings"` // those that are not from the repository
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Kind         string             `json:"kind"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations,omitempty"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
)

// writeSARIF writes a result for every limit: a breach is a failure at the
// level of its rule, located at the component or else at the limit; an
// exception suppresses it; what is kept is of the kind pass.
func writeSARIF(b *bytes.Buffer, v *budget.Verdict, _ Output) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "headroom", Version: v.Program.Version, Rules: []sarifRule{}}
	for i := range v.Results {
		r := &v.Results[i]
		id := r.Rule + "/" + r.Limit
		k := slices.IndexFunc(run.Tool.Driver.Rules, func(x sarifRule) bool { return x.ID == id })
		if k < 0 {
			k = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules,
				sarifRule{id, sarifText{printable("limit " + r.Limit + " of the rule " + r.Rule)}})
		}
		s := sarifResult{RuleID: id, RuleIndex: k, Kind: "fail", Level: "error",
			Message:      sarifText{printable(message(r))},
			Fingerprints: map[string]string{"headroom/v1": fingerprint(r)}}
		switch r.Status {
		case budget.Pass:
			s.Kind, s.Level = "pass", "none"
		case budget.Warn:
			s.Level = "warning"
		case budget.Excepted:
			s.Suppressions = []sarifSuppression{{"external", "accepted", printable(exceptionText(r.Exception))}}
		}
		s.Locations = locations(r.At, "")
		if r.Budget != r.At {
			s.Related = locations(r.Budget, "the limit")
		}
		run.Results = append(run.Results, s)
	}
	if len(v.Settings) > 0 {
		run.Properties = &sarifBag{v.Settings}
	}
	return encodeJSON(b, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func locations(p budget.Place, what string) []sarifLocation {
	if p.File == "" {
		return nil
	}
	l := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{uri(p.File)}}}
	if p.Line > 0 {
		l.Physical.Region = &sarifRegion{p.Line, p.Column}
	}
	if what != "" {
		l.Message = &sarifText{what}
	}
	return []sarifLocation{l}
}

// uri is a path relative to where the command runs, as a URI reference.
func uri(file string) string {
	u := url.URL{Path: path.Clean(strings.ReplaceAll(file, `\`, "/"))}
	return u.String()
}

// fingerprint names a finding so that it is the same one in the next run, when
// figures have changed.
func fingerprint(r *budget.Finding) string {
	parts := []string{r.Rule, r.Limit, r.Profile, r.Environment, r.Of.String()}
	if r.Status == budget.Invalid { // one of many, which only its text tells apart
		parts = append(parts, r.Failure)
	}
	return strings.Join(parts, "|")
}
