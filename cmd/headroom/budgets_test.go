package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The check that docs/budgets.md shows, which TestDocumentation holds to what the program
// writes, is read at a glance: at most 30 lines, the verdict and its cause first.
func TestTheCheckOfTheDocumentationIsShort(t *testing.T) {
	text, err := os.ReadFile("../../docs/budgets.md")
	require.NoError(t, err)
	_, report, ok := strings.Cut(string(text), "\n✗ shop is over budget: ")
	require.True(t, ok)
	report, _, ok = strings.Cut(report, "\nexit 1\n")
	require.True(t, ok)
	lines := strings.Split(report, "\n")
	require.LessOrEqual(t, len(lines), 30)
	require.Regexp(t, `^\$1,969 a month, \+\$839\.21 \(\+74 %\) against baseline\.json$`, lines[0])
	require.Equal(t, "because peak.users 1000 → 2000", lines[1])
}
