package catalog

import "strings"

// Meter is what usage is counted by: a row of the usage tables that the program bills.
// Meters are made in this file only, so that a misspelt one does not compile; what was
// read as text becomes one by MeterOf. They are comparable. The zero Meter is none.
type Meter struct {
	kind meterKind
	of   string // volume type, storage class, balancer, routing, edge or region; "" where there is one row
}

type meterKind uint8

const (
	noMeter meterKind = iota
	volumeStorage
	volumeIOPS
	volumeThroughput
	snapshotStorage
	balancerHour
	balancerUnit
	balancerBytes
	addressHour
	gatewayHour
	gatewayBytes
	clusterHour
	objectStorage
	objectPuts
	objectGets
	objectRestores
	objectRetrieval
	internetOut
	zoneOut
	zoneIn
	otherRegions
	toRegion
	dnsZones
	dnsQueries
	dnsChecks
	dnsCheckOptions
	edgeOut
	edgeToOrigin
	edgeRequests
	edgePlainRequests
	meterKinds
)

// meterRow is how the tables name the rows of a kind. The item is what stands before,
// what it is of, and what stands after.
type meterRow struct {
	service, before, after, unit string
	of                           []string // what it may be of; nil for a single row
	regions                      bool     // it may be of any region
	global                       bool     // it is of no region: the tables have it under GlobalRegion
}

// meterRows is the list of all usage prices that the program bills.
var meterRows = [meterKinds]meterRow{
	volumeStorage: {service: "ebs", after: " storage", unit: "GB-month", of: volumeNames[:]},
	volumeIOPS: {service: "ebs", after: " provisioned IOPS", unit: "IOPS-month",
		of: volumeNames[GP3 : IO2+1]},
	volumeThroughput: {service: "ebs", after: " provisioned throughput", unit: "GiBps-month",
		of: volumeNames[GP3 : GP3+1]},
	snapshotStorage: {service: "ebs", before: "snapshot standard storage", unit: "GB-month"},

	balancerHour:  {service: "elb", after: " hour", unit: "hour", of: balancerNames[:]},
	balancerUnit:  {service: "elb", after: " LCU-hour", unit: "LCU-hour", of: balancerNames[:Classic]},
	balancerBytes: {service: "elb", after: " data processed", unit: "GB", of: balancerNames[Classic:]},
	addressHour:   {service: "vpc", before: "public IPv4 address hour", unit: "hour"},
	gatewayHour:   {service: "nat-gateway", before: "hour", unit: "hour"},
	gatewayBytes:  {service: "nat-gateway", before: "data processed", unit: "GB"},
	clusterHour:   {service: "eks", before: "cluster hour", unit: "hour"},

	objectStorage: {service: "s3", after: " storage", unit: "GB-month", of: objectClassNames[:]},
	objectPuts: {service: "s3", after: " PUT/COPY/POST/LIST requests", unit: thousandRequests,
		of: objectClassNames[:]},
	objectGets: {service: "s3", after: " GET and other requests", unit: thousandRequests, of: objectClassNames[:]},
	objectRestores: {service: "s3", after: " restore requests", unit: thousandRequests,
		of: objectClassNames[restored:]},
	objectRetrieval: {service: "s3", after: " retrieval", unit: "GB", of: objectClassNames[retrieved:]},

	internetOut:  {service: "data-transfer", before: "out to internet", unit: "GB"},
	zoneOut:      {service: "data-transfer", before: "between AZs, out", unit: "GB"},
	zoneIn:       {service: "data-transfer", before: "between AZs, in", unit: "GB"},
	otherRegions: {service: "data-transfer", before: "to other regions", unit: "GB"},
	toRegion:     {service: "data-transfer", before: "to ", unit: "GB", regions: true},

	dnsZones:   {service: "route53", before: "hosted zone", unit: "month", global: true},
	dnsQueries: {service: "route53", after: " queries", unit: "1000000 queries", of: routingNames[:], global: true},
	dnsChecks:  {service: "route53", before: "health check, ", unit: "month", of: endpointNames[:], global: true},
	dnsCheckOptions: {service: "route53", before: "health check option, ", unit: "month", of: endpointNames[:],
		global: true},

	edgeOut:      {service: "cloudfront", before: "out to internet from ", unit: "GB", of: edgeNames[:], global: true},
	edgeToOrigin: {service: "cloudfront", before: "out to origin from ", unit: "GB", of: edgeNames[:], global: true},
	edgeRequests: {service: "cloudfront", before: "HTTPS requests from ", unit: tenThousandRequests, of: edgeNames[:],
		global: true},
	edgePlainRequests: {service: "cloudfront", before: "HTTP requests from ", unit: tenThousandRequests,
		of: edgeNames[:], global: true},
}

