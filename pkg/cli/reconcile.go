package cli

import (
	"headroom/pkg/bill"
	"headroom/pkg/report"
)

// runReconcile compares estimates with what their documents print. A
// difference is a finding, not a failure: the exit code stays 0.
func runReconcile(a *app, o estimateOptions, opts bill.Request, names []string) error {
	var all []*bill.Reconciliation
	for _, name := range names {
		r, err := a.build(name, opts)
		if err != nil {
			return err
		}
		rec, err := bill.Reconcile(r)
		if err != nil {
			return err
		}
		all = append(all, rec)
	}
	return a.write(o.out, o.format, report.Reconciliations(all))
}
