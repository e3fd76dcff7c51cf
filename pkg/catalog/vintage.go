package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"

	"headroom/pkg/diag"
)

// VintageInfo says what a vintage holds without reading its tables.
// With a base it counts the base's tables too.
type VintageInfo struct {
	Name       string
	Base       string   // the vintage it builds on; "" where its tables stand alone
	Tables     []string // of ec2, usage, managed
	Regions    []string // with a table of any of these kinds, sorted
	Rows       int      // price rows in these tables
	AsOfOldest string
	AsOfNewest string
}

// Vintages lists the vintages, oldest first.
func (c *Catalog) Vintages() []VintageInfo {
	out := make([]VintageInfo, 0, len(c.vintages))
	for _, name := range c.vintages {
		info := VintageInfo{Name: name, Base: c.holds[name].Base}
		layers := c.layers(name)
		for _, f := range c.manifest {
			if !slices.Contains(layers, f.Vintage) || f.Region == "" {
				continue
			}
			if !slices.Contains(info.Tables, f.Table) {
				info.Tables = append(info.Tables, f.Table)
			}
			if !slices.Contains(info.Regions, f.Region) {
				info.Regions = append(info.Regions, f.Region)
			}
			info.Rows += f.Rows
			if f.AsOfOldest != "" && (info.AsOfOldest == "" || f.AsOfOldest < info.AsOfOldest) {
				info.AsOfOldest = f.AsOfOldest
			}
			info.AsOfNewest = max(info.AsOfNewest, f.AsOfNewest)
		}
		slices.Sort(info.Tables)
		slices.Sort(info.Regions)
		out = append(out, info)
	}
	return out
}

// Vintage is the price tables of one date, with any overlays on top.
type Vintage struct {
	Properties

	cat      *Catalog
	name     string
	layers   []string   // names of the vintages whose tables count, later ones win: itself last
	sites    []Site     // regions that no table has, see WithSites
	overlays []*overlay // later ones win

	digest lazy[string]

	mu      sync.Mutex
	regions map[string]*RegionPrices
}

// Vintage gives the tables of a date. The name "" is the newest.
func (c *Catalog) Vintage(name string) (*Vintage, error) {
	if name == "" {
		name = c.Newest()
	}
	if !slices.Contains(c.vintages, name) {
		return nil, unknown("price vintage", name, c.vintages)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.opened[name]
	if !ok {
		v = &Vintage{Properties: c.holds[name], cat: c, name: name, layers: c.layers(name)}
		if c.opened == nil {
			c.opened = map[string]*Vintage{}
		}
		c.opened[name] = v
	}
	return v, nil
}

// layers are the vintages whose tables make a vintage: the one it builds on, the
// one that builds on, and so on, oldest first and itself last. A base stands before
// what builds on it in the list of vintages, so there is no circle.
func (c *Catalog) layers(name string) []string {
	var out []string
	for ; name != ""; name = c.holds[name].Base {
		out = append(out, name)
	}
	slices.Reverse(out)
	return out
}

// paths are the tables of a kind and region, one for each layer that has one.
func (v *Vintage) paths(kind, region string) []string {
	var out []string
	for _, layer := range v.layers {
		path := layer + "/" + kind + "/" + region + ".csv"
		if _, ok := v.cat.find(path); ok {
			out = append(out, path)
		}
	}
	return out
}

// unknown is the error for a name that is not in a list.
func unknown(what, name string, known []string) error {
	if near := diag.Suggest(name, known); near != "" {
		return fmt.Errorf("unknown %s %q; did you mean %s? Known: %s", what, name, near, list(known))
	}
	return fmt.Errorf("unknown %s %q; known: %s", what, name, list(known))
}

// list joins names with commas.
func list(names []string) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += ", "
		}
		s += n
	}
	return s
}

// Catalog is the catalog the vintage belongs to: node types, speeds, limits.
func (v *Vintage) Catalog() *Catalog { return v.cat }

// Name is the date of the vintage, YYYY-MM-DD.
func (v *Vintage) Name() string { return v.name }

// Overlays names the overlay files on top of the tables, first to last.
func (v *Vintage) Overlays() []string {
	names := make([]string, len(v.overlays))
	for i, o := range v.overlays {
		names[i] = o.file
	}
	return names
}

// Digest identifies the figures a result was computed with: the SHA-256, in
// hexadecimal, over the manifest's path and digest of every table of the
// vintage, of its base, and of every table that all vintages share, in order of
// path, followed by the digests of the overlays. Overlays count by content, not by
// file name.
func (v *Vintage) Digest() string {
	digest, _ := v.digest.get(func() (string, error) { return v.sum(), nil })
	return digest
}

func (v *Vintage) sum() string {
	h := sha256.New()
	for _, f := range v.cat.manifest {
		if f.Vintage == "" || slices.Contains(v.layers, f.Vintage) {
			fmt.Fprintf(h, "%s %s\n", f.Path, f.SHA256)
		}
	}
	for _, o := range v.overlays {
		fmt.Fprintf(h, "overlay %s\n", o.sha256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// HasTable tells whether the vintage has prices of a kind (ec2, usage,
// managed) in any region, in its tables or an overlay.
func (v *Vintage) HasTable(kind string) bool {
	for _, f := range v.cat.manifest {
		if slices.Contains(v.layers, f.Vintage) && f.Table == kind && f.Region != "" {
			return true
		}
	}
	for _, o := range v.overlays {
		if o.hasTable(kind) {
			return true
		}
	}
	return false
}

// Regions lists the regions that have a price of any kind, sorted.
func (v *Vintage) Regions() []string {
	var names []string
	for _, f := range v.cat.manifest {
		if f.Region != "" && slices.Contains(v.layers, f.Vintage) {
			names = append(names, f.Region)
		}
	}
	for _, s := range v.sites {
		names = append(names, s.Name)
	}
	for _, o := range v.overlays {
		names = append(names, o.regions()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Region gives the prices of a region. It reads the region's EC2 table; usage
// and managed prices are read when first asked for. An unknown region is an
// error with the nearest name.
func (v *Vintage) Region(name string) (*RegionPrices, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if r := v.regions[name]; r != nil {
		return r, nil
	}
	if known := v.Regions(); !slices.Contains(known, name) {
		return nil, unknown("region in the vintage "+v.name, name, known)
	}
	r := &RegionPrices{v: v, name: name}
	if _, err := r.loadEC2(); err != nil {
		return nil, err
	}
	if v.regions == nil {
		v.regions = map[string]*RegionPrices{}
	}
	v.regions[name] = r
	return r, nil
}
