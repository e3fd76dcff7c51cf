package cli

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// told is a buffer that tells when it is written to for the first time.
type told struct {
	bytes.Buffer
	once    sync.Once
	written chan struct{}
}

func (w *told) Write(p []byte) (int, error) {
	defer w.once.Do(func() { close(w.written) })
	return w.Buffer.Write(p)
}

func TestProgress(t *testing.T) {
	b := told{written: make(chan struct{})}
	a := &app{Env: Env{ErrTerminal: true}, errOut: &b}
	p := a.progress("points")
	p.at(7, 10)
	p.at(5, 10) // calls come out of order
	<-b.written
	p.stop() // the drawing goroutine has ended: b may be read
	require.Contains(t, b.String(), "[#####################---------] 7 of 10 points")
	require.True(t, strings.HasSuffix(b.String(), "\r"+strings.Repeat(" ", len(p.line()))+"\r"),
		"blanks wipe the bar")
	require.NotContains(t, b.String(), "\x1b", "NO_COLOR wants no escapes")

	p = &progress{what: "plans"} // of which there turn out to be more
	p.at(6, 10)
	before := p.line()
	p.at(7, 100)
	require.Contains(t, before, "[##################------------] 6 of 10")
	require.Contains(t, p.line(), "[##################------------] 7 of 100", "the bar does not go back")
	p.width = 40
	require.Len(t, p.line(), 39)

	b.Reset()
	a.progress("points").stop() // short work leaves no trace
	require.Empty(t, b.String())
	p = (&app{errOut: &b}).progress("points") // nor does what is no terminal
	p.at(1, 2)
	p.stop()
	require.Empty(t, b.String())
}
