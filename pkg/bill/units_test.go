package bill

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A unit of a table that is not in the list would make what is saved with it
// unreadable.
func TestUnitsAreThoseOfTheTables(t *testing.T) {
	cat := testCatalog(t)
	for _, info := range cat.Vintages() {
		v, err := cat.Vintage(info.Name)
		require.NoError(t, err)
		for _, name := range v.Regions() {
			r, err := v.Region(name)
			require.NoError(t, err)
			for _, u := range r.UsageItems() {
				require.True(t, slices.Contains(Units(), u.Unit), "%s %s %s: %q", name, u.Service, u.Item, u.Unit)
			}
		}
	}
}
