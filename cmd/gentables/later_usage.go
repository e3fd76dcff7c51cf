package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
)

// item is a usage price of a region with all its tiers.
type item struct {
	region, service, name, unit string
	tiers                       []tier
}

type tier struct{ from, to, price, asOf, source, note string }

// billed is the item that the program bills by a meter.
func billed(m catalog.Meter) item { return item{service: m.Service(), name: m.Item(), unit: m.Unit()} }

func (x *item) key() string { return x.region + "/" + x.service + "/" + x.name }

// calculatorItem is what AWS's price calculator calls a price of the planner.
type calculatorItem struct {
	service, called string
	as              item // without region and tiers
	from, to        string
	// times is how many of the calculator's units the planner's has: it prices one request
	// where the tables price a thousand. 0 for the same unit.
	times int64
	// global says that the service is of no region: the calculator has it at the edge.
	global bool
}

// calculatorItems are the items of the calculator that are taken.
func calculatorItems() []calculatorItem {
	s3 := func(called string, m catalog.Meter) calculatorItem {
		return calculatorItem{service: "s3", called: called, as: billed(m)}
	}
	out := []calculatorItem{
		{service: "natgateway", called: "Hourly charge for NAT Gateways",
			as: billed(catalog.GatewayHours())},
		{service: "natgateway", called: "Charge for per GB data processed by NatGateways",
			as: billed(catalog.GatewayBytes())},
		{service: "vpc", called: "Hourly charge for In use Public IPv4 Addresses per Hrs",
			as: billed(catalog.AddressHours())},
		s3("One Zone Infrequent Access Storage Inf per GB-Mo", catalog.ObjectStorage(catalog.S3OneZoneIA)),
		s3("Standard Infrequent Access Storage per GB-Mo", catalog.ObjectStorage(catalog.S3StandardIA)),
		s3("Glacier Storage per GB Mo", catalog.ObjectStorage(catalog.S3GlacierFlexible)),
	}
	for _, t := range []struct{ called, from, to string }{
		{"Standard Storage First 50 TB per GB Mo", "0", "51200"},
		{"Standard Storage Next 450 TB per GB Mo", "51200", "512000"},
		{"Standard Storage Over 500 TB per GB Mo", "512000", ""},
	} {
		x := s3(t.called, catalog.ObjectStorage(catalog.S3Standard))
		x.from, x.to = t.from, t.to
		out = append(out, x)
	}
	out = append(out,
		s3("Object Retrieval in Standard Infrequent Access per GB", catalog.ObjectRetrieval(catalog.S3StandardIA)),
		s3("Object Retrieval in One Zone Infrequent Access per GB", catalog.ObjectRetrieval(catalog.S3OneZoneIA)),
		s3("Fee for Standard Retrieval of data stored", catalog.ObjectRetrieval(catalog.S3GlacierFlexible)),
		s3("Fee for Standard Retrieval of data stored from Glacier Deep Archive",
			catalog.ObjectRetrieval(catalog.S3GlacierDeep)))
	for _, t := range []struct {
		called string
		as     catalog.Meter
	}{
		{"PUT COPY/POST or LIST requests per Requests", catalog.ObjectPuts(catalog.S3Standard)},
		{"GET and all other requests per Requests", catalog.ObjectGets(catalog.S3Standard)},
		{"PUT COPY/POST or LIST requests to Standard Infrequent Access per Requests",
			catalog.ObjectPuts(catalog.S3StandardIA)},
		{"GET and all other requests to Standard Infrequent Access per Requests",
			catalog.ObjectGets(catalog.S3StandardIA)},
		{"PUT COPY/POST or LIST requests to One Zone Infrequent Access per Requests",
			catalog.ObjectPuts(catalog.S3OneZoneIA)},
		{"GET and all other requests to One Zone Infrequent Access per Requests",
			catalog.ObjectGets(catalog.S3OneZoneIA)},
		{"PUT requests to Glacier per Requests", catalog.ObjectPuts(catalog.S3GlacierFlexible)},
		{"GET and all other requests to GLACIER per Requests", catalog.ObjectGets(catalog.S3GlacierFlexible)},
		{"GET and all other requests to GDA per Requests", catalog.ObjectGets(catalog.S3GlacierDeep)},
	} {
		x := s3(t.called, t.as)
		x.times = 1000
		out = append(out, x)
	}
	return slices.Concat(out, calculatedDNS(), calculatedEdges())
}

