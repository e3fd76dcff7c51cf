package catalog

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
)

// Rows of hardware/region_latency.csv.
func TestRoundTrip(t *testing.T) {
	c := openTables(t)
	for _, x := range []struct {
		from, to string
		ms       float64
	}{
		{"us-east-1", "us-west-2", 64.419}, // 64.031 the other way
		{"us-west-2", "us-east-1", 64.419},
		{"eu-west-1", "ap-east-1", 259.811}, // 225.13 this way
		{"eu-west-1", "eu-central-1", 27.456},
	} {
		got, err := c.RoundTrip(x.from, x.to)
		require.NoError(t, err)
		require.True(t, got.OK)
		require.InDelta(t, x.ms/1000, got.V, 1e-12, "%s %s", x.from, x.to)
	}
	for _, pair := range [][2]string{{"us-east-1", "us-gov-west-1"}, {"", ""}} {
		got, err := c.RoundTrip(pair[0], pair[1])
		require.NoError(t, err)
		require.Equal(t, Known{}, got, "unknown is not zero")
	}
}

const latencyHead = "from_region,to_region,rtt_ms_p50_1y\n"

// readRoundTrips is what the text of a table says.
func readRoundTrips(text string) (roundTrips, error) {
	return loadRoundTrips(func(path string, columns ...string) (*table, error) {
		return readTable(path, []byte(text), columns...)
	})
}

func TestRoundTripsAreReadStrictly(t *testing.T) {
	got, err := readRoundTrips(latencyHead + "a,b,12.5\na,c,\n")
	require.NoError(t, err)
	require.Equal(t, roundTrips{{"a", "b"}: 0.0125}, got, "a blank is unknown")
	for _, x := range []struct{ rows, want string }{
		{"a,b,0\n", "above zero"},
		{"a,b,-1\n", "zero or more"},
		{"a,b,1ms\n", "zero or more"},
		{"a,b,1\na,b,2\n", "occurs twice"},
		{",b,1\n", "column from_region: a region is needed"},
	} {
		_, err := readRoundTrips(latencyHead + x.rows)
		require.ErrorContains(t, err, x.want, x.rows)
		require.ErrorContains(t, err, latencyTable)
	}
	_, err = readRoundTrips("from_region,to_region,ms\na,b,1\n")
	require.ErrorContains(t, err, `column "rtt_ms_p50_1y" is missing`)
}

// What is read is seconds above zero, and what is not is a list of problems.
func FuzzRoundTrips(f *testing.F) {
	f.Add(latencyHead + "us-east-1,us-west-2,64.419\nus-west-2,us-east-1,\n")
	f.Add(latencyHead + strings.Repeat("a,b,-1\n", maxProblems+5))
	f.Add("y\nb,-1\n" + strings.Repeat("a,b,-1\n", maxProblems)) // columns are missing beside
	f.Add("\ufeffto_region,from_region,x,rtt_ms_p50_1y\r\na,b,\"\",1e-400\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readRoundTrips(text)
		if err != nil {
			var ps diag.Problems
			if !errors.As(err, &ps) || len(ps) == 0 || len(ps) > maxProblems {
				t.Fatalf("not a list of problems: %T %v", err, err)
			}
			return
		}
		for pair, seconds := range got {
			if !(seconds >= 0) || math.IsInf(seconds, 0) || pair[0] == "" || pair[1] == "" {
				t.Fatalf("%q: %g s", pair, seconds)
			}
		}
	})
}
