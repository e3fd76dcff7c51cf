package catalog

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
)

func withOverlay(t *testing.T, vintage, text string) *Vintage {
	t.Helper()
	v, err := openTables(t).Vintage(vintage)
	require.NoError(t, err)
	w, err := v.WithOverlay("own.csv", []byte(text), "")
	require.NoError(t, err)
	return w
}

func TestOverlayReplacesAndAdds(t *testing.T) {
	w := withOverlay(t, "", `# our prices
region,instance_type,on_demand_hourly,ri_1y_no_upfront,as_of,source
us-east-1,m7g.large,0.0700,,2026-08-01,contract
ca-west-1,m7g.large,0.5,0.4,2026-08-01,contract
ap-southeast-6,m7g.large,1.0,,2026-08,contract

region,service,item,unit,tier_from,tier_to,price_usd,as_of,source
us-west-1,elb,ALB LCU-hour,LCU-hour,,,0.008,2026-08-01,"bill, August"
us-west-2,s3,standard storage,GB-month,51200,,0.022,2026-08-01,bill
us-east-1,data-transfer,out to internet,GB,,,0.02,2026-08-01,contract

service,engine,deployment,region,node_type,on_demand_hourly,as_of,source
rds,postgresql,multi-az,us-east-1,db.m7g.large,0.3,2026-08-01,bill
`)
	r, err := w.Region("us-east-1")
	require.NoError(t, err)
	p, ok := r.OnDemand("m7g.large")
	require.True(t, ok)
	require.True(t, p.Rate.Equal(rate("0.07")))
	require.Equal(t, []string{"own.csv", "contract", "2026-08-01"}, []string{p.Overlay, p.Source, p.AsOf})
	// Prices that the overlay does not name stay.
	term, ok := r.Term("m7g.large", "reserved-1y-none")
	require.True(t, ok)
	require.Equal(t, "Y25", term.Source)
	calgary, err := w.Region("ca-west-1")
	require.NoError(t, err)
	require.Contains(t, calgary.Types(), "m7g.large")
	term, ok = calgary.Term("m7g.large", "reserved-1y-none")
	require.True(t, ok)
	require.True(t, term.Rate.Equal(rate("0.4")))

	old := withOverlay(t, "2026-07-20", "region,instance_type,on_demand_hourly,as_of,source\n"+
		"ap-southeast-6,m7g.large,1.0,2026-08,contract\n")
	auckland, err := old.Region("ap-southeast-6")
	require.NoError(t, err)
	require.Equal(t, []string{"m7g.large"}, auckland.Types())

	// An open price replaces all tiers.
	tiers, ok := r.usageNamed("data-transfer", "out to internet")
	require.True(t, ok)
	require.Len(t, tiers, 1)
	west, err := w.Region("us-west-2")
	require.NoError(t, err)
	tiers, ok = west.usageNamed("s3", "standard storage")
	require.True(t, ok)
	require.Len(t, tiers, 2)
	require.Equal(t, []string{"", "own.csv"}, []string{tiers[0].Price.Overlay, tiers[1].Price.Overlay})
	north, err := w.Region("us-west-1")
	require.NoError(t, err)
	tiers, ok = north.usageNamed("elb", "ALB LCU-hour")
	require.True(t, ok)
	require.Equal(t, "bill, August", tiers[0].Price.Source)

	m, ok := r.Managed("rds", "postgresql", "multi-az", "db.m7g.large")
	require.True(t, ok)
	require.True(t, m.OnDemand.Rate.Equal(rate("0.3")))
	require.NoError(t, r.Err())
}

// A row copied from a table with its header is a valid overlay as it is.
func TestTableRowsAreOverlays(t *testing.T) {
	for _, path := range []string{"2016-04-18/ec2/us-east-1.csv", "2017-11-12/ec2/us-east-1.csv",
		"2026-07-20/ec2/us-east-1.csv",
		"2026-07-20/managed/us-east-1.csv"} {
		data, err := fs.ReadFile(tablesFS(), path)
		require.NoError(t, err)
		v, err := openTables(t).Vintage("")
		require.NoError(t, err)
		_, err = v.WithOverlay(path, data, "")
		require.NoError(t, err, path)
	}
	data, err := fs.ReadFile(tablesFS(), "2026-07-20/usage/us-west-2.csv")
	require.NoError(t, err)
	var billed []string
	for line := range strings.Lines(string(data)) {
		if !strings.HasSuffix(line, ",check\n") {
			billed = append(billed, line)
		}
	}
	withOverlay(t, "2016-04-18", strings.Join(billed, ""))
}

func TestLaterOverlayWins(t *testing.T) {
	w := withOverlay(t, "",
		"region,instance_type,on_demand_hourly,as_of,source\nus-east-1,m7g.large,0.07,2026-08-01,a\n")
	w, err := w.WithOverlay("second.csv",
		[]byte("region,instance_type,on_demand_hourly,as_of,source\nus-east-1,m7g.large,0.06,2026-08-01,b\n"), "")
	require.NoError(t, err)
	r, err := w.Region("us-east-1")
	require.NoError(t, err)
	p, _ := r.OnDemand("m7g.large")
	require.True(t, p.Rate.Equal(rate("0.06")))
	require.Equal(t, []string{"own.csv", "second.csv"}, w.Overlays())
}

