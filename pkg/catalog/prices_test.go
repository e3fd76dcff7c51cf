package catalog

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
	"headroom/pkg/money"
)

// The monthly machine prices printed in the 2016 capacity document, hourly
// price × 720; they hold in us-east-1 and in us-west-2.
func TestPricesOf2016Document(t *testing.T) {
	for _, name := range []string{"us-east-1", "us-west-2"} {
		r := region(t, "2016-04-18", name)
		for typ, monthly := range map[string]string{
			"t2.small": "18.72", "i2.2xlarge": "1227.60", "d2.xlarge": "496.80", "r3.xlarge": "239.76",
			"m3.xlarge": "191.52", "t2.medium": "37.44", "r3.2xlarge": "478.80", "m3.2xlarge": "383.04",
			"r3.large": "119.52", "m3.large": "95.76",
		} {
			p, ok := r.OnDemand(typ)
			require.True(t, ok, typ)
			require.Equal(t, rate(monthly).String(), p.Rate.PerMonth(money.Int(720)).String(), "%s %s", name, typ)
			require.Equal(t, "2016-04-18", p.AsOf)
			require.Equal(t, "V16", p.Source)
		}
		// The document prints 1227.60 for this one: the price of an i2.2xlarge.
		p, ok := r.OnDemand("i2.4xlarge")
		require.True(t, ok)
		require.Equal(t, "2455.20", p.Rate.PerMonth(money.Int(720)).String())
	}
}

func TestOnDemandToday(t *testing.T) {
	for _, x := range []struct{ region, typ, rate, asOf, source string }{
		{"us-east-1", "m7g.large", "0.0816", "2026-07-20", "K26"},
		{"us-east-1", "t3.small", "0.0208", "2026-07-20", "K26"},
		{"us-west-2", "t3.small", "0.0208", "2025-04-04", "Y25"},
	} {
		p, ok := region(t, "", x.region).OnDemand(x.typ)
		require.True(t, ok, x.typ)
		require.True(t, p.Rate.Equal(rate(x.rate)), "%s: %s", x.typ, p.Rate)
		require.Equal(t, []string{x.asOf, x.source, ""}, []string{p.AsOf, p.Source, p.Overlay})
	}
	r := region(t, "", "us-east-1")
	_, ok := r.OnDemand("m7g.lagre")
	require.False(t, ok)
	require.Len(t, r.Types(), 1367) // every row of us-east-1 has an on-demand price
	require.Empty(t, region(t, "2026-07-20", "ap-east-2").Types(), "spot advisor only")
	p, ok := region(t, "2026-07-20", "ca-central-1").OnDemand("p5.48xlarge")
	require.True(t, ok)
	require.Contains(t, p.Note, "stale?")
}

// m7g.large in us-east-1: no-upfront terms of Y25, 1 year all upfront of L23
// as effective hourly rate, 3 years all upfront of N26 per year, spot of C24.
func TestTermsToday(t *testing.T) {
	r := region(t, "", "us-east-1")
	terms := r.Terms("m7g.large")
	var names []string
	for _, p := range terms {
		names = append(names, p.Term+" "+string(p.Basis)+" "+p.Rate.String()+" "+p.Source)
	}
	require.Equal(t, []string{
		"reserved-1y-none hourly 0.054 Y25",
		"reserved-1y-all effective-hourly 0.050342 L23",
		"reserved-3y-none hourly 0.037 Y25",
		"reserved-3y-all annual 282.33 N26",
		"convertible-1y-none hourly 0.0599 Y25",
		"convertible-3y-none hourly 0.0414 Y25",
		"spot hourly 0.0367 C24",
	}, names)
	fee, hourly := terms[3].Commitment()
	require.Equal(t, "846.99", fee.String()) // 3 × 282.33
	require.True(t, hourly.IsZero())
	fee, hourly = terms[1].Commitment()
	require.Equal(t, "440.99592", fee.String()) // 0.050342 × 8760
	require.True(t, hourly.IsZero())
	fee, hourly = terms[0].Commitment()
	require.True(t, fee.IsZero())
	require.True(t, hourly.Equal(rate("0.054")))

	_, ok := r.Term("m7g.large", "reserved-1y-partial")
	require.False(t, ok, "no such price in the tables")
	require.Empty(t, r.Terms("no.such"))
}

