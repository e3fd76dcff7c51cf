package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// table is one file to be written.
type table struct {
	path, vintage, kind, region string
	header                      string
	lines                       []string
	// asOf and sources complete what the rows say, for tables without such
	// columns.
	asOf    []string
	sources []string
}

type tables struct{ list []*table }

func (ts *tables) add(t *table) { ts.list = append(ts.list, t) }

// split makes one table of a kind per region of a vintage out of an input.
func (ts *tables) split(in *input, vintage, kind string) error {
	at, err := in.col("region")
	if err != nil {
		return err
	}
	byRegion := map[string]*table{}
	for _, r := range in.rows {
		region := r.cells[at]
		t := byRegion[region]
		if t == nil {
			t = &table{path: vintage + "/" + kind + "/" + region + ".csv", vintage: vintage, kind: kind, region: region,
				header: in.header}
			byRegion[region] = t
			ts.add(t)
		}
		t.lines = append(t.lines, r.line)
	}
	return nil
}

// bytes is the file: header, then the rows sorted by their characters.
func (t *table) bytes() []byte {
	slices.Sort(t.lines)
	return []byte(t.header + "\n" + strings.Join(t.lines, "\n") + "\n")
}

// write stores the tables and their manifest.
func (ts *tables) write(to string) error {
	slices.SortFunc(ts.list, func(a, b *table) int { return strings.Compare(a.path, b.path) })
	manifest := []string{}
	for _, t := range ts.list {
		data := t.bytes()
		dates, sources, err := t.provenance()
		if err != nil {
			return err
		}
		oldest, newest := "", ""
		if len(dates) > 0 {
			oldest, newest = dates[0], dates[len(dates)-1]
		}
		sum := sha256.Sum256(data)
		manifest = append(manifest, strings.Join([]string{t.path, t.vintage, t.kind, t.region,
			strconv.Itoa(len(t.lines)), oldest, newest, strings.Join(sources, ";"), hex.EncodeToString(sum[:])}, ","))
		if err := store(filepath.Join(to, filepath.FromSlash(t.path)), data); err != nil {
			return err
		}
	}
	slices.Sort(manifest)
	head := "path,vintage,table,region,rows,as_of_oldest,as_of_newest,sources,sha256\n"
	return store(filepath.Join(to, "manifest.csv"), []byte(head+strings.Join(manifest, "\n")+"\n"))
}

// provenance collects the dates and source keys of all as_of, run_date and
// source columns, sorted and without repetition.
func (t *table) provenance() (dates, sources []string, err error) {
	recs, err := csv.NewReader(strings.NewReader(string(t.bytes()))).ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", t.path, err)
	}
	dates, sources = slices.Clone(t.asOf), slices.Clone(t.sources)
	for c, name := range recs[0] {
		var to *[]string
		switch {
		case name == "as_of" || name == "run_date" || strings.HasSuffix(name, "_as_of"):
			to = &dates
		case t.kind != "sources" && (name == "source" || strings.HasSuffix(name, "_source")):
			to = &sources
		default:
			continue
		}
		for _, rec := range recs[1:] {
			if v := rec[c]; v != "" {
				// "KT26-not-in-Y25" says which of two lists has the type.
				v, _, _ = strings.Cut(v, "-not-in-")
				*to = append(*to, v)
			}
		}
	}
	slices.Sort(dates)
	slices.Sort(sources)
	return slices.Compact(dates), slices.Compact(sources), nil
}

func store(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}
