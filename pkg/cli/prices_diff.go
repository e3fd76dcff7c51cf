package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"headroom/pkg/catalog"
	"headroom/pkg/report"
)

func newPricesDiffCmd(a *app) *cobra.Command {
	var o listOutput
	cmd := &cobra.Command{
		Use:   "diff BEFORE AFTER",
		Short: "Show which on-demand prices changed between two vintages",
		Long: `Lists the instance types whose on-demand price differs between two vintages:
changed, added or removed, with the dates of both prices. --regions chooses the
regions, us-east-1 without it; --regions all takes those that both vintages
have. Overlays lie over AFTER.`,
		Example: "  headroom prices diff 2016-04-18 2017-11-12\n" +
			"  headroom prices diff 2016-04-18 2017-11-12 --regions eu-west-1 --format csv",
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: a.vintageNames,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.list(o, func() (listing, error) { return a.diffList(args[0], args[1]) })
		},
	}
	o.addFlags(a, cmd)
	a.addSettings(cmd, "overlay", "regions")
	return cmd
}

// diffList has one row per region and type whose price differs.
func (a *app) diffList(from, to string) (listing, error) {
	before, err := a.bareVintage(from)
	if err != nil {
		return listing{}, err
	}
	after, err := a.vintage(to)
	if err != nil {
		return listing{}, err
	}
	regions, err := a.diffRegions(before, after)
	if err != nil {
		return listing{}, err
	}
	l := listing{schema: "headroom.prices.diff/v1", cols: []listCol{
		{key: "region"}, {key: "type", head: "Type"}, {key: "change", head: "Change"},
		{key: "before_usd", head: before.Name(), align: report.Decimal},
		{key: "after_usd", head: after.Name(), align: report.Decimal},
		{key: "change_ratio", head: "Difference", align: report.Right},
		{key: "before_as_of", head: "As of"}, {key: "after_as_of", head: "and of"}, {key: "before_source"},
		{key: "after_source"},
	}}
	if len(regions) > 1 {
		l.cols[0].head = "Region"
	}
	tally := map[catalog.ChangeKind]int{}
	cheaper := 0
	for _, name := range regions {
		changes, err := catalog.Diff(before, after, name)
		if err != nil {
			return listing{}, err
		}
		for _, c := range changes {
			tally[c.Kind]++
			if c.Kind == catalog.Changed && c.After.Rate.Cmp(c.Before.Rate) < 0 {
				cheaper++
			}
			l.change(name, c)
		}
	}
	changed := tally[catalog.Changed]
	l.fact("changes", "Changes", fmt.Sprintf(
		"%s changed (%s cheaper, %s dearer), %s added, %s removed; USD per hour on demand",
		grouped(changed), grouped(cheaper), grouped(changed-cheaper), grouped(tally[catalog.Added]),
		grouped(tally[catalog.Removed])))
	return l, nil
}

// change adds the row of one change.
func (l *listing) change(region string, c catalog.PriceChange) {
	was, is, ratio := report.Cell{}, report.Cell{}, report.Cell{}
	if c.Kind != catalog.Added {
		was = rateCell(c.Before.Rate)
	}
	if c.Kind != catalog.Removed {
		is = rateCell(c.After.Rate)
	}
	if c.Kind == catalog.Changed && !c.Before.Rate.IsZero() {
		ratio = percentCell(c.After.Rate.Float64()/c.Before.Rate.Float64() - 1)
	}
	l.add(plain(region), plain(c.Type), plain(string(c.Kind)), was, is, ratio,
		plain(c.Before.AsOf), plain(c.After.AsOf), plain(c.Before.Source), plain(c.After.Source))
}

// diffRegions are the regions to compare. A region that one vintage lacks is
// an error unless all were asked for.
func (a *app) diffRegions(before, after *catalog.Vintage) ([]string, error) {
	chosen, err := a.chosenRegions([]*catalog.Vintage{before, after}, "us-east-1")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range chosen {
		if hasRegion(before, name) && hasRegion(after, name) {
			out = append(out, name)
			continue
		}
		if a.settings.text("regions") == "all" {
			continue
		}
		lacks := before
		if hasRegion(before, name) {
			lacks = after
		}
		return nil, a.settings.wrong("regions", "the vintage %s has no region %s", lacks.Name(), name)
	}
	return out, nil
}
