package workload

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const withEnvironments = `apiVersion: headroom/v1
name: shop
hours_per_month: 730
regions: [{name: us-east-1, share: 60%}, {name: us-west-2, share: 40%}]
peak: {users: 1000, requests_per_user: 1/s}
environments:
  dev: {scale: 25%, hours_per_week: 42, regions: [us-west-2], components: [web, west], survive: []}
  qa: {scale: 50%}
components:
  web: {kind: pool, entry: true, pin: {type: m5.large, count: 2..5}, calls: {db: {per_read: 1}, west: {per_read: 1}}}
  west: {kind: pool, pin: {type: m5.large, count: 1}, regions: [us-west-2, us-east-1]}
  east: {kind: pool, pin: {type: m5.large, count: 1}, regions: [us-east-1]}
  db: {kind: pool, pin: {type: m5.large, count: 1}}
`

func TestEnvironment(t *testing.T) {
	type spec struct{}
	p, err := Parse("shop.yaml", []byte(withEnvironments), Kinds{"pool": func() any { return &spec{} }}, nil)
	require.NoError(t, err)
	before := *p

	dev, err := p.Environment("dev")
	require.NoError(t, err)
	require.Equal(t, "shop/dev", dev.Name)
	require.EqualValues(t, 250, dev.Peak.Users.V)
	require.InDelta(t, 730*42.0/168, float64(dev.HoursPerMonth.V), 1e-9, "docs/model.md section 1")
	require.Equal(t, []string{"us-west-2"}, dev.RegionNames())
	require.False(t, dev.Regions[0].Share.Set)
	require.Equal(t, []string{"web", "west"}, dev.ComponentNames())
	web, _ := dev.Component("web")
	require.Equal(t, []string{"west"}, web.Calls.Keys(), "what is not there is not called")
	require.Equal(t, CountRange{1, 2}, web.Pin.Count.V, "a quarter of 2..5, rounded up")
	west, _ := dev.Component("west")
	require.Equal(t, []string{"us-west-2"}, west.Regions)
	require.Empty(t, dev.Policy.Survive)

	qa, err := p.Environment("qa")
	require.NoError(t, err)
	require.Equal(t, p.RegionNames(), qa.RegionNames())
	require.True(t, qa.Regions[0].Share.Set)
	require.EqualValues(t, 730, qa.HoursPerMonth.V)
	require.Len(t, qa.Components, 4)

	same, err := p.Environment(Production)
	require.NoError(t, err)
	require.Same(t, p, same)
	require.Equal(t, before, *p, "the profile is not changed")

	_, err = p.Environment("qaa")
	require.ErrorContains(t, err, `the profile shop has no environment "qaa"; it has production, dev, qa`)
}
