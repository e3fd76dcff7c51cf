package catalog

import (
	"slices"
	"strings"

	"headroom/pkg/diag"
)

// Kinds of price tables, as the manifest's column "table" names them.
const (
	TableEC2     = "ec2"
	TableUsage   = "usage"
	TableManaged = "managed"
)

// tableKind is a kind of price table: what its rows price and how they are read, in the
// tables of a vintage and in overlays.
type tableKind struct {
	name  string   // in the manifest; also the folder within a vintage's
	key   []string // columns that say what is priced, in the order of an overlay's header
	mark  string   // of these, the one that no other kind has
	blank string   // of these, the one that may be blank
	text  []string // of these, those with texts; the others have names
	// prices are the columns of the price of what has no terms; nil for machines.
	prices []string
	terms  []termSpec // columns of the prices of machines: on demand first
	more   []string   // columns that a table may have beside these, as_of, source and note

	// named is what is wrong with a row's names.
	named func(c *Catalog, t *table, row int) (*diag.Problem, error)
	// laid is what is wrong with an overlay only on top of the tables; nil for nothing.
	laid   func(r *RegionPrices) error
	verify func(vf *verifier, r *RegionPrices)
}

// tableKinds is the list of all kinds. A kind is a function that makes one, and an entry
// here.
func tableKinds() []*tableKind { return []*tableKind{ec2Table(), usageTable(), managedTable()} }

func ec2Table() *tableKind {
	return &tableKind{name: TableEC2, key: []string{"region", "instance_type"}, mark: "instance_type",
		terms: ec2Specs(),
		more:  []string{"spot_savings_pct", "interruption_band", "spot_advisor_as_of", "spot_advisor_source"},
		named: (*Catalog).checkTypeName,
		verify: func(vf *verifier, r *RegionPrices) {
			vf.machines(r, r.loadEC2)
		}}
}

func usageTable() *tableKind {
	return &tableKind{name: TableUsage, key: []string{"region", "service", "item", "unit"}, mark: "item",
		text:   []string{"item", "unit"},
		prices: []string{"tier_from", "tier_to", priceColumn}, more: []string{"role"},
		named: (*Catalog).checkUsageName,
		laid: func(r *RegionPrices) error {
			_, err := r.loadUsage() // tiers and units depend on the tables
			return err
		},
		verify: (*verifier).usage}
}

func managedTable() *tableKind {
	return &tableKind{name: TableManaged, key: []string{"service", "engine", "deployment", "region", "node_type"},
		mark: "node_type", blank: "deployment",
		terms: managedSpecs(), more: []string{"vcpu", "memory_gib"},
		named: (*Catalog).checkManagedName,
		verify: func(vf *verifier, r *RegionPrices) {
			vf.machines(r, r.loadManaged)
		}}
}

// priceColumn is the price of what has no terms.
const priceColumn = "price_usd"

// kindNamed is a kind by its name in the manifest; nil where there is none.
func kindNamed(name string) *tableKind {
	for _, k := range tableKinds() {
		if k.name == name {
			return k
		}
	}
	return nil
}

// kindOf recognises a table by its columns, else by one that is misspelt, which is
// better said of it than that the table is none; nil where it is none.
func kindOf(t *table) *tableKind {
	kinds := tableKinds()
	for _, k := range kinds {
		if t.col(k.mark) >= 0 {
			return k
		}
	}
	for _, k := range kinds {
		for _, h := range t.header {
			if diag.Suggest(h, []string{k.mark}) != "" {
				return k
			}
		}
	}
	return nil
}

// begins tells whether a line of an overlay with this first cell begins a table.
func begins(first string) bool {
	return slices.ContainsFunc(tableKinds(), func(k *tableKind) bool { return k.key[0] == first })
}

// required are the columns that a table of the kind cannot do without.
func (k *tableKind) required() []string {
	if k.terms != nil {
		return k.key
	}
	return append(slices.Clone(k.key), priceColumn, "as_of", "source")
}

// known lists what a header of the kind may name.
func (k *tableKind) known() []string {
	cols := append(k.required(), "as_of", "source", "note")
	cols = append(append(cols, k.prices...), k.more...)
	for _, s := range k.terms {
		for _, c := range []string{s.rate, s.fee, s.asOf, s.source} {
			if c != "" {
				cols = append(cols, c)
			}
		}
	}
	return cols
}

// header is the columns of the shortest overlay of the kind that has a price: of a term
// of machines, which may be "" for on demand.
func (k *tableKind) header(term string) []string {
	prices := k.prices
	if prices == nil {
		prices = []string{k.terms[specOnDemand].rate}
		for _, s := range k.terms {
			if s.term == term && s.rate != "" {
				prices = []string{s.rate}
				break
			}
		}
	}
	return append(slices.Concat(k.key, prices), "as_of", "source")
}

// rowKey gives the key of a row within its region.
func (k *tableKind) rowKey(t *table) func(int) string {
	var cols []int
	for _, c := range k.key {
		if c != "region" {
			cols = append(cols, t.col(c))
		}
	}
	if len(cols) == 1 {
		return func(i int) string { return t.cell(i, cols[0]) }
	}
	cells := make([]string, len(cols))
	return func(i int) string {
		for n, c := range cols {
			cells[n] = t.cell(i, c)
		}
		return strings.Join(cells, "/")
	}
}
