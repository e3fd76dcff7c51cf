package report

import "headroom/pkg/bill"

// Short is the answer of New alone, with the pictures that need nothing but the
// estimate: for a page that shows it anew at every change.
func Short(e *bill.Estimate) Document {
	s := brief(e)
	s.Charts = estimateCharts(e, &Backing{})
	return Document{Sections: []Section{s}}
}
