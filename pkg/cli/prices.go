package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
)

const pricesLong = `The embedded AWS price tables: which vintages there are, what one instance type
costs, what changed from one vintage to another, and whether the tables are
what they were when they were made.

--prices and --regions choose a vintage and regions here too, and --overlay
lays prices of your own over the chosen vintage (else over the newest).`

func newPricesCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "prices",
		Short:   "Price tables: vintages, one type, differences, checks",
		Long:    pricesLong,
		Example: "  headroom prices list\n  headroom prices show m7g.large\n  headroom prices verify",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPricesListCmd(a), newPricesShowCmd(a), newPricesDiffCmd(a), newPricesVerifyCmd(a))
	return cmd
}

// vintages are those that the settings choose, oldest first: the one of
// --prices, else all. Overlays lie over the first chosen, else the newest.
func (a *app) vintages() ([]*catalog.Vintage, error) {
	cat, err := a.catalog()
	if err != nil {
		return nil, err
	}
	only := a.settings.text("prices")
	if only != "" {
		v, err := a.vintage(only)
		if err != nil {
			return nil, err
		}
		return []*catalog.Vintage{v}, nil
	}
	var out []*catalog.Vintage
	for _, info := range cat.Vintages() {
		v, err := cat.Vintage(info.Name)
		if err == nil && info.Name == cat.Newest() {
			v, err = a.overlaid(v)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// vintage is the vintage of a name ("" is the newest) with the overlays on it.
func (a *app) vintage(name string) (*catalog.Vintage, error) {
	v, err := a.bareVintage(name)
	if err != nil {
		return nil, err
	}
	return a.overlaid(v)
}

// bareVintage is a vintage without overlays; an unknown name is invalid input.
func (a *app) bareVintage(name string) (*catalog.Vintage, error) {
	cat, err := a.catalog()
	if err != nil {
		return nil, err
	}
	v, err := cat.Vintage(name)
	if err != nil {
		if name == a.settings.text("prices") {
			err = a.settings.unfit("prices", "%v", err)
		}
		return nil, hinted{invalidError{err}, "headroom prices list shows the vintages."}
	}
	return v, nil
}

// overlaid lays the files of --overlay over a vintage.
func (a *app) overlaid(v *catalog.Vintage) (*catalog.Vintage, error) {
	for _, file := range a.settings.list("overlay") {
		data, err := a.read(overlayKind(), file, a.settings.by("overlay"))
		if err != nil {
			return nil, a.settings.unread("overlay", file, err)
		}
		if v, err = v.WithOverlay(file, data, a.today()); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// chosenRegions are the regions of the settings, or the default. "all" is
// every region of the vintages. A region that none of them has is an error
// with the nearest name.
func (a *app) chosenRegions(vintages []*catalog.Vintage, byDefault ...string) ([]string, error) {
	var known []string
	for _, v := range vintages {
		known = append(known, v.Regions()...)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	chosen := a.settings.list("regions")
	if len(chosen) == 0 {
		chosen = byDefault
	}
	if slices.Equal(chosen, []string{"all"}) {
		return known, nil
	}
	for _, name := range chosen {
		if !slices.Contains(known, name) {
			return nil, a.settings.wrong("regions", "no price table has the region %q%s",
				name, maybe(diag.Suggest(name, known)))
		}
	}
	return chosen, nil
}

// vintageNames completes vintages on the command line.
func (a *app) vintageNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	cat, err := a.catalog()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var list []string
	for _, v := range cat.Vintages() {
		list = append(list, v.Name)
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// typeNames completes instance types on the command line.
func (a *app) typeNames(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	cat, err := a.catalog()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	types, err := cat.NodeTypes()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var list []string
	for _, t := range types {
		if strings.HasPrefix(t.Name, begun) {
			list = append(list, t.Name)
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
