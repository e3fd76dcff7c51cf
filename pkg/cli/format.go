package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/report"
)

// addFormat adds --format with the formats of the command's report.
func (a *app) addFormat(cmd *cobra.Command, to *string, formats report.Formats) {
	names := formats.Names()
	cmd.Flags().StringVarP(to, "format", "f", names[0], "output format: "+strings.Join(names, ", "))
	a.complete(cmd, "format", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// knownFormat refuses an unknown --format before any work is done.
func knownFormat(name string, formats report.Formats) error {
	if err := formats.Known(name); err != nil {
		return usageError{err}
	}
	return nil
}
