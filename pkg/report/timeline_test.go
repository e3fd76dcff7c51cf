package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/timeline"
	"headroom/pkg/workload"
)

const timelineShop = `apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1}, {name: us-west-2}]
peak: {users: 1000, requests_per_user: 60/min, write_ratio: 1%, response: 1KB, request: 100B}
data: {dataset: 10GB}
growth:
  monthly: 6%
  phases: [{name: press, week: 6, multiplier: 2}]
  events: [{name: sale, month: 3, duration: 40d, multiplier: 3}]
policy: {survive: [node, zone, region]}
components:
  web: {kind: stateless, entry: true, cpu: 4ms, calls: {db: {per_read: 1, per_write: 1}}}
  db: {kind: database, cpu_read: 0.3ms, cpu_write: 1ms}
environments: {dev: {scale: 10%, hours_per_week: 50}}
adjustments: [{name: VAT, kind: tax, part: 19%}, {name: start, kind: credit, amount: $500}]
`

// timelineOf plans the shop over time, and an environment beside it.
func timelineOf(t *testing.T, periods int, weekly bool, purchase string) *timeline.Timeline {
	t.Helper()
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	p, err := workload.Parse("shop.yaml", []byte(timelineShop), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	list := make([]bill.Request, 2)
	list[1].Environment = "dev"
	for i := range list {
		list[i].Purchase = purchase
	}
	x, err := timeline.Run(context.Background(), p, list, timeline.Options{Periods: periods, Weekly: weekly,
		Plan: func(p *workload.Profile, r bill.Request) (*bill.Planned, error) { return bill.Search(p, c, r) }})
	require.NoError(t, err)
	return x
}

func written(t *testing.T, format string, doc Document, o Output) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, format, doc, o))
	return b.String()
}

// In every format the periods add up to the total, to the cent.
func TestTimelineAddsUpInEveryFormat(t *testing.T) {
	for _, c := range []struct {
		periods  int
		weekly   bool
		purchase string
	}{{7, false, ""}, {7, false, "optimal"}, {9, true, "optimal"}} {
		x := timelineOf(t, c.periods, c.weekly, c.purchase)
		require.False(t, x.Systems[0].Total.Rented.IsZero() && !c.weekly)
		doc := Timeline(x)

		rows, err := csv.NewReader(strings.NewReader(written(t, "csv", doc, Output{}))).ReadAll()
		require.NoError(t, err)
		require.Equal(t, x.Total.Bill.String(), columnSum(t, rows, "cost", nil).String())
		require.Equal(t, x.Total.Cash.String(), columnSum(t, rows, "cash", nil).String())
		require.Equal(t, x.Total.Upfront.String(), columnSum(t, rows, "upfront", nil).String())

		for _, table := range [][][]string{markdownTable(written(t, "markdown", doc, Output{}), "Bill"),
			htmlTable(t, written(t, "html", doc, Output{}), "Bill")} {
			body := func(row []string) bool { return strings.Trim(row[0], "*") != "Total" }
			total := slices.IndexFunc(table, func(row []string) bool { return strings.Trim(row[0], "*") == "Total" })
			require.Positive(t, total)
			require.Len(t, table, c.periods+2)
			sum := columnSum(t, table, "Bill", body)
			require.Equal(t, x.Systems[0].Total.Bill.String(), sum.String())
			require.Equal(t, sum.Human(), strings.Trim(table[total][2], "*"))
			if c.purchase != "" {
				require.Equal(t, x.Systems[0].Total.Cash.String(), columnSum(t, table, "Cash", body).String())
			}
		}

		var back timeline.Timeline
		require.NoError(t, json.Unmarshal([]byte(written(t, "json", doc, Output{})), &back))
		var all timeline.Sums
		for i := range back.Systems {
			for k := range back.Systems[i].Periods {
				all = all.Plus(back.Systems[i].Periods[k].Sums)
			}
		}
		require.True(t, all.Bill.Equal(x.Total.Bill) && all.Cash.Equal(x.Total.Cash))
	}
}

// columnSum adds up a column of a table whose first row has the headers.
func columnSum(t *testing.T, rows [][]string, header string, body func([]string) bool) money.Amount {
	t.Helper()
	at := slices.Index(rows[0], header)
	require.GreaterOrEqual(t, at, 0, "%v has no %s", rows[0], header)
	var sum money.Amount
	for _, row := range rows[1:] {
		if body != nil && !body(row) || row[at] == "" {
			continue
		}
		a, err := money.ParseAmount(strings.NewReplacer("−", "-").Replace(row[at]))
		require.NoError(t, err)
		sum = sum.Plus(a)
	}
	return sum
}

