// Command headroom plans and prices two-region systems before anything runs.
package main

import (
	"os"

	"headroom/pkg/cli"
	"headroom/pricing"
	"headroom/profiles"
)

func main() {
	os.Exit(cli.Main(cli.Process(os.Args[1:]), pricing.FS, profiles.FS))
}
