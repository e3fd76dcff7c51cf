package report

import (
	"fmt"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
)

// row2016 is a row of the 2016 document's tables: its count and, from the AWS
// price list of April 2016 (us-east-1, Linux, on demand), the price of an hour.
type row2016 struct {
	name, system, kind, machine string
	min, max                    int
	hour, notes                 string
}

// medium2016 is the document's medium table, printed there as "5.1 Medium".
func medium2016() []row2016 {
	return []row2016{
		{"consul", "Consul/Zookeeper", "quorum", "t2.small", 3, 3, "0.026", ""},
		{"db", "DB", "database", "i2.2xlarge", 1, 1, "1.705", "The other region will be replica"},
		{"kafka", "Kafka", "log", "d2.xlarge", 2, 2, "0.69", "Not using SSD here since access is linear."},
		{"elasticsearch", "ElasticSearch", "search", "r3.xlarge", 3, 3, "0.333", "1 Master, 2 replicas"},
		{"es-logging", "ES Logging", "search", "r3.xlarge", 1, 1, "0.333", "1 Master, S3 backups"},
		{"green-river", "Green River", "worker", "m3.xlarge", 1, 1, "0.266", "Multi workers on one instance."},
		{"phoenix", "Phoenix/Ashes", "stateless", "m3.xlarge", 1, 4, "0.266", "Scales based on traffic."},
	}
}

// small2016 is the document's "5.3 Small".
func small2016() []row2016 {
	return []row2016{
		{"consul", "Consul/Zookeeper", "quorum", "t2.small", 3, 3, "0.026", "No Change"},
		{"db", "DB", "database", "d2.xlarge", 1, 1, "0.69", "Don't use SSD"},
		{"kafka", "Kafka", "log", "d2.xlarge", 1, 1, "0.69", "One Machine."},
		{"elasticsearch", "ElasticSearch", "search", "r3.large", 1, 1, "0.166", "One Machine."},
		{"es-logging", "ES Logging", "search", "r3.large", 1, 1, "0.166", "One Machine."},
		{"green-river", "Green River", "worker", "m3.large", 1, 1, "0.133", "Smaller Machine."},
		{"phoenix", "Phoenix/Ashes", "stateless", "m3.large", 1, 4, "0.133", "Smaller Machine."},
	}
}

// mirrored makes the estimate of a table in several regions, each with its
// own prices: hours[region][machine] replaces the hour of the row.
func mirrored(name, title string, rows []row2016, regions []string, hours map[string]map[string]string) bill.Estimate {
	e := bill.Estimate{
		Schema:  bill.SchemaName,
		Program: bill.Program{Name: "headroom", Version: "test"},
		Prices: bill.PricesUsed{Vintage: "2016-04-18", Digest: "d1", OldestUsed: "2016-04-18", NewestUsed: "2016-04-18",
			Sources: []string{"A16"}},
		Profile: bill.Source{Name: name, File: name + ".yaml", Digest: "d2"},
		Title:   title, Hours: money.Int(720), Scope: "compute", Purchase: "on-demand", Headline: maximum,
		Regions: regions, Mirrored: true, Inputs: 21,
		Facts: []remark.Remark{
			remark.New("fact.prices", "vintage", "2016-04-18", "single_source", 0, "missing", 0),
			remark.New("fact.next", "command", "reconcile", "profile", name)},
		Excluded: []remark.Remark{remark.Verbatim("storage, balancers, NAT and transfer (scope is compute)"),
			remark.Verbatim("taxes and support plans")},
	}
	for _, r := range rows {
		part := bill.Part{Name: r.name, System: r.system, Kind: r.kind, Machine: r.machine,
			Pinned: true, Notes: r.notes}
		for _, region := range regions {
			part.Pools = append(part.Pools,
				bill.NodePool{Region: region, Min: r.min, Max: r.max, Mean: money.Int(int64(r.max))})
			hour := r.hour
			if h := hours[region][r.machine]; h != "" {
				hour = h
			}
			e.Lines = append(e.Lines, nodeLine(e.Hours, part, nodesOf{region: region,
				low: money.Int(int64(r.min)), mean: money.Int(int64(r.max)), high: money.Int(int64(r.max))}, hour))
		}
		e.Parts = append(e.Parts, part)
	}
	addUp(&e)
	return e
}

// nodesOf are the nodes of a pool.
type nodesOf struct {
	region, role    string
	low, mean, high money.Quantity
}

// nodeLine bills nodes at a price an hour.
func nodeLine(hours money.Quantity, p bill.Part, n nodesOf, hour string) bill.Line {
	rate := money.MustRate(hour)
	l := bill.Line{Region: n.region, Component: p.Name, System: p.System, Kind: p.Kind, Role: n.role,
		Category: "compute", Service: bill.ServiceNodes, Item: p.Machine, Unit: nodeUnit,
		Min: n.low, Quantity: n.mean, Max: n.high, HourPrice: &rate, Price: rate.PerMonth(hours),
		Term: "on-demand", AsOf: "2016-04-18", Source: "A16", Notes: p.Notes}
	return priced(l)
}

