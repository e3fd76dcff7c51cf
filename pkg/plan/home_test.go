package plan

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// losses are all sets of losses that can be survived.
func losses() (sets [][]string) {
	all := []string{"node", "zone", "region"}
	for bits := range 1 << len(all) {
		set := []string{}
		for i, loss := range all {
			if bits>>i&1 == 1 {
				set = append(set, loss)
			}
		}
		sets = append(sets, set)
	}
	return sets
}

// Who must survive less never pays more: what survives more would do as well. Without the
// loss of a region no server stands in the second one, and whatever reads there would wait
// for the first.
func TestSurvivingLessCostsNoMore(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	sources := map[string]string{"medium": profileSource(t, "medium"), "small": profileSource(t, "small")}
	for _, kind := range []string{"database", "pooler"} {
		sources[kind] = kindSource(t, kind)
	}
	for name, src := range sources {
		costs := map[string]float64{}
		for _, set := range losses() {
			p := parseProfile(t, src)
			p.Policy.Survive = set
			r := searchAny(t, p, cat, Options{})
			require.NotNil(t, r, "%s %v", name, set)
			costs[strings.Join(set, " ")] = r.running().running()
		}
		for _, less := range losses() {
			for _, more := range losses() {
				if slices.ContainsFunc(less, func(loss string) bool { return !slices.Contains(more, loss) }) {
					continue
				}
				require.LessOrEqual(t, costs[strings.Join(less, " ")], costs[strings.Join(more, " ")]*(1+1e-9),
					"%s: surviving %v against %v", name, less, more)
			}
		}
	}
}

// survivingNode is medium with so many users, which survives the loss of a node alone.
func survivingNode(t *testing.T, users float64) *workload.Profile {
	p := parseProfile(t, profileSource(t, "medium"))
	p.Policy.Survive, p.Peak.Users.V = []string{"node"}, unit.Count(users)
	return p
}

// reading sets who answers the reads of medium's database.
func reading(t *testing.T, p *workload.Profile, reads string) *workload.Profile {
	c, ok := p.Component("db")
	require.True(t, ok)
	c.Spec.(*sizing.Database).Reads = reads
	return p
}

// withoutReplicas is a plan in which nothing is chosen yet, of the system as the profile has it.
func withoutReplicas(t *testing.T, p *Plan) *Plan {
	sys, err := sizing.NewSystem(p.Demand, p.Tables.Vintage)
	require.NoError(t, err)
	q, s := *p, *p.search
	s.sys, sys.Ranking = sys, ranking{&s}
	q.System, q.search, q.Choices, q.Order = sys, &s, nil, nil
	return &q
}

// The whole plan is the cheaper one of that with a copy in each region and that with copies
// where they stand anyway; and a plan that is sized again has them where it had them.
func TestReadsAtHomeWhereThatCostsLess(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	home := map[bool]int{}
	for _, users := range []float64{10, 100, 500, 2500, 10_000} {
		r := searchAny(t, survivingNode(t, users), cat, Options{})
		near := searchAny(t, reading(t, survivingNode(t, users), "nearest"), cat, Options{})
		far := withoutReplicas(t, r)
		require.NoError(t, far.walk())
		require.Equal(t, min(near.running().running(), far.running().running()), r.running().running(), users)

		replicas := 0
		for _, pool := range choiceOf(t, r, "db").Layout.Pools {
			if pool.Role == "replica" && pool.Region == 1 {
				replicas += pool.Max
			}
		}
		home[replicas > 0]++
		again := r.Refit(r.Demand)
		require.Nil(t, again.Failed)
		for i, c := range r.Order {
			require.Equal(t, c.Layout.Pools, again.Layouts[i].Pools, c.Component.Name)
		}
	}
	require.Len(t, home, 2, "both ways win")
}

// A plan is made again only where a store's reads are waited for in another region and a
// copy there may answer them.
func TestReadAwayIsRare(t *testing.T) {
	cat := testCatalog(t)
	away := func(p *workload.Profile) []string {
		v, err := cat.Vintage("")
		require.NoError(t, err)
		sys, err := sizing.NewSystem(p.Demand(), v)
		require.NoError(t, err)
		return sys.ReadAway()
	}
	for _, size := range systems {
		require.Empty(t, away(parseProfile(t, profileSource(t, size))), size)
	}
	for _, reads := range []string{"primary", "replicas", "nearest"} {
		require.Empty(t, away(reading(t, survivingNode(t, 2500), reads)), reads)
	}
	require.Equal(t, []string{"db"}, away(survivingNode(t, 2500)))
	for what, change := range map[string][2]string{
		"fresh reads": {"    cpu_read: {value: 0.4ms", "    stale_reads: false\n    cpu_read: {value: 0.4ms"},
		"given":       {"    title: DB\n", "    title: DB\n    pin: {type: m7g.xlarge, count: 3}\n"},
		"one region":  {"    title: DB\n", "    title: DB\n    regions: [us-east-1]\n"},
	} {
		src := strings.Replace(profileSource(t, "medium"), change[0], change[1], 1)
		require.NotEqual(t, profileSource(t, "medium"), src, what)
		src = strings.Replace(src, "survive: [node, zone, region]", "survive: [node]", 1)
		require.Empty(t, away(parseProfile(t, src)), what)
	}
	src := strings.Replace(kindSource(t, "database"), "survive: [node, zone, region]", "survive: [node]", 1)
	require.Equal(t, []string{"it"}, away(parseProfile(t, src)))
	require.Empty(t, away(parseProfile(t, strings.Replace(src, "it: {per_read", "it: {mode: async, per_read", 1))),
		"nobody waits")
}

// Where nothing carries what waits for another region, replicas are had at any price. Any
// other error stays what it is.
func TestReplicasWhereNothingElseDoes(t *testing.T) {
	r := searchAny(t, survivingNode(t, 10), testCatalog(t), Options{})
	require.NotEmpty(t, r.System.ReadAway(), "without replicas it costs less")
	p := withoutReplicas(t, r)
	require.NoError(t, p.readHome(&Infeasible{Component: "phoenix"}))
	require.Empty(t, p.System.ReadAway())
	require.Greater(t, p.running().running(), r.running().running())

	choice := choiceOf(t, p, "db")
	choice.Layout.Detail()
	require.True(t, slices.ContainsFunc(choice.Layout.Structure, func(x remark.Remark) bool {
		return x.Key == "database.replicas" && x.Is("home")
	}), "and it is said why they are there")

	p = withoutReplicas(t, r)
	broken := errors.New("no table")
	require.Equal(t, broken, p.readHome(broken))
	require.Empty(t, p.Order)
}
