package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"headroom/pkg/budget"
)

// hostileText has what must not reach whoever reads: ESC, a C1 control, DEL, a mark that
// turns the direction of writing, a line that is a command to GitHub's runner.
const hostileText = "::error::x\x1b[31m\u009b\x7f\u202eback\n ::set-env name=a::b ##[add-mask]c " +
	"@octocat https://x.example " +
	"www.x.example #12"

// No text of an input reaches a report as anything but text, in any format.
func TestHostileTextsStayTexts(t *testing.T) {
	e := cases()[0].estimates[0]
	e.Title, e.Profile.Name, e.Regions = hostileText, hostileText, nil
	outputs := map[string]string{}
	for _, f := range EstimateFormats() {
		if f.binary { // see TestXLSXOfHostileTexts
			continue
		}
		doc := New(append(cases()[0].estimates[:0:0], e))
		doc.Sections[0].Lead = []string{hostileText}
		doc.Records = &Grid{Columns: []Column{{Key: "a"}}, Rows: []Row{{Cells: []Cell{text(hostileText)}}}}
		var b bytes.Buffer
		require.NoError(t, Write(&b, f.Name, doc, Output{}))
		outputs[f.Name] = b.String()
	}
	v := &budget.Verdict{Outcome: budget.Fail, Results: []budget.Finding{{Rule: hostileText, Profile: hostileText,
		Limit: "monthly", Status: budget.Fail, Failure: hostileText, Reason: hostileText,
		At: budget.Place{File: "a.yaml", Line: 1, Column: 1}}}}
	outputs["annotations"] = strings.ReplaceAll(Annotations(v), "::error file=a.yaml,line=1,col=1,title=", "")
	for _, f := range VerdictFormats() {
		if f.binary {
			continue
		}
		var b bytes.Buffer
		require.NoError(t, WriteVerdict(&b, f.Name, v, Output{}))
		outputs["verdict "+f.Name] = b.String()
	}
	for name, out := range outputs {
		for _, r := range out {
			require.True(t, r == '\n' || r == ' ' || unicode.IsPrint(r), "%s: %q in %s", name, r, out)
		}
		for _, l := range strings.Split(out, "\n") {
			require.False(t, strings.HasPrefix(strings.TrimSpace(l), "::"), "%s: %s", name, l)
		}
		require.NotContains(t, out, "##[", name)
	}
	for _, live := range []string{"@octocat", "://x", "www.x", "#12"} {
		require.NotContains(t, outputs["verdict markdown"], live)
		require.NotContains(t, outputs["markdown"], live)
	}
	var back struct{ Estimates []struct{ Title string } }
	require.NoError(t, json.Unmarshal([]byte(outputs["json"]), &back))
	require.Equal(t, hostileText, back.Estimates[0].Title, "JSON says the same")
}