// priced multiplies.
func priced(l bill.Line) bill.Line {
	l.Cost = bill.Cost{
		Expected: money.NewLine(l.Quantity, l.Price).Total,
		Min:      money.NewLine(l.Min, l.Price).Total,
		Max:      money.NewLine(l.Max, l.Price).Total,
	}
	return l
}

// addUp fills in the totals.
func addUp(e *bill.Estimate) {
	e.PerRegion, e.Total = nil, bill.Cost{}
	for _, r := range e.Regions {
		t := bill.RegionTotal{Region: r}
		for _, l := range e.Lines {
			if l.Region == r {
				t.Cost = t.Cost.Plus(l.Cost)
			}
		}
		e.PerRegion = append(e.PerRegion, t)
		e.Total = e.Total.Plus(t.Cost)
	}
}

func east() []string { return []string{"us-east-1", "us-west-2"} }

func referenceMedium() bill.Estimate {
	return mirrored("reference-medium", "The medium table of 2016", medium2016(), east(), nil)
}

func referenceSmall() bill.Estimate {
	return mirrored("reference-small", "The small table of 2016", small2016(), east(), nil)
}

// abroad has a second region with other prices, and more machines that
// nothing in the first one has.
func abroad() bill.Estimate {
	return mirrored("abroad", "Two regions, two prices", medium2016(), []string{"us-east-1", "eu-west-1"},
		map[string]map[string]string{"eu-west-1": {
			"t2.small": "0.028", "i2.2xlarge": "1.876", "d2.xlarge": "0.735", "r3.xlarge": "0.371",
			"m3.xlarge": "0.293",
		}})
}

// sized is what a workload gives: roles, means over the week, storage, traffic
// in tiers, and something that has no price.
func sized() bill.Estimate {
	regions := east()
	e := bill.Estimate{
		Schema:  bill.SchemaName,
		Program: bill.Program{Name: "headroom", Version: "test"},
		Prices: bill.PricesUsed{Vintage: "2026-07-20", Digest: "d3", OldestUsed: "2023-04-27", NewestUsed: "2026-07-20",
			SingleSource: 4},
		Profile: bill.Source{Name: "medium", File: "medium.yaml", Digest: "d4"},
		Title:   "Two regions, each can carry all", Hours: money.Int(730), Scope: "all", Purchase: "on-demand",
		Headline: "expected",
		Regions:  regions, Inputs: 24,
		Demand: &bill.DemandSummary{Users: 2500, Requests: 2500.0 * 100 / 60, Writes: 2500.0 / 60, Egress: 1.6e8,
			Ingress: 4e6, MonthlyReqs: 4.9e9},
		Facts: []remark.Remark{
			remark.Labelled("Headroom", "3,080 users (+23 %), then Phoenix p99; DB 6,900; sharding from 41,000"),
			remark.Labelled("us-east-1 lost", "us-west-2 carries all at 83 %; writes are back in 60 s; "+
				"nothing is lost because the failover candidate is written to synchronously"),
			remark.Labelled("Warning", "phoenix: undersized by 1 node when us-west-2 is lost"),
			remark.Labelled("Next", "headroom explain medium db"),
		},
		Assumed: []bill.Assumption{{Path: "components.phoenix.cpu", Value: "6ms", Reason: "nobody measured it",
			File: "medium.yaml", Line: 40}},
	}
	addParts(&e)
	addUsage(&e)
	addUp(&e)
	return e
}

// quantity is a measured number of units.
func quantity(x float64) money.Quantity {
	v, err := money.Float(x)
	if err != nil {
		panic(err)
	}
	return v
}

// whole is a limit without a figure.
func whole(resource string) *bill.Bind { return &bill.Bind{Resource: resource, State: "structure"} }

func ptr(x float64) *float64 { return &x }

