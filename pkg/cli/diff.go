package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/compare"
	"headroom/pkg/report"
)

const diffLong = `Compare two estimates: what changed in every component and line, with the
totals before and after, and effects that add up to the difference: workload,
model and profile, instance choice, purchase mix, unit prices, in this order,
each by putting the new in the place of the old and planning again.

BASE and HEAD are each one of
  a profile      medium, ./shop.yaml
  a revision     main:shop.yaml, HEAD~1:deploy/shop.yaml, v1:./shop.yaml (git)
  an estimate    base.json, main:base.json (of estimate --format json)
  a vintage      2017-11-12, the prices of that day for --profile

With --environment the named environments are compared instead of production.

Estimates that were saved are compared as they are. The inputs that they keep tell
causes apart, unless they no longer give the same bill: then the lines do, which
know no effects of workload and model. The report names the method. One that was edited after it was saved is
refused, unless --allow-edited.`

const diffExample = `  headroom diff small medium
  headroom diff reference-medium ./shop.yaml --scope compute
  headroom diff 2016-04-18 2017-11-12 --profile reference-medium
  headroom diff medium large --format markdown`

type diffOptions struct {
	format, out, profile string
	environments         []string
}

func newDiffCmd(a *app) *cobra.Command {
	var o diffOptions
	cmd := &cobra.Command{
		Use: "diff BASE HEAD", Short: "Compare two estimates, profiles, git revisions or price vintages",
		Long: diffLong, Example: diffExample, Args: cobra.ExactArgs(2),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return runDiff(a, o, args[0], args[1])
		},
	}
	a.addFormat(cmd, &o.format, report.DocumentFormats())
	f := cmd.Flags()
	a.addSettings(cmd, planSettings()...)
	a.addOut(cmd, &o.out)
	a.addFull(cmd, "also every line and the causes by component")
	f.StringVar(&o.profile, "profile", "", "profile that is priced where BASE or HEAD is a vintage")
	f.StringSliceVar(&o.environments, "environment", nil,
		"environments to compare instead of production, such as production,dev")
	a.addAllowEdited(cmd)
	a.complete(cmd, "profile", a.completeProfiles)
	return cmd
}

func runDiff(a *app, o diffOptions, base, head string) error {
	if err := knownFormat(o.format, report.DocumentFormats()); err != nil {
		return err
	}
	opts, err := a.planOptions()
	if err != nil {
		return err
	}
	from := sourceOptions{plan: opts, profile: o.profile, environments: o.environments}
	bases, err := a.sidesIn(base, from)
	if err != nil {
		return err
	}
	heads, err := a.sidesIn(head, from)
	if err != nil {
		return err
	}
	pairs, err := pairSides(bases, heads)
	if err != nil {
		return err
	}
	var all []*compare.Diff
	for _, p := range pairs {
		d, err := a.compare(p[0], p[1])
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	return a.write(o.out, o.format, report.Diffs(all))
}

// sidesIn are the sides of an argument in the environments that were asked for: those
// of a saved estimate too.
func (a *app) sidesIn(arg string, o sourceOptions) ([]side, error) {
	all, err := a.sides(arg, o)
	if err != nil || len(o.environments) == 0 {
		return all, err
	}
	var out []side
	for _, s := range all {
		if _, env := splitName(s.name); slices.Contains(o.environments, env) {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return nil, lacksSide(all, "the environment "+strings.Join(o.environments, ", "))
	}
	return out, nil
}