// calculated are the items of the calculator in all regions.
func calculated(from string) ([]*item, error) {
	in, err := read(from, "2026-11/aws_calculator_prices.csv")
	if err != nil {
		return nil, err
	}
	var out collected
	for _, want := range calculatorItems() {
		found := 0
		for _, r := range in.rows {
			c := in.named(r)
			if c["service"] != want.service || c["item"] != want.called ||
				want.global != strings.HasPrefix(c["region"], "edge/global:") {
				continue
			}
			found++
			t := tier{from: want.from, to: want.to, price: c["price_usd"], asOf: c["as_of"], source: c["source"]}
			if want.times > 0 {
				one, err := money.ParseRate(t.price)
				if err != nil {
					return nil, err
				}
				t.price = one.Scale(money.Int(want.times)).String()
			}
			x := want.as
			x.region = c["region"]
			if want.global {
				x.region, t.note = catalog.GlobalRegion, "global service, kept under "+catalog.GlobalRegion
			}
			out.add(x, t)
		}
		if found == 0 {
			return nil, fmt.Errorf("the calculator has no item %q of %s", want.called, want.service)
		}
	}
	return out.items, nil
}

// transferred are the prices of transfer of the regions for which the base lacks
// them, as the cost of a quantity in a printed bill.
func transferred(from string) ([]*item, error) {
	in, err := read(from, "2026-11/infracost_transfer_tiers.csv")
	if err != nil {
		return nil, err
	}
	internet := catalog.InternetOut()
	rows := []struct {
		called   string
		as       catalog.Meter
		from, to string
	}{
		{"Intra-region data transfer", catalog.ZoneIn(), "", ""},
		{"Intra-region data transfer", catalog.ZoneOut(), "", ""},
		{"Outbound data transfer to Internet (first 10TB)", internet, "0", "10240"},
		{"Outbound data transfer to Internet (next 40TB)", internet, "10240", "51200"},
		{"Outbound data transfer to Internet (next 100TB)", internet, "51200", "153600"},
		{"Outbound data transfer to Internet (over 150TB)", internet, "153600", ""},
		{"Outbound data transfer to other regions", catalog.ToOtherRegions(), "", ""},
	}
	var out collected
	for _, r := range in.rows {
		c := in.named(r)
		if c["region"] != "ap-southeast-5" && c["region"] != "ca-west-1" {
			continue
		}
		for _, want := range rows {
			if c["item"] == want.called {
				x := billed(want.as)
				x.region = c["region"]
				out.add(x, tier{want.from, want.to, c["shortest_decimal_in_range"], c["as_of"], c["source"],
					"cost/quantity of the test output"})
			}
		}
	}
	return out.items, nil
}

// byHand is what a note says of a price that a person copied from an excerpt.
const byHand = "by hand"

// transcribed are balancer units that were copied by hand. What confirms them is
// said here in words that need no other table.
func transcribed(from string) ([]*item, error) {
	var out collected
	for _, f := range []struct{ name, source, note string }{
		{"2026-11/price_list_2026_london_seoul.csv", "DK26", byHand + "; same in a second cost sheet of London"},
		{"2026-11/price_list_2026_london_seoul.csv", "SEL26", byHand},
		{"2026-11/regional_prices_by_hand.csv", "FLF26", byHand + "; SKU 45KY3J5YX2QM6KS7"},
	} {
		in, err := read(from, f.name)
		if err != nil {
			return nil, err
		}
		for _, r := range in.rows {
			c := in.named(r)
			m, _ := catalog.MeterOf(c["service"], c["item"])
			if c["source"] != f.source || m != catalog.BalancerUnits(catalog.ALB) &&
				m != catalog.BalancerUnits(catalog.NLB) {
				continue
			}
			x := billed(m)
			x.region = c["region"]
			out.add(x, tier{price: c["price_usd"], asOf: c["as_of"], source: c["source"], note: f.note})
		}
	}
	return out.items, nil
}

