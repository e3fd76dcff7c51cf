package workload

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/diag"
	"headroom/pkg/drawn"
)

// testKinds has one kind without fields of its own.
func testKinds() Kinds {
	return Kinds{"service": func() any { return &struct{}{} }}
}

func parse(t testing.TB, src string) *Profile {
	t.Helper()
	p, err := Parse("p.yaml", []byte(src), testKinds(), os.ReadFile)
	require.NoError(t, err)
	return p
}

// problem parses a profile that must have a problem whose text has all parts.
func problem(t *testing.T, src string, parts ...string) diag.Problem {
	t.Helper()
	_, err := Parse("p.yaml", []byte(src), testKinds(), os.ReadFile)
	var ps diag.Problems
	require.ErrorAs(t, err, &ps)
	for _, p := range ps {
		text := p.Error() + " " + p.Hint
		ok := true
		for _, part := range parts {
			ok = ok && strings.Contains(text, part)
		}
		if ok {
			require.Equal(t, "p.yaml", p.Pos.File)
			require.Positive(t, p.Pos.Line)
			require.NotEmpty(t, p.Source)
			return p
		}
	}
	t.Fatalf("no problem has %q:\n%v", parts, err)
	return diag.Problem{}
}

const head = "apiVersion: headroom/v1\nname: x\nregions: [{name: us-east-1}, {name: us-west-2}]\n"

// The workload of the "Production Environment Architecture Proposal": 2,500
// users, 100 requests and 1 write a minute each, 2 MB first page, 3 KB answers.
const proposal = head + `
peak: {users: 2500, requests_per_user: 100/min, writes_per_user: 1/min, response: 3KB,
       first_page: 2MB, session: 30min, stored_per_write: 1KB}
components:
  web:
    kind: service
    entry: true
    calls:
      db: {per_read: 2, per_write: 1, reads_per_write: 3, request: 200B, response: 1KB}
  db:
    kind: service
    scope: primary
    calls:
      log: {per_write: 1, request: 500B, mode: async}
  log: {kind: service, scope: all}
`

func TestDemandOfTheProposal(t *testing.T) {
	d := parse(t, proposal).Demand()
	// 2,500 × 100/min = 4,166.7/s; 2,500/min = 41.67 writes/s; 2,500 sessions
	// of 30 min = 1.389 first pages/s.
	require.InDelta(t, 2500*100/60.0, float64(d.Requests), 1e-9)
	require.InDelta(t, 2500/60.0, float64(d.Writes), 1e-9)
	require.InDelta(t, float64(d.Requests-d.Writes), float64(d.Reads), 1e-9)
	require.InDelta(t, 2500/1800.0, float64(d.Pages), 1e-9)
	require.InDelta(t, 2500*100/60.0*3000+2500/1800.0*2e6, float64(d.Egress), 1e-6)
	require.InDelta(t, 2500/60.0*1000, float64(d.Stored), 1e-9)
	// Flat curve, 730 h: 4,166.7/s × 3600 × 730.
	require.InDelta(t, 4166.6667*3600*730, d.Monthly(float64(d.Requests), d.MeanTotal), 1e6)
}

func TestFlowFollowsTheCalls(t *testing.T) {
	p := parse(t, proposal)
	f := p.Flow(p.Demand(), func(*Component) Nature { return Nature{Scope: ScopeShare} })
	reads, writes := 4125.0, 2500/60.0
	db := f.Of("db")
	require.InDelta(t, 2*reads+3*writes, db.Global.Read(), 1e-6)
	require.InDelta(t, writes, db.Global.Write(), 1e-9)
	require.Zero(t, db.Local.Requests())
	log := f.Of("log")
	require.InDelta(t, writes, log.Global.Write(), 1e-9)
	require.InDelta(t, writes*500, log.Global.In, 1e-9)
	require.InDelta(t, writes*1000, log.Global.Data(), 1e-6, "new data travels on unmultiplied")
	require.Equal(t, []string{"web"}, db.Callers)

	// All writes meet at the primary, in the first region; the log has them in
	// each region.
	r, w := f.Rate(db, 0, 0, false)
	require.InDelta(t, 2*reads+3*writes, float64(r), 1e-6)
	require.InDelta(t, writes, float64(w), 1e-9)
	r, w = f.Rate(db, 1, 0, false)
	require.Zero(t, r+w)
	for region := range 2 {
		_, w = f.Rate(log, region, 0, false)
		require.InDelta(t, writes, float64(w), 1e-9)
	}
	// A lost region's users come to the other one.
	web := f.Of("web")
	own, _ := f.Rate(web, 1, 0, false)
	lost, _ := f.Rate(web, 1, 0, true)
	require.InDelta(t, reads/2, float64(own), 1e-6)
	require.InDelta(t, reads, float64(lost), 1e-6)
}

