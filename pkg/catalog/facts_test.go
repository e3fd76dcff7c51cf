package catalog

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"headroom/pkg/unit"
)

func facts(t *testing.T) *Facts {
	t.Helper()
	f, err := openTables(t).Facts()
	require.NoError(t, err)
	return f
}

// Figures of limits/resilience.csv that are times.
func TestTimesOfFailover(t *testing.T) {
	f := facts(t)
	for key, want := range map[string][2]float64{
		"failover.rds.multi_az":                  {60, 120},
		"failover.patroni.ttl":                   {30, 30},
		"failover.patroni.crash":                 {320, 320},
		"failover.redis.sentinel.down_after":     {30, 30},
		"failover.mongodb.election_timeout":      {10, 10},
		"failover.kafka.session":                 {9, 9},
		"failover.elasticsearch.silent":          {30, 30},
		"failover.etcd.heartbeat":                {0.1, 0.1},
		"failover.galera.inactive":               {15, 15},
		"failover.rabbitmq.nettick":              {45, 75},
		"failover.route53.interval":              {10, 30},
		"failover.dns.ttl":                       {60, 60},
		"failover.region.netflix_before":         {3000, 3000},
		"k8s.pod_failover":                       {340, 340},
		"restore.hdd.22tb":                       {40 * 3600, 40 * 3600},
		"outage.aws.2026-05-07":                  {20.5 * 3600, 21.5 * 3600},
		"failover.patroni.primary_start_timeout": {300, 300},
		"failover.elasticsearch.check_interval":  {1, 1},
		"failover.alb.drain":                     {300, 300},
		"k8s.node_monitor_grace":                 {40, 40},
		"outage.aws.2025-10-20.ec2launch":        {8.18 * 3600, 8.18 * 3600},
		"failover.kafka.quorum_election":         {1, 1},
	} {
		x, ok := f.Time(key)
		require.True(t, ok, key)
		require.Equal(t, [2]Known{Is(want[0]), Is(want[1])}, [2]Known{x.Low, x.High}, key)
		require.Equal(t, FactSeconds, x.Unit)
	}
	rds, _ := f.Time("failover.rds.multi_az")
	require.Equal(t, Fact{Key: "failover.rds.multi_az", Low: Is(60), High: Is(120), Unit: FactSeconds,
		What: "typical; longer with large transactions or long recovery", AsOf: "2023-06-10", Source: "RDSUG23"}, rds)
	aurora, ok := f.Time("failover.aurora")
	require.True(t, ok)
	require.Equal(t, Known{}, aurora.Low, "the source says less than a minute")
	require.Equal(t, Is(60), aurora.High)
}

// What has no figure, is no time or is not there is no time.
func TestUnknownTimes(t *testing.T) {
	f := facts(t)
	for _, key := range []string{"", "failover.rds", "failover.sqs", "failover.elasticache", "restore.rds",
		"outage.aws.2015-09-20", "restore.ebs.provisioned", "failover.alb.unhealthy", "corr.google.burst_share"} {
		x, ok := f.Time(key)
		require.False(t, ok, key)
		require.Equal(t, Fact{}, x, key)
	}
	x, ok := f.Fact("failover.elasticache")
	require.True(t, ok, "what the source says without a figure can be quoted")
	require.False(t, x.High.OK)
	_, ok = f.Fact("failover.sqs")
	require.False(t, ok)
}

// Facts that are not times, in the units of this program.
func TestOtherFacts(t *testing.T) {
	f := facts(t)
	for key, want := range map[string]Fact{
		"restore.ebs.provisioned":        {Low: Is(100 * mib), High: Is(300 * mib), Unit: FactByteRate},
		"failover.alb.unhealthy":         {Low: Is(2), High: Is(2), Unit: FactCount},
		"afr.ebs.gp3":                    {Low: Is(0.001), High: Is(0.002), Unit: FactPartPerYear},
		"afr.ebs.io2":                    {High: Is(0.00001), Unit: FactPartPerYear},
		"afr.hdd.backblaze.2024":         {Low: Is(0.0157), High: Is(0.0157), Unit: FactPartPerYear},
		"afr.hdd.backblaze.2025":         {Low: Is(0.0136), High: Is(0.0136), Unit: FactPartPerYear},
		"durability.s3.standard":         {Low: Is(0.99999999999), High: Is(0.99999999999), Unit: FactPartPerYear},
		"corr.google.burst_share":        {Low: Is(0.37), High: Is(0.37), Unit: FactPart},
		"rate.region.us-east-1":          {Low: Is(8), High: Is(8), Unit: FactEvents},
		"rate.site.disaster":             {Low: Is(0.001), High: Is(0.001), Unit: FactEventsPerYear},
		"failover.route53.healthy_share": {Low: Is(0.18), High: Is(0.18), Unit: FactPart},
	} {
		x, ok := f.Fact(key)
		require.True(t, ok, key)
		require.Equal(t, want, Fact{Low: x.Low, High: x.High, Unit: x.Unit}, key)
	}
}

