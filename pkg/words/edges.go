package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayDNS has the words for hosted zones.
func sayDNS(r remark.Remark) string {
	switch r.Key {
	case "dns.brief":
		return fmt.Sprintf("%s, %s routing, %s queries a month", Counted(r.Int("zones"), "zone"), r.Text("routing"),
			unit.Count(r.Number("queries")).Human())
	case "dns.alias":
		return "names are aliases of AWS resources: queries are free"
	case "dns.checks":
		return Counted(r.Int("checks"), "health check")
	}
	return ""
}

// sayCDN has the words for content delivery networks.
func sayCDN(r remark.Remark) string {
	switch r.Key {
	case "cdn.brief":
		return "answers " + unit.Fraction(r.Number("hits")).Human() + " of the reads"
	case "cdn.edge":
		return fmt.Sprintf("%s: %s to users and %s requests a month", r.Text("edge"),
			unit.Bytes(r.Number("bytes")).Human(), unit.Count(r.Number("requests")).Human())
	case "cdn.origin_free":
		return "bytes from origins in AWS to the edges are free (aws.amazon.com/cloudfront/pricing)"
	case "cdn.idle":
		return "no request of a user enters at it: write entry: true, and let it call what they entered at before"
	}
	return ""
}

// sayWebCache has the words for web caches.
func sayWebCache(r remark.Remark) string {
	switch r.Key {
	case "webcache.kept":
		return "for what is kept"
	case "webcache.each":
		return "each node keeps the same, and finds as much while another is lost"
	case "webcache.grows":
		return "requests and bytes: nodes are added by hand, and are cold at first; more items need more memory on each"
	}
	return ""
}

// sayBastion has the words for bastions.
func sayBastion(r remark.Remark) string {
	switch r.Key {
	case "bastion.sessions":
		return "room for " + Counted(r.Int("sessions"), "session") + " of operators in each region"
	case "bastion.idle":
		return "before any session"
	case "bastion.each_zone":
		return "one in each zone"
	case "bastion.grows":
		return "operators: not with users"
	}
	return ""
}
