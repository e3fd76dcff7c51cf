package cli

import (
	"fmt"
	"runtime"
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
	text := fmt.Sprintf("headroom %s\nprices   %s (newest of %d vintages)\ndigest   %s\nbuilt    %s %s/%s\n",
		a.Version, v.Name(), len(cat.Vintages()), v.Digest(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return a.output("", []byte(text))
}
