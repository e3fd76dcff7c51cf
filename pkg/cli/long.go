package cli

import (
	"errors"
	"runtime/debug"
)

// roomy lets garbage grow to four times what is in use while thousands of plans
// are made, each of which leaves a megabyte behind: a fifth less time than with Go's
// default for some tens of megabytes. (What ends at once begins with more; see main.)
func roomy() (undo func()) {
	before := debug.SetGCPercent(400)
	return func() { debug.SetGCPercent(before) }
}

// errInterrupted says that Ctrl-C came before the end.
func errInterrupted() error {
	return hinted{interruptedError{errors.New("interrupted: what was written is a part of what was asked for")},
		"Run it again for the rest, or ask for fewer points."}
}
