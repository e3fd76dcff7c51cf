package outage

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const day = 86400.0

// campus is solution 1 of the "Production Environment Architecture Proposal": primaries in
// Aachen, copies on Titan, plain records of DNS, an arbiter in Aachen.
func campus() *System {
	read := func(to string, part float64) Call { return Call{To: to, PerRead: part} }
	raid6 := Disks{Local: true, Tolerates: 2}
	return &System{
		Regions: []Region{{Name: "aachen", Zones: 1, Share: 0.5},
			{Name: "titan", Zones: 1, Share: 0.5, From: 1}},
		DNS:    DNS{Moves: true, TTL: Seconds(60)},
		People: People{OnCall: Unknown("recovery.on_call"), Rebuild: Unknown("recovery.rebuild")},
		Journeys: []Journey{{Class: "all", Entry: "traefik", Share: 0.99},
			{Class: "all", Writes: true, Entry: "traefik", Share: 0.01}},
		Parts: []Part{
			{Name: "traefik", Pools: []Pool{{Region: 0, Nodes: 2}, {Region: 1, Nodes: 2}}, Supervised: true,
				Calls: []Call{read("core", 0.7), read("alastair", 0.3), {To: "writer", PerWrite: 1}}},
			{Name: "core", Pools: []Pool{{Region: 0, Nodes: 2}, {Region: 1, Nodes: 2}}, Calls: []Call{read("pg", 1)}},
			{Name: "alastair", Pools: []Pool{{Region: 0, Nodes: 2}, {Region: 1, Nodes: 2}},
				Calls: []Call{read("mongo", 1)}},
			{Name: "writer", Pools: []Pool{{Region: 0, Nodes: 2}},
				Calls: []Call{{To: "pg", PerWrite: 0.7}, {To: "mongo", PerWrite: 0.3}}},
			{Name: "pg", Rule: Led, Keeps: true, Pieces: 1, Lag: Seconds(1), FarByHand: true, Pools: []Pool{
				{Region: 0, Role: "primary", Nodes: 1, Host: "server", Data: true, Leads: true, Reads: true,
					Disks: raid6},
				{Region: 1, Role: "replica", Nodes: 1, Host: "titan", Data: true, Leads: true, Reads: true,
					Disks: raid6}}},
			{Name: "mongo", Rule: Led, Keeps: true, Pieces: 1, Lag: Seconds(1), Elects: true, Pools: []Pool{
				{Region: 0, Role: "primary", Nodes: 1, Host: "server", Data: true, Leads: true,
					Reads: true, Votes: 1, Disks: raid6},
				{Region: 0, Role: "arbiter", Nodes: 1, Host: "server", Votes: 1},
				{Region: 1, Role: "replica", Nodes: 1, Host: "titan", Data: true, Reads: true, Votes: 1,
					Disks: raid6}}},
			{Name: "files", Keeps: true, Pools: []Pool{{Nodes: 1, Host: "server", Data: true, Disks: raid6}}},
		},
		Copies: []Copy{
			{Name: "daily", Of: []string{"pg", "mongo", "files"}, Region: 0, Zonal: true, Disks: Disks{Local: true},
				Every: Seconds(day)},
			{Name: "weekly", Of: []string{"pg", "mongo", "files"}, Region: 1, Zonal: true,
				Disks: Disks{Local: true, Ephemeral: true}, Every: Seconds(7 * day)},
		},
	}
}

// run is the outcome of a scenario in words.
func run(t *testing.T, s *System, text string) *Outcome {
	t.Helper()
	x, err := Parse(text, readDay)
	require.NoError(t, err)
	o, err := s.Run(x)
	require.NoError(t, err)
	return o
}

func lossOf(o *Outcome, part string) *Loss {
	for i := range o.Losses {
		if o.Losses[i].Part == part {
			return &o.Losses[i]
		}
	}
	return nil
}

// "A failure of Aachen would turn the whole system to be read-only."
func TestAachenLostIsReadOnly(t *testing.T) {
	o := run(t, campus(), "region:aachen")
	require.Equal(t, Phase{Reads: 0.5}, Phase{o.Now.Reads, o.Now.Writes, Span{}})
	require.Equal(t, Phase{Reads: 0.5}, Phase{o.Auto.Reads, o.Auto.Writes, Span{}}, "the records are plain")
	require.Equal(t, 1.0, o.Hand.Reads)
	require.Zero(t, o.Hand.Writes, "who writes stands in Aachen")
	require.Equal(t, Repair, o.By)
	require.Equal(t, Span{Seconds: 60, Missing: []string{"recovery.on_call"}}, o.Down)
	require.Equal(t, Loss{Part: "pg", Time: Seconds(1), From: "replica"}, *lossOf(o, "pg"))
	require.Equal(t, "weekly", lossOf(o, "files").From)
}

