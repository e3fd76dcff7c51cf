package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/catalog"
	"headroom/pkg/report"
)

func newPricesListCmd(a *app) *cobra.Command {
	var o listOutput
	var coverage, tables bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the vintages, their tables and how far they reach",
		Long: `Lists the vintages with their tables, rows and dates, and names the regions in
which everything the planner uses by default is priced, and what the others lack. With --coverage, one
row per region of the newest vintage (or of --prices) says what is priced and
what is missing; with --tables, one row
per table of the manifest.`,
		Example: "  headroom prices list\n  headroom prices list --coverage\n" +
			"  headroom prices list --tables --prices 2016-04-18 --format csv",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			switch {
			case coverage && tables:
				return usagef("--coverage and --tables are two lists; give one of them")
			case coverage:
				return a.list(o, a.coverageList)
			case tables:
				return a.list(o, a.tableList)
			}
			return a.list(o, a.vintageList)
		},
	}
	cmd.Flags().BoolVar(&coverage, "coverage", false, "one row per region: what is priced there and what is missing")
	cmd.Flags().BoolVar(&tables, "tables", false, "one row per table")
	o.addFlags(a, cmd)
	a.addSettings(cmd, "prices", "overlay", "regions")
	return cmd
}

// vintageList has one row per vintage.
func (a *app) vintageList() (listing, error) {
	vintages, err := a.vintages()
	if err != nil {
		return listing{}, err
	}
	l := listing{schema: "headroom.prices.list/v1", cols: []listCol{
		{key: "vintage", head: "Vintage"}, {key: "tables", head: "Tables"},
		{key: "regions", head: "Regions", align: report.Right}, {key: "rows", head: "Rows", align: report.Right},
		{key: "oldest", head: "Oldest price"}, {key: "newest", head: "Newest price"},
		{key: "complete_regions", head: "Complete", align: report.Right}, {key: "digest"},
	}}
	var complete []string // of the last vintage
	var lacking string
	for _, v := range vintages {
		info := infoOf(v)
		if complete, lacking, err = completeRegions(v); err != nil {
			return listing{}, err
		}
		l.add(plain(v.Name()), cell(strings.Join(info.Tables, ", "), names(info.Tables)), count(len(v.Regions())),
			count(info.Rows), plain(info.AsOfOldest), plain(info.AsOfNewest),
			cell(grouped(len(complete)), names(complete)), plain(v.Digest()))
	}
	newest := vintages[len(vintages)-1]
	l.fact("complete", "Complete", completeText(newest, complete))
	if lacking != "" {
		l.fact("lacking", "Lacking", lacking)
	}
	l.fact("digest", "Digest", newest.Digest())
	if names := newest.Overlays(); len(names) > 0 {
		l.fact("overlays", "Overlays", strings.Join(names, ", "))
	}
	l.fact("", "Next", "headroom prices list --coverage | headroom prices show m7g.large")
	return l, nil
}

func completeText(v *catalog.Vintage, complete []string) string {
	if !v.HasTable(catalog.TableUsage) {
		return v.Name() + " has EC2 prices only; estimates need --scope compute"
	}
	if len(complete) == 0 {
		return "no region of " + v.Name() + " has a price for everything the planner uses"
	}
	return fmt.Sprintf("everything the planner uses is priced in %s (%s)", strings.Join(complete, ", "), v.Name())
}

// infoOf is what the manifest says of a vintage.
func infoOf(v *catalog.Vintage) catalog.VintageInfo {
	for _, info := range v.Catalog().Vintages() {
		if info.Name == v.Name() {
			return info
		}
	}
	return catalog.VintageInfo{Name: v.Name()}
}

// tableList has one row per table of the manifest.
func (a *app) tableList() (listing, error) {
	vintages, err := a.vintages()
	if err != nil {
		return listing{}, err
	}
	l := listing{schema: "headroom.prices.tables/v1", cols: []listCol{
		{key: "path", head: "Table"}, {key: "vintage"}, {key: "table"}, {key: "region"},
		{key: "rows", head: "Rows", align: report.Right}, {key: "oldest", head: "Oldest"},
		{key: "newest", head: "Newest"},
		{key: "sha256"}, {key: "sources"},
	}}
	wanted := map[string]bool{"": true}
	for _, v := range vintages {
		wanted[v.Name()] = true
	}
	for _, f := range vintages[0].Catalog().Files() {
		if wanted[f.Vintage] {
			l.add(plain(f.Path), plain(f.Vintage), plain(f.Table), plain(f.Region), count(f.Rows), plain(f.AsOfOldest),
				plain(f.AsOfNewest), plain(f.SHA256), cell(strings.Join(f.Sources, ", "), names(f.Sources)))
		}
	}
	return l, nil
}
