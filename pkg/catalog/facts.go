package catalog

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Facts are what is published on failures: how long engines take to fail over by default,
// how fast copies are restored, how often disks fail, what outages there have been and what
// contracts promise. What is not known is not there: nothing stands in for it.
type Facts struct {
	facts   map[string]Fact
	slas    map[[2]string]SLA  // by service and scope
	outages []Outage           // by region, date and key
	years   map[string]float64 // that the list of outages covers, by region
}

// Fact is a published figure.
type Fact struct {
	Key string // "failover.rds.multi_az"
	// Low and High are its range, equal where the source has one figure, in Unit. Low is
	// not known where the source says at most, both where it gives no figure.
	Low, High Known
	Unit      string // one of FactSeconds … FactEventsPerYear
	What      string // what is counted, and what is weak about it
	AsOf      string // date of the source; "" where it has none
	Source    string // key in sources.csv
}

// Units of facts.
const (
	FactSeconds       = "s"
	FactByteRate      = "bytes/s"
	FactPart          = "part" // of one
	FactPartPerYear   = "part/year"
	FactCount         = "count"
	FactEvents        = "events" // in the years of Facts.Years
	FactEventsPerYear = "events/year"
)

// Scopes of outages: what was hit at once.
const (
	OutageZone    = "zone"
	OutageZones   = "zones"   // several, but not all, of a region
	OutageRegion  = "region"  // services of the whole region
	OutageService = "service" // a service as part of an outage that is listed by itself
)

// Outage is a public outage of AWS. Low and High are how long it took.
type Outage struct {
	Fact
	Region string
	Scope  string // one of OutageZone … OutageService
	Date   string // YYYY-MM-DD, of its beginning
}

const factsTable = "limits/resilience.csv"

// Facts reads the published figures on failures when they are first asked for. The error
// is that of a table that cannot be read or contradicts itself.
func (c *Catalog) Facts() (*Facts, error) {
	return c.facts.get(func() (*Facts, error) { return loadFacts(c.readTable) })
}

// Fact is the fact of a key; false where there is none.
func (f *Facts) Fact(key string) (Fact, bool) {
	x, ok := f.facts[key]
	return x, ok
}

// Time is a fact in seconds; false where there is none of the key, where it is not a time
// or where the source gives no figure. High is always known.
func (f *Facts) Time(key string) (Fact, bool) {
	x, ok := f.facts[key]
	if !ok || x.Unit != FactSeconds || !x.High.OK {
		return Fact{}, false
	}
	return x, true
}

// Outages are those of a region, by date. The list is not complete, not even within
// Years: it holds what became widely known. It must not be changed.
func (f *Facts) Outages(region string) []Outage {
	by := func(o Outage, r string) int { return cmp.Compare(o.Region, r) }
	from, _ := slices.BinarySearchFunc(f.outages, region, by)
	to := from
	for to < len(f.outages) && f.outages[to].Region == region {
		to++
	}
	return f.outages[from:to:to]
}

// Years is how many years the list of a region's outages covers, so that a rate can be
// told; false where that is not known.
func (f *Facts) Years(region string) (float64, bool) {
	y, ok := f.years[region]
	return y, ok
}

// factUnits are the units of the table and what one of them is in the unit of a Fact.
var factUnits = [...]struct {
	name, unit string
	scale      float64
}{
	{"ms", FactSeconds, 0.001}, {"s", FactSeconds, 1}, {"min", FactSeconds, 60}, {"h", FactSeconds, 3600},
	{"MiB/s", FactByteRate, 1 << 20}, {"percent", FactPart, hundredth}, {"percent/year", FactPartPerYear, hundredth},
	{"count", FactCount, 1}, {"events", FactEvents, 1}, {"events/year", FactEventsPerYear, 1},
}

const hundredth = 0.01

// scaled is v × scale. A percentage becomes the part that somebody would write: 99.9 × 0.01
// and 99.9 / 100 both differ from 0.999 in the last digit.
func scaled(v, scale float64) float64 {
	if scale != hundredth {
		return float64(v * scale)
	}
	x, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', -1, 64)+"e-2", 64) // of a number, so it is one
	return x
}

// factKey is how keys, services and scopes are written.
var factKey = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

// Columns of factsTable, in the order of factColumns.
const (
	factColKey = iota
	factColLow
	factColHigh
	factColUnit
	factColRegion
	factColScope
	factColDate
	factColYears
	factColWhat
	factColAsOf
	factColSource
)

