package catalog

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// unpricedMeters are those that no region of the newest tables has a price for. What
// needs one of them is told so, and an overlay may give it.
func unpricedMeters() []string {
	return []string{
		"s3 glacier deep archive PUT/COPY/POST/LIST requests",
		"s3 glacier deep archive restore requests",
		"s3 glacier flexible retrieval restore requests",
	}
}

// Each meter has a row in the newest vintage and in its base, or is named above. The
// lists of 2016 and 2017 have no usage prices.
func TestEveryMeterHasARow(t *testing.T) {
	c := openTables(t)
	for vintage, missing := range map[string][]string{
		"2026-10-04": unpricedMeters(),
		"2026-07-20": append(unpricedMeters(),
			"s3 glacier deep archive GET and other requests",
			"s3 glacier deep archive retrieval",
			"s3 glacier flexible retrieval GET and other requests",
			"s3 glacier flexible retrieval PUT/COPY/POST/LIST requests",
			"s3 glacier flexible retrieval retrieval",
			"s3 one-zone-IA GET and other requests",
			"s3 one-zone-IA PUT/COPY/POST/LIST requests",
			"s3 one-zone-IA retrieval",
			"s3 standard-IA GET and other requests",
			"s3 standard-IA PUT/COPY/POST/LIST requests"),
	} {
		v, err := c.Vintage(vintage)
		require.NoError(t, err)
		var lacking []string
		for _, m := range Meters([]string{"us-west-2"}) {
			priced := slices.ContainsFunc(v.Regions(), func(name string) bool {
				tiers, ok := region(t, vintage, name).Usage(m)
				require.True(t, !ok || tiers[0].Unit == m.Unit(), "%s is per %s", m, m.Unit())
				return ok
			})
			if !priced {
				lacking = append(lacking, m.String())
			}
		}
		slices.Sort(missing)
		slices.Sort(lacking)
		require.Equal(t, missing, lacking, vintage)
	}
}

// What a meter is called leads back to it, and to no other.
func TestMetersByName(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Meters([]string{"us-west-2", "eu-west-1"}) {
		require.False(t, seen[m.String()], m)
		seen[m.String()] = true
		back, ok := MeterOf(m.Service(), m.Item())
		require.True(t, ok, m)
		require.Equal(t, m, back)
		require.NotEmpty(t, m.Unit(), m)
	}
	for _, x := range [][2]string{{"ebs", "gp3 stroage"}, {"ebs", "gp2 provisioned IOPS"}, {"s3", "gp3 storage"},
		{"data-transfer", "to another US East region"}, {"data-transfer", "to "}, {"", ""}} {
		_, ok := MeterOf(x[0], x[1])
		require.False(t, ok, x)
	}
	require.Equal(t, " ", Meter{}.String())
}

// The list has the volume types of the limits, with what is provisioned for them.
func TestMetersOfVolumes(t *testing.T) {
	limits, err := openTables(t).Limits()
	require.NoError(t, err)
	all := Meters(nil)
	for _, v := range limits.Volumes() {
		require.Contains(t, all, VolumeStorage(v.Type), v.Type)
		require.Equal(t, v.ProvisionedIOPS, slices.Contains(all, VolumeIOPS(v.Type)), v.Type)
		require.Equal(t, v.ProvisionedThroughput, slices.Contains(all, VolumeThroughput(v.Type)), v.Type)
	}
}

// What no table has may be priced by an overlay, in the unit in which it is billed.
func TestOverlayOfAMeterWithoutAPrice(t *testing.T) {
	v, err := openTables(t).Vintage("")
	require.NoError(t, err)
	const header = "region,service,item,unit,price_usd,as_of,source\n"
	restores := ObjectRestores(S3GlacierDeep)
	row := "us-east-1,s3," + restores.Item() + ","
	w, err := v.WithOverlay("own.csv", []byte(header+row+"1000 requests,0.1,2026-10-01,offer\n"), "")
	require.NoError(t, err)
	r, err := w.Region("us-east-1")
	require.NoError(t, err)
	tiers, ok := r.Usage(restores)
	require.True(t, ok)
	require.Equal(t, "0.10", tiers[0].Price.Rate.String())
	_, err = v.WithOverlay("own.csv", []byte(header+row+"request,0.1,2026-10-01,offer\n"), "")
	require.ErrorContains(t, err, `is priced per "1000 requests" in the tables`)
}
