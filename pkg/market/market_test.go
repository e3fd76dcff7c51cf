package market

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
)

// ec2Market is EC2 in two regions.
func ec2Market(t *testing.T) (*Market, []*catalog.RegionPrices) {
	t.Helper()
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	v, err := c.Vintage("")
	require.NoError(t, err)
	var regions []*catalog.RegionPrices
	for _, name := range []string{"us-east-1", "us-west-2"} {
		r, err := v.Region(name)
		require.NoError(t, err)
		regions = append(regions, r)
	}
	k, err := New(EC2(c, regions))
	require.NoError(t, err)
	return k, regions
}

// What EC2's machines cost is what the tables have, in the region that is asked for.
func TestMachinesOfEC2(t *testing.T) {
	k, regions := ec2Market(t)
	m, ok := k.Find("m7g.large")
	require.True(t, ok)
	require.Equal(t, "ec2", m.Service())
	require.Equal(t, 2, m.VCPU)
	for i, r := range regions {
		p, ok := m.Price(i)
		want, has := r.OnDemand(m.Name)
		require.True(t, ok && has)
		require.Equal(t, want, p.Price)
		require.False(t, p.Monthly)
		require.True(t, p.Month(money.Int(730)).Equal(want.Rate.PerMonth(money.Int(730))))
		require.Equal(t, r.Terms(m.Name), m.Terms(i))
		spot, ok := m.Spot(i)
		list, _ := r.ListOnDemand(m.Name)
		require.True(t, ok)
		require.Equal(t, list, spot.List)
		require.NoError(t, m.Err(i))
	}
	require.Same(t, m.NodeType, k.Of(m.NodeType).NodeType)
}

// A machine that nobody has costs nothing known, which is not nothing.
func TestMachinesThatNobodyHas(t *testing.T) {
	k, _ := ec2Market(t)
	_, ok := k.Find("m7g.lagre")
	require.False(t, ok)
	require.Equal(t, "m7g.large", k.Suggest("m7g.lagre"))
	m := k.Named("m7g.lagre")
	_, ok = m.Price(0)
	require.False(t, ok)
	_, ok = m.Spot(0)
	require.False(t, ok)
	require.Empty(t, m.Terms(0))
	lack := m.Missing(1, "web")
	require.Equal(t, []string{"us-west-2", "ec2", "m7g.lagre", "web"},
		[]string{lack.Region, lack.Table, lack.Item, lack.For})
}

// All machines are listed once.
func TestAllMachines(t *testing.T) {
	k, _ := ec2Market(t)
	n, last := 0, ""
	for m := range k.All() {
		require.Less(t, last, m.Name)
		last = m.Name
		n++
	}
	require.Equal(t, k.Len(), n)
	for range k.All() {
		break // and may be left early
	}
	month := Price{Price: catalog.Price{Rate: money.MustRate("10")}, Monthly: true}
	require.True(t, month.Month(money.Int(100)).Equal(month.Rate), "a month costs what it costs")
}