func TestTerms2016(t *testing.T) {
	p, ok := region(t, "2016-04-18", "us-east-1").Term("t2.small", "reserved-3y-all")
	require.True(t, ok)
	require.Equal(t, Effective, p.Basis)
	require.True(t, p.Rate.Equal(rate("0.0115")))
	require.Equal(t, 3, p.Years)
	require.Equal(t, "all", p.Option)
}

func TestSpot(t *testing.T) {
	r := region(t, "", "us-east-1")
	s, ok := r.Spot("m7g.large")
	require.True(t, ok)
	require.True(t, s.HasPrice && s.HasSaving)
	require.True(t, s.Rate.Equal(rate("0.0367")))
	require.Equal(t, "2024-08-09", s.AsOf)
	require.Equal(t, 64, s.SavingsPct)
	require.Equal(t, "10-15%", s.Band)
	require.Equal(t, []string{"2025-06-28", "S25"}, []string{s.AdvisorAsOf, s.AdvisorSource})
	implied, err := s.AdvisorPrice(rate("0.0816"))
	require.NoError(t, err)
	require.Equal(t, "0.029376", implied.String()) // 0.0816 × 0.36

	s, ok = r.Spot("m8g.large") // launched after the price list of 2024
	require.True(t, ok)
	require.False(t, s.HasPrice)
	require.True(t, s.HasSaving)
	// Spot was dearer than on demand after a price cut.
	s, ok = region(t, "", "ca-central-1").Spot("p5.48xlarge")
	require.True(t, ok)
	require.Equal(t, -62, s.SavingsPct)
	_, ok = region(t, "2016-04-18", "us-east-1").Spot("t2.small")
	require.False(t, ok)
}

func TestManaged(t *testing.T) {
	r := region(t, "", "us-east-1")
	m, ok := r.Managed("elasticache", "valkey", "", "cache.r7g.large")
	require.True(t, ok)
	require.True(t, m.OnDemand.Rate.Equal(rate("0.1752")))
	require.Equal(t, []float64{2, 13.07}, []float64{m.VCPU, m.MemoryGiB})
	require.Len(t, m.Terms, 5)

	m, ok = r.Managed("rds", "postgresql", "multi-az", "db.r6g.large")
	require.True(t, ok)
	require.Zero(t, m.VCPU, "not in the source")
	require.Len(t, m.Terms, 3)
	partial := m.Terms[1]
	require.Equal(t, "reserved-1y-partial", partial.Term)
	require.Equal(t, FeePlusHourly, partial.Basis)
	fee, hourly := partial.Commitment()
	require.Equal(t, "1083.00", fee.String())
	require.True(t, hourly.Equal(rate("0.1237")))

	m, ok = r.Managed("elasticache", "redis", "", "cache.r7g.large")
	require.True(t, ok)
	var once TermPrice
	for _, p := range m.Terms {
		if p.Basis == FeeOnce {
			once = p
		}
	}
	require.Equal(t, "1227.802", once.Fee.String())
	require.Equal(t, []string{"2024-10-07", "Y24C"}, []string{once.AsOf, once.Source})

	m, ok = r.Managed("rds", "aurora-postgresql", "single-az", "db.r5.12xlarge")
	require.True(t, ok)
	require.False(t, m.HasOnDemand, "Aurora on demand is a known gap")
	require.Len(t, r.ManagedItems(), 85+91+91+23+177+50+360+346) // pricing/README.md
	require.NoError(t, r.Err())
}

