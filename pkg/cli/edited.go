package cli

import (
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/report"
)

// addAllowEdited gives a command that reads saved estimates the flag that accepts
// edited ones.
func (a *app) addAllowEdited(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.allowEdited, "allow-edited", false,
		"accept saved estimates that were edited after they were saved; the reports say so")
}

// saved reads a file of estimates. That one was edited is said on stderr, too: a report may
// have nothing but rows, and none of them.
func (a *app) saved(file string, src []byte) ([]bill.Estimate, error) {
	if !a.allowEdited {
		return report.ReadEstimates(filepath.ToSlash(file), src)
	}
	list, err := report.ReadEdited(filepath.ToSlash(file), src)
	if slices.ContainsFunc(list, func(e bill.Estimate) bool { return e.Edited }) {
		a.note("headroom: %s was edited after it was saved, which was accepted (--allow-edited)", diag.Lines(file))
	}
	return list, err
}
