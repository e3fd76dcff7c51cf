package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A hint that asks ends with its question mark alone.
func TestHintsAreSentences(t *testing.T) {
	require.Equal(t, "Did you mean db?", sentence("did you mean db?"))
	require.Equal(t, "Known: web, db.", sentence("known: web, db"))
}
