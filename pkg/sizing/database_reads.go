package sizing

import "slices"

// readsIn tells whether the reads of a region's users are answered there, as
// databaseSizer.place spreads them: reads: nearest at the read replicas of each
// region where the database runs, without any at the failover candidate of the
// second. All others go to the primary's region, the first.
func (s *Database) readsIn(c *Case, region int) bool {
	k := slices.IndexFunc(c.Regions, func(r Region) bool { return r.Index == region })
	if k <= 0 || s.Reads != "nearest" {
		return k == 0
	}
	if s.Replicas.V > 0 {
		return true
	}
	_, remote, err := s.candidates(c)
	return err == nil && remote && k == 1
}
