// Package catalog reads the tables under pricing/: what node types there are,
// how fast they are and what they and everything else cost. Its words:
//
//	manifest   the list of all tables, with their digests
//	table      one CSV file, or the same rows in the compact form
//	vintage    the price tables of one date, YYYY-MM-DD; what was public then
//	region     the prices of one AWS region in one vintage
//	overlay    a file of a user's own prices, laid over those of a vintage
//	price      an exact rate in US dollars per unit, with its date and source
//	on demand  the price of an hour without any commitment
//	term       another way to pay for a machine: reserved, convertible, Savings
//	           Plan or spot, each with its years and the share paid upfront
//	usage      what is not a machine: storage, transfer, requests; its price may
//	           have tiers, steps by quantity
//	managed    a node of a service that AWS runs, such as ElastiCache
//	type       an EC2 instance type with its hardware and limits
//	speed      how fast a type does a class of work, against a reference type
//	evidence   what a speed rests on: the weaker it is, the lower it is derated
//
// Opening a catalog reads the manifest and the list of vintages only. A table is
// read when something of it is asked for. Inside the program it comes from the
// compact form, which need not be parsed; from a folder it is the CSV file, whose
// SHA-256 is held against the manifest. Prices stay text until they are asked
// for and become exact rates, never floats. A price that no table has is never
// filled in from elsewhere.
package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// Catalog is the tables of all vintages. It is safe for concurrent use.
type Catalog struct {
	fsys     fs.FS
	compact  *compact // nil where the CSV files are read
	manifest []File   // sorted by path
	vintages []string
	holds    map[string]Properties // by vintage
	hardware lazy[*hardware]       // node types, speeds, limits: the same for every vintage

	roundTrips lazy[roundTrips]
	maxPods    lazy[map[string]int]
	facts      lazy[*Facts]

	units   lazy[map[string]map[string]string] // of usage prices, by service and item
	managed lazy[map[string][]string]          // names of managed services

	mu     sync.Mutex
	opened map[string]*Vintage // without overlays, so that each table is read once
}

// Open reads the manifest and the list of vintages of a folder of tables.
func Open(fsys fs.FS) (*Catalog, error) {
	c, err := openCSV(fsys)
	if err != nil {
		return nil, err
	}
	if c.holds, err = readProperties(fsys, c.vintages); err != nil {
		return nil, err
	}
	if made, ok := fsys.(compacted); ok {
		if c.compact, err = openCompact(made.form); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// openCSV is Open for the CSV files alone.
func openCSV(fsys fs.FS) (*Catalog, error) {
	data, err := fs.ReadFile(fsys, ManifestName)
	if err != nil {
		return nil, fmt.Errorf("the price tables have no manifest: %w", err)
	}
	files, err := readManifest(data)
	if err != nil {
		return nil, err
	}
	c := &Catalog{fsys: fsys, manifest: files}
	for _, f := range files {
		if f.Vintage != "" && !slices.Contains(c.vintages, f.Vintage) {
			c.vintages = append(c.vintages, f.Vintage)
		}
	}
	if len(c.vintages) == 0 {
		return nil, fmt.Errorf("%s names no vintage", ManifestName)
	}
	slices.Sort(c.vintages)
	return c, nil
}

// Files is the manifest, sorted by path.
func (c *Catalog) Files() []File { return slices.Clone(c.manifest) }

// Newest is the name of the newest vintage: names are dates, YYYY-MM-DD.
func (c *Catalog) Newest() string { return c.vintages[len(c.vintages)-1] }

// find is the manifest's entry for a path.
func (c *Catalog) find(path string) (File, bool) {
	i, ok := slices.BinarySearchFunc(c.manifest, path, func(f File, p string) int { return strings.Compare(f.Path, p) })
	if !ok {
		return File{}, false
	}
	return c.manifest[i], true
}

// read reads a file of the manifest and checks its digest.
func (c *Catalog) read(f File) ([]byte, error) {
	data, err := fs.ReadFile(c.fsys, f.Path)
	if err != nil {
		return nil, fmt.Errorf("price table: %w", err)
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
		return nil, fmt.Errorf("%s has been changed: its SHA-256 is %s, the manifest has %s; "+
			"put prices of your own in an overlay file, or make the tables again with cmd/gentables",
			f.Path, got, f.SHA256)
	}
	return data, nil
}

// readTable takes a table from the compact form, or reads the CSV file and
// checks its digest.
func (c *Catalog) readTable(path string, required ...string) (*table, error) {
	f, ok := c.find(path)
	if !ok {
		return nil, fmt.Errorf("%s is not in %s", path, ManifestName)
	}
	t, err := c.compact.table(f)
	if err != nil {
		return nil, err
	}
	if t != nil {
		return t, t.lacking(1, required).Err()
	}
	data, err := c.read(f)
	if err != nil {
		return nil, err
	}
	return readTable(path, data, required...)
}

// lazy is a value that is made once, when it is first asked for.
type lazy[T any] struct {
	once sync.Once
	v    T
	err  error
}

func (l *lazy[T]) get(load func() (T, error)) (T, error) {
	l.once.Do(func() { l.v, l.err = load() })
	return l.v, l.err
}
