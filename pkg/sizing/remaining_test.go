package sizing

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

const twoPlaces = `apiVersion: headroom/v1
name: two
regions: [{name: us-east-1, zones: 2}, {name: us-west-2}]
peak: {users: 100, requests_per_user: 1/min}
orchestrator: {kind: kubernetes, region: us-west-2}
components:
  web: {kind: stateless, entry: true, cpu: 1ms, calls: {db: {per_read: 1}}}
  db:
    kind: database
    failover: region
    members:
      - {role: primary, region: us-east-1, host: one}
      - {role: arbiter, region: us-east-1}
      - {role: replica, region: us-west-2, host: two}
copies:
  daily: {of: [db], every: 24h, at: us-east-1, on: disks}
  weekly: {of: [db], every: 7d, at: us-west-2, on: disks}
  abroad: {of: [db], every: 7d, on: objects}
scenarios:
  both: "region:us-west-2, node:db@us-east-1"
  far: host:two
  zones: zone:us-east-1:2
  web: node:web
environments:
  near: {scale: 10%, regions: [us-east-1]}
  bare: {scale: 10%, components: [web]}
  west: {scale: 10%, regions: [us-west-2]}
`

func readTwoPlaces(t *testing.T) *workload.Profile {
	t.Helper()
	p, err := workload.Parse("two.yaml", []byte(twoPlaces), Specs(), os.ReadFile)
	require.NoError(t, err)
	return p
}

// An environment has what is left of failures in its regions and of its components, and
// production keeps all.
func TestEnvironmentsHaveTheRest(t *testing.T) {
	p := readTwoPlaces(t)
	for _, c := range []struct {
		env               string
		members           int
		control           string
		copies, scenarios []string
	}{
		{"near", 2, "", []string{"daily", "abroad"}, []string{"zones", "web"}},
		{"west", 0, "us-west-2", []string{"weekly", "abroad"}, []string{"web"}},
		{"bare", -1, "us-west-2", []string{}, []string{"zones", "web"}},
		{workload.Production, 3, "us-west-2", []string{"daily", "weekly", "abroad"},
			[]string{"both", "far", "zones", "web"}},
	} {
		e, err := p.Environment(c.env)
		require.NoError(t, err, c.env)
		db, ok := e.Component("db")
		require.Equal(t, c.members >= 0, ok, c.env)
		if ok {
			require.Len(t, db.Members, c.members, c.env)
		}
		control := ""
		if e.Orchestrator.Region != nil {
			control = e.Orchestrator.Region.V
		}
		require.Equal(t, c.control, control, c.env)
		require.Equal(t, c.copies, e.Copies.Keys(), c.env)
		require.Equal(t, c.scenarios, e.Scenarios.Keys(), c.env)
	}
}

// A system that is put into other regions takes along what stands there.
func TestFailuresMove(t *testing.T) {
	p := readTwoPlaces(t)
	q, err := p.With(workload.Settings{Regions: []string{"us-east-1", "eu-west-1"}})
	require.NoError(t, err)
	db, _ := q.Component("db")
	require.Equal(t, "eu-west-1", db.Members[2].Region.V)
	require.Equal(t, "eu-west-1", q.Orchestrator.Region.V)
	weekly, _ := q.Copies.Get("weekly")
	require.Equal(t, "eu-west-1", weekly.Place.V)
	both, _ := q.Scenarios.Get("both")
	require.Equal(t, "region:eu-west-1, node:db@us-east-1", both.V)
	// The profile itself stays as it is.
	db, _ = p.Component("db")
	require.Equal(t, "us-west-2", db.Members[2].Region.V)
	require.Equal(t, "us-west-2", p.Orchestrator.Region.V)
	both, _ = p.Scenarios.Get("both")
	require.Equal(t, "region:us-west-2, node:db@us-east-1", both.V)
	one, err := p.With(workload.Settings{Regions: []string{"eu-west-1"}})
	require.NoError(t, err)
	db, _ = one.Component("db")
	require.Len(t, db.Members, 2)
	require.Equal(t, []string{"daily", "abroad"}, one.Copies.Keys())
	require.Equal(t, []string{"zones", "web"}, one.Scenarios.Keys())
}

// A failover that is set from outside may leave without effect what the file says of it.
func TestAFailoverToTry(t *testing.T) {
	src := strings.Replace(twoPlaces, "failover: region", "failover: region\n    promotion_elsewhere: auto", 1)
	d, err := workload.Open("two.yaml", []byte(src), Specs(), os.ReadFile)
	require.NoError(t, err)
	const path = "components.db.failover"
	require.NoError(t, d.Set(strict.SetPos(path, "none"), path, "none"))
	_, err = d.Profile()
	require.NoError(t, err)
	src = strings.Replace(src, "failover: region", "failover: none", 1)
	_, err = workload.Parse("two.yaml", []byte(src), Specs(), os.ReadFile)
	require.ErrorContains(t, err, "promotion_elsewhere is auto")
}
