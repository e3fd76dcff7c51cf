package catalog

import (
	"cmp"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"headroom/pkg/money"
)

// tablesFS is the project's own tables; tests of this package may not import
// package pricing.
func tablesFS() fs.FS { return os.DirFS("../../pricing") }

func openTables(t testing.TB) *Catalog {
	t.Helper()
	c, err := Open(tablesFS())
	require.NoError(t, err)
	return c
}

func region(t testing.TB, vintage, name string) *RegionPrices {
	t.Helper()
	v, err := openTables(t).Vintage(vintage)
	require.NoError(t, err)
	r, err := v.Region(name)
	require.NoError(t, err)
	return r
}

// copyTables is an in-memory copy of the CSV files, which a test may change.
func copyTables(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	src := tablesFS()
	require.NoError(t, fs.WalkDir(src, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == CompactName {
			return err
		}
		data, err := fs.ReadFile(src, path)
		out[path] = &fstest.MapFile{Data: data}
		return err
	}))
	return out
}

func TestVintages(t *testing.T) {
	c := openTables(t)
	require.Equal(t, "2026-10-04", c.Newest())
	infos := c.Vintages()
	require.Len(t, infos, 4)
	require.Equal(t, "2016-04-18", infos[0].Name)
	require.Equal(t, []string{"ec2"}, infos[0].Tables)
	require.Len(t, infos[0].Regions, 11) // pricing/README.md, "Tables"
	require.Len(t, infos[1].Regions, 15)
	require.Equal(t, []string{"ec2", "managed", "usage"}, infos[2].Tables)
	require.Equal(t, "", infos[2].Base)
	require.Equal(t, "2026-07-20", infos[3].Base)
	require.Equal(t, infos[2].Tables, infos[3].Tables, "with those of its base")

	for name, want := range map[string]map[string]bool{
		"2016-04-18": {"ec2": true, "usage": false, "managed": false},
		"2026-07-20": {"ec2": true, "usage": true, "managed": true},
		"2026-10-04": {"ec2": true, "usage": true, "managed": true},
	} {
		v, err := c.Vintage(name)
		require.NoError(t, err)
		for table, has := range want {
			require.Equal(t, has, v.HasTable(table), "%s %s", name, table)
		}
	}
}

// The counts are those of the collected facts the tables were made from: the table of
// pricing/README.md lists every file, or the files of all regions as one.
func TestRowCounts(t *testing.T) {
	rows, regions := map[string]int{}, map[string]int{}
	for _, f := range openTables(t).Files() {
		path := f.Path
		if f.Region != "" {
			path = strings.Replace(path, f.Region+".csv", "<region>.csv", 1)
			regions[path]++
		}
		rows[path] += f.Rows
	}
	readme, err := os.ReadFile("../../pricing/README.md")
	require.NoError(t, err)
	listed := regexp.MustCompile("(?m)^\\| `([^`]+\\.csv)` \\| (\\d+)(?: in (\\d+) regions)? \\|").
		FindAllStringSubmatch(string(readme), -1)
	for _, x := range listed {
		n, err := strconv.Atoi(x[2])
		require.NoError(t, err)
		require.Equal(t, n, rows[x[1]], x[1])
		require.Equal(t, strconv.Itoa(regions[x[1]]), cmp.Or(x[3], "0"), x[1])
		delete(rows, x[1])
	}
	require.Empty(t, rows, "tables that pricing/README.md does not list")
}

func TestUnknownNames(t *testing.T) {
	c := openTables(t)
	_, err := c.Vintage("2026-07-2")
	require.ErrorContains(t, err, "did you mean 2026-07-20?")
	require.ErrorContains(t, err, "2016-04-18, 2017-11-12, 2026-07-20, 2026-10-04")
	v, err := c.Vintage("2016-04-18")
	require.NoError(t, err)
	_, err = v.Region("us-esat-1")
	require.ErrorContains(t, err, "did you mean us-east-1?")
	_, err = v.Region("eu-north-1") // no such region in 2016
	require.ErrorContains(t, err, "unknown region in the vintage 2016-04-18")
}

