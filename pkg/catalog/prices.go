package catalog

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"headroom/pkg/money"
)

// Price is a price with where it comes from.
type Price struct {
	Rate    money.Rate // USD per unit: per hour for machines
	AsOf    string     // date of the price, YYYY-MM-DD or YYYY-MM
	Source  string     // key of sources.csv, or what an overlay says
	Note    string     // caution about the figure; may be empty
	Overlay string     // file the price was given in; "" for the tables
}

// SingleSource tells whether no second source confirms the price: the tables say
// so in its note.
func (p *Price) SingleSource() bool { return strings.Contains(p.Note, "single source") }

// ByHand tells whether a person copied the price from an excerpt, where others were
// copied by program: its note begins so.
func (p *Price) ByHand() bool { return strings.HasPrefix(p.Note, "by hand") }

// RegionPrices is the prices of one region in one vintage, overlays included. It is
// safe for concurrent use.
type RegionPrices struct {
	v    *Vintage
	name string

	ec2      lazy[[]*sheet]
	onDemand lazy[map[string]onDemand]
	usage    lazy[[]usageItem]
	managed  lazy[[]*sheet]

	mu  sync.Mutex
	err error
}

// Name is the region's name, such as us-east-1.
func (r *RegionPrices) Name() string { return r.name }

// Vintage is what the region belongs to.
func (r *RegionPrices) Vintage() *Vintage { return r.v }

// Err is the first error met while reading tables on demand (a damaged file,
// a price that is not a number). Lookups then answer "not there": ask for Err
// before reporting a price as missing, as one does with bufio.Scanner.
func (r *RegionPrices) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func (r *RegionPrices) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
}

// loadEC2 gives the region's EC2 table, if there is one, and the overlays'
// rows on top of it.
func (r *RegionPrices) loadEC2() ([]*sheet, error) {
	return r.ec2.get(func() ([]*sheet, error) { return r.loadSheets(ec2Table()) })
}

// loadSheets reads the keyed price tables of the region, those of a base first, and
// what overlays add.
func (r *RegionPrices) loadSheets(kind *tableKind) ([]*sheet, error) {
	var sheets []*sheet
	for _, path := range r.v.paths(kind.name, r.name) {
		t, err := r.v.cat.readTable(path, kind.required()...)
		if err != nil {
			return nil, err
		}
		sh, err := newSheet(t, kind, "", r.name)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sh)
	}
	for _, o := range r.v.overlays {
		for _, t := range o.tables(kind.name) {
			sh, err := newSheet(t, kind, o.file, r.name)
			if err != nil {
				return nil, err
			}
			if len(sh.keys) > 0 {
				sheets = append(sheets, sh)
			}
		}
	}
	return sheets, nil
}

// sheets is loadEC2 or loadManaged with the error kept for Err.
func (r *RegionPrices) sheets(load func() ([]*sheet, error)) []*sheet {
	s, err := load()
	if err != nil {
		r.fail(err)
	}
	return s
}

// lookup takes a figure from the last overlay that has it, else from the table.
func (r *RegionPrices) lookup(sheets []*sheet, key string, spec int) (TermPrice, bool) {
	p, _, ok := r.ranked(sheets, key, spec)
	return p, ok
}

// ranked is lookup that also tells which sheet answered: higher wins.
func (r *RegionPrices) ranked(sheets []*sheet, key string, spec int) (TermPrice, int, bool) {
	for i := len(sheets) - 1; i >= 0; i-- {
		row, ok := sheets[i].find(key)
		if !ok {
			continue
		}
		p, ok, err := sheets[i].price(row, spec)
		if err != nil {
			r.fail(err)
			return TermPrice{}, 0, false
		}
		if ok {
			return p, i, true
		}
	}
	return TermPrice{}, 0, false
}

// onDemand is an on-demand price, or what is wrong with it.
type onDemand struct {
	price Price
	err   error
}

// OnDemand is the price of an instance type, Linux, shared tenancy, USD per
// hour; false where the vintage has none.
func (r *RegionPrices) OnDemand(instanceType string) (Price, bool) {
	all, _ := r.onDemand.get(func() (map[string]onDemand, error) { return r.allOnDemand(), nil })
	p, ok := all[instanceType]
	if p.err != nil {
		r.fail(p.err)
		return Price{}, false
	}
	return p.price, ok
}

// allOnDemand reads all prices at once: a plan asks for most types, and for each
// of them again with every component. Later sheets win. An error counts only
// when the type is asked for.
func (r *RegionPrices) allOnDemand() map[string]onDemand {
	sheets := r.sheets(r.loadEC2)
	most := 0
	for _, sh := range sheets {
		most = max(most, len(sh.keys))
	}
	all := make(map[string]onDemand, most)
	for _, sh := range sheets {
		for i, key := range sh.keys {
			if p, ok, err := sh.price(int(sh.rows[i]), specOnDemand); ok || err != nil {
				all[key] = onDemand{p.Price, err}
			}
		}
	}
	return all
}

