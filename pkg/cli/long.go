package cli

import (
	"errors"
	"runtime/debug"
)

// roomy lets garbage grow to six times what is in use while thousands of plans
// are made, each of which leaves half a megabyte behind: a sixth less time than with Go's
// default for 80 MB. (What ends at once begins with more; see main.)
func roomy() (undo func()) {
	before := debug.SetGCPercent(600)
	return func() { debug.SetGCPercent(before) }
}

// errInterrupted says that Ctrl-C came before the end.
func errInterrupted() error {
	return hinted{interruptedError{errors.New("interrupted: what was written is a part of what was asked for")},
		"Run it again for the rest, or ask for fewer points."}
}