func TestDamagedTableIsNamed(t *testing.T) {
	const path = "2026-07-20/ec2/us-east-1.csv"
	files := copyTables(t)
	files[path].Data = []byte(strings.Replace(string(files[path].Data), "0.081600", "0.000001", 1))
	c, err := Open(files)
	require.NoError(t, err, "opening reads the manifest only")
	v, err := c.Vintage("2026-07-20")
	require.NoError(t, err)
	_, err = v.Region("us-east-1")
	require.ErrorContains(t, err, path)
	require.ErrorContains(t, err, "SHA-256")
	_, err = v.Region("us-west-2")
	require.NoError(t, err, "other regions are not read")
}

// A usage table is read on demand; that it is damaged must not look like a
// missing price.
func TestDamagedUsageTable(t *testing.T) {
	const path = "2026-07-20/usage/us-east-1.csv"
	files := copyTables(t)
	files[path].Data = append(files[path].Data, "us-east-1,s3,x,GB,,,1,2026-01-01,SD26,,bill\n"...)
	c, err := Open(files)
	require.NoError(t, err)
	v, err := c.Vintage("")
	require.NoError(t, err)
	r, err := v.Region("us-east-1")
	require.NoError(t, err)
	_, ok := r.usageNamed("s3", "standard storage")
	require.False(t, ok)
	require.ErrorContains(t, r.Err(), path)
}

func TestDigest(t *testing.T) {
	c := openTables(t)
	seen := map[string]string{}
	for _, info := range c.Vintages() {
		v, err := c.Vintage(info.Name)
		require.NoError(t, err)
		require.Len(t, v.Digest(), 64)
		require.Empty(t, seen[v.Digest()])
		seen[v.Digest()] = info.Name
	}
	v, err := c.Vintage("")
	require.NoError(t, err)
	row := "region,instance_type,on_demand_hourly,as_of,source\nus-east-1,m7g.large,0.07,2026-08-01,our contract\n"
	a, err := v.WithOverlay("a.csv", []byte(row), "")
	require.NoError(t, err)
	b, err := v.WithOverlay("b.csv", []byte(row), "")
	require.NoError(t, err)
	require.NotEqual(t, v.Digest(), a.Digest())
	require.Equal(t, a.Digest(), b.Digest(), "content counts, not the name")

	// A shared table is part of every vintage's digest.
	files := copyTables(t)
	files[ManifestName].Data = []byte(strings.Replace(string(files[ManifestName].Data),
		"hardware/coremark.csv,,hardware,,1093", "hardware/coremark2.csv,,hardware,,1093", 1))
	c2, err := Open(files)
	require.NoError(t, err)
	w, err := c2.Vintage("2016-04-18")
	require.NoError(t, err)
	require.NotContains(t, seen, w.Digest())
}

func TestManifestRefusesNonsense(t *testing.T) {
	head := "path,vintage,table,region,rows,as_of_oldest,as_of_newest,sources,sha256\n"
	sum := strings.Repeat("0", 64)
	for name, body := range map[string]string{
		"is not a count":      "a.csv,2016-04-18,ec2,x,many,,,," + sum + "\n",
		"is not a SHA-256":    "a.csv,2016-04-18,ec2,x,1,,,,beef\n",
		"not sorted":          "b.csv,2016-04-18,ec2,x,1,,,," + sum + "\na.csv,2016-04-18,ec2,x,1,,,," + sum + "\n",
		"names no vintage":    "a.csv,,hardware,,1,,,," + sum + "\n",
		"has 2 cells":         "a.csv,x\n",
		"quoted cell is not ": "\"a.csv\n",
	} {
		_, err := Open(fstest.MapFS{ManifestName: {Data: []byte(head + body)}})
		require.ErrorContains(t, err, name)
	}
	_, err := Open(fstest.MapFS{})
	require.ErrorContains(t, err, "no manifest")
}

func rate(s string) money.Rate { return money.MustRate(s) }
