package bill

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// The rows of the three tables in section 5 of "The Happy Production Model"
// (Maxim Noah Khailo, 2016-05-03), typed from the document and not from the
// profiles: system, machine, count, 1× price, total.
var document = map[string][]string{
	"medium": {
		"Consul/Zookeeper t2.small 3 18.72 56.16",
		"DB i2.2xlarge 1 1227.60 1227.60",
		"Kafka d2.xlarge 2 496.80 993.60",
		"ElasticSearch r3.xlarge 3 239.76 719.28",
		"ES Logging r3.xlarge 1 239.76 239.76",
		"Green River m3.xlarge 1 191.52 191.52",
		"Phoenix/Ashes m3.xlarge 1..4 191.52 191.52–766.08",
	},
	"large": {
		"Consul/Zookeeper t2.medium 3 37.44 112.32",
		"DB i2.4xlarge 2 1227.60 2455.20",
		"Kafka d2.xlarge 3 496.80 1490.40",
		"ElasticSearch r3.2xlarge 3 478.80 1436.40",
		"ES Logging r3.2xlarge 3 478.80 1436.40",
		"Green River m3.2xlarge 1 383.04 383.04",
		"Phoenix/Ashes m3.2xlarge 1..4 383.04 383.04–1532.16",
	},
	"small": {
		"Consul/Zookeeper t2.small 3 18.72 56.16",
		"DB d2.xlarge 1 496.80 496.80",
		"Kafka d2.xlarge 1 496.80 496.80",
		"ElasticSearch r3.large 1 119.52 119.52",
		"ES Logging r3.large 1 119.52 119.52",
		"Green River m3.large 1 95.76 95.76",
		"Phoenix/Ashes m3.large 1..4 95.76 95.76–383.04",
	},
}

// misprints are the rows that the document's price does not belong to.
var misprints = map[string]string{
	"DB i2.4xlarge 2 1227.60 2455.20": "DB i2.4xlarge 2 2455.20 4910.40",
}

func TestEveryLineOfTheDocument(t *testing.T) {
	c := testCatalog(t)
	for size, rows := range document {
		e := buildSource(t, c, profileSource(t, "reference-"+size), Request{}).Estimate
		for _, region := range []string{"us-east-1", "us-west-2"} {
			var got []string
			for _, l := range e.Lines {
				if l.Region == region {
					n := workload.CountRange{Min: int(l.Min.Float64()), Max: int(l.Max.Float64())}
					got = append(got, fmt.Sprintf("%s %s %s %s %s", l.System, l.Item, n, l.Price, l.Cost.Range()))
				}
			}
			var want []string
			for _, row := range rows {
				if right, ok := misprints[row]; ok {
					row = right
				}
				want = append(want, row)
			}
			require.Equal(t, want, got, "%s in %s", size, region)
		}
	}
}

func TestTotalsOfTheReferences(t *testing.T) {
	c := testCatalog(t)
	for _, x := range []struct{ size, regions, one, all string }{
		// The document's figures, its two errors in addition and price mended.
		{"small", "us-east-1,us-west-2", "1480.32–1767.60", "2960.64–3535.20"},
		{"medium", "us-east-1,us-west-2", "3619.44–4194.00", "7238.88–8388.00"},
		{"large", "us-east-1,us-west-2", "10152.00–11301.12", "20304.00–22602.24"},
		// eu-west-1 priced from its own table of 2016-04-18.
		{"small", "us-east-1,eu-west-1", "1480.32–1767.60", "3075.84–3678.48"},
		{"medium", "us-east-1,eu-west-1", "3619.44–4194.00", "7579.44–8786.88"},
		{"large", "us-east-1,eu-west-1", "10152.00–11301.12", "21305.52–23718.24"},
	} {
		e := buildSource(t, c, profileSource(t, "reference-"+x.size),
			Request{Settings: workload.Settings{Regions: strings.Split(x.regions, ",")}}).Estimate
		require.Equal(t, x.one, e.PerRegion[0].Cost.Range().String(), x)
		require.Equal(t, x.all, e.Total.Range().String(), x)
	}
}