func TestCallersStandBeforeWhatTheyCall(t *testing.T) {
	p := parse(t, head+`
peak: {users: 1, requests_per_user: 1/s}
components:
  log: {kind: service}
  db: {kind: service, calls: {log: {per_write: 1}}}
  web: {kind: service, entry: true, calls: {db: {per_read: 1}, log: {per_write: 1}}}
`)
	order, bad := p.order()
	require.Nil(t, bad)
	names := ""
	for _, c := range order {
		names += c.Name + " "
	}
	require.Equal(t, "web db log ", names)
}

func TestProblemsHavePositions(t *testing.T) {
	const demand = "peak: {users: 1, requests_per_user: 1/s}\n"
	circle := problem(t, head+demand+"components:\n  a: {kind: service, entry: true, calls: {b: {per_read: 1}}}\n"+
		"  b: {kind: service, calls: {a: {per_read: 1}}}\n", "circle", "b → a → b")
	require.Equal(t, 6, circle.Pos.Line)
	problem(t, head+demand+"components:\n  a: {kind: service, entry: true, calls: {bb: {per_read: 1}}}\n"+
		"  b: {kind: service}\n", `"bb"`, "did you mean b?")
	problem(t, head+demand+"components:\n  a: {kind: service, entry: true, calls: {a: {per_read: 1}}}\n",
		"calls itself")
	problem(t, head+demand+"components:\n  a: {kind: service}\n", "no component is the entry")
	problem(t, head+"components:\n  a: {kind: service, entry: true}\n", "demand is not given")
	problem(t, head+demand+"components:\n  a: {kind: servce, entry: true}\n", "servce", "service")
	problem(t, head+"peak: {users: 1, requests_per_user: 1/s, write_ratio: 1%, writes_per_user: 1/s}\ncomponents:\n"+
		"  a: {kind: service, entry: true}\n", "given twice")
	problem(t, "apiVersion: headroom/v1\nname: x\nregions: [{name: us-east-1, share: 50%}, {name: us-west-2, "+
		"share: 40%}]\n"+demand+"components:\n  a: {kind: service, entry: true}\n", "90%")
	problem(t, head+"components:\n  a: {kind: service, pin: {type: m3.large, count: -1}}\n", "negative")
	problem(t, head+"components:\n  a: {kind: service, pin: {type: m3.large, count: 4..1}}\n", "smaller one")
	problem(t, head+demand+"classes: {a: {share: 50%}}\ncomponents:\n  a: {kind: service, entry: true}\n",
		"add up to 50%")
	problem(t, head+demand+"components:\n  a: {kind: service, entry: true, regions: [us-east-2]}\n", "us-east-2")
	problem(t, head+demand+"components:\n  a: {kind: service, entry: true, colocate: a}\n", "not another component")
	problem(t, head+demand+"curve: {file: nowhere.csv}\ncomponents:\n  a: {kind: service, entry: true}\n",
		"cannot be read")
}

func TestClassesSplitRequests(t *testing.T) {
	p := parse(t, head+`
peak: {users: 100, requests_per_user: 1/s, write_ratio: 10%, response: 1KB}
classes:
  browse: {share: 80%}
  upload: {share: 20%, write_ratio: 100%, response: 100B}
components:
  web:
    kind: service
    entry: true
    calls:
      images: {per_write: 1, classes: [upload]}
  images: {kind: service}
`)
	d := p.Demand()
	require.InDelta(t, 72, float64(d.Reads), 1e-9)
	require.InDelta(t, 8+20, float64(d.Writes), 1e-9)
	require.InDelta(t, 80*1000+20*100, float64(d.Egress), 1e-9)
	f := p.Flow(d, func(*Component) Nature { return Nature{Scope: ScopeShare} })
	require.InDelta(t, 20, f.Of("images").Local.Write(), 1e-9)
}

func TestCurves(t *testing.T) {
	for _, name := range []string{"flat", "office-hours", "consumer", "two-peaks"} {
		c := presetCurve(name)
		require.Equal(t, 1.0, c.Max(), name)
		for _, v := range c {
			require.Positive(t, v, name)
		}
		// A clock five hours behind UTC sees its noon at 17:00 UTC.
		s := c.shifted(-5)
		require.Equal(t, c[12], s[17], name)
		require.InDelta(t, c.Mean(), s.Mean(), 1e-12, name)
	}
	var b strings.Builder
	b.WriteString("hour,load\n")
	for h := range Hours {
		fmt.Fprintf(&b, "%d,%d\n", h, h+1)
	}
	s, err := ReadCurve("c.csv", []byte(b.String()))
	require.NoError(t, err)
	require.Equal(t, 1.0, s.Max())
	require.InDelta(t, 1.0/Hours, s[0], 1e-12)
	for _, bad := range []string{"", "a,b\n", "hour,load\n0,1\n", "hour,load\n200,1\n", "hour,load\n0,x\n",
		"hour,load\n0,-1\n", "hour,load\n0,1\n0,1\n", "hour,load\n0\n"} {
		_, err := ReadCurve("c.csv", []byte(bad))
		var ps diag.Problems
		require.True(t, errors.As(err, &ps), "%q", bad)
		require.Positive(t, ps[0].Pos.Line, "%q", bad)
	}
}

