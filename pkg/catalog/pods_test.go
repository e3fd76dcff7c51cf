package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Rows of hardware/pods_per_node.csv: m5.large has 3 interfaces with 10 addresses.
func TestMaxPods(t *testing.T) {
	c := openTables(t)
	for name, want := range map[string]int{"m5.large": 3*9 + 2, "m5.24xlarge": 15*49 + 2, "none.large": 0} {
		got, known, err := c.MaxPods(name)
		require.NoError(t, err)
		require.Equal(t, want > 0, known, name)
		require.Equal(t, want, got, name)
	}
	read := func(rows string) error {
		_, err := loadMaxPods(func(path string, columns ...string) (*table, error) {
			return readTable(path, []byte("instance_type,max_pods\n"+rows), columns...)
		})
		return err
	}
	require.NoError(t, read("a,8\nb,29\n"))
	require.ErrorContains(t, read("a,8\na,8\n"), "occurs twice")
	require.ErrorContains(t, read("a,8.5\n"), "a whole number")
	require.ErrorContains(t, read("a,0\n"), podsTable)
}
