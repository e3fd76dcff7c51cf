package plan

import (
	"headroom/pkg/sizing"
)

// only narrows a search to one machine, whatever the profile allows. Where the
// tables do not price the type in all regions of the component nothing is
// left.
func (s *sizer) only(c *sizing.Case, m Machine, storages []sizing.Storage) ([]candidate, []sizing.Storage) {
	var list []candidate
	for _, k := range s.priced(c.Regions) {
		if k.t.Name == m.Type {
			list = append(list, k)
		}
	}
	var kept []sizing.Storage
	for _, st := range storages {
		if st.String() == m.Storage {
			kept = append(kept, st)
		}
	}
	return list, kept
}