// Types lists the instance types with an on-demand price, sorted.
func (r *RegionPrices) Types() []string {
	sheets := r.sheets(r.loadEC2)
	var names []string
	for _, sh := range sheets {
		for i, key := range sh.keys {
			if sh.has(int(sh.rows[i]), specOnDemand) {
				names = append(names, key)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Terms lists every price of an instance type other than on demand: reserved,
// convertible, savings plan, spot, in this order; empty where there is none.
func (r *RegionPrices) Terms(instanceType string) []TermPrice {
	return r.terms(r.sheets(r.loadEC2), instanceType, ec2Specs())
}

// terms collects the prices after the first spec, one per term: a term that is
// stated in two ways is taken from the higher sheet.
func (r *RegionPrices) terms(sheets []*sheet, key string, specs []termSpec) []TermPrice {
	var out []TermPrice
	var from []int
	for i := range specs {
		if i == specOnDemand {
			continue
		}
		p, rank, ok := r.ranked(sheets, key, i)
		if !ok {
			continue
		}
		at := slices.IndexFunc(out, func(o TermPrice) bool { return o.Term == p.Term })
		switch {
		case at < 0:
			out, from = append(out, p), append(from, rank)
		case rank > from[at]:
			out[at], from[at] = p, rank
		}
	}
	return out
}

// Term finds one term of an instance type by its name, such as
// reserved-1y-none.
func (r *RegionPrices) Term(instanceType, term string) (TermPrice, bool) {
	for _, t := range r.Terms(instanceType) {
		if t.Term == term {
			return t, true
		}
	}
	return TermPrice{}, false
}

// SpotPrice is what is known of spot capacity of a type in a region: a price
// and the spot advisor's figures, of different dates and sources.
type SpotPrice struct {
	Price     // USD per hour, one figure for the region; zero unless HasPrice
	HasPrice  bool
	HasSaving bool
	// SavingsPct is percent below on demand by the spot advisor; negative
	// where spot was dearer.
	SavingsPct int
	// Band is the advisor's monthly interruption frequency: <5%, 5-10%,
	// 10-15%, 15-20% or >20%; "" where not known.
	Band          string
	AdvisorAsOf   string
	AdvisorSource string
}

// ListOnDemand is the on-demand price of the tables, without overlays; where they
// have none, that of the overlays. Savings that AWS states are off this price,
// whatever a customer has negotiated.
func (r *RegionPrices) ListOnDemand(instanceType string) (Price, bool) {
	for _, sh := range slices.Backward(r.sheets(r.loadEC2)) {
		if row, ok := sh.find(instanceType); ok && sh.file == "" {
			if p, ok, err := sh.price(row, specOnDemand); ok && err == nil {
				return p.Price, true
			}
		}
	}
	return r.OnDemand(instanceType)
}

// AdvisorPrice is the price that the advisor's saving implies:
// on demand × (100 − saving) / 100, exact, by the list price (ListOnDemand).
func (s SpotPrice) AdvisorPrice(onDemand money.Rate) (money.Rate, error) {
	q, err := money.Float(float64(100-s.SavingsPct) / 100)
	if err != nil {
		return money.Rate{}, err
	}
	return onDemand.Scale(q), nil
}

// Spot is what is known of a type's spot price; false where nothing is.
func (r *RegionPrices) Spot(instanceType string) (SpotPrice, bool) {
	sheets := r.sheets(r.loadEC2)
	var s SpotPrice
	if p, ok := r.lookup(sheets, instanceType, len(ec2Specs())-1); ok {
		s.Price, s.HasPrice = p.Price, true
	}
	for i := len(sheets) - 1; i >= 0; i-- {
		row, ok := sheets[i].find(instanceType)
		if !ok {
			continue
		}
		t := sheets[i].t
		saving, band := t.cell(row, t.col("spot_savings_pct")), t.cell(row, t.col("interruption_band"))
		if saving == "" && band == "" {
			continue
		}
		s.Band = band
		s.AdvisorAsOf = firstOf(t.cell(row, t.col("spot_advisor_as_of")), t.cell(row, t.col("as_of")))
		s.AdvisorSource = firstOf(t.cell(row, t.col("spot_advisor_source")), t.cell(row, t.col("source")))
		if saving != "" {
			n, err := strconv.Atoi(saving)
			if err != nil || n > 100 {
				r.fail(sheets[i].t.problem(row, "spot_savings_pct", "saving %q is not a whole percentage", saving))
				break
			}
			s.SavingsPct, s.HasSaving = n, true
		}
		break
	}
	return s, s.HasPrice || s.HasSaving || s.Band != ""
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
