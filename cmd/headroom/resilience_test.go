package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/outage"
)

// The page about failures has every event that --scenario takes, and no other.
func TestDocumentationHasEveryEvent(t *testing.T) {
	page, err := os.ReadFile("../../docs/resilience.md")
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(page), "| event | what happens |\n|---|---|\n")
	var listed []string
	for line := range strings.Lines(table) {
		event, ok := strings.CutPrefix(line, "| `")
		if !ok {
			break
		}
		event, _, _ = strings.Cut(event, "`")
		listed = append(listed, event)
	}
	require.Equal(t, outage.Forms(), listed)
}
