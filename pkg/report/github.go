package report

import (
	"fmt"
	"path"
	"strings"

	"headroom/pkg/budget"
)

// Annotations are workflow commands of GitHub Actions, one a line: an error or a
// warning for every limit that is not kept, a notice for an exception and for a
// setting that is not from the repository
// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
func Annotations(v *budget.Verdict) string {
	var b strings.Builder
	for _, text := range settingTexts(v) {
		fmt.Fprintf(&b, "::notice title=%s::%s\n", property("headroom: setting"), commandText(text))
	}
	for _, r := range bySeverity(v.Results) {
		level := "error"
		switch r.Status {
		case budget.Pass:
			continue
		case budget.Warn:
			level = "warning"
		case budget.Excepted:
			level = "notice"
		}
		var props []string
		if r.At.File != "" {
			props = append(props, "file="+property(path.Clean(r.At.File)))
			if r.At.Line > 0 {
				props = append(props, fmt.Sprintf("line=%d,col=%d", r.At.Line, max(r.At.Column, 1)))
			}
		}
		props = append(props, "title="+property("headroom: "+r.Rule))
		fmt.Fprintf(&b, "::%s %s::%s\n", level, strings.Join(props, ","), commandText(message(&r)))
	}
	return b.String()
}

// commandText escapes the text of a workflow command.
func commandText(s string) string {
	return strings.NewReplacer("%", "%25").Replace(printable(s))
}

// property escapes the value of a property of a workflow command.
func property(s string) string {
	return strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C").Replace(printable(s))
}
