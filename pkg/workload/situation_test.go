package workload

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

const threeRegions = `apiVersion: headroom/v1
name: shop
failover: FAILOVER
regions:
  - {name: us-east-1, tz: -5h, share: 50%}
  - {name: us-west-2, tz: -8h, share: 30%}
  - {name: eu-west-1, tz: 1h, share: 20%}
curve: {preset: office-hours}
peak: {users: 1000, requests_per_user: 1/s, response: {value: 3KB, assumed: like the old system}}
growth: {monthly: 10%}
purchase: {min_commitment: 40%}
adjustments: [{name: agreed, kind: discount, part: 10%}]
environments: {dev: {scale: 25%, hours_per_week: 42, regions: [us-west-2], components: [web]}}
components:
  web: {kind: pool, entry: true, calls: {db: {per_read: 2}}, cpu: 2ms, disks: {data: {bytes: 1GB}}}
  db: {kind: pool, cpu: 3ms}
`

type poolSpec struct {
	CPU   strict.Value[unit.Duration] `yaml:"cpu"`
	Disks strict.Map[poolDisk]        `yaml:"disks"`
}

type poolDisk struct {
	Bytes strict.Value[unit.Bytes] `yaml:"bytes"`
}

func three(t *testing.T, failover string) *Profile {
	t.Helper()
	src := strings.Replace(threeRegions, "FAILOVER", failover, 1)
	p, err := Parse("shop.yaml", []byte(src), Kinds{"pool": func() any { return &poolSpec{} }}, nil)
	require.NoError(t, err)
	return p
}

func in(t *testing.T, p *Profile, s Situation) *Demand {
	t.Helper()
	d, err := p.In(s)
	require.NoError(t, err)
	return d
}

// Every number that Inputs lists can be another in a situation; the profile
// stays as it is, and the copy differs in that number alone.
func TestInputsOfASituation(t *testing.T) {
	p, untouched := three(t, "active-active"), three(t, "active-active")
	numbers := 0
	for _, input := range p.Inputs() {
		if !input.Numeric() {
			_, err := p.In(Situation{Inputs: []Override{{input.Path, 1}}})
			require.ErrorContains(t, err, input.Path, "shares and words are not changed on their own")
			continue
		}
		numbers++
		q := in(t, p, Situation{Inputs: []Override{{input.Path, 0.7654321}}}).Profile
		require.Equal(t, untouched, p, "the profile is not written: %s", input.Path)
		before, after := p.Inputs(), q.Inputs()
		require.Len(t, after, len(before))
		for i := range after {
			if after[i].Path == input.Path {
				require.Equal(t, 0.7654321, after[i].number, input.Path)
				after[i].number, after[i].Value = before[i].number, before[i].Value
			}
			require.Equal(t, before[i], after[i], "with another %s", input.Path)
		}
	}
	require.Greater(t, numbers, 30)
	for _, path := range []string{"components.web.cpu", "components.web.disks.data.bytes",
		"components.web.calls.db.per_read",
		"adjustments.0.part", "purchase.min_commitment", "peak.users"} {
		in(t, p, Situation{Inputs: []Override{{path, 0.5}}})
	}
	for _, path := range []string{"", "peak", "peak.userss", "components.web", "components.nobody.cpu",
		"components.web.kind", "regions.0.share"} {
		_, err := p.In(Situation{Inputs: []Override{{path, 1}}})
		require.Error(t, err, path)
	}
}

// What is not on the way to the number is shared, what is on it is not.
func TestSituationsShareWhatIsTheSame(t *testing.T) {
	p := three(t, "active-active")
	q := in(t, p, Situation{Inputs: []Override{{"components.web.cpu", 0.004}}}).Profile
	was, _ := p.Component("web")
	is, _ := q.Component("web")
	require.Equal(t, unit.Duration(0.004), is.Spec.(*poolSpec).CPU.V)
	require.Equal(t, unit.Duration(0.002), was.Spec.(*poolSpec).CPU.V)
	db, _ := p.Component("db")
	same, _ := q.Component("db")
	require.Same(t, db, same)
	require.Equal(t, reflect.ValueOf(p.Regions).Pointer(), reflect.ValueOf(q.Regions).Pointer())
	require.Same(t, p, in(t, p, Situation{}).Profile)
}

