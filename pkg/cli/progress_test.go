package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProgress(t *testing.T) {
	var b bytes.Buffer
	a := &app{Env: Env{ErrTerminal: true}, errOut: &b}
	p := a.progress("points")
	p.at(7, 10)
	p.at(5, 10) // calls come out of order
	time.Sleep(3 * every)
	p.stop() // the drawing goroutine has ended: b may be read
	require.Contains(t, b.String(), "[#####################---------] 7 of 10 points")
	require.True(t, strings.HasSuffix(b.String(), "\r\x1b[K"), "the bar is wiped")

	b.Reset()
	a.progress("points").stop() // short work leaves no trace
	require.Empty(t, b.String())
	p = (&app{errOut: &b}).progress("points") // nor does what is no terminal
	p.at(1, 2)
	time.Sleep(2 * every)
	p.stop()
	require.Empty(t, b.String())
}
