package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"headroom/pkg/report"
)

// hashLength is how much of a commit's hash is shown: as much as git describe does in
// repositories of any size.
const hashLength = 12

// version is that of a release, or else devel; with the commit where the build knows it,
// v0.4.0+3f2c1ab09d11 or devel+3f2c1ab09d11.modified. It never contains a date: same
// inputs, same bytes.
func version(release string, read func() (*debug.BuildInfo, bool)) string {
	if release == "" {
		release = "devel"
	}
	info, ok := read()
	if !ok {
		return release
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
		return release
	}
	return release + commit + modified
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
