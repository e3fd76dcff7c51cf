package sizing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Copies are as stated; a single one does not outlive its node.
func TestCopies(t *testing.T) {
	one := &strict.Value[unit.Count]{V: 1}
	c := &Task{Component: &workload.Component{Name: "it"}}
	copies := func(given *strict.Value[unit.Count]) (int, error) {
		return c.copies(given, counted(given), 3, "one copy", "replication to 3")
	}
	n, err := copies(nil)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = copies(one)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	c.Policy.Survive = capacity.Survive{Zone: true}
	n, err = copies(nil)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	_, err = copies(one)
	require.ErrorContains(t, err, "which one copy does not")
}