// The outages of us-east-1: eight of the region, four of zones, in 15.6 years; the known
// times of the eight are 10.7 h on average.
func TestOutages(t *testing.T) {
	f := facts(t)
	years, ok := f.Years("us-east-1")
	require.True(t, ok)
	require.Equal(t, 15.6, years)
	list := f.Outages("us-east-1")
	n, known, hours := map[string]int{}, 0.0, 0.0
	for _, o := range list {
		require.Equal(t, "us-east-1", o.Region)
		n[o.Scope]++
		if o.Scope == OutageRegion && o.High.OK {
			known++
			hours += o.High.V / 3600
		}
	}
	require.Equal(t, map[string]int{OutageRegion: 8, OutageZone: 4, OutageService: 3}, n)
	require.InDelta(t, 10.7, hours/known, 0.05)
	require.True(t, slices.IsSortedFunc(list, func(a, b Outage) int { return strings.Compare(a.Date, b.Date) }))
	require.Equal(t, "2011-04-21", list[0].Date)

	tokyo := f.Outages("ap-northeast-1")
	require.Len(t, tokyo, 1)
	require.Equal(t, OutageZone, tokyo[0].Scope)
	require.InDelta(t, 5.9*3600, tokyo[0].High.V, 1e-9)
	require.Equal(t, OutageZones, f.Outages("me-central-1")[0].Scope)
	for _, region := range []string{"", "eu-west-2", "zz"} {
		require.Empty(t, f.Outages(region))
		_, ok = f.Years(region)
		require.False(t, ok)
	}
	_, ok = f.Years("ap-northeast-1")
	require.False(t, ok, "how long that list is, is not known")
}

// Figures of limits/sla.csv.
func TestSLAs(t *testing.T) {
	f := facts(t)
	for of, want := range map[[2]string]unit.Fraction{
		{"ec2", "instance"}: 0.995, {"ec2", "zones"}: 0.9999, {"ebs", "zones"}: 0.9999, {"elb", "zones"}: 0.9999,
		{"elb", "zone"}: 0.999, {"s3", "region"}: 0.999, {"route53", "global"}: 1, {"cloudfront", "global"}: 0.999,
		{"eks", "region"}: 0.999, {"amazonmq", "region"}: 0.999, {"elasticache", "zones"}: 0.9999,
		{"elasticache", "zone"}: 0.995, {"rds", "zones"}: 0.9995, {"rds", "instance"}: 0.995,
		{"aurora", "zones"}: 0.9999, {"keyspaces", "regions"}: 0.99999, {"kms", "region"}: 0.99999,
		{"opensearch", "zones-standby"}: 0.9999, {"dynamodb", "region"}: 0.9999, {"lambda", "region"}: 0.9995,
	} {
		s, ok := f.SLA(of[0], of[1])
		require.True(t, ok, of)
		require.InDelta(t, float64(want), float64(s.Uptime), 1e-15, of)
	}
	rds, _ := f.SLA("rds", "zones")
	require.Equal(t, SLA{Service: "rds", Scope: "zones", Uptime: 0.9995, Per: SLAMonth,
		Credits: []Credit{{0.9995, 0.10}, {0.99, 0.25}, {0.95, 1}}, What: "Multi-AZ instance or cluster",
		AsOf: "2024-01-22", Source: "RDSSLA"}, rds)
	elb, _ := f.SLA("elb", "zone")
	require.Equal(t, []Credit{{0.999, 0.10}}, elb.Credits, "the source is cut off behind it")
	s3, _ := f.SLA("s3", "region")
	require.Equal(t, SLARequest, s3.Per)
	for _, of := range [][2]string{{"sqs", "region"}, {"rds", "region"}, {"", ""}, {"msk", "zones"}} {
		s, ok := f.SLA(of[0], of[1])
		require.False(t, ok, of)
		require.Equal(t, SLA{}, s)
	}
}

