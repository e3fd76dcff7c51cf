package workload

import "fmt"

// zonesOf is how many availability zones an account sees in a region; false where
// no source tells. Source: the zone ids that moto answers with as EC2 does
// (github.com/getmoto/moto, ec2/models/availability_zones_and_regions.py, commit
// 0b7e6a62). Northern California and Tokyo have one more than a new account sees.
func zonesOf(region string) (int, bool) {
	n, ok := map[string]int{
		"af-south-1": 3, "ap-east-1": 3, "ap-northeast-1": 3, "ap-northeast-2": 4, "ap-northeast-3": 3, "ap-south-1": 3,
		"ap-southeast-1": 3, "ap-southeast-2": 3, "ap-southeast-3": 3, "ca-central-1": 3, "eu-central-1": 3,
		"eu-central-2": 3, "eu-north-1": 3, "eu-south-1": 3, "eu-west-1": 3, "eu-west-2": 3, "eu-west-3": 3,
		"me-south-1": 3, "sa-east-1": 3,
		"us-east-1": 6, "us-east-2": 3, "us-gov-east-1": 3, "us-gov-west-1": 3, "us-west-1": 2,
		"us-west-2": 4,
	}[region]
	return n, ok
}

// tooManyZones says by how much a region has more zones than there are; nil where it
// does not.
func (r *Region) tooManyZones() error {
	if n, ok := zonesOf(r.Name); ok && float64(r.Zones.V) > float64(n) {
		return fmt.Errorf("region %s has %d zones, not %v", r.Name, n, r.Zones.V)
	}
	return nil
}
