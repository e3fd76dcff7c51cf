package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// Missing is one price that a plan needs and the vintage lacks.
type Missing struct {
	Vintage string
	Region  string
	Table   string // ec2, usage or managed
	Service string // of usage: elb; of managed: rds; "" of ec2
	// Variant is the engine and the deployment of a managed service.
	Variant [2]string
	Item    string // a node type, or what of the service: ALB LCU-hour
	Term    string // of a node: reserved-1y-none; "" on demand
	Unit    string // of a usage price; may be empty otherwise
	// TierFrom is where the missing step of a usage price begins; "" for the
	// whole price.
	TierFrom string
	For      string // who needs it, for the reader
}

// MissingPrices is the error of a plan that cannot be priced. It names all
// that is missing at once.
type MissingPrices []Missing

// Sorted orders by table, region, item and tier and drops repetitions; who
// needs a price is then joined.
func (m MissingPrices) Sorted() MissingPrices {
	out := slices.Clone(m)
	slices.SortStableFunc(out, func(a, b Missing) int {
		for _, c := range []int{strings.Compare(a.Vintage, b.Vintage), strings.Compare(a.Table, b.Table),
			strings.Compare(a.Region, b.Region), strings.Compare(a.name(), b.name()), strings.Compare(a.Unit, b.Unit),
			strings.Compare(a.TierFrom, b.TierFrom)} {
			if c != 0 {
				return c
			}
		}
		return strings.Compare(a.For, b.For)
	})
	var kept MissingPrices
	for _, x := range out {
		if n := len(kept); n > 0 {
			last := &kept[n-1]
			same := x
			same.For = last.For
			if same == *last {
				if x.For != "" && !slices.Contains(strings.Split(last.For, ", "), x.For) {
					last.For = strings.TrimPrefix(last.For+", "+x.For, ", ")
				}
				continue
			}
		}
		kept = append(kept, x)
	}
	return kept
}

// Error lists everything that is missing, one line each.
func (m MissingPrices) Error() string {
	s := m.Sorted()
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s missing", len(s), plural(len(s), "price is", "prices are"))
	for _, x := range s {
		fmt.Fprintf(&b, "\n  %s %s: %s", x.Region, x.Table, x.name())
		if x.Unit != "" {
			fmt.Fprintf(&b, ", per %s", x.Unit)
		}
		if x.TierFrom != "" {
			fmt.Fprintf(&b, ", from %s", x.TierFrom)
		}
		if x.For != "" {
			fmt.Fprintf(&b, " (for %s)", x.For)
		}
		fmt.Fprintf(&b, " — not in the vintage %s", x.Vintage)
	}
	return b.String()
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Overlay is an overlay file with a row for every missing price, in which
// price, as_of and source are to be filled in.
func (m MissingPrices) Overlay() string {
	var b strings.Builder
	b.WriteString("# Missing prices. Fill in the price in US dollars, as_of (YYYY-MM-DD) and source of every row.\n")
	header := ""
	for _, x := range m.Sorted().byHeader() {
		if h := strings.Join(x.header(), ","); h != header {
			if header != "" {
				b.WriteString("\n")
			}
			b.WriteString(h + "\n")
			header = h
		}
		b.WriteString(x.row() + "\n")
	}
	return b.String()
}

// byHeader brings rows with the same header together.
func (m MissingPrices) byHeader() MissingPrices {
	slices.SortStableFunc(m, func(a, b Missing) int { return slices.Compare(a.header(), b.header()) })
	return m
}

// name is what is missing, for the reader: "m7g.large reserved-1y-none",
// "elb/ALB LCU-hour", "rds/mysql/multi-az/db.m7g.large".
func (x Missing) name() string {
	parts := []string{x.Service, x.Variant[0], x.Variant[1], x.Item}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.TrimSpace(strings.Join(parts, "/") + " " + x.Term)
}

// header is the columns of an overlay that gives the price.
func (x Missing) header() []string { return kindNamed(x.Table).header(x.Term) }

// row is what stands below them, with blanks where something is to be filled in.
func (x Missing) row() string {
	known := map[string]string{"region": x.Region, "service": x.Service, "engine": x.Variant[0],
		"deployment": x.Variant[1], kindNamed(x.Table).mark: x.Item, "unit": x.Unit, "tier_from": x.TierFrom}
	cells := x.header()
	for i, c := range cells {
		cells[i] = known[c]
	}
	return strings.Join(quoteCells(cells), ",")
}

// quoteCell quotes a cell where CSV needs it.
func quoteCell(s string) string {
	if !strings.ContainsAny(s, ",\"\r\n") {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// MissingNode describes an instance type that has no on-demand price in the
// region.
func (r *RegionPrices) MissingNode(typ, who string) Missing {
	return Missing{Vintage: r.v.name, Region: r.name, Table: TableEC2, Item: typ, For: who}
}

// MissingUsage describes a usage price that the region lacks.
func (r *RegionPrices) MissingUsage(m Meter, who string) Missing {
	region := r.name
	if m.Global() && !isolated(region) {
		region = GlobalRegion // where Usage looks
	}
	return Missing{Vintage: r.v.name, Region: region, Table: TableUsage, Service: m.Service(), Item: m.Item(),
		Unit: m.Unit(), For: who}
}