// GlobalRegion is the region under which the tables have the prices of what is of none.
const GlobalRegion = "us-east-1"

const (
	thousandRequests    = "1000 requests"
	tenThousandRequests = "10000 requests"
)

// BalancerType is a type of load balancer with prices of its own.
type BalancerType uint8

// The types.
const (
	ALB     BalancerType = iota // application load balancer
	NLB                         // network load balancer
	Classic                     // classic load balancer, the only one with a price for bytes
)

var balancerNames = [...]string{ALB: "ALB", NLB: "NLB", Classic: "classic LB"}

// String is the type as the tables have it.
func (b BalancerType) String() string { return balancerNames[b] }

// ObjectClass is a storage class of S3.
type ObjectClass uint8

// The classes: from the second on, what is read costs in addition; objects of the
// last two are restored before they are read.
const (
	S3Standard ObjectClass = iota
	S3StandardIA
	S3OneZoneIA
	S3GlacierFlexible
	S3GlacierDeep

	retrieved = S3StandardIA
	restored  = S3GlacierFlexible
)

var objectClassNames = [...]string{S3Standard: "standard", S3StandardIA: "standard-IA", S3OneZoneIA: "one-zone-IA",
	S3GlacierFlexible: "glacier flexible retrieval", S3GlacierDeep: "glacier deep archive"}

// String is the class as profiles and tables name it.
func (c ObjectClass) String() string { return objectClassNames[c] }

// Retrieved tells whether bytes that are read cost in addition.
func (c ObjectClass) Retrieved() bool { return c >= retrieved }

// Restored tells whether an object is restored before it is read, which is a request
// of its own.
func (c ObjectClass) Restored() bool { return c >= restored }

// ParseObjectClass is the class of a name.
func ParseObjectClass(name string) (ObjectClass, bool) {
	for c, n := range objectClassNames {
		if n == name {
			return ObjectClass(c), true
		}
	}
	return 0, false
}

// VolumeStorage is the size of volumes of a type, GB-month.
func VolumeStorage(v VolumeType) Meter { return Meter{volumeStorage, v.String()} }

// VolumeIOPS is the operations provisioned for volumes of a type, IOPS-month.
func VolumeIOPS(v VolumeType) Meter { return Meter{volumeIOPS, v.String()} }

// VolumeThroughput is the throughput provisioned for volumes of a type, GiBps-month.
func VolumeThroughput(v VolumeType) Meter { return Meter{volumeThroughput, v.String()} }

// SnapshotStorage is EBS snapshots, GB-month.
func SnapshotStorage() Meter { return Meter{kind: snapshotStorage} }

// BalancerHours are those for which balancers of a type stand.
func BalancerHours(b BalancerType) Meter { return Meter{balancerHour, b.String()} }

// BalancerUnits are the capacity units that their load takes, LCU-hour.
func BalancerUnits(b BalancerType) Meter { return Meter{balancerUnit, b.String()} }

// BalancerBytes are the bytes through balancers of a type both ways, GB.
func BalancerBytes(b BalancerType) Meter { return Meter{balancerBytes, b.String()} }

// AddressHours are those for which public IPv4 addresses are held.
func AddressHours() Meter { return Meter{kind: addressHour} }

// GatewayHours are those for which NAT gateways stand.
func GatewayHours() Meter { return Meter{kind: gatewayHour} }

// GatewayBytes are the bytes through NAT gateways, both ways, GB.
func GatewayBytes() Meter { return Meter{kind: gatewayBytes} }

// ClusterHours are those for which managed control planes of Kubernetes clusters stand.
func ClusterHours() Meter { return Meter{kind: clusterHour} }

// ObjectStorage is the size of objects of a class, GB-month.
func ObjectStorage(c ObjectClass) Meter { return Meter{objectStorage, c.String()} }

// ObjectPuts are the requests that write or list objects of a class, in thousands.
func ObjectPuts(c ObjectClass) Meter { return Meter{objectPuts, c.String()} }

