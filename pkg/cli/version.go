package cli

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"

	"headroom/pkg/report"
)

// hashLength is how much of a commit's hash is shown: as much as git describe does in
// repositories of any size.
const hashLength = 12

// pseudoVersion is how Go names a commit that has no tag: with its day, and its hash.
var pseudoVersion = regexp.MustCompile(`-(0\.)?\d{14}-[0-9a-f]{12}`)

// version is the tag that the program was built at, or else devel, with the commit where
// the build knows it: v0.4.0+3f2c1ab09d11, devel+3f2c1ab09d11.modified. It never contains
// a date: same inputs, same bytes.
func version(read func() (*debug.BuildInfo, bool)) string {
	info, ok := read()
	if !ok {
		return "devel"
	}
	name, _, _ := strings.Cut(info.Main.Version, "+") // Go marks changed files as +dirty
	if name == "" || name == "(devel)" || pseudoVersion.MatchString(name) {
		name = "devel"
	}
	commit, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = "+" + s.Value[:min(len(s.Value), hashLength)]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = ".modified"
		}
	}
	if commit == "" {
		return name
	}
	return name + commit + modified
}

// runVersion prints what a report of a result needs to be repeated: the
// program and the tables it brings.
func runVersion(a *app) error {
	cat, err := a.catalog()
	if err != nil {
		return err
	}
	v, err := cat.Vintage("")
	if err != nil {
		return err
	}
	facts := []report.Fact{{Label: "headroom", Text: a.Version},
		{Label: "prices", Text: fmt.Sprintf("%s (newest of %d vintages)", v.Name(), len(cat.Vintages()))},
		{Label: "digest", Text: v.Digest()},
		{Label: "built", Text: fmt.Sprintf("%s %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH)}}
	return a.write("", "table", report.Document{Sections: []report.Section{{Facts: facts}}})
}
