package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const volumeProfile = `
apiVersion: headroom/v1
name: volumes
regions: [{name: us-east-1}]
horizon: 12
peak: {users: 600, requests_per_user: 10/min, write_ratio: 10%, response: 3KB, stored_per_write: 1KB,
  session: 30min, intra_hour_peak: 2}
curve: {preset: flat}
data: {dataset: 1GB%RETENTION%}
growth: {%GROWTH%}
components:
  web: {kind: stateless, entry: true, cpu: 1ms}
`

func volumeCase(t *testing.T, retention, growth string) *Task {
	t.Helper()
	src := strings.NewReplacer("%RETENTION%", retention, "%GROWTH%", growth).Replace(volumeProfile)
	s := testSystem(t, testCatalog(t), src)
	c, _ := prepare(t, s, "web")
	return c
}

// 600 × 10/60 × 10 % = 10 writes/s of 1 KB at the peak, half of it over the
// hour: 5,000 B/s × 3,600 × 730 = 13.14 GB a month.
const monthBytes = 13.14e9

func TestStored(t *testing.T) {
	c := volumeCase(t, "", "monthly: 0%")
	// At the end of month 0, of the lead month 3 and of month 12.
	now, lead, horizon := c.stored(10e3, 1)
	require.InDelta(t, 1e9+monthBytes, now, 1)
	require.InDelta(t, 1e9+4*monthBytes, lead, 1)
	require.InDelta(t, 1e9+13*monthBytes, horizon, 1)

	// 1 + 1.1 + … + 1.1^12 = (1.1^13 − 1)/0.1 = 24.52271.
	c = volumeCase(t, "", "monthly: 10%")
	_, _, horizon = c.stored(10e3, 1)
	require.InDelta(t, 1e9+24.522712143931*monthBytes, horizon, 1e3)

	// A month's retention keeps the last, greatest month: 1.1^12 = 3.13843.
	c = volumeCase(t, ", retention: 730h", "monthly: 10%")
	_, _, horizon = c.stored(10e3, 1)
	require.InDelta(t, 1e9+3.138428376721*monthBytes, horizon, 1e3)

	// Of a month and a half, half of the month before it: 1.1^11/2 = 1.42656.
	c = volumeCase(t, ", retention: 1095h", "monthly: 10%")
	_, _, horizon = c.stored(10e3, 1)
	require.InDelta(t, 1e9+(3.138428376721+1.426558353055)*monthBytes, horizon, 1e3)

	// Demand that falls: the most is kept at the end of the first month.
	c = volumeCase(t, ", retention: 730h", "phases: [{month: 1, multiplier: 0.5}]")
	_, _, horizon = c.stored(10e3, 1)
	require.InDelta(t, 1e9+monthBytes, horizon, 1)

	// An event of half a month at three times the load adds a month.
	c = volumeCase(t, "", "events: [{name: sale, month: 3, duration: 365h, multiplier: 3}]")
	_, _, horizon = c.stored(10e3, 1)
	require.InDelta(t, 1e9+14*monthBytes, horizon, 1)
	require.InDelta(t, 1, c.events(3), 1e-12)
	require.Zero(t, c.events(4))
	c.Component.Name = "other"
	c.Profile.Growth.Events[0].Components = []string{"web"}
	require.Zero(t, c.events(3))
}

func TestWindow(t *testing.T) {
	c := volumeCase(t, "", "monthly: 0%")
	r, rate := &c.Regions[0], Linear{Local: 10e3}
	require.InDelta(t, monthBytes, c.monthly(r, rate), 1)
	// A day at the hours' mean; a minute, and half an hour, at the peak; no
	// hour holds more than its mean.
	require.InDelta(t, 5e3*86400, c.window(r, rate, 86400), 1e-3)
	require.InDelta(t, 10e3*60, c.window(r, rate, 60), 1e-6)
	require.InDelta(t, 5e3*3600, c.window(r, rate, 1800), 1e-6)
	require.InDelta(t, 5e3*3600, c.window(r, rate, 3000), 1e-6)
	require.InDelta(t, 5e3*3600*168*2.5, c.window(r, rate, 420*3600), 1)

	// A shape: the worst two and a half hours of office hours are 10 to 11
	// (1), 11 to 12 (0.98) and half of 9 to 10 (0.95); a month is 730/168 weeks.
	src := strings.NewReplacer("%RETENTION%", "", "%GROWTH%", "monthly: 0%",
		"preset: flat", "preset: office-hours").Replace(volumeProfile)
	c, _ = prepare(t, testSystem(t, testCatalog(t), src), "web")
	r = &c.Regions[0]
	require.InDelta(t, 5e3*3600*(1+0.98+0.95/2), c.window(r, rate, 9000), 1e-3)
	require.InDelta(t, c.monthly(r, rate)*168/730, c.window(r, rate, 168*3600), 1e-3)
}

// Seen from a later month, as much is written until the horizon as from the
// start; and what is there now has grown. The rate of that month is 1.1^5 of the
// start's.
func TestStoredInALaterMonth(t *testing.T) {
	c := volumeCase(t, "", "monthly: 10%")
	d := c.Flow.Demand
	d.Month, d.LeadMonth, d.Factor = 5, 5, c.Profile.Growth.AtMonth(5)
	now, _, horizon := c.stored(10e3*d.Factor, 1)
	// 1 + 1.1 + … + 1.1^5 = (1.1^6 − 1)/0.1 = 7.71561.
	require.InDelta(t, 1e9+7.71561*monthBytes, now, 1e3)
	require.InDelta(t, 1e9+24.522712143931*monthBytes, horizon, 1e3)
	d.Month, d.LeadMonth = 20, 20 // after the horizon of twelve months: what is there is the most
	now, _, horizon = c.stored(10e3*d.Factor, 1)
	require.InDelta(t, now, horizon, 1)
}

// The mean of a month of what is written and kept, against the mean of many
// moments.
func TestMeanOfAGrowingVolume(t *testing.T) {
	for _, retention := range []string{"", ", retention: 100h", ", retention: 730h", ", retention: 1000h"} {
		c := volumeCase(t, retention, "monthly: 10%")
		for month := range 4 {
			g := c.growing(10e3, 1, month+1, c.Profile.Data.Retention)
			const moments = 100_000
			sum := 0.0
			for i := range moments {
				sum += g.kept(float64(month) + (float64(i)+0.5)/moments)
			}
			require.InEpsilon(t, sum/moments, g.mean(month), 1e-8, "%s, month %d", retention, month)
		}
	}
	// Without growth, half of a month's bytes in the first one.
	c := volumeCase(t, "", "monthly: 0%")
	g := c.growing(10e3, 1, 1, nil)
	require.InDelta(t, monthBytes/2, g.mean(0), 1)
}