// "A failure of Titan would not affect the system": not Aachen, but half of the answers of
// DNS lead to it until somebody acts.
func TestTitanLostFailsHalfUntilSomebodyActs(t *testing.T) {
	o := run(t, campus(), "region:titan")
	require.Equal(t, 0.5, o.Now.Reads)
	require.Equal(t, 0.5, o.Auto.Writes)
	require.Equal(t, 1.0, o.Hand.Served())
	require.Equal(t, Person, o.By)
	require.Empty(t, o.Losses)
	retry := campus()
	retry.DNS.Retries = true
	require.Equal(t, 1.0, run(t, retry, "region:titan").Now.Served())
	checked := campus()
	checked.DNS.Checks, checked.DNS.Detect = true, Seconds(90)
	o = run(t, checked, "region:titan")
	require.Equal(t, Itself, o.By)
	require.Equal(t, Seconds(150), o.Down)
}

// "A network split would turn Titan readonly and not affect requests to Aachen, no
// split-brain situations possible."
func TestSplitLeavesTitanReadOnly(t *testing.T) {
	o := run(t, campus(), "split:titan")
	require.Equal(t, 1.0, o.Hand.Reads)
	require.Equal(t, 0.5, o.Hand.Writes, "those of Aachen's users")
	require.False(t, o.Split)
	require.Empty(t, o.Losses)
	two := campus()
	two.Parts[4].FarByHand = false
	require.True(t, run(t, two, "split:titan").Split, "who promotes by itself makes a second primary")
}

// Two disks of RAID 6 may fail; with three the live replica has all but its lag, and files
// are as old as the daily copy.
func TestDisksInAachen(t *testing.T) {
	o := run(t, campus(), "disks:aachen:2")
	require.Equal(t, 1.0, o.Now.Served())
	require.Empty(t, o.Losses)
	o = run(t, campus(), "disks:aachen:3")
	require.Equal(t, Seconds(1), lossOf(o, "pg").Time)
	require.Equal(t, Seconds(1), lossOf(o, "mongo").Time)
	require.Equal(t, Seconds(day), lossOf(o, "files").Time)
	bare := campus()
	bare.Copies = nil
	require.True(t, lossOf(run(t, bare, "disks:aachen:3"), "files").All, "without a copy all is lost")
}

// "A complete failure of all storage in Aachen can be restored from Titan backup, loosing
// max. a week": files; databases lose the lag.
func TestAllStorageInAachen(t *testing.T) {
	o := run(t, campus(), "storage:aachen")
	require.Equal(t, Seconds(7*day), lossOf(o, "files").Time)
	require.Equal(t, Seconds(1), lossOf(o, "mongo").Time)
}

// "Any HDD failure on Titan would not affect the system": its users lose their reads only
// where more disks fail than RAID 6 takes, and nothing is lost.
func TestDisksOnTitan(t *testing.T) {
	for _, n := range []string{"1", "2", "3"} {
		require.Empty(t, run(t, campus(), "disks:titan:"+n).Losses)
	}
}

// The weekly copy lies on disks that do not outlive Titan.
func TestTitanAndThenAachenLosesEverything(t *testing.T) {
	o := run(t, campus(), "region:titan, region:aachen")
	for _, part := range []string{"pg", "mongo", "files"} {
		require.True(t, lossOf(o, part).All)
	}
	require.Zero(t, o.Hand.Reads)
	elsewhere := campus()
	elsewhere.Copies[1].Region = -1
	require.False(t, lossOf(run(t, elsewhere, "region:titan, region:aachen"), "pg").All)
}

// Of MongoDB only the primary's process is lost: Titan has priority 0, so that nobody leads
// until it is started again.
func TestMongoPrimaryProcess(t *testing.T) {
	o := run(t, campus(), "process:mongo/primary")
	require.Equal(t, 1.0, o.Auto.Reads)
	require.InDelta(t, 0.7, o.Auto.Writes, 1e-12, "those of PostgreSQL go on")
	require.Equal(t, Person, o.By)
	restarted := campus()
	restarted.Parts[5].Supervised, restarted.Parts[5].Restart = true, Seconds(10)
	o = run(t, restarted, "process:mongo/primary")
	require.Equal(t, Itself, o.By)
	require.Equal(t, Seconds(10), o.Down)
	electable := campus()
	electable.Parts[5].Pools[2].Leads, electable.Parts[5].Promote = true, Seconds(12)
	electable.Parts[5].PromoteFar = Seconds(12)
	require.Equal(t, 1.0, run(t, electable, "process:mongo/primary").Auto.Writes)
}

// Without the arbiter, Titan's loss takes the majority, and with a write concern of the
// majority writes block even with it.
func TestArbiter(t *testing.T) {
	writes := func(s *System) float64 { s.DNS.Retries = true; return run(t, s, "region:titan").Hand.Writes }
	require.Equal(t, 1.0, writes(campus()))
	without := campus()
	without.Parts[5].Pools = append(without.Parts[5].Pools[:1:1], without.Parts[5].Pools[2])
	require.InDelta(t, 0.7, writes(without), 1e-12)
	majority := campus()
	majority.Parts[5].Acks = 2
	require.InDelta(t, 0.7, writes(majority), 1e-12)
}
