package catalog

import (
	"io/fs"
	"slices"
	"strings"

	"headroom/pkg/diag"
)

// Verify checks all tables against the manifest and against each other:
// digests, row counts, sorting, dates and sources of every price, one price
// per key, tiers that join, commitments and spot below on demand unless the
// row says otherwise, the figures of second sources, what the list of vintages
// says, and the compact form. It lists what is wrong; an empty list is a sound
// folder.
func Verify(fsys fs.FS) diag.Problems {
	c, err := Open(csvOnly{fsys})
	if err != nil {
		return problems(err)
	}
	vf := &verifier{cat: c, sources: map[string]bool{}}
	vf.loadSources()
	vf.strays(fsys)
	vf.compactForm(fsys)
	vf.shared()
	for _, f := range c.manifest {
		vf.file(f)
	}
	for _, info := range c.Vintages() {
		v, err := c.Vintage(info.Name)
		if err != nil {
			vf.add(err)
			continue
		}
		for _, name := range info.Regions {
			vf.region(v, name)
		}
		vf.allTerms(v)
		vf.properties(v)
	}
	vf.ps.Sort()
	return vf.ps
}

type verifier struct {
	cat     *Catalog
	sources map[string]bool
	ps      diag.Problems
}

func (vf *verifier) add(err error) { vf.ps = append(vf.ps, problems(err)...) }

func (vf *verifier) addf(file string, line int, format string, args ...any) {
	vf.ps.Addf(diag.Pos{File: file, Line: line}, "", format, args...)
}

// problems makes a list of any error.
func problems(err error) diag.Problems {
	switch e := err.(type) {
	case diag.Problems:
		return e
	case diag.Problem:
		return diag.Problems{e}
	}
	return diag.Problems{{Summary: err.Error()}}
}

func (vf *verifier) loadSources() {
	t, err := vf.cat.readTable(sourcesTable, "key")
	if err != nil {
		vf.add(err)
		return
	}
	key := t.col("key")
	for i := range t.len() {
		vf.sources[t.cell(i, key)] = true
	}
}

// strays finds tables that the manifest does not list.
func (vf *verifier) strays(fsys fs.FS) {
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || !strings.HasSuffix(path, ".csv") || path == ManifestName || path == VintagesName {
			return nil
		}
		if _, ok := vf.cat.find(path); !ok {
			vf.addf(path, 0, "the file is not in %s", ManifestName)
		}
		return nil
	})
	if err != nil {
		vf.add(err)
	}
}

// file checks one table by itself.
func (vf *verifier) file(f File) {
	t, err := vf.cat.readTable(f.Path)
	if err != nil {
		vf.add(err)
		return
	}
	if t.len() != f.Rows {
		vf.addf(f.Path, 0, "the table has %d rows, the manifest says %d", t.len(), f.Rows)
	}
	for i := 1; i < t.len(); i++ {
		if t.text(i-1) >= t.text(i) {
			vf.addf(f.Path, t.line(i), "the row is not sorted, or repeats the one before")
		}
	}
	dates, sources := vf.provenance(f, t)
	if len(dates) > 0 && (dates[0] != f.AsOfOldest || dates[len(dates)-1] != f.AsOfNewest) {
		vf.addf(f.Path, 0, "the dates run from %s to %s, the manifest says %s to %s", dates[0], dates[len(dates)-1],
			f.AsOfOldest, f.AsOfNewest)
	}
	if len(sources) > 0 && !slices.Equal(sources, f.Sources) {
		vf.addf(f.Path, 0, "the sources are %s, the manifest says %s", list(sources), list(f.Sources))
	}
	for _, s := range f.Sources {
		if !vf.sources[s] {
			vf.addf(f.Path, 0, "the source %q is not in sources.csv", s)
		}
	}
}

// provenance collects dates and source keys of a table, sorted, once each.
func (vf *verifier) provenance(f File, t *table) (dates, sources []string) {
	if f.Table == tableSources {
		return nil, nil
	}
	for c, h := range t.header {
		isDateCol := h == "as_of" || h == "run_date" || strings.HasSuffix(h, "_as_of")
		isSource := h == "source" || strings.HasSuffix(h, "_source")
		if !isDateCol && !isSource {
			continue
		}
		for i := range t.len() {
			v := t.cell(i, c)
			switch {
			case v == "":
			case isSource:
				v, _, _ = strings.Cut(v, "-not-in-")
				sources = append(sources, v)
			case !isDate(v):
				vf.addf(f.Path, t.line(i), "%s %q is not a date", h, v)
			default:
				dates = append(dates, v)
			}
		}
		slices.Sort(sources)
		sources = slices.Compact(sources)
	}
	slices.Sort(dates)
	return slices.Compact(dates), sources
}

// region checks the prices of a region.
func (vf *verifier) region(v *Vintage, name string) {
	r, err := v.Region(name)
	if err != nil {
		vf.add(err)
		return
	}
	for _, k := range tableKinds() {
		k.verify(vf, r)
	}
}

