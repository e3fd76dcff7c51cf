package resilience

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/outage"
)

const day = 86400.0

// byZone are the nodes of a role by region and zone.
func byZone(s *outage.System, p *outage.Part, role string) [][]int {
	out := make([][]int, len(s.Regions))
	for r := range s.Regions {
		out[r] = make([]int, s.Regions[r].Zones)
	}
	for _, x := range p.Pools {
		if x.Role == role {
			out[x.Region][x.Zone] += x.Nodes
		}
	}
	return out
}

// Medium has two regions of three zones each: a primary with its standby in another zone, a
// candidate in the other region, and all else in both.
func TestMedium(t *testing.T) {
	s := systemOf(t, testCatalog(t), "../../profiles/medium.yaml")
	require.Equal(t, []string{"us-east-1", "us-west-2"}, []string{s.Regions[0].Name, s.Regions[1].Name})
	for i, r := range s.Regions {
		require.Equal(t, outage.Region{Name: r.Name, Zones: 3, Share: 0.5, Launches: true, From: i,
			Replace: outage.Seconds(600)}, r)
	}
	require.Equal(t, outage.DNS{Moves: true, Checks: true, Detect: outage.Seconds(90), TTL: outage.Seconds(60)}, s.DNS)

	db := partOf(t, s, "db")
	require.Equal(t, outage.Led, db.Rule)
	require.Equal(t, [][]int{{1, 0, 0}, {0, 0, 0}}, byZone(s, db, "primary"))
	require.Equal(t, [][]int{{0, 1, 0}, {0, 0, 0}}, byZone(s, db, "standby"))
	require.Equal(t, [][]int{{0, 0, 0}, {1, 0, 0}}, byZone(s, db, "failover"))
	require.Equal(t, "primary", db.Pools[0].Role, "who leads comes first")
	require.True(t, db.Keeps && !db.Elects && !db.Sync && db.Pieces == 1)
	require.Equal(t, outage.Seconds(40), db.Promote, "Patroni: 30 s and a loop of 10 s")
	require.Equal(t, outage.Seconds(1), db.Lag)

	kafka := partOf(t, s, "kafka")
	require.Equal(t, outage.Copied, kafka.Rule)
	require.Equal(t, [][]int{{1, 1, 1}, {1, 1, 1}}, byZone(s, kafka, ""))
	require.True(t, kafka.Apart && kafka.Mirrored && kafka.Keeps && kafka.Copies == 3 && kafka.Acks == 2)
	consul := partOf(t, s, "consul")
	require.Equal(t, outage.Voted, consul.Rule)
	require.Equal(t, 1, consul.Pools[0].Votes)
	require.False(t, partOf(t, s, "elasticsearch").Keeps, "it is made of the log")
	require.True(t, partOf(t, s, "es-logging").Keeps)
	lb := partOf(t, s, "lb")
	require.Equal(t, outage.Given, lb.Rule)
	require.Len(t, lb.Pools, 6)

	phoenix, ashes := partOf(t, s, "phoenix"), partOf(t, s, "ashes")
	require.Equal(t, "phoenix", ashes.On)
	require.Equal(t, phoenix.Pools, ashes.Pools, "they share nodes")
	require.Equal(t, outage.Seconds(60), phoenix.Detect, "two checks of a balancer fail")
	require.Len(t, phoenix.Least, 2)
	require.Equal(t, []outage.Call{
		{To: "db", PerRead: 0.5, PerWrite: 1, ReadsPerWrite: 3, Weight: phoenix.Calls[0].Weight,
			Written: phoenix.Calls[0].Written},
		{To: "elasticsearch", PerRead: 0.2, Weight: phoenix.Calls[1].Weight}}, phoenix.Calls)
	require.InDelta(t, 1/(0.5*99+3+1), phoenix.Calls[0].Written, 1e-12, "99 reads and a write of 100 requests")
	require.InDelta(t, 1, phoenix.Calls[0].Weight+ashes.Calls[0].Weight, 1e-12, "all that the database is asked for")
	require.True(t, db.Calls[0].Async)
}