// Every fact is asked for by whoever reads the tables, so what is wrong is found when they
// are read.
func TestFactsThatContradictThemselves(t *testing.T) {
	for _, x := range []struct{ name, path, old, new, want string }{
		{"twice", factsTable, "failover.kafka.session,", "failover.kafka.heartbeat,", "occurs twice"},
		{"range", factsTable, "failover.rds.multi_az,60,120", "failover.rds.multi_az,160,120", "a range ends"},
		{"no end", factsTable, "failover.rds.multi_az,60,120", "failover.rds.multi_az,60,", "a range ends"},
		{"number", factsTable, "failover.rds.multi_az,60,", "failover.rds.multi_az,-60,", "is not a number"},
		{"unit", factsTable, "k8s.toleration,300,300,s", "k8s.toleration,300,300,S", `unit "S" is not one`},
		{"key", factsTable, "k8s.toleration,", "K8s.toleration,", "is not a name"},
		{"what", factsTable, ",node controller loop,", ",,", "it must not be blank"},
		{"source", factsTable, "electionTimeoutMillis,,MDBMAN", "electionTimeoutMillis,,", "it must not be blank"},
		{"as of", factsTable, "node controller loop,,", "node controller loop,n/a,", `"n/a" is not a date`},
		{"outage without region", factsTable, "h,eu-west-1,zone", "h,,zone", "is not a name"},
		{"outage without scope", factsTable, "h,eu-west-1,zone", "h,eu-west-1,", "is none of zone"},
		{"outage without date", factsTable, "zone,2011-08-07,", "zone,,", "an outage has the date of a day"},
		{"outage of a month", factsTable, "zone,2011-08-07,", "zone,2011-08,", "an outage has the date of a day"},
		{"outage with years", factsTable, "zone,2011-08-07,,", "zone,2011-08-07,3,", "only counts of outages"},
		{"outage in bytes", factsTable, "2011-08-07,,,h,", "2011-08-07,,,MiB/s,", "an outage takes a time"},
		{"an outage more", factsTable, "h,eu-west-1,zone", "h,us-east-1,zone", "5 outages of a zone"},
		{"an outage less", factsTable, "h,us-east-1,region,2015", "h,us-east-2,region,2015", "7 outages of a region"},
		{"years", factsTable, "zone,,15.6,", "zone,,15.5,", "another number of years"},
		{"no years", factsTable, "zone,,15.6,", "zone,,,", "a number above zero is needed"},
		{"date of a time", factsTable, "k8s.toleration,300,300,s,,,,", "k8s.toleration,300,300,s,,,2026-01-01,",
			"only outages have a date"},
		{"region of a time", factsTable, "k8s.toleration,300,300,s,,", "k8s.toleration,300,300,s,eu-west-1,",
			"only outages and counts"},
		{"promise above all", slaTable, "route53,global,100,", "route53,global,100.1,", "above 100 %"},
		{"no promise", slaTable, "route53,global,100,", "route53,global,,", "a number above zero is needed"},
		{"promise of what", slaTable, "100,request", "100,day", `"day" is neither month nor request`},
		{"promised twice", slaTable, "rds,instance,", "rds,zones,", "occurs twice"},
		{"steps up", slaTable, "rds,instance,99.5,month,10,99.0", "rds,instance,99.5,month,10,99.6", "a step is lower"},
		{"half a step", slaTable, "elb,zone,99.9,month,10,,", "elb,zone,99.9,month,10,99,", "a step has an uptime"},
		{"scope", slaTable, "rds,instance,", "rds,Single DB,", "is not a name"},
	} {
		t.Run(x.name, func(t *testing.T) {
			files := copyTables(t)
			before := string(files[x.path].Data)
			after := strings.Replace(before, x.old, x.new, 1)
			require.NotEqual(t, before, after, "the test changes nothing")
			files[x.path] = &fstest.MapFile{Data: []byte(after)}
			reseal(files, x.path)
			c, err := Open(files)
			require.NoError(t, err)
			_, err = c.Facts()
			require.ErrorContains(t, err, x.want)
			require.ErrorContains(t, err, x.path)
		})
	}
}

// A plan asks for prices, hardware and limits. It works without the tables of failures,
// which are not even read.
func TestFactsAreReadWhenAskedFor(t *testing.T) {
	files := copyTables(t)
	delete(files, factsTable)
	delete(files, slaTable)
	c, err := Open(files)
	require.NoError(t, err)
	_, err = c.Limits()
	require.NoError(t, err)
	_, err = c.NodeTypes()
	require.NoError(t, err)
	_, err = c.Facts()
	require.ErrorContains(t, err, factsTable)
}
