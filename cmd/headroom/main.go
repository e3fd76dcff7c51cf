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

// gcPercent lets the heap grow further than Go's default between collections:
// a run lives for a tenth of a second and needs some 30 MB.
const gcPercent = 400

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	tables := catalog.WithCompact(pricing.FS, pricing.Compact)
	env := cli.Process(os.Args[1:])
	env.Docs = docs.FS
	os.Exit(cli.Main(env, tables, profiles.FS))
}
