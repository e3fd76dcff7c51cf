package purchase

// Reservations that an account may buy a month unless AWS raises it: so many for a
// region, and so many more for each of its zones, which then hold in that zone only
// (Amazon EC2 user guide, "Reserved Instance quotas", of 2023-05-11).
const (
	QuotaRegion = 20
	QuotaZone   = 20
)

// Beyond is the first month, counted from 0, in which more reservations are bought
// than the region's quota allows, and the most of any month; ok is false where there
// is none. Count what all pools of a region buy.
func Beyond(months []Month) (first, most int, ok bool) {
	for m, x := range months {
		if x.Reservations > QuotaRegion && !ok {
			first, ok = m, true
		}
		most = max(most, x.Reservations)
	}
	return first, most, ok
}
