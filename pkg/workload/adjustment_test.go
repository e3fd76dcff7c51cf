package workload

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
)

// An adjustment may be on any service that the program bills.
func TestAdjustmentsAreOnAnyService(t *testing.T) {
	words := new(Adjustment).KeyEnum("on")
	for _, m := range catalog.Meters([]string{"us-west-2"}) {
		require.Contains(t, words, m.Service(), "%s: add its service to the words of on:", m)
	}
}
