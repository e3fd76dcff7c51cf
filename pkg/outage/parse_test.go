package outage

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readDay reads seconds such as 86400s, and 24h.
func readDay(text string) (float64, error) {
	if hours, ok := strings.CutSuffix(text, "h"); ok {
		h, err := strconv.ParseFloat(hours, 64)
		return h * 3600, err
	}
	return strconv.ParseFloat(strings.TrimSuffix(text, "s"), 64)
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "an event is missing",
		"node:db,":          "an event is missing",
		"fire":              `event "fire" is not known; there are process:COMPONENT`,
		"node":              `event "node": write node:COMPONENT[/ROLE][@REGION]`,
		"node:/primary":     "a component is missing",
		"node:db/":          "a role follows /, a region follows @",
		"node:db@":          "a role follows /, a region follows @",
		"zone::2":           "write zone:REGION[:ZONES]",
		"zone: :1":          "write zone:REGION[:ZONES]",
		"zone:a:0":          "with 1 to 1000",
		"zone:a:1001":       "with 1 to 1000",
		"zone:a:x":          "with 1 to 1000",
		"region:a:2":        "write region:REGION",
		"spot:a":            "nothing follows spot",
		"retries + retries": "retries is there twice",
		"corruption:never":  "event corruption:never",
		"corruption:-1s":    "a time from 0 on",
		"corruption:NaNs":   "a time from 0 on",
		"corruption:Infs":   "a time from 0 on",
	} {
		_, err := Parse(text, readDay)
		require.ErrorContains(t, err, want, text)
	}
}

// Forty zones of which twenty may be any are too many ways; nothing hangs.
func TestTooManyWays(t *testing.T) {
	s := simple(Part{Rule: Given})
	s.Regions[0].Zones = 40
	x, err := Parse("zone:a:20", readDay)
	require.NoError(t, err)
	require.ErrorContains(t, s.Check(x), "zone:a:20: its events can strike in more than 4096 ways")
	_, err = s.Unprotected(x, nil)
	require.Error(t, err)
	one := Of(Event{Kind: Zone, Region: "a", Number: 1})
	require.NoError(t, s.Check(one))
	_, err = s.Unprotected(one, []Scenario{x})
	require.Error(t, err)
	require.EqualError(t, s.Check(Of(Event{Kind: "fire"})), "fire is not known")
}

// What parses prints, and that parses to the same.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"zone:us-east-1 + retries, node:db", "zone:a:2", "disks:a:3", "corruption:24h",
		"process:db/primary@a, node:db@a", "host:one", "storage:a", "split:a + launch:b", "standby:db, cold:c",
		"deploy:web", "schema:db", "spot", "failback:a", "corruption:0.5s", "node:a@b/c", "node:a b @ c", "zone: :1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x, err := Parse(text, readDay)
		if err != nil {
			return
		}
		again, err := Parse(x.String(), readDay)
		require.NoError(t, err, x.String())
		require.Equal(t, x, again)
	})
}