// addParts adds the components of sized, and bills their nodes.
func addParts(e *bill.Estimate) {
	add := func(p bill.Part, pools ...bill.NodePool) {
		p.Pools = pools
		e.Parts = append(e.Parts, p)
	}
	pool := func(region, role string, low int, mean float64, high int) bill.NodePool {
		return bill.NodePool{Region: region, Role: role, Min: low, Max: high, Mean: quantity(mean)}
	}
	first, second := e.Regions[0], e.Regions[1]
	add(bill.Part{Name: "db", System: "DB", Kind: "database", Machine: "r7g.xlarge", Storage: "gp3",
		Binds: &bill.Bind{Resource: "memory", State: "own load", Utilisation: ptr(0.81)}},
		pool(first, "primary", 1, 1, 1), pool(first, "standby", 1, 1, 1),
		pool(second, "failover", 1, 1, 1))
	add(bill.Part{Name: "kafka", System: "Kafka", Kind: "log", Machine: "m7g.large", Storage: "gp3",
		Binds: whole("zone loss"), Detail: []remark.Remark{remark.Verbatim("12 partitions"), remark.Verbatim("RF 3")}},
		pool(first, "", 3, 3, 3), pool(second, "", 3, 3, 3))
	add(bill.Part{Name: "phoenix", System: "Phoenix/Ashes", Kind: "stateless", Machine: "c7g.xlarge",
		Binds:    whole("p99 187 ms"),
		Warnings: []remark.Remark{remark.Verbatim("undersized by 1 node when us-west-2 is lost")}},
		pool(first, "", 3, 4.7, 8), pool(second, "", 3, 4.7, 8))
	add(bill.Part{Name: "alb", System: "Balancers", Kind: "balancer", Binds: whole("bytes")})
	add(bill.Part{Name: "egress", System: "Internet out", Kind: "transfer"})
	hour := map[string]string{"r7g.xlarge": "0.2142", "m7g.large": "0.0816", "c7g.xlarge": "0.145"}
	for _, p := range e.Parts {
		for _, o := range p.Pools {
			n := nodesOf{o.Region, o.Role, money.Int(int64(o.Min)), o.Mean, money.Int(int64(o.Max))}
			l := nodeLine(e.Hours, p, n, hour[p.Machine])
			l.AsOf, l.Source = "2026-07-20", "K26"
			e.Lines = append(e.Lines, l)
		}
	}
}

// addUsage bills what sized uses beside nodes, in every region alike.
func addUsage(e *bill.Estimate) {
	use := func(l bill.Line, x float64, price string) {
		l.Min, l.Quantity, l.Max, l.Price = quantity(x), quantity(x), quantity(x), money.MustRate(price)
		l.Term, l.AsOf, l.Source, l.PriceNote = "on-demand", "2023-04-27", "Y25", "single source"
		e.Lines = append(e.Lines, priced(l))
	}
	for _, r := range e.Regions {
		disk := func(component, system, item, notes string) bill.Line {
			service, item, _ := strings.Cut(item, " ")
			return bill.Line{Region: r, Component: component, System: system, Category: "storage",
				Service: service, Item: item, Unit: "GB-month", Notes: notes}
		}
		use(disk("db", "DB", "ebs gp3", ""), 500, "0.08")
		use(disk("kafka", "Kafka", "ebs gp3", "log disk"), 2500.5, "0.08")
		use(disk("kafka", "Kafka", "ebs boot", ""), 24, "0.08")
		use(disk("phoenix", "Phoenix/Ashes", "ebs boot", ""), 64, "0.08")
		use(disk("db", "DB", "s3 backup", ""), 100, "0.023")
		balancer := bill.Line{Region: r, Component: "alb", System: "Balancers", Category: "network", Service: "alb"}
		balancer.Item, balancer.Unit = "hour", "hour"
		use(balancer, 730, "0.0225")
		balancer.Item, balancer.Unit = "lcu", "LCU-hour"
		use(balancer, 9000, "0.008")
		egress := bill.Line{Region: r, Component: "egress", System: "Internet out", Category: "network",
			Service: "internet", Item: "out", Unit: "GB"}
		use(egress, 10240, "0.09")
		use(egress, 1500, "0.085")
	}
}

// unpriced is sized with needs that have no price.
func unpriced() bill.Estimate {
	e := sized()
	e.Profile.Name = "unpriced"
	e.Parts = append(e.Parts, bill.Part{Name: "logs", System: "Logs | archive", Kind: "search", Machine: "x9.large",
		Notes: "=SUM(A1) <b>*bold*</b>\nsecond line"})
	for _, r := range e.Regions {
		e.Unpriced = append(e.Unpriced,
			bill.Unpriced{Region: r, Component: "logs", Service: bill.ServiceNodes, Item: "x9.large",
				Quantity: money.Int(2)},
			bill.Unpriced{Region: r, Component: "kafka", Item: "ebs io9", Unit: "GB-month", Quantity: money.Int(300)})
	}
	return e
}

func cases() []struct {
	name      string
	estimates []bill.Estimate
} {
	return []struct {
		name      string
		estimates []bill.Estimate
	}{
		{"references", []bill.Estimate{referenceSmall(), referenceMedium()}},
		{"abroad", []bill.Estimate{abroad()}},
		{"sized", []bill.Estimate{sized()}},
		{"unpriced", []bill.Estimate{unpriced()}},
		{"single", []bill.Estimate{mirrored("single", "One region", small2016(), []string{"us-east-1"}, nil)}},
		{"together", []bill.Estimate{referenceSmall(), sized(), unpriced()}},
	}
}

// hostile are texts that must not get out of their cell.
func hostile() []string {
	return []string{"=1+2", "+x", "-x", "@x", "\tx", "\rx", "a|b", "`x`", "*x*", "_x_", "<img src=x>", "#1",
		"[x](y)", "back\\slash", "two\nlines", "\x1b[31mred", "a,b\"c", "日本語 wide", "$x$", "&lt;",
		fmt.Sprintf("%c", 0x202e), "~~x~~"}
}