// laterUsage keeps the items that the base lacks, or of which it lacks tiers. An
// item that both have must have the same price in both. It then stands here as a
// second source, or, where nothing confirmed the base's, once more without the note
// that nothing does.
func laterUsage(from string, out *tables) error {
	base, err := baseItems(out)
	if err != nil {
		return err
	}
	kept := &input{header: "region,service,item,unit,tier_from,tier_to,price_usd,as_of,source,note,role",
		cols: []string{"region"}}
	for _, collect := range []func(string) ([]*item, error){calculated, transferred, transcribed} {
		items, err := collect(from)
		if err != nil {
			return err
		}
		for _, x := range items {
			if err := kept.keep(x, base[x.key()]); err != nil {
				return err
			}
		}
	}
	return out.split(kept, later, catalog.TableUsage)
}

// keep adds an item, against what the base has of it.
func (in *input) keep(x, have *item) error {
	name, role := x.name, "bill"
	if have != nil {
		if have.unit != x.unit {
			return fmt.Errorf("%s is per %s here and per %s in the base", x.key(), x.unit, have.unit)
		}
		shared, err := x.shared(have)
		if err != nil {
			return err
		}
		switch {
		case shared < len(x.tiers): // the base lacks tiers
		case have.alone():
			source := x.tiers[0].source
			x = have
			for i := range x.tiers {
				x.tiers[i].note = strings.Replace(x.tiers[i].note, "single source", "same in "+source, 1)
			}
		default:
			name, role = name+" (second source)", "check"
		}
	}
	for _, t := range x.tiers {
		in.add(x.region, x.service, name, x.unit, t.from, t.to, t.price, t.asOf, t.source, t.note, role)
	}
	return nil
}

// shared counts the tiers that begin where one of the base does. They must have its
// price.
func (x *item) shared(have *item) (int, error) {
	n := 0
	for _, t := range x.tiers {
		for _, b := range have.tiers {
			if cmp.Or(t.from, "0") != cmp.Or(b.from, "0") {
				continue
			}
			if is, err := compared(b.price, t.price); err != nil || is != same {
				return 0, fmt.Errorf("%s from %s is %s here and %s in the base: say which holds (%v)", x.key(), t.from,
					t.price, b.price, err)
			}
			n++
		}
	}
	return n, nil
}

// alone tells whether nothing confirms the item.
func (x *item) alone() bool {
	return slices.ContainsFunc(x.tiers, func(t tier) bool { return strings.Contains(t.note, "single source") })
}

// collected brings the tiers of an item together.
type collected struct{ items []*item }

func (c *collected) add(x item, t tier) {
	for _, have := range c.items {
		if have.key() == x.key() {
			have.tiers = append(have.tiers, t)
			return
		}
	}
	x.tiers = []tier{t}
	c.items = append(c.items, &x)
}

// baseItems are the usage prices of the base that may be billed.
func baseItems(out *tables) (map[string]*item, error) {
	rows, err := baseRows(out, catalog.TableUsage, "region", "service", "item", "tier_from", "role")
	if err != nil {
		return nil, err
	}
	items := map[string]*item{}
	for _, c := range rows {
		if c["role"] != "bill" {
			continue
		}
		x := &item{region: c["region"], service: c["service"], name: c["item"], unit: c["unit"]}
		if items[x.key()] == nil {
			items[x.key()] = x
		}
		x = items[x.key()]
		x.tiers = append(x.tiers, tier{c["tier_from"], c["tier_to"], c["price_usd"], c["as_of"], c["source"],
			c["note"]})
	}
	return items, nil
}
