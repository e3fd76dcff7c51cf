package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A site is a region without tables: what it includes costs nothing, overlays price the
// rest, and the vintage below knows nothing of it.
func TestSites(t *testing.T) {
	c := openTables(t)
	v, err := c.Vintage("")
	require.NoError(t, err)
	w := v.WithSites([]Site{{Name: "aachen", Included: []Meter{InternetOut(), AddressHours()}, Source: "so we say"},
		{Name: "us-east-1", Included: []Meter{InternetOut()}}})
	require.NotContains(t, v.Regions(), "aachen")
	require.Contains(t, w.Regions(), "aachen")
	require.True(t, w.Site("aachen"))
	require.False(t, w.Site("us-east-1"), "the tables have it")
	r, err := w.Region("aachen")
	require.NoError(t, err)
	require.Empty(t, r.Types())
	tiers, ok := r.Usage(InternetOut())
	require.True(t, ok)
	require.Len(t, tiers, 1)
	require.True(t, tiers[0].Price.Rate.IsZero())
	require.Equal(t, "so we say", tiers[0].Price.Source)
	_, ok = r.Usage(ZoneOut())
	require.False(t, ok)

	const rows = "region,service,item,unit,price_usd,as_of,source\n" +
		"aachen,data-transfer,out to internet,GB,0.01,2026-09-01,contract\n" +
		"aachen,data-transfer,\"between AZs, out\",GB,0.02,2026-09-01,contract\n"
	_, err = v.WithOverlay("own.csv", []byte(rows), "")
	require.ErrorContains(t, err, `no price table has the region "aachen"`)
	w, err = w.WithOverlay("own.csv", []byte(rows), "")
	require.NoError(t, err)
	require.True(t, w.Site("aachen"))
	r, err = w.Region("aachen")
	require.NoError(t, err)
	for m, want := range map[Meter]string{InternetOut(): "0.01", ZoneOut(): "0.02", AddressHours(): "0.00"} {
		tiers, ok = r.Usage(m)
		require.True(t, ok, m)
		require.Equal(t, want, tiers[0].Price.Rate.String())
	}
	east, err := w.Region("us-east-1")
	require.NoError(t, err)
	tiers, _ = east.Usage(InternetOut())
	require.False(t, tiers[0].Price.Rate.IsZero())
}

// A machine beside the tables is as many times as fast as what it is like as is said, and
// no quota of EC2 counts it. Of one that is like nothing no speed is known.
func TestSpeedOfAMachineOfOnesOwn(t *testing.T) {
	c := openTables(t)
	ref, _ := c.NodeType("m7i.xlarge")
	box := &NodeType{Name: "r9", Family: "r9", VCPU: 16, Baseline: Is(1), SpeedOf: "m7i.xlarge", SpeedFactor: 0.8, Own: true}
	v, err := c.Speed(box, ClassHTTP, ref)
	require.NoError(t, err)
	require.InDelta(t, 0.8, v.PerVCPU, 1e-12)
	require.InDelta(t, 12.8, v.RefVCPUs, 1e-12)
	require.Contains(t, v.Detail(), "stated as 0.8 times m7i.xlarge")
	require.False(t, box.Standard())
	box.SpeedOf = ""
	_, err = c.Speed(box, ClassHTTP, ref)
	var none *NoSpeedError
	require.ErrorAs(t, err, &none)
	require.Equal(t, "speed.own", none.Why.Key)
}
