package bill

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/workload"
)

// Hosts that there are cost the same, used or not: six at $200 are $1,200 a month. What
// leaves the site costs nothing there, and what leaves the region of the tables is billed
// with all that leaves it.
func TestHostsArePaidForUsedOrNot(t *testing.T) {
	c := testCatalog(t)
	src, err := os.ReadFile("../../testdata/effects/site.yaml")
	require.NoError(t, err)
	for _, users := range []float64{100, 2500, 5000} {
		p := parseProfile(t, string(src))
		r, err := Make(p, c, Request{Situation: workload.Situation{
			Inputs: []workload.Override{{Path: "peak.users", Value: users}}}})
		require.NoError(t, err)
		var here money.Amount
		for _, l := range r.Estimate.Lines {
			if l.Region == "aachen" {
				here = here.Plus(l.Cost.Expected)
				require.NotEqual(t, "ebs", l.Service)
			}
		}
		require.Equal(t, "1200.00", here.String(), "%v users", users)
		quotas, err := r.Quotas()
		require.NoError(t, err)
		require.Empty(t, quotas, "EC2 counts no machines of one's own")
	}
}

// siteSource is a system of an owned site and a region of the tables, with replacements.
func siteSource(t *testing.T, oldNew ...string) string {
	t.Helper()
	src, err := os.ReadFile("../../testdata/effects/site.yaml")
	require.NoError(t, err)
	for i := 0; i < len(oldNew); i += 2 {
		require.Contains(t, string(src), oldNew[i])
	}
	return strings.NewReplacer(oldNew...).Replace(string(src))
}

// costAt is what lines of a region cost, and howMany there are of them.
func costAt(e *Estimate, region string, of func(*Line) bool) (sum money.Amount, howMany int) {
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Region == region && of(l) {
			sum, howMany = sum.Plus(l.Cost.Expected), howMany+1
		}
	}
	return sum, howMany
}

func anyLine(*Line) bool { return true }

// Hosts that are paid for by the hour are paid for in all hours of the month: 6 × $0.30 × 730.
func TestHostsByTheHourArePaidForUsedOrNot(t *testing.T) {
	src := siteSource(t, "price: $200\n        every: month", "price: $0.30\n        every: hour")
	for _, users := range []float64{100, 2500} {
		r, err := Make(parseProfile(t, src), testCatalog(t), Request{Situation: workload.Situation{
			Inputs: []workload.Override{{Path: "peak.users", Value: users}}}})
		require.NoError(t, err)
		here, _ := costAt(r.Estimate, "aachen", anyLine)
		require.Equal(t, "1314.00", here.String(), "%v users", users)
	}
}

// Production pays for all hosts, and an environment on them for none. What all of them need
// together is held against those that there are.
func TestEnvironmentsOnTheHostsOfProduction(t *testing.T) {
	for _, price := range []string{"$200\n        every: month", "$0.30\n        every: hour"} {
		src := siteSource(t, "policy:", "environments: {dev: {scale: 50%}, qa: {scale: 10%}}\npolicy:",
			"price: $200\n        every: month", "price: "+price, "hosts: 6", "hosts: 5")
		p := parseProfile(t, src)
		all, err := Make(p, testCatalog(t), Request{})
		require.NoError(t, err)
		dev, err := Make(p, testCatalog(t), Request{Situation: workload.Situation{Environment: "dev"}})
		require.NoError(t, err)
		here, nodes := costAt(dev.Estimate, "aachen", (*Line).IsNodes)
		require.Positive(t, nodes)
		require.True(t, here.IsZero(), "%s", here)
		rented, _ := costAt(dev.Estimate, "us-east-1", (*Line).IsNodes)
		require.Positive(t, rented.Cmp(money.Amount{}), "what is rented in a host's place is paid for")

		for _, r := range []*Result{all, dev} { // whichever is looked at
			short := r.ShortHosts()
			require.Len(t, short, 1)
			require.Equal(t, []string{"production", "dev", "qa"}, short[0].Environments)
			require.Equal(t, short[0].Needs[0]+short[0].Needs[1]+short[0].Needs[2], short[0].Need)
			require.Greater(t, short[0].Need, short[0].Have)
			require.Equal(t, [3]any{"aachen", "box", 5}, [3]any{short[0].Region, short[0].Machine, short[0].Have})
		}
	}
	enough := siteSource(t, "policy:", "environments: {dev: {scale: 50%}, qa: {scale: 10%}}\npolicy:",
		"hosts: 6", "hosts: 60")
	r, err := Make(parseProfile(t, enough), testCatalog(t), Request{})
	require.NoError(t, err)
	require.Empty(t, r.ShortHosts())
}

// A machine of one's own boots from a disk of its own in a region of the tables too, and what
// is rented in its place from a volume.
func TestHostsInARegionOfTheTablesBootFromTheirDisks(t *testing.T) {
	volumes := func(src string) int {
		r, err := Make(parseProfile(t, src), testCatalog(t), Request{})
		require.NoError(t, err)
		_, n := costAt(r.Estimate, "us-east-1", func(l *Line) bool { return l.Kind == "boot" })
		return n
	}
	require.Equal(t, 1, volumes(siteSource(t)))
	require.Zero(t, volumes(siteSource(t, "machines: {box: {as: i4i.8xlarge}, mini: {as: m7i.2xlarge}}",
		"machines: {box: {vcpu: 16, cores: 8, memory: 64GiB, network: 1Gbit/s, like: m7i.xlarge, speed: 0.8, "+
			"disks: {class: nvme, count: 4, size: 400GB, read_iops: 100000, write_iops: 30000}, "+
			"price: $100, every: month}}")))
}