// differences lists what does not match, as "system figure printed computed".
func differences(t *testing.T, c *catalog.Catalog, src string) (list []string, r *Reconciliation) {
	r, err := Reconcile(buildSource(t, c, src, Request{}))
	require.NoError(t, err)
	for _, x := range r.Checks {
		if !x.Matches {
			list = append(list, strings.Join([]string{x.System, x.Figure, x.Printed, x.Computed}, " | "))
		}
	}
	return list, r
}

func TestReconcileFindsExactlyWhatIsWrong(t *testing.T) {
	c := testCatalog(t)
	got, _ := differences(t, c, profileSource(t, "reference-small"))
	require.Empty(t, got)

	got, r := differences(t, c, profileSource(t, "reference-medium"))
	require.Equal(t, []string{
		"total | one region | 3618.44–4193.00 | 3619.44–4194.00",
		"total | 2 regions | 7236.88–8386.00 | 7238.88–8388.00",
	}, got)
	require.Empty(t, r.Readings)
	require.Contains(t, words.Say(r.Checks[len(r.Checks)-2].Remark), "3619.44–4194.00",
		"its own rows add up to the right total")

	got, r = differences(t, c, profileSource(t, "reference-large"))
	require.Equal(t, []string{
		"DB | 1× price | 1227.60 | 2455.20",
		"DB | total/month | 2455.20 | 4910.40",
		"total | one region | 7696.80–8845.92 | 10152.00–11301.12",
		"total | 2 regions | 15393.60–17691.84 | 20304.00–22602.24",
	}, got)
	require.Len(t, r.Readings, 2, "the price is wrong, or another machine was meant")
	require.Equal(t, "10152.00–11301.12", r.Readings[0].Total.String())
	require.Equal(t, "20304.00–22602.24", r.Readings[0].AllRegions.String())
	require.Contains(t, words.Say(r.Readings[1].Says), "i2.2xlarge")
	require.Equal(t, "7696.80–8845.92", r.Readings[1].Total.String())
	require.Equal(t, "15393.60–17691.84", r.Readings[1].AllRegions.String())
}

// Every printed value of every reference, altered alone in a copy, is named.
func TestReconcileNamesEveryAlteration(t *testing.T) {
	c := testCatalog(t)
	for _, size := range []string{"small", "medium", "large"} {
		src := profileSource(t, "reference-"+size)
		was, _ := differences(t, c, src)
		altered := 0
		for _, old := range printedValues(src) {
			changed := strings.Replace(src, old.context, old.changed, 1)
			require.NotEqual(t, src, changed, old.context)
			got, _ := differences(t, c, changed)
			require.NotEqual(t, was, got, "%s: altering %q to %q is not noticed", size, old.context, old.changed)
			altered++
		}
		require.Equal(t, 7*5+notesIn(src)+2, altered, size)
	}
}

type alteration struct{ context, changed string }

// printedValues makes one alteration for each value in the printed blocks: the
// line with that value replaced by another that parses.
func printedValues(src string) []alteration {
	var out []alteration
	for _, line := range strings.Split(src, "\n") {
		if strings.HasPrefix(line, "  total: ") || strings.HasPrefix(line, "  two_regions: ") {
			out = append(out, alteration{line, line[:strings.Index(line, ": ")] + ": 1.00..2.00"})
			continue
		}
		if !strings.Contains(line, " printed: {") {
			continue
		}
		for _, x := range []struct{ key, other string }{
			{"{system: ", "Other"}, {" machine: ", "c4.large"}, {" count: ", "9"}, {" price: ", "9.99"},
			{" total: ", "9.99"}, {" notes: ", `"Other"`},
		} {
			start := strings.Index(line, x.key)
			if start < 0 {
				continue
			}
			start += len(x.key)
			end := start + strings.IndexAny(line[start:], ",}")
			if strings.Contains(x.key, "notes") {
				end = strings.LastIndexByte(line, '}') // notes are the last value and may contain commas
			}
			out = append(out, alteration{line, line[:start] + x.other + line[end:]})
		}
	}
	return out
}

func notesIn(src string) int { return strings.Count(src, `, notes: "`) }
