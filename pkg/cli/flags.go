package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"headroom/pkg/diag"
	"headroom/pkg/workload"
)

// addCommon adds the settings that every command has: how it shows what it found.
func (a *app) addCommon(root *cobra.Command) {
	for _, s := range settingList() {
		if !s.bill {
			a.addSetting(root, root.PersistentFlags(), s)
		}
	}
	root.PersistentFlags().BoolVar(&a.noPager, "no-pager", false, "write to the terminal, however long it is")
	root.PersistentFlags().BoolVarP(&a.quiet, "quiet", "q", false, "no notes and no progress on stderr, only errors")
}

// addSettings adds the flags of settings to a command on which they have an effect.
func (a *app) addSettings(cmd *cobra.Command, keys ...string) {
	for _, key := range keys {
		for _, s := range settingList() {
			if s.key == key {
				a.addSetting(cmd, cmd.Flags(), s)
			}
		}
	}
}

// planSettings are the settings of commands that plan systems.
func planSettings() []string {
	var keys []string
	for _, s := range settingList() {
		if s.bill {
			keys = append(keys, s.key)
		}
	}
	return keys
}

func (a *app) addSetting(cmd *cobra.Command, flags *pflag.FlagSet, s setting) {
	switch {
	case s.key == "no_color":
		flags.Bool(s.flag(), false, s.doc)
	case s.list:
		flags.Var(new(listFlag), s.flag(), s.doc)
	default:
		flags.String(s.flag(), s.value, s.doc)
	}
	if !a.completes() {
		return // what can be completed takes as long to list as all else of a command together
	}
	fixed := func(values ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	}
	complete := map[string]cobra.CompletionFunc{"prices": a.vintageNames, "regions": a.regionNames,
		"scope": fixed("all", "compute"), "purchase": fixed(workload.PurchaseModes()...),
		"unpriced": fixed("error", "show"), "color": fixed(colorModes()...)}[s.key]
	if complete != nil {
		a.complete(cmd, s.flag(), complete)
	}
}

// complete has f complete the values of a flag. cobra keeps such functions, and with them
// all that they refer to, for as long as the process lives: they are there only where a
// shell asks for completions, so that many command lines in one process leave nothing.
func (a *app) complete(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if a.completes() {
		_ = cmd.RegisterFlagCompletionFunc(flag, f) // fails only of a flag that the command does not have
	}
}

// completes tells whether a shell asks for completions.
func (a *app) completes() bool {
	return len(a.Args) > 0 && strings.HasPrefix(a.Args[0], cobra.ShellCompRequestCmd)
}

// flagError is a wrong flag as a usage error: of one that the command does not have with
// the nearest that it has, or the commands that have it.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return usageError{err}
	}
	name := unknown.GetSpecifiedName()
	var names, others []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	others = having(cmd.Root(), name)
	near := diag.Suggest(name, names)
	switch {
	case len(others) > 0:
		where := fmt.Sprintf("%s has no use for it; it belongs to %s.", cmd.CommandPath(), strings.Join(others, ", "))
		if cmd == cmd.Root() {
			where = fmt.Sprintf("It comes behind the command, and belongs to %s.", strings.Join(others, ", "))
		}
		return hinted{usageError{err}, where}
	case near != "":
		return usagef("%v; did you mean --%s?", err, near)
	}
	return usageError{err}
}

// having are the commands that have a flag, by what follows the name of the program.
func having(cmd *cobra.Command, flag string) []string {
	var out []string
	for _, sub := range cmd.Commands() {
		if sub.LocalNonPersistentFlags().Lookup(flag) != nil {
			out = append(out, strings.TrimPrefix(sub.CommandPath(), sub.Root().Name()+" "))
		}
		out = append(out, having(sub, flag)...)
	}
	return out
}
