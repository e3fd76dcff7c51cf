package main

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/pricing"
	"headroom/profiles"
)

// TestTruth writes docs/truth.md, which holds the program against systems that
// others have sized, and wants it to be what it is. So every figure of the page
// is an assertion: one that moves fails here, also where it is a miss.
// `go test ./cmd/headroom -run TestTruth -update` writes the page anew.
//
// A case is a profile in testdata/cases and a row in a list (truthTables). A
// figure outside of the right range needs a sentence in testdata/cases/misses.csv
// that explains it; a sentence for a figure that holds is wrong as well.
func TestTruth(t *testing.T) {
	cat, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	var page strings.Builder
	page.WriteString(truthIntro)
	for _, section := range []func(*testing.T, *catalog.Catalog) string{casesSection, beforeSection, weightsSection} {
		page.WriteString("\n" + section(t, cat))
	}
	file := filepath.Join("..", "..", "docs", "truth.md")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(page.String()), 0o644))
	}
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(written), page.String(),
		"If the new figures are right: go test ./cmd/headroom -run TestTruth -update")
}

const truthIntro = `<!-- Made by TestTruth of cmd/headroom: go test ./cmd/headroom -run TestTruth -update. -->

# Held against real systems

The arithmetic of a plan can be checked by hand. Whether anybody would run its answer cannot. So
this page puts beside each other what others say who run such systems (sizing tables, case studies,
other planners) and what headroom chooses for the same load. A test writes the page and compares it
on every run, so each figure below is what the program says now.

- The profiles are in [testdata/cases](../testdata/cases). The load is the source's; what a source
  does not say, such as the CPU time of a request, is an assumption of the profile.
- *Fitted* rows were used to choose such an assumption, so that they come out right is no merit.
  All other rows are *predictions*: nothing was changed to make them come out.
- *Right* is the range that a plan must lie in. It follows from the source alone: sources round up
  and machines come in sizes that double, so it is mostly a factor of two around the source's figure.
- A figure outside of it is a **miss**. The misses stay on the page, with the reason below the table.
`

// openCase reads a profile of the repository, or a shipped one where name is no path.
func openCase(name string) (*workload.Draft, error) {
	if !strings.Contains(name, "/") {
		src, err := fs.ReadFile(profiles.FS, name+".yaml")
		if err != nil {
			return nil, err
		}
		return workload.Open(name+".yaml", src, sizing.Specs(), os.ReadFile)
	}
	src, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	return workload.Open(name, src, sizing.Specs(), os.ReadFile)
}

// inParallel calls do for 0 ≤ i < n, on all processors.
func inParallel(n int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// readCSV reads a file of testdata, whose first row must be the names of the columns.
func readCSV(t *testing.T, name string, columns ...string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", filepath.FromSlash(name)))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Equal(t, columns, rows[0], name)
	return rows[1:]
}

// mdTable is a table of a page. Bars within a cell would end it.
func mdTable(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + strings.ReplaceAll(c, "|", "\\|") + " ")
		}
		b.WriteString("|\n")
	}
	line(head)
	b.WriteString(strings.Repeat("| --- ", len(head)) + "|\n")
	for _, r := range rows {
		line(r)
	}
	return b.String()
}