// ObjectGets are the requests that read objects of a class, in thousands.
func ObjectGets(c ObjectClass) Meter { return Meter{objectGets, c.String()} }

// ObjectRestores are the requests that restore objects of a class, in thousands.
func ObjectRestores(c ObjectClass) Meter { return Meter{objectRestores, c.String()} }

// ObjectRetrieval is the bytes that are read of a class, GB.
func ObjectRetrieval(c ObjectClass) Meter { return Meter{objectRetrieval, c.String()} }

// InternetOut is the bytes from a region to the internet, GB.
func InternetOut() Meter { return Meter{kind: internetOut} }

// ZoneOut is the bytes out of zones into others, GB: AWS bills both ends.
func ZoneOut() Meter { return Meter{kind: zoneOut} }

// ZoneIn is the same bytes into zones.
func ZoneIn() Meter { return Meter{kind: zoneIn} }

// ToRegion is the bytes from a region to another one, GB, where the tables have a price
// for the pair.
func ToRegion(name string) Meter { return Meter{toRegion, name} }

// ToOtherRegions is the bytes to those that have none, GB.
func ToOtherRegions() Meter { return Meter{kind: otherRegions} }

// DNSZones are the hosted zones of Route 53, month.
func DNSZones() Meter { return Meter{kind: dnsZones} }

// DNSQueries are the queries of Route 53 that a policy of routing answers, in millions.
func DNSQueries(r Routing) Meter { return Meter{dnsQueries, r.String()} }

// DNSChecks are the health checks of Route 53 of an endpoint, month.
func DNSChecks(e Endpoint) Meter { return Meter{dnsChecks, e.String()} }

// DNSCheckOptions are what health checks of an endpoint do in addition: HTTPS, a search in the
// answer, every 10 s; each a month of each check.
func DNSCheckOptions(e Endpoint) Meter { return Meter{dnsCheckOptions, e.String()} }

// EdgeOut is the bytes from CloudFront's edges to users, GB.
func EdgeOut(e Edge) Meter { return Meter{edgeOut, e.String()} }

// EdgeToOrigin is the bytes of what users write, from CloudFront's edges to what is behind, GB.
func EdgeToOrigin(e Edge) Meter { return Meter{edgeToOrigin, e.String()} }

// EdgeRequests are the requests of users to CloudFront, over HTTPS or not, in ten thousands.
func EdgeRequests(e Edge, tls bool) Meter {
	if tls {
		return Meter{edgeRequests, e.String()}
	}
	return Meter{edgePlainRequests, e.String()}
}

// Global tells whether the meter is of no region.
func (m Meter) Global() bool { return meterRows[m.kind].global }

// Service is the service that bills, such as ebs.
func (m Meter) Service() string { return meterRows[m.kind].service }

// Item is what of the service, such as "gp3 storage".
func (m Meter) Item() string { return meterRows[m.kind].before + m.of + meterRows[m.kind].after }

// Unit is what the quantity is in. The tables follow AWS, which writes GB for GiB.
func (m Meter) Unit() string { return meterRows[m.kind].unit }

// String is the service and the item, for messages.
func (m Meter) String() string { return m.Service() + " " + m.Item() }

// Meters lists all meters, those to regions for each of the given ones.
func Meters(regions []string) []Meter {
	var out []Meter
	for k := noMeter + 1; k < meterKinds; k++ {
		of := meterRows[k].of
		if meterRows[k].regions {
			of = regions
		} else if of == nil {
			of = []string{""}
		}
		for _, name := range of {
			out = append(out, Meter{k, name})
		}
	}
	return out
}

// MeterOf is the meter that a table, or a bill, names by its service and item; false
// where the program bills none such. A region need not be one that exists.
func MeterOf(service, item string) (Meter, bool) {
	for k := noMeter + 1; k < meterKinds; k++ {
		r := &meterRows[k]
		of, ok := strings.CutPrefix(item, r.before)
		if !ok || r.service != service {
			continue
		}
		if of, ok = strings.CutSuffix(of, r.after); ok && r.has(of) {
			return Meter{k, of}, true
		}
	}
	return Meter{}, false
}

// has tells whether there is a row of something.
func (r *meterRow) has(of string) bool {
	switch {
	case r.regions:
		return of != "" && !strings.Contains(of, " ")
	case r.of == nil:
		return of == ""
	}
	for _, name := range r.of {
		if name == of {
			return true
		}
	}
	return false
}