func TestOverlayProblems(t *testing.T) {
	const ec2 = "region,instance_type,on_demand_hourly,as_of,source\n"
	const use = "region,service,item,unit,tier_from,tier_to,price_usd,as_of,source\n"
	v, err := openTables(t).Vintage("")
	require.NoError(t, err)
	for _, x := range []struct{ name, text, want string }{
		{"empty", "", "own.csv:1:1: the overlay holds no prices"},
		{"comment only", "# nothing\n\n", "own.csv:1:1: the overlay holds no prices"},
		{"binary", "region\x00", "1:7: the file contains a NUL byte"},
		{"not UTF-8", "region,\xff\n", "1:8: byte 0xFF is not valid UTF-8"},
		{"no header", "us-east-1,m7g.large,0.1\n", "own.csv:1:1: the first line does not name the columns"},
		{"no source", ec2 + "us-east-1,m7g.large,0.1,2026-08-01,\n", "own.csv:2:36: source is blank"},
		{"no date", ec2 + "us-east-1,m7g.large,0.1,,x\n", "own.csv:2:25: as_of is blank"},
		{"bad date", ec2 + "us-east-1,m7g.large,0.1,August,x\n", "own.csv:2:25: as_of \"August\" is not a date"},
		{"no price", ec2 + "us-east-1,m7g.large,,2026-08-01,x\n", "own.csv:2:21: the row gives no price"},
		{"bad price", ec2 + "us-east-1,m7g.large,1e9,2026-08-01,x\n",
			"own.csv:2:21: price \"1e9\" is not a plain decimal number"},
		{"negative", ec2 + "us-east-1,m7g.large,-1,2026-08-01,x\n", "is negative"},
		{"no type", ec2 + "us-east-1,,1,2026-08-01,x\n", "own.csv:2:11: instance_type is blank"},
		{"twice", ec2 + "us-east-1,m7g.large,1,2026-08-01,x\nus-east-1,m7g.large,2,2026-08-01,x\n",
			"own.csv:3:21: ec2/us-east-1/m7g.large is priced twice, first in line 2"},
		{"unknown column", "region,instance_type,on_demand_houly,as_of,source\nus-east-1,m7g.large,1,2026-08-01,x\n",
			"no column \"on_demand_houly\""},
		{"cells", ec2 + "us-east-1,m7g.large\n", "own.csv:2:1: the row has 2 cells, the header has 5"},
		{"quotes", ec2 + "us-east-1,\"m7g.large,1,2026-08-01,x\n", "own.csv:2:1: a quoted cell is not closed"},
		{"unit", use + "us-east-1,s3,standard storage,GB,,,1,2026-08-01,x\n",
			"own.csv:2:31: s3 standard storage is priced per \"GB-month\""},
		{"gap", use + "us-west-2,s3,standard storage,GB-month,60000,,1,2026-08-01,x\n",
			"own.csv:2:40: the tiers do not join: one ends at 512000, the next begins at 60000"},
		{"empty tier", use + "us-west-2,s3,standard storage,GB-month,10,10,1,2026-08-01,x\n",
			"the tier ends at 10 and begins at 10"},
		{"check role",
			"region,service,item,unit,price_usd,as_of,source,role\nus-east-1,a,b,GB,1,2026-08-01,x,check\n",
			"is never billed"},
	} {
		t.Run(x.name, func(t *testing.T) {
			require.Contains(t, overlayProblems(t, v, x.text), x.want)
		})
	}
	_, err = v.WithOverlay("own.csv", []byte(strings.Repeat("x", MaxOverlay+1)), "")
	require.ErrorContains(t, err, "bytes, more than")
	// Several problems at once, in order, with their lines.
	_, err = v.WithOverlay("own.csv",
		[]byte(ec2+"us-east-1,m7g.large,x,2026-08-01,x\nus-east-1,c7g.large,1,2026-08-01,\n"), "")
	var ps diag.Problems
	require.ErrorAs(t, err, &ps)
	require.Len(t, ps, 2)
	require.Equal(t, []int{2, 3}, []int{ps[0].Pos.Line, ps[1].Pos.Line})
	require.Equal(t, "us-east-1,c7g.large,1,2026-08-01,", ps[1].Source)
}

func FuzzOverlay(f *testing.F) {
	f.Add("region,instance_type,on_demand_hourly,as_of,source\nus-east-1,m7g.large,0.07,2026-08-01,a\n")
	f.Add("region,service,item,unit,tier_from,tier_to,price_usd,as_of,source\n" +
		"us-west-2,s3,standard storage,GB-month,51200,,0.022,2026-08-01,\"b\"\"\"\r\n")
	f.Add("service,engine,deployment,region,node_type,ri_1y_partial_fee,ri_1y_partial_hourly,as_of,source\n" +
		"rds,mysql,,us-east-1,db.x,1,2,2026-08,b")
	f.Add("\ufeff# c\nregion\nregion,\"\n")
	c, err := Open(tablesFS())
	require.NoError(f, err)
	v, err := c.Vintage("")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		w, err := v.WithOverlay("own.csv", []byte(text), "")
		if err != nil {
			var ps diag.Problems
			if !errors.As(err, &ps) || len(ps) == 0 || len(ps) > maxProblems {
				t.Fatalf("not a list of problems: %T %v", err, err)
			}
			return
		}
		// What is accepted can be asked for without an error.
		for _, o := range w.overlays {
			for _, name := range o.regions() {
				r, err := w.Region(name)
				if err != nil {
					t.Fatal(err)
				}
				for _, typ := range r.Types() {
					r.OnDemand(typ)
				}
				r.UsageItems()
				for _, k := range r.ManagedItems() {
					r.Managed(k.Service, k.Engine, k.Deployment, k.NodeType)
				}
				if err := r.Err(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