func TestGrowth(t *testing.T) {
	p := parse(t, head+`
growth: {monthly: 10%, phases: [{month: 3, multiplier: 2}]}
components: {a: {kind: service, pin: {type: m3.large, count: 1}}}
`)
	require.InDelta(t, 1.1*1.1, p.Growth.AtMonth(2), 1e-12)
	require.InDelta(t, 2*1.1*1.1*1.1, p.Growth.AtMonth(3), 1e-12)
	require.Equal(t, 1.0, p.Growth.AtMonth(0))
}

// Shares of a lost region's users add up: nobody is lost, nobody counted twice.
func TestTakeOverKeepsEveryUser(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(t, "regions")
		weights := rapid.SliceOfN(rapid.IntRange(1, 9), n, n).Draw(t, "weights")
		total := 0
		for _, w := range weights {
			total += w
		}
		all := make([]RegionDemand, n)
		for i := range all {
			all[i] = RegionDemand{Name: fmt.Sprint(i), Share: float64(weights[i]) / float64(total)}
			for h := range all[i].Own {
				all[i].Own[h] = all[i].Share
			}
		}
		for i := range all {
			all[i].takeOver(all, "active-active")
			if all[i].LostFrom == "" || all[i].Lost[0] <= all[i].Own[0] {
				t.Fatalf("region %d takes nothing over", i)
			}
			if all[i].Lost[0] > 1+1e-9 {
				t.Fatalf("region %d takes over more than everybody: %v", i, all[i].Lost[0])
			}
		}
	})
}

// With three regions in three time zones no loss is the worst in every hour:
// what a region must carry is the greatest of all losses, hour by hour.
func TestTakeOverIsTheWorstLossOfEveryHour(t *testing.T) {
	p := parse(t, `
apiVersion: headroom/v1
name: x
regions:
  - {name: us-east-1, tz: -5h, share: 40%}
  - {name: eu-west-1, tz: 0h, share: 30%}
  - {name: ap-southeast-1, tz: +8h, share: 30%}
curve: {preset: consumer}
peak: {users: 1000, requests_per_user: 1/s}
components: {web: {kind: service, entry: true}}
`)
	d := p.Demand()
	// The sum of all is greatest on Saturday at 14:00 UTC: 0.4 × 0.52 (09:00)
	// + 0.3 × 0.68 (14:00) + 0.3 × 0.88 (22:00) = 0.676 of the users.
	const top = 0.676
	for _, x := range []struct {
		hour, region int
		want         float64
	}{
		// Tuesday 13:00 UTC: 0.4 × 0.42 (08:00), 0.3 × 0.60 (13:00), 0.3 × 1
		// (21:00) = 0.168, 0.18, 0.30. Of a lost region of 30 % another of 40 %
		// takes 0.4/0.7 = 4/7 and one of 30 % 3/7; of the one of 40 % both others
		// take half. us-east-1 is worst off without Asia: 0.168 + 4/7 × 0.30.
		{37, 0, 0.168 + 4.0/7*0.30},
		{37, 1, 0.18 + 3.0/7*0.30}, // 0.3086; without America 0.18 + 0.084 = 0.264
		{37, 2, 0.30 + 0.5*0.168},  // 0.384; without Europe 0.30 + 3/7 × 0.18 = 0.3771
		// Tuesday 21:00 UTC: 0.4 × 0.60 (16:00), 0.3 × 1 (21:00), 0.3 × 0.15
		// (05:00) = 0.24, 0.30, 0.045: now us-east-1 is worst off without
		// Europe, 0.4114; without Asia it would be 0.2657.
		{45, 0, 0.24 + 4.0/7*0.30},
		{45, 1, 0.30 + 0.5*0.24},       // 0.42; without Asia 0.3193
		{45, 2, 0.045 + 3.0/7*0.30},    // 0.1736; without America 0.165
		{45 + 24, 2, 0.045 + 3.0/7*.3}, // Wednesday is like Tuesday
	} {
		require.InDelta(t, x.want/top, d.Regions[x.region].Lost[x.hour], 1e-9, "%+v", x)
	}
	// The loss that brings us-east-1 the most at all is that of Asia: on Saturday
	// at 02:00 UTC 0.4 × 1 + 4/7 × 0.3 × 0.60 = 0.5029. The most that Europe's
	// brings is, an hour earlier, 0.4 × 0.97 + 4/7 × 0.3 × 0.42 = 0.46.
	require.Equal(t, "ap-southeast-1", d.Regions[0].LostFrom)
	require.InDelta(t, (0.4+4.0/7*0.18)/top, d.Regions[0].Lost.Max(), 1e-9)

	// No loss of any region brings more in any hour, and some brings as much.
	for i := range d.Regions {
		r := &d.Regions[i]
		for h := range Hours {
			most := 0.0
			for k := range d.Regions {
				if lost := &d.Regions[k]; k != i {
					most = max(most, r.Own[h]+r.Share/(1-lost.Share)*lost.Own[h])
				}
			}
			require.InDelta(t, most, r.Lost[h], 1e-12)
		}
	}
}

