package cli

import (
	"fmt"
	"runtime"

	"headroom/pkg/report"
)

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