// What users of medium ask for, and what copies there are of its data.
func TestMediumAskedAndCopied(t *testing.T) {
	s := systemOf(t, testCatalog(t), "../../profiles/medium.yaml")
	require.Len(t, s.Journeys, 4)
	all := 0.0
	for _, j := range s.Journeys {
		require.Equal(t, "lb", j.Entry)
		all += j.Share
	}
	require.InDelta(t, 1, all, 1e-12)
	var backups []outage.Copy
	for _, x := range s.Copies {
		if x.Name == "backups" {
			backups = append(backups, x)
		}
	}
	require.Len(t, backups, 2, "one in each region")
	require.Equal(t, []string{"db"}, backups[0].Of)
	require.Equal(t, outage.Seconds(day), backups[0].Every)
	require.Equal(t, outage.Seconds(35*day), backups[0].Keep)
	require.GreaterOrEqual(t, backups[0].Bytes, 20e9)
	require.False(t, partOf(t, s, "backups").Keeps, "it has copies only")
}

// campus-a says who its members are, on which servers, and what copies there are.
func TestCampus(t *testing.T) {
	s := systemOf(t, testCatalog(t), "../../profiles/campus-a.yaml")
	for i, r := range s.Regions {
		require.Equal(t, 0, r.From, "the control plane is in Aachen")
		require.True(t, r.Launches)
		require.Equal(t, outage.Seconds(340), r.Replace)
		require.Equal(t, []string{"aachen", "titan"}[i], r.Name)
	}
	require.Equal(t, outage.DNS{Moves: true, TTL: outage.Seconds(60)}, s.DNS, "plain records")
	require.Equal(t, outage.Unknown("recovery.on_call"), s.People.OnCall)

	raid6 := outage.Disks{Local: true, Tolerates: 2}
	ephemeral := outage.Disks{Local: true, Ephemeral: true, Tolerates: 2}
	mongo := partOf(t, s, "mongo")
	require.True(t, mongo.Elects && mongo.Rule == outage.Led)
	require.Equal(t, []outage.Pool{
		{Region: 0, Role: "primary", Nodes: 1, Host: "aachen-server", Data: true, Votes: 1, Leads: true, Reads: true,
			Disks: raid6},
		{Region: 1, Role: "replica", Nodes: 1, Host: "titan-server", Data: true, Votes: 1, Reads: true,
			Disks: ephemeral},
		{Region: 0, Role: "arbiter", Nodes: 1, Host: "aachen-server", Votes: 1, Disks: raid6},
	}, mongo.Pools)
	require.Equal(t, outage.Seconds(12), mongo.Promote)
	pg := partOf(t, s, "pg")
	require.True(t, pg.FarByHand && !pg.ByHand && !pg.Elects && pg.Pools[1].Leads)
	require.Equal(t, "aachen-server", partOf(t, s, "core").Pools[0].Host, "all machines are parts of one server")
	require.True(t, partOf(t, s, "core").Supervised)

	files := partOf(t, s, "aachen")
	require.True(t, files.Keeps && files.Rule == outage.Alike)
	require.Equal(t, []outage.Pool{{Region: 0, Role: "files", Nodes: 1, Host: "aachen-server", Data: true, Reads: true,
		Disks: raid6}}, files.Pools)
	for i := range s.Parts {
		require.NotEqual(t, "titan", s.Parts[i].Name, "a site without files is no part")
		require.NotEqual(t, "transfer", s.Parts[i].Name)
	}
	of, unknown := []string{"pg", "mongo", "aachen"}, func(key string) outage.Span { return outage.Unknown(key) }
	require.Equal(t, []outage.Copy{
		{Name: "daily", Of: of, Region: 0, Zonal: true, Disks: outage.Disks{Local: true}, Every: outage.Seconds(day),
			Keep: unknown("copies.daily.keep"), Bytes: 20e9},
		{Name: "weekly", Of: of, Region: 1, Zonal: true, Disks: outage.Disks{Local: true, Ephemeral: true},
			Every: outage.Seconds(7 * day), Keep: unknown("copies.weekly.keep"), Bytes: 20e9},
	}, s.Copies)
	require.InDelta(t, 0.99, weightOf(s, "pg", "core"), 1e-9)
}

