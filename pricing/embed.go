// Package pricing holds the price, hardware and limit tables; README.md
// describes them, manifest.csv lists every file with its digest.
package pricing

import "embed"

// FS is the tables. Paths are those of the manifest.
//
//go:embed manifest.csv sources.csv hardware limits 2016-04-18 2017-11-12 2026-07-20
var FS embed.FS
