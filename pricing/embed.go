// Package pricing holds the price, hardware and limit tables; README.md
// describes them, manifest.csv lists every file with its digest.
package pricing

import "embed"

// FS is the tables. Paths are those of the manifest.
//
//go:embed manifest.csv vintages.csv sources.csv hardware limits 2016-04-18 2017-11-12 2026-07-20 2026-10-04
var FS embed.FS

// Compact is the same tables in the form that the program reads without parsing
// it. It is made from them, and a test holds it to them.
//
//go:generate go run headroom/cmd/gentables -compact .
//go:embed compact.bin
var Compact string