var factColumns = [...]string{"key", "low", "high", "unit", "region", "scope", "date", "years", "what", "as_of",
	"source"}

func loadFacts(read readTables) (*Facts, error) {
	r, at, err := openTable(read, factsTable, factColumns[:])
	if err != nil {
		return nil, err
	}
	f := &Facts{facts: make(map[string]Fact, r.t.len()), years: map[string]float64{}}
	seen := map[[2]string]float64{} // rows of events by region and scope
	for r.next() {
		x := readFact(r, at)
		if _, twice := f.facts[x.Key]; twice {
			r.fail(at[factColKey], fmt.Sprintf("the key %q occurs twice", x.Key))
		}
		f.facts[x.Key] = x
		region, scope, date := r.text(at[factColRegion]), r.text(at[factColScope]), r.text(at[factColDate])
		switch {
		case strings.HasPrefix(x.Key, "outage."):
			f.outages = append(f.outages, Outage{Fact: x, Region: region, Scope: scope, Date: date})
			checkOutage(r, at, x)
			seen[[2]string{region, scope}]++
		case date != "":
			r.fail(at[factColDate], "only outages have a date")
		case x.Unit == FactEvents:
			years := r.number(at[factColYears])
			if y, ok := f.years[region]; ok && y != years {
				r.fail(at[factColYears], fmt.Sprintf("%q has another number of years above", region))
			}
			f.years[region] = years
			// Sorted by key, outages come before rates.
			if n := seen[[2]string{region, scope}]; n != x.High.V {
				r.fail(at[factColHigh], fmt.Sprintf("%g outages of a %s in %q are listed", n, scope, region))
			}
		case region != "" || scope != "" || r.text(at[factColYears]) != "":
			r.fail(at[factColRegion], "only outages and counts of them have a region, a scope and years")
		}
	}
	slices.SortFunc(f.outages, func(a, b Outage) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Date, b.Date), cmp.Compare(a.Key, b.Key))
	})
	if err := r.ps.Err(); err != nil {
		return nil, err
	}
	if f.slas, err = loadSLAs(read); err != nil {
		return nil, err
	}
	return f, nil
}

// readFact reads the columns that all facts have.
func readFact(r *record, at []int) Fact {
	x := Fact{Key: slug(r, at[factColKey]), Low: r.known(at[factColLow]), High: r.known(at[factColHigh]),
		What: r.text(at[factColWhat]), AsOf: r.text(at[factColAsOf]), Source: r.text(at[factColSource])}
	if x.Low.OK && (!x.High.OK || x.Low.V > x.High.V) {
		r.fail(at[factColHigh], "a range ends where it begins or above")
	}
	name := r.text(at[factColUnit])
	for _, u := range factUnits {
		if u.name == name {
			x.Unit, x.Low.V, x.High.V = u.unit, scaled(x.Low.V, u.scale), scaled(x.High.V, u.scale)
		}
	}
	if x.Unit == "" {
		r.fail(at[factColUnit], fmt.Sprintf("unit %q is not one of this program", name))
	}
	said(r, at[factColWhat:])
	return x
}

// checkOutage wants what all outages have.
func checkOutage(r *record, at []int, x Fact) {
	if x.Unit != FactSeconds {
		r.fail(at[factColUnit], "an outage takes a time")
	}
	slug(r, at[factColRegion])
	if date := r.text(at[factColDate]); !isDate(date) || len(date) != len(time.DateOnly) {
		r.fail(at[factColDate], "an outage has the date of a day")
	}
	if r.text(at[factColYears]) != "" {
		r.fail(at[factColYears], "only counts of outages have years")
	}
	switch scope := r.text(at[factColScope]); scope {
	case OutageZone, OutageZones, OutageRegion, OutageService:
	default:
		r.fail(at[factColScope], fmt.Sprintf("%q is none of zone, zones, region and service", scope))
	}
}

// slug reads a name that programs ask for.
func slug(r *record, col int) string {
	s := r.text(col)
	if !factKey.MatchString(s) {
		r.fail(col, fmt.Sprintf("%q is not a name of small letters and digits, joined by . _ or -", s))
	}
	return s
}

// said wants what all rows say, in the columns what, as_of and source.
func said(r *record, at []int) {
	for _, i := range []int{0, 2} {
		if r.text(at[i]) == "" {
			r.fail(at[i], "it must not be blank")
		}
	}
	if date := r.text(at[1]); date != "" && !isDate(date) {
		r.fail(at[1], fmt.Sprintf("%q is not a date; leave it blank where the source has none", date))
	}
}