// machines checks the prices of machines.
func (vf *verifier) machines(r *RegionPrices, load func() ([]*sheet, error)) {
	sheets, err := load()
	if err != nil {
		vf.add(err)
		return
	}
	for _, sh := range sheets {
		if !strings.HasPrefix(sh.t.name, r.v.name+"/") {
			continue // a table of the base, which is checked there
		}
		for k, row := range sh.rows {
			base, known := r.lookup(sheets, sh.keys[k], specOnDemand)
			vf.priceRow(sh, int(row), base, known)
		}
	}
}

// priceRow checks the prices of one machine; base is its price on demand, which may
// stand in the table of an older vintage.
func (vf *verifier) priceRow(sh *sheet, row int, base TermPrice, hasBase bool) {
	bad := func(format string, args ...any) {
		vf.addf(sh.t.name, sh.t.line(row), format, args...)
	}
	seen := map[string]bool{}
	for i := range sh.specs {
		p, ok, err := sh.price(row, i)
		if err != nil {
			vf.add(err)
			continue
		}
		if !ok {
			continue
		}
		if !isDate(p.AsOf) || p.Source == "" {
			bad("%s has no date or no source", p.Term)
		}
		if seen[p.Term] {
			bad("%s is stated in two ways", p.Term)
		}
		seen[p.Term] = true
		if p.Rate.IsZero() && p.Fee.IsZero() {
			bad("%s costs nothing", p.Term)
		}
		if i == specOnDemand || !hasBase || strings.Contains(p.Note, "not below on-demand") {
			continue
		}
		if !p.below(base) {
			bad("%s is not below on demand (%s per hour) and no note says so", p.Term, base.Rate)
		}
	}
	if band := sh.t.cell(row, sh.t.col("interruption_band")); band != "" &&
		!slices.Contains([]string{"<5%", "5-10%", "10-15%", "15-20%", ">20%"}, band) {
		bad("the interruption band %q is none of the advisor's", band)
	}
	vf.dedicated(sh, row, base)
}

// below compares what a term costs with running on demand all the time.
func (t TermPrice) below(onDemand TermPrice) bool {
	if t.Years == 0 {
		return t.Rate.Cmp(onDemand.Rate) < 0
	}
	fee, hourly := t.Commitment()
	hours := hoursOf(t.Years)
	return fee.Plus(hourly.Times(hours)).Cmp(onDemand.Rate.Times(hours)) < 0
}

// dedicated checks notes that name the dearer dedicated-tenancy price.
func (vf *verifier) dedicated(sh *sheet, row int, base TermPrice) {
	const says = "K26 holds the dedicated-tenancy price "
	for part := range strings.SplitSeq(sh.t.cell(row, sh.note), "; ") {
		text, ok := strings.CutPrefix(part, says)
		if !ok {
			continue
		}
		k, err := parseRate(text)
		if err != nil || k.Cmp(base.Rate) <= 0 {
			vf.addf(sh.t.name, sh.t.line(row), "the dedicated-tenancy price %s is not above the public price %s",
				text, base.Rate)
		}
	}
}

// usage checks the roles of the rows and the second sources among them.
func (vf *verifier) usage(r *RegionPrices) {
	if _, err := r.loadUsage(); err != nil {
		vf.add(err)
		return
	}
	path := r.v.name + "/" + TableUsage + "/" + r.name + ".csv"
	if _, ok := vf.cat.find(path); !ok {
		return
	}
	t, err := vf.cat.readTable(path, "role")
	if err != nil {
		vf.add(err)
		return
	}
	c := usageColumns(t)
	for row := range t.len() {
		line := t.line(row)
		if !isDate(t.cell(row, c.asOf)) || !vf.sources[t.cell(row, c.source)] {
			vf.addf(path, line, "the price has no date or no known source")
		}
		tier, err := readTier(t, row, t.cell(row, c.from), t.cell(row, c.to), t.cell(row, c.price))
		if err != nil {
			vf.add(err)
			continue
		}
		switch role := t.cell(row, c.role); role {
		case roleBill:
			unit := t.cell(row, c.unit)
			if unit == "as-published" {
				vf.addf(path, line, "a price without a unit must not be billed")
			}
			if m, ok := MeterOf(t.cell(row, c.service), t.cell(row, c.item)); ok && unit != m.Unit() {
				vf.addf(path, line, "%s is billed per %s, not per %s", m, m.Unit(), unit)
			}
		case roleCheck:
			x := second{path: path, line: line, service: t.cell(row, c.service), tier: tier}
			var ok bool
			if x.item, x.times, ok = confirms(x.service, t.cell(row, c.item)); ok {
				vf.confirmed(r, x)
			}
		default:
			vf.addf(path, line, "the role is %q, neither %s nor %s", role, roleBill, roleCheck)
		}
	}
}