func TestValuesRoundTrip(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		lo := rapid.IntRange(0, 100).Draw(t, "lo")
		want := CountRange{lo, lo + rapid.IntRange(0, 100).Draw(t, "more")}
		var got CountRange
		if err := got.ParseScalar(want.String()); err != nil || got != want {
			t.Fatalf("%v: %v %v", want, got, err)
		}
		tz := TZ(float64(rapid.IntRange(-48, 56).Draw(t, "quarters")) / 4)
		var back TZ
		if err := back.ParseScalar(tz.String()); err != nil || back != tz {
			t.Fatalf("%v: %v %v", tz, back, err)
		}
	})
}

func TestInputsNameWhatIsAssumed(t *testing.T) {
	p := parse(t, head+`
peak:
  users: 2500
  requests_per_user: {value: 100/min, source: the proposal}
  response: {value: 3KB, assumed: like the old system}
components: {web: {kind: service, entry: true}}
`)
	found := map[string]Input{}
	for _, in := range p.Inputs() {
		found[in.Path] = in
	}
	require.Equal(t, "like the old system", found["peak.response"].Assumed)
	require.True(t, found["peak.response"].Set)
	require.Equal(t, "the proposal", found["peak.requests_per_user"].Source)
	require.NotEmpty(t, found["policy.degraded"].Assumed)
	in := found["peak.users"]
	require.Equal(t, Override{Path: "peak.users", Value: 5000}, in.Scaled(2))
	in = found["policy.degraded"]
	require.Equal(t, Override{Path: "policy.degraded", Value: 1}, in.Scaled(2), "no more than the greatest value")
}

// peak.users is the peak of the total, wherever the regions' own peaks lie.
func TestThePeakIsTheTotals(t *testing.T) {
	p := parse(t, `
apiVersion: headroom/v1
name: x
regions: [{name: us-east-1, tz: -5h, share: 70%}, {name: us-west-2, tz: -8h, share: 30%}]
curve: {preset: consumer}
peak: {users: 1000, requests_per_user: 1/s}
components: {web: {kind: service, entry: true}}
`)
	d := p.Demand()
	require.InDelta(t, 1, d.Total.Max(), 1e-12)
	a, b := &d.Regions[0].Own, &d.Regions[1].Own
	for h := range Hours {
		require.InDelta(t, d.Total[h], a[h]+b[h], 1e-12)
	}
	require.InDelta(t, 7.0/3, a.Max()/b.Max(), 1e-9, "each region has its share of its own curve")
	require.Greater(t, a.Max()+b.Max(), 1.0, "they do not peak together")
	require.InDelta(t, 1, d.Regions[0].Lost.Max(), 1e-12, "alone it carries everybody")
}

// Demand in later months: users have grown, and what is sized for the horizon
// keeps that size until demand outgrows it.
func TestDemandOfALaterMonth(t *testing.T) {
	p := parse(t, proposal)
	p.Growth.Monthly.V, p.Horizon.V = 0.1, 3
	p.Growth.Phases = []Phase{{}}
	p.Growth.Phases[0].Month.V, p.Growth.Phases[0].Multiplier.V = 2, 3
	now := p.Demand()
	for month, factor := range map[int]float64{0: 1, 1: 1.1, 2: 3 * 1.21, 5: 3 * math.Pow(1.1, 5)} {
		d, err := p.In(Situation{Month: month})
		require.NoError(t, err)
		require.InDelta(t, float64(now.Users)*factor, float64(d.Users), 1e-6, "month %d", month)
		require.InDelta(t, float64(now.Requests)*factor, float64(d.Requests), 1e-6)
		// The greatest of months 0 to 3, or to the lead month: three from the month
		// itself.
		horizon := 3 * math.Pow(1.1, float64(month+3))
		require.InDelta(t, horizon, d.Lead*factor, 1e-9, "month %d", month)
		require.Equal(t, month+3, d.LeadMonth)
		require.InDelta(t, horizon, d.Growth*factor, 1e-9, "month %d", month)
	}
}
