package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

const (
	shown   = `document.getElementById("total").dataset.exact`
	settled = `!document.querySelector("#figures.waiting, #figures.old") && ` + shown
	field   = `[id="i-peak.users"]`
	users   = `document.getElementById("i-peak.users")`
)

// slide moves the slider below a field, as keys on it do.
const slide = `[id="groups"] .row:has([id="i-peak.users"]) input[type="range"]`

// The page shows what the command line gives for the same inputs: as it begins, after a
// slider was moved, after undo and redo, and where a link leads.
func TestServedPage(t *testing.T) {
	b := open(t)
	address := served(t, "medium")
	b.do(chromedp.Navigate(address))
	b.wait(settled)
	begun := total(t, "headroom estimate medium")
	require.Equal(t, begun, b.text(shown))
	b.wait(`document.querySelector("#more dl")`) // the details, which come later
	b.pictures("serve-as-it-is")

	b.do(chromedp.Focus(chromedp.CSS(slide)), chromedp.KeyEvent(strings.Repeat(kb.ArrowRight, 25)))
	b.wait(settled + ` !== "` + begun + `"`)
	b.wait(users + `.value === "3540"`) // half a power of two above 2500, in three digits
	b.wait(settled + ` && document.getElementById("command").value.includes("3540")`)
	moved := b.text(shown)
	command := b.text(`document.getElementById("command").value`)
	require.Equal(t, "headroom whatif medium --set peak.users=3540", command)
	require.Equal(t, total(t, command), moved)
	require.Contains(t, b.text(`document.getElementById("change").textContent`), "+")
	require.Equal(t, "3540", b.text(`document.querySelector('`+slide+`').getAttribute("aria-valuetext")`))

	b.do(chromedp.Click(chromedp.CSS(`[id="i-policy.survive-name"] + .choices input[value="region"]`)))
	b.wait(settled + ` && document.getElementById("command").value.includes("survive")`)
	fewer := b.text(shown)
	require.Equal(t, total(t, b.text(`document.getElementById("command").value`)), fewer)
	link := b.text("location.href")
	b.pictures("serve-changed")
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	require.NoError(t, err)
	b.pictures("serve-dark")

	b.do(chromedp.Click(chromedp.ID("undo")))
	b.wait(settled + ` === "` + moved + `"`)
	b.do(chromedp.Focus(chromedp.CSS(slide)), chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	for range 30 {
		if b.text("location.hash") == "" {
			break
		}
		b.do(chromedp.Click(chromedp.ID("undo")))
	}
	b.wait(settled + ` === "` + begun + `"`)
	require.Equal(t, "2500", b.text(users+".value"))
	b.do(chromedp.Click(chromedp.ID("redo")))
	b.wait(settled + ` !== "` + begun + `"`)

	other := b.another()
	other.do(chromedp.Navigate(link))
	other.wait(settled + ` === "` + fewer + `"`)
	require.Equal(t, "3540", other.text(users+".value"))
	other.harmless(address)
	b.harmless(address)
}

// A wrong value is told of at its field, and the total is marked as old.
func TestServedErrors(t *testing.T) {
	b := open(t)
	address := served(t, "small")
	b.do(chromedp.Navigate(address + "#peak.usrs=3"))
	b.wait(`document.getElementById("problems").textContent.includes("did you mean peak.users?")`)
	b.do(chromedp.Click(chromedp.ID("reset")))
	b.wait(settled)
	b.do(chromedp.Focus(chromedp.CSS(field)), chromedp.Evaluate[chromedp.Void](users+".select()"),
		chromedp.KeyEvent("many\t"))
	b.wait(users + `.getAttribute("aria-invalid") === "true"`)
	b.wait(`document.getElementById("i-peak.users-error").textContent.includes("many")`)
	b.wait(`document.querySelector("#figures.old")`)
	b.pictures("serve-error")
	b.do(chromedp.Click(chromedp.CSS(`.row.wrong .was button`)))
	b.wait(settled)
	b.do(chromedp.SendKeys(chromedp.ID("find"), "intra hour"))
	b.wait(`document.querySelector('#found [id="i-peak.intra_hour_peak"]')`)
	b.do(chromedp.SendKeys(chromedp.CSS(`#found [id="i-peak.intra_hour_peak"]`), "2"), chromedp.KeyEvent("\t"))
	b.wait(settled + ` && document.getElementById("command").value.includes("peak.intra_hour_peak=12")`)
	b.pictures("serve-found")
	b.harmless(address)
}

// What fails follows the values; what takes many plans is asked for when it is unfolded, and
// again after a change.
func TestServedFailures(t *testing.T) {
	b := open(t)
	address := served(t, "campus-a")
	b.do(chromedp.Navigate(address))
	b.wait(`document.querySelector("#failures table")?.checkVisibility()`)
	has := func(id, text string) string {
		return `document.getElementById("` + id + `").textContent.includes("` + text + `")`
	}
	fresh := `!document.querySelector("#failing .old")`
	require.Equal(t, "true", b.text(`String(`+has("failures", "recovery.on_call")+`)`))
	require.Equal(t, "null", b.text(`String(document.querySelector("#remedies table"))`))
	b.do(chromedp.Navigate(address + "#recovery.on_call=10min"))
	b.wait(`!` + has("failures", "recovery.on_call"))
	b.do(chromedp.Click(chromedp.CSS("#full > summary")))
	b.wait(fresh + ` && ` + has("remedies", "--set"))
	b.pictures("serve-failures")
	before := b.text(`document.getElementById("remedies").textContent`)
	b.do(chromedp.Navigate(address + "#recovery.on_call=25min"))
	b.wait(`document.getElementById("command").value.includes("25min") && ` + fresh + ` && ` +
		has("remedies", "26 min"))
	require.NotEqual(t, before, b.text(`document.getElementById("remedies").textContent`))
	b.harmless(address)
}

// The saved profile is the one that the page shows, and keeps its comments.
func TestServedProfileIsSaved(t *testing.T) {
	b := open(t)
	dir := t.TempDir()
	address := served(t, "medium")
	_, err := chromedp.CallBrowser(b.ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir})
	require.NoError(t, err)
	b.do(chromedp.Navigate(address + "#peak.users=4k&purchase.option=reserved-1y"))
	b.wait(settled)
	b.do(chromedp.Click(chromedp.ID("save")))
	file := filepath.Join(dir, "medium-changed.yaml")
	require.Eventually(t, func() bool {
		info, err := os.Stat(file)
		return err == nil && info.Size() > 0
	}, patience, 20*time.Millisecond)
	require.Equal(t, b.text(shown), total(t, "headroom estimate "+file))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), "# The two-region commerce system")
	b.harmless(address)
}
