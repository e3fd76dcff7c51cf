package sizing

import (
	"headroom/pkg/catalog"
	"headroom/pkg/unit"
)

// objectClass is what tells a storage class of S3 from the others, beside its
// prices (see catalog.ObjectClass). A class without a price in the tables is named as
// missing.
type objectClass struct {
	// minimum is for how long each object is billed at least (AWS user guide for S3,
	// "Understanding and managing Amazon S3 storage classes"; Infracost's test bills
	// of 2024-07-01, "Early delete").
	minimum unit.Duration
	// smallest is as how many bytes an object is billed at least (the same page).
	smallest unit.Bytes
}

const day = unit.Duration(24 * 3600)

func classOf(c catalog.ObjectClass) objectClass {
	switch c {
	case catalog.S3StandardIA, catalog.S3OneZoneIA:
		return objectClass{minimum: 30 * day, smallest: 128 << 10}
	case catalog.S3GlacierFlexible:
		return objectClass{minimum: 90 * day}
	case catalog.S3GlacierDeep:
		return objectClass{minimum: 180 * day}
	}
	return objectClass{}
}
