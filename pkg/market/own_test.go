package market

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
)

// Machines of one's own have the price that is stated, of nothing too; what is rented in
// their place has that of its type, with all the ways to buy it.
func TestOwn(t *testing.T) {
	k, regions := ec2Market(t)
	v := regions[0].Vintage()
	price := Price{Monthly: true, Price: catalog.Price{Rate: money.MustRate("89"), Source: "offer"}}
	offers := make([]Offer, len(regions))
	offers[0] = Offer{As: "m7g.large"}
	last := len(regions) - 1
	require.Positive(t, last)
	offers[last] = Offer{Known: true, Price: price}
	free := make([]Offer, len(regions))
	free[0] = Offer{Known: true}
	hosts := []Host{{NodeType: catalog.NodeType{Name: "zed", VCPU: 2}, Offers: free},
		{NodeType: catalog.NodeType{Name: "box", VCPU: 2}, Offers: offers}}
	both, err := New(EC2(v.Catalog(), regions), Own(hosts, v, regions))
	require.NoError(t, err)
	require.Equal(t, k.Len()+2, both.Len())
	box, ok := both.Find("box")
	require.True(t, ok)
	require.Equal(t, OwnService, box.Service())
	got, ok := box.Price(last)
	require.True(t, ok)
	require.Equal(t, price, got)
	require.Empty(t, box.Terms(last))
	_, ok = box.Spot(last)
	require.False(t, ok)
	m7g, _ := k.Find("m7g.large")
	got, ok = box.Price(0)
	want, _ := m7g.Price(0)
	require.True(t, ok)
	require.Equal(t, want, got)
	require.Equal(t, m7g.Terms(0), box.Terms(0))
	spot, _ := m7g.Spot(0)
	gotSpot, _ := box.Spot(0)
	require.Equal(t, spot, gotSpot)
	require.NoError(t, box.Err(0))
	require.Equal(t, "m7g.large", box.Missing(0, "web").Item)

	zed, _ := both.Find("zed")
	got, ok = zed.Price(0)
	require.True(t, ok && got.Rate.IsZero(), "what is said to cost nothing does")
	_, ok = zed.Price(last)
	require.False(t, ok, "what is not said has no price")
	lack := zed.Missing(last, "web")
	require.Equal(t, catalog.Missing{Vintage: v.Name(), Region: regions[last].Name(), Table: catalog.TableEC2,
		Item: "zed", For: "web"}, lack)
	require.NoError(t, Own(hosts, nil, nil).Err(0))
}
