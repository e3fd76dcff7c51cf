package plan

import (
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// sitesSource is a system of an owned site and a region of the tables, with replacements.
func sitesSource(t *testing.T, oldNew ...string) string {
	t.Helper()
	src, err := os.ReadFile("../../testdata/effects/site.yaml")
	require.NoError(t, err)
	for i := 0; i < len(oldNew); i += 2 {
		require.Contains(t, string(src), oldNew[i])
	}
	return strings.NewReplacer(oldNew...).Replace(string(src))
}

func planSites(t *testing.T, oldNew ...string) (*Plan, error) {
	t.Helper()
	return searchProfile(parseProfile(t, sitesSource(t, oldNew...)), testCatalog(t), Options{})
}

// A component of two sites has the machine of both: the hosts of one, and what is rented in
// their place in the other. Nothing boots from a volume where there is none, and what goes
// from one to the other leaves over the internet.
func TestAnOwnedSiteAndARegion(t *testing.T) {
	r, err := planSites(t)
	require.NoError(t, err)
	db := choiceOf(t, r, "db")
	require.Equal(t, "box", db.Layout.Type.Name)
	nodes := map[int]int{}
	for _, name := range []string{"web", "db"} {
		for _, p := range choiceOf(t, r, name).Layout.Pools {
			nodes[p.Region] += p.Max
		}
	}
	require.Positive(t, nodes[1])
	m, ok := r.Tables.Market.Find("box")
	require.True(t, ok)
	require.Equal(t, "own", m.Service())
	here, ok := m.Price(0)
	require.True(t, ok && here.Monthly)
	require.Equal(t, "200.00", here.Rate.String())
	there, ok := m.Price(1)
	require.True(t, ok && !there.Monthly)
	rented, ok := r.Tables.Regions[1].OnDemand("i4i.8xlarge")
	require.True(t, ok)
	require.True(t, rented.Rate.Equal(there.Rate))
	require.NotEmpty(t, m.Terms(1))
	require.Empty(t, m.Terms(0))

	boot := choiceOf(t, r, "boot").Layout
	for _, u := range boot.Usage {
		require.Equal(t, 1, u.Region, "a volume to boot from at a site")
	}
	require.Zero(t, quantityOf(choiceOf(t, r, "transfer"), 0, "data-transfer", "to us-east-1"))
	require.Zero(t, quantityOf(choiceOf(t, r, "transfer"), 1, "data-transfer", "to other regions"))
	require.Zero(t, transferred(t, r, 0, "between AZs, out"), "a site has one zone")

	// Half of the users each: 61.1 Mbit/s, and all with the other lost: 122.2. One stream of
	// three bytes for each byte written.
	site := choiceOf(t, r, "aachen").Layout
	said := ""
	for _, s := range site.Structure {
		said += s.Key + " "
	}
	require.Equal(t, "site.sends site.to_users site.calls site.copies site.used site.least site.least "+
		"site.least_together ", said)
	require.InDelta(t, 61.111, site.Structure[1].Number("rate"), 1e-3)
	require.InDelta(t, 122.222, site.Structure[1].Number("lost"), 1e-3)
	require.InDelta(t, 0.1, site.Structure[3].Number("rate"), 1e-3)
	require.InDelta(t, 1, site.Structure[3].Number("streams"), 1e-9)
	require.Len(t, site.Limits, 2)
	require.Equal(t, capacity.Own, site.Limits[0].State)
	require.InDelta(t, 61.111+0.1, site.Limits[0].Need, 1)
	require.InDelta(t, 0.60, site.Limits[0].Target, 1e-12)
	require.Equal(t, capacity.RegionLost, site.Limits[1].State)
	require.InDelta(t, 122.222, site.Limits[1].Need, 1e-3)
	require.InDelta(t, 0.85, site.Limits[1].Target, 1e-12)
	used := site.Structure[4]
	require.Equal(t, nodes[0], used.Int("used"))
	require.InDelta(t, 6, site.Stated[0].Number, 1e-9)
	require.Equal(t, "box", site.Stated[0].Host)
	require.Equal(t, "200.00", site.Stated[0].Price.String())
}

// togetherAt is what one machine would be that carried all of the owned site.
func togetherAt(t *testing.T, oldNew ...string) remark.Remark {
	t.Helper()
	r, err := planSites(t, oldNew...)
	require.NoError(t, err)
	l := choiceOf(t, r, "aachen").Layout
	l.Detail()
	last := l.Structure[len(l.Structure)-1]
	require.Equal(t, "site.least_together", last.Key)
	return last
}

// haveOf is what a component's hosts in Aachen have of a resource in a state.
func haveOf(t *testing.T, r *Plan, component string, of capacity.Resource, state capacity.State) float64 {
	t.Helper()
	l := choiceOf(t, r, component).Layout
	l.Detail()
	for i := range l.Limits {
		if x := &l.Limits[i]; x.Region == 0 && x.Of == of && x.State == state {
			return x.Have
		}
	}
	require.Fail(t, "no such limit")
	return 0
}

// One machine for all of a site has the sums, with the other region lost: 2,500 × 100/60
// requests/s of 2 ms, and of the database half of the reads of 0.3 ms and the writes of 2 ms; of
// its memory, what its host has; of its disks what it holds, at 80 %.
func TestTheLeastMachineOfASite(t *testing.T) {
	const requests, writes, reads = 250e3 / 60, 2500. / 60, 250e3/60 - 2500./60
	r, err := planSites(t)
	require.NoError(t, err)
	at := togetherAt(t)

	web := requests * 2e-3 / 0.85 / haveOf(t, r, "web", capacity.CPU, capacity.RegionLost)
	db := (reads/2*0.3e-3 + writes*2e-3) / 0.85 / haveOf(t, r, "db", capacity.CPU, capacity.RegionLost)
	require.InDelta(t, math.Ceil((web+db)*16), at.Number("vcpu"), 0)
	require.InDelta(t, 11, at.Number("vcpu"), 0)

	out := requests*3e3 + 2500./1800*2e6 + reads/2*300 + writes*300 // of web: answers, first pages, calls
	answers := reads/2*2e3 + writes*2e3 + writes*3*100              // of db: answers, and copies of three bytes a byte
	require.InDelta(t, (out+answers)/0.85*8/1e6, at.Number("network"), 0.01)

	require.Equal(t, []string{"db"}, at.List("stores"))
	require.InDelta(t, 64.0*(1<<30), at.Number("stated"), 0)
	require.Greater(t, at.Number("memory"), at.Number("stated"), "and what web needs")
	limit := choiceOf(t, r, "db").Layout.Limits
	kept := 0.0
	for i := range limit {
		if limit[i].Region == 0 && limit[i].Of == capacity.DiskBytes {
			kept = limit[i].Need
		}
	}
	require.InDelta(t, kept/0.8, at.Number("disk"), 1)
	require.Contains(t, words.Say(at), "one machine that carried all of it would have 11 vCPU as fast, ")
	require.Contains(t, words.Say(at), " of memory (with the memory of the stated hosts of db, 64 GiB), ")
}

// What a lost host leaves to the others is no more load for one machine; two hosts of a store have
// their data twice.
func TestTheLeastMachineOfASiteThatLosesHosts(t *testing.T) {
	const node = "survive: [node]"
	r, err := planSites(t, "survive: [region]", node)
	require.NoError(t, err)
	at := togetherAt(t, "survive: [region]", node)
	web := 125e3 / 60 * 2e-3 / 0.6 / haveOf(t, r, "web", capacity.CPU, capacity.Own)
	db := (250e3/60-2500./60)/2*0.3e-3 + 2500./60*2e-3*1.05 // all come here; a twentieth more replays
	db = db / 0.6 / haveOf(t, r, "db", capacity.CPU, capacity.Own)
	require.InDelta(t, math.Ceil(float64(web*2*16)+float64(db*2*16)), at.Number("vcpu"), 0)
	require.InDelta(t, 128.0*(1<<30), at.Number("stated"), 0)
	require.InDelta(t, 2*togetherAt(t).Number("disk"), at.Number("disk"), 1)
}

// A store alone with web wants the cores that it has at least, however little it does.
func TestTheLeastMachineOfASiteHasTheCoresOfAStore(t *testing.T) {
	at := togetherAt(t, "users: 2500", "users: 10")
	require.InDelta(t, 4, at.Number("vcpu"), 0)
}

// A plan that a site cannot hold is none, and says by how much.
func TestWhatASiteCannotHold(t *testing.T) {
	for _, x := range []struct{ old, now, want string }{
		{"uplink: 1Gbit/s", "uplink: 100Mbit/s", "component aachen: uplink: needs 144 Mbit/s, has 100 Mbit/s " +
			"(122.2 Mbit/s is what aachen sends at the peak with another region lost, which may fill 85 % of it)"},
		{"hosts: 6", "hosts: 1", "component web: hosts: needs 2, has 1 (machines of box at aachen: web 1, db 1)"},
		{"cpu: 2ms", "cpu: 30ms", "component web: hosts: needs 9, has 6"},
		{"        like: m7i.xlarge\n        speed: 0.8\n", "",
			"speed (the speed of box is not known: write like: and the instance type that it is as fast as)"},
		{"kind: database, cpu_read: 0.3ms, cpu_write: 2ms, storage: [local]", "kind: queue", "storage (it keeps " +
			"its data on volumes, which machines of one's own have not: give it regions:, or allow instance types)"},
		{"kind: database, cpu_read: 0.3ms, cpu_write: 2ms, storage: [local]", "kind: cluster", "it keeps its data on"},
		{"storage: [local], ", "", "storage (no volume is attached to a machine of one's own: write " +
			"storage: [local])"},
	} {
		_, err := planSites(t, x.old, x.now)
		var none *Infeasible
		require.True(t, errors.As(err, &none), "%s: %v", x.now, err)
		require.Contains(t, err.Error(), x.want)
	}
}

// threeSites are sites of which a has the primary that the others write to.
const threeSites = `apiVersion: headroom/v1
name: three
regions: [{name: a, zones: 1, share: 10%}, {name: b, zones: 1, share: 45%}, {name: c, zones: 1, share: 45%}]
failover: active-active
curve: {preset: flat}
peak: {users: 3000, requests_per_user: 60/min, write_ratio: 100%, response: 1B, request: 10KB, first_page: 0B,
  session: 30min, stored_per_write: 1B}
policy: {survive: [region]}
components:
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {writer: {per_write: 1, request: 10KB, response: 1B}}}
  writer: {kind: stateless, scope: primary, cpu: 1ms}
  a: {kind: site, regions: [a], includes: [egress, addresses, zones], machines: {box: BOX}}
  b: {kind: site, regions: [b], uplink: UPLINK, includes: [egress, addresses, zones], machines: {box: BOX}}
  c: {kind: site, regions: [c], includes: [egress, addresses, zones], machines: {box: BOX}}
`

// With c lost its users' writes go from b to the primary as well; with a lost, those of b go
// to where the primary moves to, which is b itself.
func TestCallsOfALostRegionsUsers(t *testing.T) {
	three := func(uplink, growth string) (*Plan, error) {
		src := strings.NewReplacer("UPLINK", uplink, "BOX", "{vcpu: 16, memory: 64GiB, network: 10Gbit/s, "+
			"like: m6i.xlarge, price: $100, every: month}").Replace(threeSites)
		return searchProfile(parseProfile(t, src+growth), testCatalog(t), Options{})
	}
	const each = 1350 * 10e3 * 8 / 1e6 // Mbit/s of the writes of one region's users
	lost := each * (1350 + 1350*45.0/55) / 1350
	r, err := three("235Mbit/s", "")
	require.NoError(t, err)
	site := choiceOf(t, r, "b").Layout
	require.InDelta(t, each, site.Limits[0].Need, 0.05)
	require.InDelta(t, lost, site.Limits[1].Need, 0.05)
	_, err = three("225Mbit/s", "")
	require.ErrorContains(t, err, "component b: uplink: needs 231 Mbit/s, has 225 Mbit/s (196.4 Mbit/s is what b "+
		"sends at the peak with another region lost, which may fill 85 % of it)")
	_, err = three("235Mbit/s", "growth: {monthly: 5%}\n")
	require.ErrorContains(t, err, "component b: uplink: needs 267 Mbit/s, has 235 Mbit/s (196.4 Mbit/s is what b "+
		"sends at the peak with another region lost, × 1.16 by the lead month, which may fill 85 % of it)")
}

// behindEdges is a site that answers what the edges of a CDN do not have.
const behindEdges = `apiVersion: headroom/v1
name: origin
regions: [{name: home, zones: 1}]
peak: {users: 10000, requests_per_user: 20/min, write_ratio: 20%, response: 30KB, request: 800B, first_page: 2MB,
  session: 10min, stored_per_write: 500B}
curve: {preset: flat}
policy: {survive: []}
components:
  cdn: {kind: cdn, entry: true, hit_ratio: 50%, edges: {eu: 100%}, calls: {web: {per_read: 1, per_write: 1}}}
  web: {kind: stateless, cpu: 5ms}
  home: {kind: site, regions: [home], uplink: 1Gbit/s, includes: [egress, addresses, zones],
    machines: {box: {vcpu: 16, memory: 64GiB, network: 10Gbit/s, like: m6i.xlarge, price: $100, every: month}}}
`

// Half of 2,667 reads and all of 667 writes a second, of 30 KB each, leave the site for the
// edges, over its uplink and at its price for what leaves.
func TestASiteAnswersTheEdges(t *testing.T) {
	r, err := searchProfile(parseProfile(t, behindEdges), testCatalog(t), Options{})
	require.NoError(t, err)
	require.InDelta(t, 480, choiceOf(t, r, "home").Layout.Limits[0].Need, 0.01)
	require.InEpsilon(t, 60e6*730*3600/(1<<30),
		quantityOf(choiceOf(t, r, "transfer"), 0, "data-transfer", "out to internet"), 1e-6)
}

// Where there are too few hosts of every machine each is named, as each has a number of its own.
func TestTooFewHostsOfEveryMachine(t *testing.T) {
	const src = `apiVersion: headroom/v1
name: few
regions: [{name: home, zones: 1}]
peak: {users: 20000, requests_per_user: 60/min, response: 3KB, first_page: 0B}
policy: {survive: [node]}
components:
  web: {kind: stateless, entry: true, cpu: 2ms}
  home: {kind: site, regions: [home], includes: [egress, addresses, zones], machines: {
    big: {hosts: 2, vcpu: 16, memory: 64GiB, network: 10Gbit/s, like: m6i.xlarge, price: $100, every: month},
    store: {hosts: 3, vcpu: 12, memory: 64GiB, network: 10Gbit/s, like: m6i.xlarge, price: $100, every: month}}}
`
	_, err := searchProfile(parseProfile(t, src), testCatalog(t), Options{})
	require.ErrorContains(t, err, "component web: none of 2 layouts carries its load; 2 fail on hosts, the nearest of "+
		"them store: hosts: needs 6, has 3 (machines of store at home: web 6); big: hosts: needs 5, has 2 (machines "+
		"of big at home: web 5)")
}

// What sites say of machines is held against the tables and against each other.
func TestSitesThatDoNotAgree(t *testing.T) {
	const rented = "machines: {box: {as: i4i.8xlarge}, mini: {as: m7i.2xlarge}}"
	for _, x := range []struct{ old, now, want string }{
		{"as: i4i.8xlarge", "as: m7i.xlarge", `machine "box" has 16 vCPU, and m7i.xlarge in its place 4`},
		{"as: i4i.8xlarge", "as: m7i.8xlarge",
			`machine "box" has 1.6TB on local disks, and m7i.8xlarge in its place 0B`},
		{"speed: 0.8", "speed: 2", `machine "box" is 2 times as fast as m7i.xlarge`},
		{"as: i4i.8xlarge", "as: i4i.8xlage", `instance type "i4i.8xlage" is not known`},
		{"like: m7i.xlarge, ", "like: m7i.xlage, ", `instance type "m7i.xlage" is not known`},
		{"      mini: {", "      m7i.large: {", "m7i.large"},
		{"      mini: {", "      tiny: {", `no site says what machine "mini" is`},
		{"regions: [us-east-1]", "regions: [aachen]", "the region aachen is a site twice"},
		{"    regions: [us-east-1]\n", "", "is a site, which is one region, but names 0"},
		{rented, "machines: {mini: {vcpu: 8, memory: 1GiB, arch: arm64, price: $1, every: month}}",
			`machine "mini": it is x86_64 at one site and arm64 at another`},
		{rented, "machines: {mini: {vcpu: 8, memory: 1GiB, price: $1, every: month}}", `machine "mini": its speed is`},
	} {
		src := sitesSource(t, x.old, x.now)
		p, err := workload.Parse("p.yaml", []byte(src), sizing.Specs(), os.ReadFile)
		if err == nil {
			_, err = searchProfile(p, testCatalog(t), Options{})
		}
		require.ErrorContains(t, err, x.want, x.now)
	}
	// A region that is neither in the tables nor a site.
	_, err := planSites(t, "[us-east-1]", "[bonn]", "name: us-east-1", "name: bonn",
		"kind: site\n    regions: [us-east-1]\n    machines: {box: {as: i4i.8xlarge}, mini: {as: m7i.2xlarge}}",
		"kind: fixed\n    price: $1\n    every: month")
	require.ErrorContains(t, err, `have no region "bonn"`)
}

// A machine of several sites is the least of what it is there.
func TestTheLeastOfAMachine(t *testing.T) {
	r, err := planSites(t, "machines: {box: {as: i4i.8xlarge}, mini: {as: m7i.2xlarge}}",
		"machines: {box: {vcpu: 32, memory: 32GiB, network: 2Gbit/s, like: m7i.xlarge, speed: 0.7, price: $1, "+
			"every: hour, disks: {class: hdd, count: 3, size: 1TB}}, "+
			"mini: {vcpu: 4, cores: 2, memory: 99GiB, like: m7i.xlarge, price: $1, every: hour}}")
	require.NoError(t, err)
	m, ok := r.Tables.Market.Find("box")
	require.True(t, ok)
	require.Equal(t, 16, m.VCPU)
	require.InDelta(t, 32.0*(1<<30), float64(m.Memory), 0)
	require.InDelta(t, 1.25e8, float64(m.NetworkBaseline), 0)
	require.InDelta(t, 0.7, m.SpeedFactor, 0)
	require.Equal(t, "hdd", m.Local.Kind)
	require.InDelta(t, 3, m.Local.Disks.V, 0)
	require.InDelta(t, 1.2e12, float64(m.Local.Bytes), 0)
	require.False(t, m.Local.ReadIOPS.OK)
	require.False(t, m.PhysicalCores.OK)
	mini, _ := r.Tables.Market.Find("mini")
	require.Equal(t, 4, mini.VCPU)
	require.InDelta(t, 2, mini.PhysicalCores.V, 0)
	require.True(t, mini.NetworkAssumed)
	price, _ := m.Price(1)
	require.False(t, price.Monthly)
}

// What is kept from one search to the next is not that of other prices.
func TestReuseKnowsTheSites(t *testing.T) {
	cat, o := testCatalog(t), Options{Reuse: &Reuse{}}
	chosen := func(oldNew ...string) string {
		oldNew = append(oldNew, "cpu: 2ms\n    allow: {types: [box]}", "cpu: 1ms\n    allow: {types: [box, mini]}")
		r, err := searchProfile(parseProfile(t, sitesSource(t, oldNew...)), cat, o)
		require.NoError(t, err)
		return choiceOf(t, r, "web").Layout.Type.Name
	}
	require.Equal(t, "mini", chosen())
	require.Equal(t, "box", chosen("price: $20,", "price: $9000,"))
	require.Equal(t, "mini", chosen())
}
