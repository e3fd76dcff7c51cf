package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/report"
)

const explainLong = `Show how an estimate comes about, in short: why this node type and what is next
best, the limits that are fullest with their ceilings, the load and the formula
that matters, ways to buy, risks. Without COMPONENT, a row for each.

The rest is in sections: --load has the demand and each component's load with the
formulas filled in, --limits every limit with need, have and slack, --alternatives
what other families would cost, --rejected what does not carry the load and why,
--buy how nodes are bought and could be bought, --failures each figure of headroom
resilience (who is served, for how long not, what is lost, what nodes carry that are
left, aims, availability), --lines the bill with the sources of its prices, --inputs
the inputs and where they come from; --all has everything.
Markdown and JSON have everything too. CSV is one table: a row for each component,
or the section that is named.

What formulas and terms mean: headroom docs model.

Machines are chosen by their running cost: the bill and what policy.running adds
for each node, each further shard and families for one purpose. explain shows
both, and what the bill alone would choose; everything else is about the bill.`

type explainOptions struct {
	format, out, env, commit string
	only                     []string
	all                      bool
}

func newExplainCmd(a *app) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use: "explain PROFILE [COMPONENT]", Short: "Derive an estimate: demand, limits, choice, alternatives, prices",
		Long: explainLong,
		Example: "  headroom explain medium\n  headroom explain medium db\n  " +
			"headroom explain medium db --limits --buy\n  headroom explain medium --failures\n" +
			"  headroom explain medium --format csv --section limits\n" +
			"  headroom explain ./shop.yaml web --format json\n  headroom explain medium phoenix --purchase optimal",
		Args: cobra.RangeArgs(1, 2),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return a.completeProfiles(cmd, args, word)
			}
			return a.completeComponents(args)
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := knownFormat(o.format, report.DocumentFormats()); err != nil {
				return err
			}
			if o.only, err = sectionsOf(cmd, o); err != nil {
				return err
			}
			return runExplain(cmd.Context(), a, o, args)
		},
	}
	a.addFormat(cmd, &o.format, report.DocumentFormats())
	a.addSections(cmd, &o.only, &o.all)
	a.addSettings(cmd, planSettings()...)
	a.addOut(cmd, &o.out)
	cmd.Flags().StringVar(&o.env, "environment", "", "environment of the profile instead of production, such as dev")
	cmd.Flags().StringVar(&o.commit, "commit", "", commitHelp)
	return cmd
}

func runExplain(ctx context.Context, a *app, o explainOptions, args []string) error {
	opts, err := a.planOptions()
	if err != nil {
		return err
	}
	opts.Environment = o.env
	if opts.Commit, err = parseCommit(o.commit); err != nil {
		return err
	}
	s, err := a.system(args[0], opts)
	if err != nil {
		return err
	}
	r, err := s.Plan(nil)
	if err != nil {
		return err
	}
	component := ""
	if len(args) > 1 {
		component = args[1]
	}
	x, err := insight.Explain(r, component)
	var unknown *insight.UnknownComponent
	if errors.As(err, &unknown) {
		hint := "Known components: headroom explain " + args[0] + " shows all."
		if near := diag.Suggest(unknown.Name, unknown.Known); near != "" {
			hint = "Did you mean " + near + "?"
		}
		return hinted{usageError{err}, hint}
	}
	if err != nil {
		return err
	}
	// Of machines without a workload there is nothing to say, which is an error where it is asked for.
	if report.NeedsFailures(o.only, o.all, o.format) && (r.Plan.System != nil || len(o.only) > 0) {
		failing, err := s.Withstand(ctx, nil)
		if err != nil {
			return err
		}
		if err := x.Failing(r, failing, report.ShortScenarios(failing)); err != nil {
			return err
		}
	}
	return a.write(o.out, o.format, explained(x, o))
}

// completeComponents completes the components of the profile named first.
func (a *app) completeComponents(args []string) ([]string, cobra.ShellCompDirective) {
	if len(args) != 1 || args[0] == stdinArg { // nobody writes a profile while a line is completed
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	p, err := a.loadProfile(args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return p.ComponentNames(), cobra.ShellCompDirectiveNoFileComp
}

// addSections adds a flag for each section of an explanation, and --section for their
// names.
func (a *app) addSections(cmd *cobra.Command, only *[]string, all *bool) {
	var names []string
	for _, s := range report.ExplainSections() {
		names = append(names, s.Name)
		cmd.Flags().Bool(s.Name, false, "show "+s.Doc)
	}
	cmd.Flags().StringSliceVar(only, "section", nil, "show these sections: "+strings.Join(names, ", "))
	cmd.Flags().BoolVar(all, "all", false, "show everything")
	a.complete(cmd, "section",
		cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace))
}

// sectionsOf are the sections that flags ask for; an unknown one, and several for CSV,
// which is one table, are wrong usage.
func sectionsOf(cmd *cobra.Command, o explainOptions) ([]string, error) {
	var names []string
	only := o.only
	for _, s := range report.ExplainSections() {
		names = append(names, s.Name)
		if on, _ := cmd.Flags().GetBool(s.Name); on {
			only = append(only, s.Name)
		}
	}
	for _, name := range only {
		if !slices.Contains(names, name) {
			return nil, hinted{usagef("unknown section %q%s", name, maybe(diag.Suggest(name, names))),
				"Sections are " + strings.Join(names, ", ") + "."}
		}
	}
	slices.Sort(only)
	only = slices.Compact(only)
	if o.format == "csv" && (len(only) > 1 || o.all) {
		return nil, hinted{usagef("CSV is one table, and these are several"), "Name one section: --section limits."}
	}
	return only, nil
}

// explained is the document of an explanation: in short, all of it, or some sections.
func explained(x *insight.Explanation, o explainOptions) report.Document {
	if !o.all {
		return report.Explanation(x, o.only...)
	}
	doc := report.Explanation(x)
	doc.Brief = nil
	return doc
}
