package words

import (
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayProxy has the words for proxies.
func sayProxy(r remark.Remark) string {
	switch r.Key {
	case "proxy.brief":
		what := "new connections"
		if r.Is("tls") {
			what = "new TLS connections"
		}
		return unit.EventRate(r.Number("fresh")).Human() + " " + what
	case "proxy.services":
		return "no connections of users"
	case "proxy.idle":
		return "before any connection"
	case "proxy.reload":
		return "a node answers nothing for " + unit.Duration(r.Number("reload")).Human() +
			" while it reloads: the others carry its load"
	case "proxy.grows":
		return "requests, bytes and new connections: nodes are added by hand, and in DNS or the balancer before them"
	}
	return ""
}
