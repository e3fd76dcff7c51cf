package catalog

import (
	"encoding/hex"
	"strconv"
	"strings"

	"headroom/pkg/diag"
)

// ManifestName is the path of the list of all tables.
const ManifestName = "manifest.csv"

// Kinds of table beside those with prices, as the manifest's column "table" names
// them: second sources of a vintage, and what belongs to none and serves all.
const (
	tableCheck    = "check"
	tableHardware = "hardware"
	tableLimits   = "limits"
	tableSources  = "sources"
)

// File is one row of the manifest.
type File struct {
	Path       string
	Vintage    string // "" for what all vintages share
	Table      string // ec2, usage, managed, check, hardware, limits, sources
	Region     string // "" for tables that are not of one region
	Rows       int    // without the header
	AsOfOldest string // YYYY-MM-DD or YYYY-MM; "" where no row has a date
	AsOfNewest string
	Sources    []string // keys of sources.csv
	SHA256     string   // hex
}

// readManifest reads the list of tables, which must be sorted by path.
func readManifest(data []byte) ([]File, error) {
	t, err := readTable(ManifestName, data,
		"path", "vintage", "table", "region", "rows", "as_of_oldest", "as_of_newest", "sources", "sha256")
	if err != nil {
		return nil, err
	}
	var ps diag.Problems
	path, vintage, kind, region, rows := t.col("path"), t.col("vintage"), t.col("table"), t.col("region"), t.col("rows")
	oldest, newest, sources, sum := t.col("as_of_oldest"), t.col("as_of_newest"), t.col("sources"), t.col("sha256")
	files := make([]File, 0, t.len())
	var buf []string
	for i := range t.len() {
		buf = t.cells(i, buf[:0])
		f := File{Path: buf[path], Vintage: buf[vintage], Table: buf[kind], Region: buf[region],
			AsOfOldest: buf[oldest], AsOfNewest: buf[newest], SHA256: buf[sum]}
		if buf[sources] != "" {
			f.Sources = strings.Split(buf[sources], ";")
		}
		at := diag.Pos{File: ManifestName, Line: t.line(i)}
		n, err := strconv.Atoi(buf[rows])
		if err != nil || n < 0 {
			ps.Addf(at, "", "rows %q is not a count", buf[rows])
		}
		f.Rows = n
		if b, err := hex.DecodeString(f.SHA256); err != nil || len(b) != 32 {
			ps.Addf(at, "", "sha256 %q is not a SHA-256 in hexadecimal", f.SHA256)
		}
		if len(files) > 0 && files[len(files)-1].Path >= f.Path {
			ps.Addf(at, "make the manifest with cmd/gentables", "%s is not sorted by path", ManifestName)
		}
		files = append(files, f)
	}
	if len(ps) > 0 {
		return nil, ps.Err()
	}
	return files, nil
}