// What a demand takes over from another is what the profile itself gives, whichever number
// is another, whatever is lost, and in every environment.
func TestDemandsShareHowUsersAreSpread(t *testing.T) {
	p := three(t, "active-passive")
	asIs, lost := p.Demand(), in(t, p, Situation{Lost: "us-west-2"})
	situations := []Situation{{}, {Month: 3}, {Lost: "us-east-1"}, {Environment: "dev"}}
	for _, input := range p.Inputs() {
		if input.Numeric() {
			situations = append(situations, Situation{Month: 1, Inputs: []Override{{input.Path, 0.7654321}}})
		}
	}
	for _, s := range situations {
		for _, d := range []*Demand{asIs, lost} {
			got, err := d.In(s)
			require.NoError(t, err)
			require.Equal(t, in(t, p, s), got, "%+v", s)
		}
	}
	again, err := asIs.In(Situation{Inputs: []Override{{"peak.users", 7}}})
	require.NoError(t, err)
	require.Same(t, &asIs.Regions[0], &again.Regions[0])
}

// In every hour the worst loss of a region is what Lost says of the situation
// in which none is lost; and whoever is lost, all users are served.
func TestALostRegionsUsersAreElsewhere(t *testing.T) {
	for _, failover := range []string{"active-active", "active-passive"} {
		p, untouched := three(t, failover), three(t, failover)
		d := in(t, p, Situation{})
		var worst [3]Series
		for _, gone := range []int{0, 1, 2} {
			l := in(t, p, Situation{Lost: d.Regions[gone].Name})
			require.Equal(t, untouched, p)
			require.Equal(t, Situation{Lost: d.Regions[gone].Name}, l.Situation)
			require.Zero(t, l.Regions[gone].Own.Max())
			require.Zero(t, l.Regions[gone].Share)
			shares := 0.0
			for i := range l.Regions {
				r := &l.Regions[i]
				require.Equal(t, r.Own, r.Lost, "no further region is lost")
				require.Empty(t, r.LostFrom)
				shares += r.Share
				for h := range Hours {
					if i != gone {
						worst[i][h] = max(worst[i][h], r.Own[h])
						part := d.Regions[i].Share / (1 - d.Regions[gone].Share)
						require.InDelta(t, d.Regions[i].Own[h]+part*d.Regions[gone].Own[h], r.Own[h], 1e-12)
					}
				}
			}
			require.InDelta(t, 1, shares, 1e-12)
			for h := range Hours {
				require.InDelta(t, d.Total[h], l.Total[h], 1e-12)
			}
		}
		for i := range d.Regions {
			require.Equal(t, d.Regions[i].Lost, worst[i], d.Regions[i].Name)
		}
	}
}

func TestNobodyTakesOverFromIndependentRegions(t *testing.T) {
	p := three(t, "independent")
	d, l := in(t, p, Situation{}), in(t, p, Situation{Lost: "us-west-2"})
	require.Equal(t, d.Regions[0].Own, l.Regions[0].Own)
	require.Zero(t, l.Regions[1].Own.Max())
	require.Equal(t, d.Regions[2].Own, l.Regions[2].Own)
	require.Less(t, l.MeanTotal, d.MeanTotal)
	_, err := p.In(Situation{Lost: "us-west-1"})
	require.ErrorContains(t, err, `"us-west-1"`)
}

// Month, environment and numbers at once: the environment first, then the
// numbers of it.
func TestSituationsCombine(t *testing.T) {
	p := three(t, "active-active")
	d := in(t, p, Situation{Month: 2, Environment: "dev"})
	require.InDelta(t, 250*1.21, float64(d.Users), 1e-9)
	d = in(t, p, Situation{Month: 2, Environment: "dev", Inputs: []Override{{"peak.users", 40}}})
	require.InDelta(t, 40*1.21, float64(d.Users), 1e-9)
	require.Equal(t, "shop/dev", d.Profile.Name)
	require.Equal(t, Situation{Month: 2}, d.Situation, "the rest is in the profile")
}

func TestSettings(t *testing.T) {
	p, untouched := three(t, "active-active"), three(t, "active-active")
	dev, err := p.Environment("dev")
	require.NoError(t, err)
	q, err := dev.With(Settings{Vintage: "2016-04-18", Scope: "compute", Hours: 720, Regions: []string{"eu-west-1"}})
	require.NoError(t, err)
	require.Equal(t, untouched, p)
	require.Equal(t, []string{"eu-west-1"}, q.RegionNames())
	require.InDelta(t, 720*42.0/168, float64(q.HoursPerMonth.V), 1e-9)
	require.EqualValues(t, 720, q.CommittedHours())
	require.InDelta(t, 42.0/168, float64(q.Running()), 1e-12)
	require.Equal(t, "2016-04-18", q.Prices.Vintage)
	_, err = p.With(Settings{Regions: []string{"us-east-1", "us-east-1"}})
	require.ErrorContains(t, err, "twice")
}