func TestUsage(t *testing.T) {
	r := region(t, "", "us-east-1")
	egress, ok := r.usageNamed("data-transfer", "out to internet")
	require.True(t, ok)
	require.Len(t, egress, 4)
	require.Equal(t, "GB", egress[0].Unit)
	lines, rest := money.Tiered(money.Int(20000), Tiers(egress))
	require.True(t, rest.IsZero())
	require.Len(t, lines, 2)
	require.Equal(t, "921.60", lines[0].Total.String()) // 10240 × 0.09
	require.Equal(t, "829.60", lines[1].Total.String()) // 9760 × 0.085

	gp3, ok := r.usageNamed("ebs", "gp3 provisioned throughput")
	require.True(t, ok)
	require.Equal(t, "0.1220703125", gp3[0].Tier.From.String(), "bounds are exact: 125/1024")
	require.Contains(t, gp3[0].Price.Note, "included")

	// Second sources, annual figures and prices without a unit are not billed.
	for _, x := range []UsageKey{
		{Service: "data-transfer", Item: "out to internet (second source)"},
		{Service: "data-transfer", Item: "between AZs (intra-region), each direction"},
		{Service: "data-transfer", Item: "to another US East region"},
		{Service: "ebs", Item: "gp3 storage (annual)"},
		{Service: "net.intra.region", Item: "annual_cost_per_gib"},
		{Service: "fargate", Item: "Linux x86 vCPU"},
		{Service: "msk", Item: "Kafka.Throughput (RunVolume)"},
	} {
		_, ok := r.usageNamed(x.Service, x.Item)
		require.False(t, ok, x)
	}
	msk, ok := r.usageNamed("msk", "Kafka.Storage.GP2 (RunVolume)")
	require.True(t, ok)
	require.Equal(t, "GB-month", msk[0].Unit)
	lcu := UsageKey{"elb", "ALB LCU-hour", "LCU-hour"}
	require.True(t, slices.ContainsFunc(r.UsageItems(), func(p UsagePrice) bool { return p.UsageKey == lcu }))
	_, ok = region(t, "", "us-west-1").usageNamed("elb", "ALB LCU-hour")
	require.False(t, ok, "a known gap, never filled from another region")
	require.NoError(t, r.Err())
}

// Whatever the quantity, tiers of every billed item add up to it, or leave a
// rest above a closed last tier.
func TestUsageTiersSplitEverything(t *testing.T) {
	r := region(t, "", "eu-west-1")
	items := r.UsageItems()
	drawn.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(items).Draw(t, "item")
		q := money.Int(rapid.Int64Range(0, 1e9).Draw(t, "quantity"))
		tiers, ok := r.usageNamed(k.Service, k.Item)
		if !ok {
			t.Fatalf("%v is listed but not priced", k)
		}
		lines, rest := money.Tiered(q, Tiers(tiers))
		sum := rest
		for _, l := range lines {
			sum = sum.Plus(l.Quantity)
		}
		want := q.Minus(tiers[0].Tier.From)
		if want.Cmp(money.Quantity{}) < 0 {
			want = money.Quantity{}
		}
		if sum.Cmp(want) != 0 {
			t.Fatalf("%v: %s split into %s", k, want, sum)
		}
	})
}

func TestDiff(t *testing.T) {
	c := openTables(t)
	a, err := c.Vintage("2016-04-18")
	require.NoError(t, err)
	b, err := c.Vintage("2017-11-12")
	require.NoError(t, err)
	changes, err := Diff(a, b, "us-east-1")
	require.NoError(t, err)
	kinds := map[ChangeKind]int{}
	for _, ch := range changes {
		kinds[ch.Kind]++
		if ch.Type == "t2.small" { // 0.026 to 0.023 in the two tables
			require.Equal(t, Changed, ch.Kind)
			require.True(t, ch.Before.Rate.Equal(rate("0.026")))
			require.True(t, ch.After.Rate.Equal(rate("0.023")))
		}
	}
	require.Equal(t, 88-54, kinds[Added]-kinds[Removed]) // row counts of the two tables
	same, err := Diff(a, a, "us-east-1")
	require.NoError(t, err)
	require.Empty(t, same)
	_, err = Diff(a, b, "ca-central-1")
	require.ErrorContains(t, err, "2016-04-18")
}
