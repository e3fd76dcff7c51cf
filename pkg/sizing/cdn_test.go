package sizing

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/workload"
)

const behindCDN = commerce + `
  cdn:
    kind: cdn
    entry: true
    hit_ratio: 75%
    requests_per_page: 10
    calls: {lb: {per_read: 1, per_write: 1, request: 1KB, response: 3KB}}
  lb: {kind: balancer, calls: {web: {per_read: 1, per_write: 1, request: 1KB, response: 3KB}}}
  web: {kind: stateless, cpu: 6ms}
`

// To users go 4,166.67/s × 3 KB and 1.389/s × 2 MB, in all of it 15.2778 MB/s, of which a TiB
// is free; 41.67 writes/s of 1 KB go to the origin, and a quarter of the 4,125 reads/s.
func TestEdgesAnswerWhatTheyKeep(t *testing.T) {
	s := testSystem(t, testCatalog(t), behindCDN)
	l := fitNodeless(t, s, "cdn")
	requirePriced(t, s, l)
	month := 730 * 3600.0
	us := func(item string) float64 { return usageOf(l, 0, "cloudfront", item+" from United States") }
	require.InEpsilon(t, 15.277777e6*month/gib-1024, us("out to internet"), 1e-6)
	require.InEpsilon(t, ((2500*100.0/60+2500.0/1800*10)*month-10e6)/1e4, us("HTTPS requests"), 1e-9)
	require.InEpsilon(t, 2500.0/60*1000*month/gib, us("out to origin"), 1e-9)
	require.Len(t, l.Usage, 3, "both regions have one edge")

	lb := s.Flow.Of("lb").Local
	require.InEpsilon(t, 2500*99.0/60/4, lb.Read(), 1e-9)
	require.InEpsilon(t, 2500.0/60, lb.Write(), 1e-9)
	require.Zero(t, lb.Pages, "first pages are at the edge")
	balancer := fitNodeless(t, s, "lb")
	require.Positive(t, usageOf(balancer, 0, "vpc", "public IPv4 address hour"), "edges reach it over the internet")

	web, _ := s.Profile.Component("web")
	bill := &transferBill{c: s.Task(web), spec: &Transfer{}, lost: nothing}
	for _, load := range s.Flow.Loads {
		bill.users(load)
		for i := range load.Edges {
			bill.edge(load, &load.Edges[i])
		}
	}
	require.Empty(t, bill.moves, "nothing leaves a region but to edges, which is free")
}

// Users of a region are near its edge, or where the profile says; each edge has prices and
// tiers of its own, and what is free is taken off once.
func TestUsersNearEdges(t *testing.T) {
	cat := testCatalog(t)
	out := func(regions, keys string) map[string]float64 {
		src := strings.Replace(behindCDN, "[{name: us-east-1}, {name: us-west-2}]", regions, 1)
		l := fitNodeless(t, testSystem(t, cat, strings.Replace(src, "hit_ratio", keys+"hit_ratio", 1)), "cdn")
		got := map[string]float64{}
		for _, u := range l.Usage {
			if edge, ok := strings.CutPrefix(u.Meter.Item(), "out to internet from "); ok {
				got[edge] = u.Quantity
			}
		}
		return got
	}
	all := 15.277777e6 * 730 * 3600 / gib
	got := out("[{name: eu-central-1}, {name: ap-south-1}]", "free: 0B\n    ")
	require.InEpsilon(t, all/2, got["EU"], 1e-6)
	require.InEpsilon(t, all/2, got["India"], 1e-6)
	got = out("[{name: eu-central-1}, {name: ap-south-1}]", "edges: {japan: 20%, canada: 80%}\n    ")
	require.InEpsilon(t, all*0.2-1024, got["Japan"], 1e-6, "free comes off the first")
	require.InEpsilon(t, all*0.8, got["Canada"], 1e-6)
	require.Len(t, got, 2)
}

// Which edge is near what is no region of AWS is not known, no edge is made up, and no service
// of the system calls one.
func TestCDNRefuses(t *testing.T) {
	for _, x := range []struct{ what, instead, want string }{
		{"hit_ratio: 75%", "edges: {atlantis: 100%}", `CloudFront has no edge "atlantis"`},
		{"hit_ratio: 75%", "edges: {eu: 60%}", "the parts of the edges add up to 60%"},
		{"hit_ratio: 75%", "survive: [node]", "is of all regions and outlives their loss"},
		{"name: us-west-2", "name: us-gov-west-1", "the users of us-gov-west-1 are near is not known"},
		{"lb: {kind", "x: {kind: stateless, cpu: 1ms, calls: {cdn: {per_read: 1}}}\n  lb: {kind",
			"only users reach a CDN"},
	} {
		src := strings.Replace(behindCDN, x.what, x.instead, 1)
		p, err := workload.Parse("test.yaml", []byte(src), Specs(), os.ReadFile)
		if err == nil {
			v, e := testCatalog(t).Vintage("")
			require.NoError(t, e)
			s, e := NewSystem(p.Demand(), v)
			require.NoError(t, e)
			c, _ := p.Component("cdn")
			_, err = cdnKind{}.Prepare(s.Task(c))
		}
		require.ErrorContains(t, err, x.want, x.instead)
	}
}
