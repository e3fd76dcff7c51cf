package catalog

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestProperties(t *testing.T) {
	c := openTables(t)
	for name, want := range map[string]Properties{
		"2016-04-18": {}, "2017-11-12": {}, "2026-07-20": {NetworkKnown: true, CurrentOnly: true},
		"2026-10-04": {NetworkKnown: true, CurrentOnly: true, Base: "2026-07-20"},
	} {
		v, err := c.Vintage(name)
		require.NoError(t, err)
		require.Equal(t, want, v.Properties, name)
		row := "region,instance_type,on_demand_hourly,as_of,source\nus-east-1,m4.large,0.07,2026-08-01,ours\n"
		over, err := v.WithOverlay("a.csv", []byte(row), "")
		require.NoError(t, err)
		require.Equal(t, want, over.Properties, "an overlay changes prices only")
	}
}

func TestVintagesFileRefusesNonsense(t *testing.T) {
	for _, x := range []struct{ old, new, want string }{
		{"2016-04-18,,no", "2016-04-18,,perhaps", `vintages.csv:2:13: network_known is "perhaps"`},
		{"2016-04-18,,", "2016-04-18,2026-07-20,", `vintages.csv:2:12: the base is "2026-07-20", which is`},
		{"2026-10-04,2026-07-20", "2026-10-04,2026-10-04", `vintages.csv:5:12: the base is "2026-10-04"`},
		{"2016-04-18", "2016-04-19", `vintages.csv:2:1: manifest.csv has no vintage "2016-04-19"`},
		{"2016-04-18", "2016-04-19", "vintages.csv: the vintage 2016-04-18 is missing"},
		{"2016-04-18", "2017-11-12", "vintages.csv:3:1: the row is not sorted"},
		{"network_known", "network", `column "network_known" is missing`},
	} {
		files := copyTables(t)
		files[VintagesName].Data = []byte(strings.Replace(string(files[VintagesName].Data), x.old, x.new, 1))
		_, err := Open(files)
		require.ErrorContains(t, err, x.want)
		require.Contains(t, Verify(files).Error(), x.want)
	}
	files := copyTables(t)
	delete(files, VintagesName)
	_, err := Open(files)
	require.ErrorContains(t, err, VintagesName)
}

// What the list says of a vintage is held against its types.
func TestVerifyChecksProperties(t *testing.T) {
	changed := func(from, to string) fstest.MapFS {
		files := copyTables(t)
		files[VintagesName].Data = []byte(strings.Replace(string(files[VintagesName].Data), from, to, 1))
		return files
	}
	require.Contains(t, Verify(changed("2016-04-18,,no", "2016-04-18,,yes")).Error(),
		"network_known of 2016-04-18 is yes, but 6 of its 54 types have a network baseline")
	require.Contains(t, Verify(changed("2026-07-20,,yes", "2026-07-20,,no")).Error(),
		"network_known of 2026-07-20 is no")
}
