package browser

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// A report as one file shows itself without a network, a script or a complaint.
func TestReportPage(t *testing.T) {
	b := open(t)
	file := filepath.Join(t.TempDir(), "medium.html")
	out, err := exec.Command("headroom", "estimate", "medium", "--format", "html", "--out", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	address := "file://" + filepath.ToSlash(file)
	b.do(chromedp.Navigate(address))
	b.wait(`document.querySelector("table")`)
	require.Contains(t, b.text("document.title"), "medium")
	b.pictures("estimate")
	b.harmless(address)
}
