package cli

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/report"
)

// addAllowEdited gives a command that reads saved estimates the flag that accepts
// edited ones.
func (a *app) addAllowEdited(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.allowEdited, "allow-edited", false,
		"accept saved estimates that were edited after they were saved; the reports say so")
}

// saved reads a file of estimates.
func (a *app) saved(file string, src []byte) ([]bill.Estimate, error) {
	if a.allowEdited {
		return report.ReadEdited(filepath.ToSlash(file), src)
	}
	return report.ReadEstimates(filepath.ToSlash(file), src)
}