// What stands at a site costs the same under other tables; the rest is priced anew.
func TestRepricedBesideASite(t *testing.T) {
	c := testCatalog(t)
	src, err := os.ReadFile("../../testdata/effects/site.yaml")
	require.NoError(t, err)
	is := buildAny(t, parseProfile(t, string(src)), c, Request{}).Estimate
	older, err := c.Vintage("2026-07-20")
	require.NoError(t, err)
	was, err := Reprice(is, older)
	require.NoError(t, err)
	var here money.Amount
	for _, l := range was.Lines {
		if l.Region == "aachen" {
			here = here.Plus(l.Cost.Expected)
		}
	}
	require.Equal(t, "1200.00", here.String())
	require.Equal(t, "2026-07-20", was.Prices.Vintage)

	// Names are of no region, and billed on the first, which is the site.
	src = []byte(siteSource(t, "  aachen:\n    kind", "  names: {kind: dns}\n  aachen:\n    kind"))
	named := buildAny(t, parseProfile(t, string(src)), c, Request{}).Estimate
	k := slices.IndexFunc(named.Lines, func(l Line) bool { return l.Component == "names" })
	require.GreaterOrEqual(t, k, 0)
	require.Equal(t, "aachen", named.Lines[k].Region)
	named.Lines[k].Price, named.Lines[k].Cost = money.MustRate("77"), Cost{}
	newest, err := c.Vintage(c.Newest())
	require.NoError(t, err)
	again, err := Reprice(named, newest)
	require.NoError(t, err)
	k = slices.IndexFunc(again.Lines, func(l Line) bool { return l.Component == "names" })
	require.NotEqual(t, "77", again.Lines[k].Price.String())
	require.Positive(t, again.Lines[k].Cost.Expected.Cmp(money.Amount{}))

	odd := *is
	odd.Regions = []string{"aachen", "eu-south-2"}
	oldest, err := c.Vintage("2016-04-18")
	require.NoError(t, err)
	_, err = Reprice(&odd, oldest)
	require.ErrorContains(t, err, "eu-south-2", "a region of other tables is no site")
}

// originAtHome is a site that answers what the edges of a CDN do not have.
const originAtHome = `apiVersion: headroom/v1
name: origin
regions: [{name: home, zones: 1}]
peak: {users: 1000, requests_per_user: 20/min, response: 30KB, first_page: 2MB, session: 10min}
policy: {survive: []}
components:
  cdn: {kind: cdn, entry: true, edges: {eu: 100%}, calls: {web: {per_read: 1, per_write: 1}}}
  web: {kind: stateless, cpu: 5ms}
  home: {kind: site, regions: [home], includes: [INCLUDED], machines: {box: {vcpu: 16, memory: 64GiB,
    like: m6i.xlarge, price: $100, every: month}}}
`

// What the edges fetch from a site leaves it at its price: none where it is included, and an
// error where nothing says what it is.
func TestWhatEdgesFetchFromASiteHasAPrice(t *testing.T) {
	made := func(included string) (*Result, error) {
		src := strings.Replace(originAtHome, "INCLUDED", included, 1)
		return Make(parseProfile(t, src), testCatalog(t), Request{})
	}
	r, err := made("egress")
	require.NoError(t, err)
	k := slices.IndexFunc(r.Estimate.Lines, func(l Line) bool {
		return l.Item == "out to internet" && l.Region == "home" &&
			l.Service == "data-transfer"
	})
	require.GreaterOrEqual(t, k, 0)
	require.True(t, r.Estimate.Lines[k].Cost.Expected.IsZero())
	_, err = made("addresses")
	require.ErrorAs(t, err, &catalog.MissingPrices{})
	require.ErrorContains(t, err, "home usage: data-transfer/out to internet")
}

// A part of the bill is of what tables have prices for: what is rented in a host's place
// belongs to it, hosts of one's own do not, whatever they cost.
func TestAShareOfTheBillHasNoHostsInIt(t *testing.T) {
	for _, hosts := range []float64{200, 2000} {
		src := siteSource(t, "price: $200\n", fmt.Sprintf("price: $%g\n", hosts), "  aachen:\n    kind",
			"  plan: {kind: fixed, share: [{to: $100, part: 50%}, {part: 10%}]}\n  aachen:\n    kind")
		r, err := Make(parseProfile(t, src), testCatalog(t), Request{})
		require.NoError(t, err)
		rented, _ := costAt(r.Estimate, "us-east-1", anyLine)
		own, _ := costAt(r.Estimate, "aachen", func(l *Line) bool { return l.Kind != "fixed" })
		require.InDelta(t, own.Float64(), 6*hosts, 0.001)
		share, lines := costAt(r.Estimate, "aachen", func(l *Line) bool { return l.Kind == "fixed" })
		require.Equal(t, 2, lines)
		require.InDelta(t, 50+0.1*(rented.Float64()-100), share.Float64(), 0.011)
	}
}
