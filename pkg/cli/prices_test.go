package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/report"
)

// run runs a command line over tables, without files and environment.
func run(tables fs.FS, args ...string) (code int, out, errOut string) {
	var stdout, stderr bytes.Buffer
	env := Env{Args: args, Out: &stdout, Err: &stderr, Getenv: func(string) string { return "" }, Version: "test"}
	code = Main(env, tables, fstest.MapFS{})
	return code, stdout.String(), stderr.String()
}

func embedded() fs.FS { return os.DirFS("../../pricing") }

// damaged is a copy of the tables in which one text of a file is another.
func damaged(t *testing.T, file, text, other string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(embedded(), name)
		if name == file {
			changed := bytes.Replace(data, []byte(text), []byte(other), 1)
			require.NotEqual(t, data, changed, "%s must contain %q", file, text)
			data = changed
		}
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	require.NoError(t, err)
	return out
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	code, out, errOut := run(embedded(), "prices", "verify")
	require.Equal(t, exitOK, code, errOut)
	require.Contains(t, out, "digests, counts")

	tables := damaged(t, "2016-04-18/ec2/us-east-1.csv", "m4.large,0.12", "m4.large,0.13")
	code, out, errOut = run(tables, "prices", "verify", "--format", "csv")
	require.Equal(t, exitInvalid, code)
	require.Contains(t, out, "2016-04-18/ec2/us-east-1.csv")
	require.Contains(t, errOut, "problem")
	code, _, errOut = run(tables, "prices", "show", "m4.large")
	require.Equal(t, exitInvalid, code, "no price of a damaged table is shown")
	require.Contains(t, errOut, "2016-04-18/ec2/us-east-1.csv")

	code, _, _ = run(fstest.MapFS{}, "prices", "verify")
	require.Equal(t, exitInvalid, code)
}

// Every damaged table is named, also beyond the twenty problems at which an
// error message stops.
func TestVerifyListsAll(t *testing.T) {
	tables := damaged(t, "sources.csv", "K26,", "K27,").(fstest.MapFS)
	for name, f := range tables {
		if strings.HasPrefix(name, "2026-07-20/ec2/") {
			f.Data = append(f.Data, '\n')
		}
	}
	code, out, _ := run(tables, "prices", "verify", "--format", "csv")
	require.Equal(t, exitInvalid, code)
	for name := range tables {
		if strings.HasPrefix(name, "2026-07-20/ec2/") {
			require.Contains(t, out, name)
		}
	}
}

// What coverage wants is an item of the tables: a misspelt one would be
// missing everywhere.
func TestNeededItemsExist(t *testing.T) {
	c, err := catalog.Open(embedded())
	require.NoError(t, err)
	v, err := c.Vintage("")
	require.NoError(t, err)
	got, err := cover(v, "us-east-1")
	require.NoError(t, err)
	require.Empty(t, got.missingItems())
	require.True(t, got.complete())
}

// A region is complete exactly where no item is missing, by counting rows of
// the tables themselves.
func TestCompleteRegionsAgainstTheTables(t *testing.T) {
	c, err := catalog.Open(embedded())
	require.NoError(t, err)
	v, err := c.Vintage("")
	require.NoError(t, err)
	complete, lacking, err := completeRegions(v)
	require.NoError(t, err)
	require.Contains(t, lacking, "ALB LCU in af-south-1, ")
	for _, region := range v.Regions() {
		// Every region of the newest vintage has on-demand prices in one of its tables.
		want := true
		var rows [][]string
		for _, layer := range []string{v.Base, v.Name()} {
			data, err := fs.ReadFile(embedded(), layer+"/usage/"+region+".csv")
			require.NoError(t, err)
			more, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
			require.NoError(t, err)
			rows = append(rows, more...)
		}
		for _, n := range neededItems() {
			found := false
			for _, r := range rows {
				found = found || r[1] == n.Service() && r[2] == n.Item() && r[len(r)-1] == "bill"
			}
			want = want && found
		}
		require.Equal(t, want, contains(complete, region), region)
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// All formats of a listing hold the same rows, and JSON keeps types.
func TestListingFormats(t *testing.T) {
	l := listing{schema: "test/v1", lead: []string{"about it"}, cols: []listCol{
		{key: "name", head: "Name"}, {key: "n", head: "N", align: report.Right}, {key: "list", head: "List"},
		{key: "hidden"}}}
	l.add(plain("a|b"), count(-1234567), cell("x, y", names{"x", "y"}), plain("=1+1"))
	l.add(plain("c"), count(0), cell("", names(nil)), plain(""))
	l.fact("total", "Total", "two rows")
	l.fact("", "Next", "nothing")
	written := map[string]string{}
	for _, f := range report.DocumentFormats().Names() {
		var b bytes.Buffer
		require.NoError(t, report.Write(&b, f, l.document(), report.Output{}))
		written[f] = b.String()
	}
	require.Equal(t, "name,n,list,hidden\na|b,-1234567,x;y,'=1+1\nc,0,,\n", written["csv"])
	require.JSONEq(t, `{"schema":"test/v1","about":["about it"],"total":"two rows","rows":[
		{"name":"a|b","n":-1234567,"list":["x","y"],"hidden":"=1+1"},
		{"name":"c","n":0,"list":[],"hidden":""}]}`, written["json"])
	require.Contains(t, written["markdown"], `| a\|b | -1,234,567 | x, y |`)
	require.Regexp(t, `(?m)^a\|b +-1,234,567 +x, y$`, written["table"])
	require.NotContains(t, written["table"], "=1+1")
	require.Contains(t, written["table"], "Next")
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -999: "-999", -1000: "-1,000",
		1234567: "1,234,567"} {
		require.Equal(t, want, grouped(n))
	}
}

// Differences between two vintages by hand from the tables: c4.large 0.105 and
// 0.100, hi1.4xlarge in 2016 only, c5.large in 2017 only.
func TestDiffValues(t *testing.T) {
	code, out, errOut := run(embedded(), "prices", "diff", "2016-04-18", "2017-11-12", "--format", "json")
	require.Equal(t, exitOK, code, errOut)
	var got struct {
		Rows []struct {
			Type, Change  string
			Before, After json.Number
			Ratio         *float64 `json:"change_ratio"`
			BeforeUSD     *float64 `json:"before_usd"`
			AfterUSD      *float64 `json:"after_usd"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	seen := 0
	for _, r := range got.Rows {
		switch r.Type {
		case "c4.large":
			require.Equal(t, []any{"changed", 0.105, 0.1, -0.048}, []any{r.Change, *r.BeforeUSD, *r.AfterUSD, *r.Ratio})
		case "hi1.4xlarge":
			require.Equal(t, "removed", r.Change)
			require.Nil(t, r.AfterUSD)
		case "c5.large":
			require.Equal(t, "added", r.Change)
			require.Nil(t, r.BeforeUSD)
		default:
			continue
		}
		seen++
	}
	require.Equal(t, 3, seen)
}

// Terms compare whole terms: m4.large of 2016, 1 year all upfront at an
// effective 0.0688 against 0.12 on demand is −42.7 % (0.0688/0.12 = 0.5733).
func TestTermsAgainstOnDemand(t *testing.T) {
	code, out, errOut := run(embedded(), "prices", "show", "m4.large", "--prices", "2016-04-18", "--regions",
		"us-east-1", "--format", "csv")
	require.Equal(t, exitOK, code, errOut)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	found := false
	for _, r := range rows {
		if r[3] == "reserved-1y-all" {
			found = true
			require.Equal(t, []string{"0.0688", "effective-hourly", "-0.427"}, r[4:7])
		}
	}
	require.True(t, found)
}
