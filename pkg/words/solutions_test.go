package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

func TestFailureWords(t *testing.T) {
	at := func(key, where string, pairs ...any) remark.Remark {
		return remark.New("failure."+key, append([]any{"where", where}, pairs...)...)
	}
	node, zone := remark.New("failure.node"), at("zone", "other")
	for want, r := range map[string]remark.Remark{
		"a process":           remark.New("failure.process"),
		"a node, then a node": remark.New("failure.then", "of", []remark.Remark{node, node}),
		"a zone elsewhere and retries": remark.New("failure.together", "of",
			[]remark.Remark{zone, remark.New("failure.retries")}),
		"2 zones in the primary's region":   at("zone", "first", "number", 2),
		"1 disk elsewhere":                  at("disks", "other", "number", 1),
		"all disks in the primary's region": at("storage", "first"),
		"the primary's region":              at("region", "first"),
		"another region cut off":            at("split", "other"),
		"another region coming back":        at("failback", "other"),
		"no new nodes elsewhere":            at("launch", "other"),
		"wrong data found after 1 d":        remark.New("failure.corruption", "after", 24*3600),
		"fire":                              remark.New("failure.own", "name", "fire"),
	} {
		require.Equal(t, want, Say(r))
	}
}

func TestSolutionWords(t *testing.T) {
	node := []remark.Remark{remark.New("failure.node"), remark.New("failure.host")}
	aims := []remark.Remark{remark.New("solution.aim", "key", "aims.survive", "loss", "zone")}
	for want, r := range map[string]remark.Remark{
		"cheapest, by $120.00 a month":                    remark.New("solution.cheapest", "by", 120),
		"dearest without credits, by $0.50 a month":       remark.New("solution.dearest_without_credits", "by", 0.5),
		"alone meets survive zone":                        remark.New("solution.only_meets", "aims", aims),
		"alone goes on as before after: a node; a server": remark.New("solution.only_survives", "failures", node),
		"fewest single points of failure: 2":              remark.New("solution.fewest_points", "points", 2),
		"most headroom: 3,000 users":                      remark.New("solution.most_room", "users", 3000),
		"all of it is in one region, us-east-1":           remark.New("solution.one_region", "region", "us-east-1"),
	} {
		require.Equal(t, want, Say(r))
	}
	available := remark.New("solution.most_available", "figure", "contract", "down", 60)
	require.Equal(t, "most available: 60 s of a year without an answer, by contracts", Say(available))
	values := []string{"5", ""}
	require.Equal(t, "peak.users is 5 in a, none in b", UnequalDemand("peak.users", []string{"a", "b"}, values))
}
