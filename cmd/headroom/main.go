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

// gcPercent lets the heap grow to 40 MB before the first collection, which is most of
// what an estimate allocates in its tenth of a second: a collection in the middle of it
// costs a tenth of the time and frees little. Commands that run for long set less.
const gcPercent = 1000

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	tables := catalog.WithCompact(pricing.FS, pricing.Compact)
	env := cli.Process(os.Args[1:])
	env.Docs = docs.FS
	os.Exit(cli.Main(env, tables, profiles.FS))
}