// markdownTable is the first table with a header.
func markdownTable(text, header string) [][]string {
	var out [][]string
	for _, line := range strings.Split(text, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		switch {
		case len(out) == 0 && !slices.Contains(cells, header):
			continue
		case !strings.HasPrefix(line, "|"):
			return out
		case strings.HasPrefix(cells[0], "---"):
			continue
		}
		out = append(out, cells)
	}
	return out
}

// htmlTable is the first table of a page with a header.
func htmlTable(t *testing.T, page, header string) [][]string {
	t.Helper()
	for n := range requirePage(t, page).Descendants() {
		if n.Type != html.ElementNode || n.Data != "table" {
			continue
		}
		var rows [][]string
		for r := range n.Descendants() {
			if r.Type == html.ElementNode && r.Data == "tr" {
				var cells []string
				for c := range r.Descendants() {
					if c.Type == html.ElementNode && (c.Data == "td" || c.Data == "th") {
						text := ""
						for x := range c.Descendants() {
							if x.Type == html.TextNode {
								text += x.Data
							}
						}
						cells = append(cells, strings.TrimSpace(text))
					}
				}
				rows = append(rows, cells)
			}
		}
		if len(rows) > 0 && slices.Contains(rows[0], header) {
			return rows
		}
	}
	return nil
}

// JSON is as its schema says, and the schema is strict.
func TestTimelineSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(TimelineSchema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("timeline.schema.json", doc))
	s, err := c.Compile("timeline.schema.json")
	require.NoError(t, err)
	for _, purchase := range []string{"", "optimal"} {
		text := written(t, "json", Timeline(timelineOf(t, 6, false, purchase)), Output{})
		require.NoError(t, checkJSON(t, s, text))
		for _, old := range []string{`"schema"`, `"because"`, `"multiplier"`, `"cash"`, `"leave"`} {
			require.Contains(t, text, old)
			require.Error(t, checkJSON(t, s, strings.Replace(text, old, `"x"`, 1)), old)
		}
	}
}

// The short report fits a terminal of 80 columns and says each change with its stimulus.
func TestTimelineInShort(t *testing.T) {
	x := timelineOf(t, 7, false, "optimal")
	text := written(t, "table", Timeline(x), Output{Width: 80})
	for _, line := range strings.Split(text, "\n") {
		require.LessOrEqual(t, len([]rune(line)), 80, line)
	}
	for _, want := range []string{"shop  $", " in 7 months", "covered", "press: ", "sale", "of 2 systems", "Cash "} {
		require.Contains(t, text, want)
	}
}

func TestTimelineWords(t *testing.T) {
	saves := 120.5
	for want, c := range map[string]timeline.Change{
		"m6g.large → m6g.xlarge":    {What: timeline.OfMachine, Was: "m6g.large", Is: "m6g.xlarge"},
		"masters none → m6g.large":  {What: timeline.OfMachine, Role: "master", Was: "", Is: "m6g.large"},
		"replica nodes 0 → 2":       {What: timeline.OfNodes, Role: "replica", Was: 0, Is: 2},
		"nodes 3 → 9":               {What: timeline.OfNodes, Was: 3, Is: 9},
		"shards 1 → 2":              {What: timeline.OfShards, Was: 1, Is: 2},
		"volume 50 → 75 GB":         {What: timeline.OfVolume, Was: 50e9, Is: 75e9},
		"volume iops 3,000 → 4,000": {What: timeline.OfIOPS, Was: 3000.0, Is: 4000.0},
	} {
		require.Equal(t, want, timelineChange(&c))
	}
	for want, s := range map[string]timeline.Stimulus{
		"cpu, region loss":                {Resource: "cpu", State: "region loss", Month: 2},
		"disk of month 5":                 {Resource: "disk", Month: 5},
		"press: cpu":                      {Resource: "cpu", Phase: "press", Month: 2},
		"press":                           {Phase: "press", Month: 2},
		"memory; staying costs $120 more": {Resource: "memory", Saves: &saves, Month: 2},
		"staying costs $120 more":         {Saves: &saves, Month: 2},
	} {
		require.Equal(t, want, stimulusText(&s, 2))
	}
}