// weightOf is the part of a part's load that comes from another.
func weightOf(s *outage.System, to, from string) float64 {
	for i := range s.Parts {
		for _, c := range s.Parts[i].Calls {
			if s.Parts[i].Name == from && c.To == to {
				return c.Weight
			}
		}
	}
	return 0
}

// A cache that has room for all items is a store; of a young app there is one of each.
func TestCouplesApp(t *testing.T) {
	s := systemOf(t, testCatalog(t), "../../profiles/couples-app.yaml")
	require.False(t, s.DNS.Moves, "there is one region")
	redis := partOf(t, s, "redis")
	require.True(t, redis.Keeps && redis.Rule == outage.Copied && redis.Copies == 1)
	require.True(t, redis.Pools[0].Disks.Memory)
	require.Zero(t, redis.Answers, "nothing else answers for it")
	require.Equal(t, [][]int{{1, 0, 0}}, byZone(s, partOf(t, s, "mysql"), "primary"))
	require.Equal(t, outage.Unknown("components.mysql.promotion_time"), partOf(t, s, "mysql").Promote)
	require.Equal(t, outage.Unknown("components.frontend.failures"), partOf(t, s, "frontend").Detect)
	require.True(t, partOf(t, s, "frontend").Calls[2].Async)
}

// Each region of the platform has stores of its own, and nobody moves.
func TestPlatform(t *testing.T) {
	s := systemOf(t, testCatalog(t), "../../profiles/platform.yaml")
	require.False(t, s.DNS.Moves, "the regions are independent")
	require.True(t, partOf(t, s, "services").Supervised)
	require.Nil(t, partOf(t, s, "services").Least)
}

// All that comes with headroom can be made, has a leader for each store with primaries, a place
// for every node, and calls and journeys between what there is.
func TestShippedProfiles(t *testing.T) {
	c := testCatalog(t)
	for _, file := range shipped(t) {
		t.Run(nameOf(file), func(t *testing.T) {
			p := planned(t, c, file)
			s, err := System(p, facts(t, c))
			require.NoError(t, err)
			require.NotEmpty(t, s.Parts)
			sound(t, s)
			if !strings.HasPrefix(nameOf(file), "reference") {
				require.NotEmpty(t, s.Journeys)
			}
		})
	}
}

// sound is what must hold of every system.
func sound(t require.TestingT, s *outage.System) {
	names := map[string]bool{}
	for i := range s.Parts {
		p := &s.Parts[i]
		require.False(t, names[p.Name], "%s twice", p.Name)
		names[p.Name] = true
		require.GreaterOrEqual(t, p.Pieces, 1)
		data, leads := 0, 0
		for _, x := range p.Pools {
			require.Positive(t, x.Nodes, p.Name)
			require.True(t, x.Region >= 0 && x.Region < len(s.Regions), p.Name)
			require.True(t, x.Zone >= 0 && x.Zone < s.Regions[x.Region].Zones, p.Name)
			if x.Data {
				data += x.Nodes
			}
			if x.Leads && x.Data {
				leads++
			}
		}
		if p.Keeps {
			require.Positive(t, data, "%s keeps data nowhere", p.Name)
		}
		if p.Rule == outage.Led {
			require.Positive(t, leads, "nobody leads %s", p.Name)
			require.GreaterOrEqual(t, p.Pools[0].Nodes, p.Pieces, "%s", p.Name)
		}
		if p.Rule == outage.Copied {
			require.GreaterOrEqual(t, p.Copies, 1, p.Name)
			require.LessOrEqual(t, p.Acks, p.Copies, p.Name)
		}
		if p.On != "" {
			require.True(t, names[p.On] || len(p.Pools) > 0, p.Name)
		}
	}
	for _, j := range s.Journeys {
		require.True(t, names[j.Entry], j.Entry)
	}
	for i := range s.Parts {
		for _, c := range s.Parts[i].Calls {
			require.True(t, c.Weight >= 0 && c.Weight <= 1, "%s to %s: %v", s.Parts[i].Name, c.To, c.Weight)
		}
	}
	for _, x := range s.Copies {
		for _, of := range x.Of {
			require.True(t, names[of], "copy %s of %s", x.Name, of)
		}
	}
}
