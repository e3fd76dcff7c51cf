package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The picture of the README is a chart of the report that its first answer is of, with
// the style of its page, as a file of its own. -update draws it anew.
func TestReadmePicture(t *testing.T) {
	page, err := exec.Command("headroom", "estimate", "medium", "--format", "html").Output()
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(page), "<style>")
	require.True(t, ok)
	style, rest, _ := strings.Cut(rest, "</style>")
	const title = "<title>Cost over users</title>"
	at := strings.Index(rest, title)
	require.Positive(t, at, "the report has the chart")
	start := strings.LastIndex(rest[:at], "<svg ")
	chart, _, ok := strings.Cut(rest[start:], "</svg>")
	require.True(t, ok)
	// Around it, what the page is to the chart: it has the class that the style is for.
	picture := `<svg xmlns="http://www.w3.org/2000/svg" class="report" viewBox="0 0 480 230">` + "\n<style>" + style +
		"</style>\n" + chart + "</svg>\n</svg>\n"
	file := filepath.Join("..", "..", "docs", "growth.svg")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(picture), 0o600))
	}
	drawn, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, picture, string(drawn),
		"if that is right: go test ./cmd/headroom -run TestReadmePicture -update")
}
