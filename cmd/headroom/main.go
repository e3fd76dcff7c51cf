// Command headroom plans and prices two-region systems before anything runs.
package main

import (
	"os"
	"runtime/debug"

	"headroom/docs"
	"headroom/pkg/catalog"
	"headroom/pkg/cli"
	"headroom/pricing"
	"headroom/profiles"
)

// gcPercent lets the heap grow to 64 MB before the first collection, which is all that
// the default estimate allocates in its twentieth of a second: a collection in the middle
// of it costs a twentieth of the time and frees little. Commands that run for long set less.
const gcPercent = 1500

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	tables := catalog.WithCompact(pricing.FS, pricing.Compact)
	env := cli.Process(os.Args[1:])
	env.Docs = docs.FS
	os.Exit(cli.Main(env, tables, profiles.FS))
}
