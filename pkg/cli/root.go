package cli

import (
	"github.com/spf13/cobra"

	"headroom/pkg/diag"
)

const rootLong = `headroom turns a workload into a sized and priced two-region system, before
anything runs: instance types, node, partition and shard counts, and a monthly
bill from embedded AWS price tables. It works offline.`

// Groups of commands in the help.
const (
	groupPlan  = "plan"
	groupInput = "input"
)

func newRootCmd(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "headroom",
		Short: "Plan and price a system before it runs",
		Long:  rootLong,
		Example: "  headroom estimate\n  headroom estimate reference-medium --format markdown\n" +
			"  headroom profiles list",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       a.Version,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.loadSettings(cmd.Flags())
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(a.help)
	root.SetHelpCommand(newHelpCmd(a))
	a.addCommon(root)
	root.AddGroup(&cobra.Group{ID: groupPlan, Title: "Plan:"},
		&cobra.Group{ID: groupInput, Title: "Inputs and settings:"})
	add := func(group string, cmds ...*cobra.Command) {
		for _, c := range cmds {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add(groupPlan, newEstimateCmd(a), newExplainCmd(a), newWhatifCmd(a), newTimelineCmd(a),
		newResilienceCmd(a), newCompareCmd(a))
	add(groupPlan, newServeCmd(a), newQueueCmd(a), newDiffCmd(a), newCheckCmd(a), newRenderCmd(a))
	add(groupInput, newProfilesCmd(a), newPricesCmd(a), newConfigCmd(a), newVersionCmd(a))
	add(groupInput, newDocsCmd(a))
	root.SetOut(a.out) // which the command for completion keeps from now on
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.RunE = noCommand, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	wrapArgs(root)
	return root
}

// noCommand refuses what is no command, and names the nearest.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return usagef("unknown command %q%s", args[0], maybe(diag.Suggest(args[0], names)))
}

// wrapArgs turns every command's complaints about arguments into usage errors.
func wrapArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{err}
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
}

func newVersionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version and the price tables", Args: cobra.NoArgs,
		Example: "  headroom version",
		RunE: func(*cobra.Command, []string) error {
			return runVersion(a)
		},
	}
}
