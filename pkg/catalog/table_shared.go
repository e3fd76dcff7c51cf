package catalog

// sharedTable is a table that belongs to no vintage and serves all, and how what is in
// it is read. Its columns are named where it is read.
type sharedTable struct {
	path string
	load func(c *Catalog) error
}

const sourcesTable = "sources.csv"

// sharedTables is the list of all of them.
func sharedTables() []sharedTable {
	types := func(c *Catalog) error { _, err := c.NodeTypes(); return err }
	speeds := func(c *Catalog) error { _, err := c.Speeds(); return err }
	limits := func(c *Catalog) error { _, err := c.Limits(); return err }
	trips := func(c *Catalog) error { _, err := c.RoundTrip("", ""); return err }
	pods := func(c *Catalog) error { _, _, err := c.MaxPods(""); return err }
	facts := func(c *Catalog) error { _, err := c.Facts(); return err }
	sources := func(c *Catalog) error { _, err := c.readTable(sourcesTable, "key"); return err }
	return []sharedTable{
		{typesTable, types}, {burstableTable, types}, {ebsTable, types},
		{coreMarkTable, speeds}, {measuredTable, speeds},
		{volumesTable, limits}, {balancersTable, limits}, {quotasTable, limits}, {clustersTable, limits},
		{latencyTable, trips}, {podsTable, pods}, {factsTable, facts}, {slaTable, facts},
		{sourcesTable, sources},
	}
}

// shared checks that what all vintages share can be read, and that nothing is listed
// that nobody reads.
func (vf *verifier) shared() {
	read := map[string]bool{}
	for _, t := range sharedTables() {
		read[t.path] = true
		if err := t.load(vf.cat); err != nil {
			vf.add(err)
		}
	}
	for _, f := range vf.cat.manifest {
		switch {
		case f.Vintage == "" && !read[f.Path]:
			vf.addf(f.Path, 0, "the program reads no such table")
		case f.Vintage != "" && f.Table != tableCheck && kindNamed(f.Table) == nil:
			vf.addf(f.Path, 0, "the kind of table %q is not known", f.Table)
		}
	}
}
