package catalog

import "fmt"

// latencyTable has the round trips between regions, both directions of a pair in
// rows of their own.
const latencyTable = "hardware/region_latency.csv"

// latencyColumns are the columns of latencyTable that are read.
var latencyColumns = [...]string{"from_region", "to_region", "rtt_ms_p50_1y"}

// roundTrips are seconds by the two regions, in the direction of the row.
type roundTrips map[[2]string]float64

// RoundTrip is the time that a packet takes from one region to another and back,
// in seconds: the median of a year of pings (cloudping.co). What is asked for is
// what many requests wait on average, and half of them wait longer than the
// median and half shorter; the 90th percentile, which the table has too, is 4 %
// above it for most pairs.
//
// Both directions are the same wires. Where the table has two figures the
// greater one counts; where it has none the round trip is unknown. That of a
// region with itself is of a ping inside the region, whatever the zones. The
// error is that of a table that cannot be read.
func (c *Catalog) RoundTrip(from, to string) (Known, error) {
	table, err := c.roundTrips.get(func() (roundTrips, error) { return loadRoundTrips(c.readTable) })
	if err != nil {
		return Known{}, err
	}
	there, ok := table[[2]string{from, to}]
	back, known := table[[2]string{to, from}]
	return Known{V: max(there, back), OK: ok || known}, nil
}

// loadRoundTrips reads the table. A blank time is unknown; a time that is not
// above zero, a region without a name and a pair that occurs twice are mistakes.
func loadRoundTrips(read readTables) (roundTrips, error) {
	r, at, err := openTable(read, latencyTable, latencyColumns[:])
	if err != nil {
		return nil, err
	}
	out := make(roundTrips, r.t.len())
	seen := make(map[[2]string]bool, r.t.len())
	for r.next() {
		pair := [2]string{r.text(at[0]), r.text(at[1])}
		for i, region := range pair {
			if region == "" {
				r.fail(at[i], "a region is needed")
			}
		}
		if seen[pair] {
			r.fail(at[1], fmt.Sprintf("the pair %s, %s occurs twice", pair[0], pair[1]))
		}
		seen[pair] = true
		if r.text(at[2]) != "" {
			out[pair] = r.number(at[2]) / 1000
		}
	}
	return out, r.ps.Err()
}
