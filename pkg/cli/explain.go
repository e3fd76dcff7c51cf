package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/report"
)

const explainLong = `Show how an estimate comes about: the demand with its formulas filled in; for
each component its load, every limit with need, have and slack, why this node
type, what other families would cost, what was rejected and why, how its nodes
are bought and could be bought, the lines of the bill with the sources of their
prices, the inputs, and how it grows.

Machines are chosen by their running cost: the bill and what policy.running adds
for each node, each further shard and families for one purpose. explain shows
both, and what the bill alone would choose; everything else is about the bill.`

func newExplainCmd(a *app) *cobra.Command {
	var format, out, env, commit string
	cmd := &cobra.Command{
		Use: "explain PROFILE [COMPONENT]", Short: "Derive an estimate: demand, limits, choice, alternatives, prices",
		Long: explainLong,
		Example: "  headroom explain medium\n  headroom explain medium db\n" +
			"  headroom explain ./shop.yaml web --format json\n  headroom explain medium phoenix --purchase optimal",
		Args: cobra.RangeArgs(1, 2),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return a.completeProfiles(cmd, args, word)
			}
			return a.completeComponents(args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := knownFormat(format, report.DocumentFormats()); err != nil {
				return err
			}
			opts, err := a.planOptions()
			if err != nil {
				return err
			}
			opts.Environment = env
			if opts.Commit, err = parseCommit(commit); err != nil {
				return err
			}
			p, err := a.loadProfile(args[0])
			if err != nil {
				return err
			}
			r, err := a.billProfile(p, opts)
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
			return a.write(out, format, report.Explanation(x))
		},
	}
	addFormat(cmd, &format, report.DocumentFormats())
	a.addSettings(cmd, planSettings()...)
	a.addOut(cmd, &out)
	cmd.Flags().StringVar(&env, "environment", "", "environment of the profile instead of production, such as dev")
	cmd.Flags().StringVar(&commit, "commit", "", commitHelp)
	return cmd
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
