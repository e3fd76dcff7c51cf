package workload

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// inEnvironment is the profile of an environment with the given keys.
func inEnvironment(keys string) (*Profile, error) {
	type spec struct{}
	src := `apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1}, {name: us-west-2}]
peak: {users: 1000, requests_per_user: 1/s, writes_per_user: 1/min}
data: {dataset: 20GB}
environments: {dev: {` + keys + `}}
components:
  web: {kind: pool, entry: true, pin: {type: m5.large, count: 8}, calls: {db: {per_read: 1}}}
  db: {kind: pool, allow: {families: [m5]}}
`
	p, err := Parse("shop.yaml", []byte(src), Kinds{"pool": func() any { return &spec{} }}, nil)
	if err != nil {
		return nil, err
	}
	return p.Environment("dev")
}

// What an environment says takes the place of production's; the rest is as there.
func TestEnvironmentOfItsOwn(t *testing.T) {
	q, err := inEnvironment("peak: {users: 20, requests_per_user: 2/s, write_ratio: 10%}, dataset: 1GB, " +
		"failover: independent, policy: {degraded: 95%, disk: 90%}, survive: [], types: [t4g.small, t2.micro], " +
		"machines: {db: {pin: {type: m5.xlarge, count: 1}, types: [m5.xlarge]}}")
	require.NoError(t, err)
	require.EqualValues(t, 20, q.Peak.Users.V)
	require.EqualValues(t, 2, q.Peak.RequestsPerUser.V)
	require.EqualValues(t, 0.1, q.Peak.WriteRatio.V)
	require.Nil(t, q.Peak.WritesPerUser, "writes are given once")
	require.EqualValues(t, 1e9, q.Data.Dataset.V)
	require.Equal(t, "independent", q.Failover)
	require.InDelta(t, 0.95, float64(q.Policy.Degraded.V), 0)
	require.InDelta(t, 0.90, float64(q.Policy.Disk.V), 0)
	require.InDelta(t, 0.60, float64(q.Policy.Own.V), 0, "as in production")
	web, _ := q.Component("web")
	require.Equal(t, CountRange{8, 8}, web.Pin.Count.V, "a load of its own is no part of another's nodes")
	require.Nil(t, web.Allow, "its type is given")
	db, _ := q.Component("db")
	require.Equal(t, "m5.xlarge", db.Pin.Type.V)
	require.Equal(t, []string{"m5.xlarge"}, db.Allow.Types)
}

// Hours follow the days, the hours of a day and the holidays, rounded once.
func TestSchedules(t *testing.T) {
	for keys, want := range map[string]float64{
		"schedule: {}":                                          521.43, // 730 × 120/168
		"hours_per_week: 120":                                   521.43,
		"schedule: {days: [sat, sun]}":                          208.57,
		"schedule: {hours: 8-18}":                               217.26,
		"schedule: {hours: 22-6}":                               173.81, // over midnight
		"schedule: {hours: 8:30-17:00}":                         184.67,
		"schedule: {days: [mon], hours: 0-24}":                  104.29,
		"schedule: {holidays: 10}":                              501.43, // 10 of 260.7 days
		"schedule: {days: [mon, tue, wed, thu, fri, sat, sun]}": 730,
	} {
		q, err := inEnvironment("scale: 10%, " + keys)
		require.NoError(t, err, keys)
		require.InDelta(t, want, float64(q.HoursPerMonth.V), 1e-9, keys)
		require.InDelta(t, 730, float64(q.CommittedHours()), 0, keys)
		require.InDelta(t, 730, float64(q.HeldHours()), 0, "%s: what is stopped is kept all month", keys)
		require.InDelta(t, 1, q.Held(), 0)
	}
	q, err := inEnvironment("scale: 10%, schedule: {}, on_stop: destroy")
	require.NoError(t, err)
	require.InDelta(t, 521.43, float64(q.HeldHours()), 1e-9)
	require.InDelta(t, 120.0/168, q.Held(), 1e-12)
}

func TestEnvironmentsRefuse(t *testing.T) {
	for keys, want := range map[string]string{
		"hours_per_week: 50":                               "neither scale nor users of its own",
		"scale: 10%, peak: {users: 5}":                     "the load is given twice",
		"scale: 10%, on_stop: destroy":                     "never stops",
		"scale: 10%, hours_per_week: 9, schedule: {}":      "hours_per_week and a schedule",
		"scale: 10%, schedule: {hours: 8}":                 "not a stretch of a day",
		"scale: 10%, schedule: {hours: 8-8}":               "not a stretch of a day",
		"scale: 10%, schedule: {hours: 8-25}":              "not a stretch of a day",
		"scale: 10%, schedule: {holidays: 261}":            "as many as the days on which it would run",
		"scale: 10%, schedule: {days: [friday]}":           `"friday" is not allowed`,
		"scale: 10%, machines: {dbb: {types: [m5.large]}}": `names component "dbb"`,
		"scale: 10%, machines: {db: {}}":                   "machines of nothing",
	} {
		_, err := inEnvironment(keys)
		require.ErrorContains(t, err, want, keys)
	}
}
