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
	if testing.Short() {
		t.Skip("all of it one after the other: the race detector would find nothing and take minutes")
	}
	c := openTables(t)
	older := append(unpricedMeters(),
		"route53 IP-based queries", "route53 geolocation queries", "route53 geoproximity queries",
		"route53 health check option, AWS endpoint", "route53 health check option, non-AWS endpoint")
	for _, e := range Edges() {
		older = append(older, EdgeOut(e).String(), EdgeToOrigin(e).String(), EdgeRequests(e, true).String(),
			EdgeRequests(e, false).String())
	}
	for vintage, missing := range map[string][]string{
		"2026-10-04": unpricedMeters(),
		"2026-07-20": append(older,
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

// What is of no region has one price, kept under one region; other partitions of AWS have
// prices of their own, which the tables lack.
func TestGlobalMeters(t *testing.T) {
	v, err := openTables(t).Vintage("")
	require.NoError(t, err)
	for _, m := range []Meter{DNSZones(), DNSQueries(RoutingLatency), EdgeOut(EdgeIndia)} {
		require.True(t, m.Global(), m)
		home, ok := region(t, v.Name(), GlobalRegion).Usage(m)
		require.True(t, ok, m)
		there := region(t, v.Name(), "eu-central-1")
		tiers, ok := there.Usage(m)
		require.True(t, ok, m)
		require.Equal(t, home, tiers)
		require.Equal(t, GlobalRegion, there.MissingUsage(m, "").Region)
		isolated := region(t, v.Name(), "us-gov-west-1")
		_, ok = isolated.Usage(m)
		require.False(t, ok, m)
		require.Equal(t, "us-gov-west-1", isolated.MissingUsage(m, "").Region)
	}
	require.False(t, InternetOut().Global())
}

// Every region of AWS whose prices the newest tables have is near an edge, but for GovCloud.
func TestEdgesOfRegions(t *testing.T) {
	v, err := openTables(t).Vintage("")
	require.NoError(t, err)
	for _, name := range v.Regions() {
		_, ok := EdgeOf(name)
		require.Equal(t, !isolated(name), ok, name)
	}
	for name, want := range map[string]Edge{"ap-south-2": EdgeIndia, "ap-southeast-1": EdgeAsiaPacific,
		"ap-southeast-4": EdgeAustralia, "ap-northeast-3": EdgeJapan, "eu-west-2": EdgeEurope} {
		e, ok := EdgeOf(name)
		require.True(t, ok)
		require.Equal(t, want, e, name)
		back, ok := ParseEdge(e.Key())
		require.True(t, ok)
		require.Equal(t, e, back)
	}
	for _, name := range []string{"cn-north-1", "us-gov-east-1", "aachen"} {
		_, ok := EdgeOf(name)
		require.False(t, ok, name)
	}
}
