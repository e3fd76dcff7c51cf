// Package pricing holds the price, hardware and limit tables; README.md
// describes them, manifest.csv lists every file with its digest.
package pricing

import "embed"

// FS is the tables. Paths are those of the manifest.
var FS = tables{files}

//go:embed manifest.csv vintages.csv sources.csv hardware limits 2016-04-18 2017-11-12 2026-07-20
var files embed.FS

// compact.bin is made from the tables; a test holds it to them.
//
//go:generate go run headroom/cmd/gentables -compact .
//go:embed compact.bin
var compact string

type tables struct{ embed.FS }

// Compact is the compact form of the tables, from which the program reads them:
// it need not be parsed, and lies ready in the program's memory.
func (tables) Compact() string { return compact }
