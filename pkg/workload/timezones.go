package workload

import "headroom/pkg/unit"

// Where regions are, as AWS names their places ("Regions and Zones", AWS General
// Reference), and the standard time there (IANA time zone database, 2025b).
// Summer time is left out: it moves the curve of a place by an hour for a part of
// the year.
const placeTZ = "standard time where the region is: IANA time zone database 2025b"

// standardTZ is how far the clock of a region's place is ahead of UTC in hours;
// false for a region that AWS does not have.
func standardTZ(region string) (TZ, bool) {
	tz, ok := map[string]TZ{
		"af-south-1":     2,   // Cape Town
		"ap-east-1":      8,   // Hong Kong
		"ap-east-2":      8,   // Taipei
		"ap-northeast-1": 9,   // Tokyo
		"ap-northeast-2": 9,   // Seoul
		"ap-northeast-3": 9,   // Osaka
		"ap-south-1":     5.5, // Mumbai
		"ap-south-2":     5.5, // Hyderabad
		"ap-southeast-1": 8,   // Singapore
		"ap-southeast-2": 10,  // Sydney
		"ap-southeast-3": 7,   // Jakarta
		"ap-southeast-4": 10,  // Melbourne
		"ap-southeast-5": 8,   // Malaysia
		"ap-southeast-6": 12,  // New Zealand
		"ap-southeast-7": 7,   // Thailand
		"ca-central-1":   -5,  // Montréal
		"ca-west-1":      -7,  // Calgary
		"eu-central-1":   1,   // Frankfurt
		"eu-central-2":   1,   // Zürich
		"eu-north-1":     1,   // Stockholm
		"eu-south-1":     1,   // Milan
		"eu-south-2":     1,   // Spain
		"eu-west-1":      0,   // Ireland
		"eu-west-2":      0,   // London
		"eu-west-3":      1,   // Paris
		"il-central-1":   2,   // Tel Aviv
		"me-central-1":   4,   // United Arab Emirates
		"me-south-1":     3,   // Bahrain
		"mx-central-1":   -6,  // Querétaro
		"sa-east-1":      -3,  // São Paulo
		"us-east-1":      -5,  // Northern Virginia
		"us-east-2":      -5,  // Ohio
		"us-gov-east-1":  -5,  // Ohio
		"us-gov-west-1":  -8,  // Oregon
		"us-west-1":      -8,  // Northern California
		"us-west-2":      -8,  // Oregon
	}[region]
	return tz, ok
}

// settle fills in what a region has by its name or by default and is not given.
func (r *Region) settle() {
	tz, aws := standardTZ(r.Name)
	if !r.Zones.Set {
		zones := 3
		if n, ok := zonesOf(r.Name); ok {
			zones = min(zones, n)
		}
		r.Zones = judged(unit.Count(zones), "three availability zones a region, where it has them")
		if !aws {
			r.Zones = judged(unit.Count(1), "a site has one room, power and uplink unless it says more")
		}
	}
	if aws && !r.TZ.Set {
		r.TZ = given(tz, placeTZ)
	}
}
