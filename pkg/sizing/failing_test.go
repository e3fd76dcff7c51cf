package sizing

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every kind says what its components are when something of them fails; what it says is
// tested where there are plans, in package resilience.
func TestEveryKindFails(t *testing.T) {
	for _, k := range Kinds() {
		fails := k.Traits(k.Spec()).Fails
		require.NotNil(t, fails, k.Word())
	}
}
