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
