package words

import (
	"strings"

	"headroom/pkg/remark"
)

// sayReconcile has the words for figures that a document prints and an estimate does not.
func sayReconcile(r remark.Remark) string {
	switch r.Key {
	case "reconcile.no_row":
		return "the document has no such row"
	case "reconcile.rows":
		return "the printed rows themselves add up to " + r.Text("total")
	case "reconcile.twice":
		return "twice the printed total is " + r.Text("total")
	case "reconcile.price_of":
		return r.Text("price") + " is the price of " + strings.Join(r.List("machines"), ", ")
	case "reconcile.count":
		return "the printed count times the printed price is " + r.Text("total")
	case "reconcile.price_wrong":
		return "the price is wrong: " + r.Text("machine") + " costs " + r.Text("price")
	case "reconcile.machine_wrong":
		return r.Text("machine") + " was meant: the price printed is " + r.Text("price")
	}
	return ""
}
