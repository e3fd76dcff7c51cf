package catalog

import "strings"

// This file is what services that are of no region distinguish.

// Routing is a policy by which Route 53 answers queries; each has a price.
type Routing uint8

// The policies. Standard is one answer for all, also with failover and weights.
const (
	RoutingStandard Routing = iota
	RoutingLatency
	RoutingGeo
	RoutingGeoproximity
	RoutingIP
)

var routingNames = [...]string{RoutingStandard: "standard", RoutingLatency: "latency", RoutingGeo: "geolocation",
	RoutingGeoproximity: "geoproximity", RoutingIP: "IP-based"}

// String is the policy as profiles and tables name it.
func (r Routing) String() string { return routingNames[r] }

// ParseRouting is the policy of a name.
func ParseRouting(name string) (Routing, bool) {
	for r, n := range routingNames {
		if n == name {
			return Routing(r), true
		}
	}
	return 0, false
}

// Endpoint is what a health check of Route 53 asks.
type Endpoint uint8

// The endpoints: within AWS, and elsewhere.
const (
	EndpointAWS Endpoint = iota
	EndpointElsewhere
)

var endpointNames = [...]string{EndpointAWS: "AWS endpoint", EndpointElsewhere: "non-AWS endpoint"}

// String is the endpoint as the tables have it.
func (e Endpoint) String() string { return endpointNames[e] }

// Edge is a part of the world in which CloudFront has prices of its own.
type Edge uint8

// The edges. North America has the United States and Mexico; Europe has Israel; Asia Pacific
// what has no edge of its own in the list.
const (
	EdgeUnitedStates Edge = iota
	EdgeCanada
	EdgeEurope
	EdgeAsiaPacific
	EdgeAustralia
	EdgeIndia
	EdgeJapan
	EdgeMiddleEast
	EdgeSouthAfrica
	EdgeSouthAmerica
	edges
)

var edgeNames = [edges]string{EdgeUnitedStates: "United States", EdgeCanada: "Canada", EdgeEurope: "EU",
	EdgeAsiaPacific: "Asia Pacific", EdgeAustralia: "Australia", EdgeIndia: "India", EdgeJapan: "Japan",
	EdgeMiddleEast: "Middle East", EdgeSouthAfrica: "South Africa", EdgeSouthAmerica: "South America"}

// String is the edge as the tables have it.
func (e Edge) String() string { return edgeNames[e] }

// Edges are all of them.
func Edges() []Edge {
	out := make([]Edge, edges)
	for i := range out {
		out[i] = Edge(i)
	}
	return out
}

// Key is the edge as profiles name it: asia-pacific.
func (e Edge) Key() string { return strings.ReplaceAll(strings.ToLower(e.String()), " ", "-") }

// ParseEdge is the edge of a key.
func ParseEdge(key string) (Edge, bool) {
	for _, e := range Edges() {
		if e.Key() == key {
			return e, true
		}
	}
	return 0, false
}

// EdgeOf is the edge that the users of a region of AWS are near; false for other regions, and
// for those of GovCloud and China, which CloudFront's prices do not have.
func EdgeOf(region string) (Edge, bool) {
	if isolated(region) {
		return 0, false
	}
	for _, x := range [...]struct {
		prefix string
		edge   Edge
	}{{"us-", EdgeUnitedStates}, {"mx-", EdgeUnitedStates}, {"ca-", EdgeCanada}, {"eu-", EdgeEurope},
		{"il-", EdgeEurope}, {"ap-northeast-1", EdgeJapan}, {"ap-northeast-3", EdgeJapan},
		{"ap-southeast-2", EdgeAustralia}, {"ap-southeast-4", EdgeAustralia}, {"ap-southeast-6", EdgeAustralia},
		{"ap-south-", EdgeIndia}, {"ap-", EdgeAsiaPacific}, {"me-", EdgeMiddleEast}, {"af-", EdgeSouthAfrica},
		{"sa-", EdgeSouthAmerica}} {
		if strings.HasPrefix(region, x.prefix) {
			return x.edge, true
		}
	}
	return 0, false
}

// isolated tells whether a region is of a partition of AWS with prices of its own for what is
// of no region.
func isolated(region string) bool {
	return strings.HasPrefix(region, "us-gov-") || strings.HasPrefix(region, "cn-")
}
