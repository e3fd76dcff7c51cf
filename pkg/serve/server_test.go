package serve_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"headroom/pkg/serve"
)

const secret = "SECRET"

// server serves medium at an address of this machine.
func server(t *testing.T) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &httptest.Server{Listener: l, Config: &http.Server{
		Handler: serve.Handler(medium(t), secret, serve.HostsOf(l.Addr(), "")), ReadHeaderTimeout: time.Second}}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// ask asks and gives the answer with its text.
func ask(t *testing.T, method, url, body string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w, err := client.Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, w.Body.Close()) }()
	text, err := io.ReadAll(w.Body)
	require.NoError(t, err)
	return w, string(text)
}

func TestWhoIsAnswered(t *testing.T) {
	s := server(t)
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	const get, post = http.MethodGet, http.MethodPost
	for _, c := range []struct {
		name, method, path, body string
		change                   func(*http.Request)
		want                     int
	}{
		{"the page", get, "/SECRET/", "", nil, 200},
		{"its script", get, "/SECRET/page.js", "", nil, 200},
		{"its styles", get, "/SECRET/report.css", "", nil, 200},
		{"without a slash", get, "/SECRET", "", nil, 308},
		{"a plan", post, "/SECRET/plan", "{}", nil, 200},
		{"localhost", get, "/SECRET/", "", host("LOCALHOST" + port), 200},
		{"its own page", post, "/SECRET/plan", "{}", header("Origin", s.URL), 200},
		{"no token", get, "/", "", nil, 403},
		{"no token for a plan", post, "/plan", "{}", nil, 403},
		{"a wrong token", post, "/SECRE7/plan", "{}", nil, 403},
		{"a longer token", post, "/SECRETS/plan", "{}", nil, 403},
		{"the token elsewhere", get, "/page.js?token=SECRET", "", nil, 403},
		{"another name", get, "/SECRET/", "", host("evil.example" + port), 421},
		{"another port", get, "/SECRET/", "", host("127.0.0.1:1"), 421},
		{"another address", get, "/SECRET/", "", host("127.0.0.2" + port), 421},
		{"another page", post, "/SECRET/plan", "{}", header("Origin", "http://evil.example"), 403},
		{"another page's fetch", post, "/SECRET/plan", "{}", header("Sec-Fetch-Site", "cross-site"), 403},
		{"another method", http.MethodPut, "/SECRET/plan", "{}", nil, 405},
		{"a plan by GET", get, "/SECRET/plan", "", nil, 405},
		{"a page by POST", post, "/SECRET/", "{}", nil, 405},
		{"a form", post, "/SECRET/plan", "a=b", header("Content-Type", "application/x-www-form-urlencoded"), 415},
		{"no JSON", post, "/SECRET/plan", "sets", nil, 400},
		{"an unknown key", post, "/SECRET/plan", `{"file": "x"}`, nil, 400},
		{"two requests", post, "/SECRET/plan", `{}{}`, nil, 400},
		{"too much", post, "/SECRET/plan", `{"want": "` + strings.Repeat("x", 300<<10) + `"}`, nil, 413},
		{"no such file", get, "/SECRET/page/../server.go", "", nil, 404},
		{"a file of the machine", get, "/SECRET/%2e%2e/%2e%2e/etc/passwd", "", nil, 404},
	} {
		w, text := ask(t, c.method, s.URL+c.path, c.body, c.change)
		if c.want == 404 && w.StatusCode == 307 { // to the clean path, which the next request is refused
			w.StatusCode = 404
		}
		require.Equal(t, c.want, w.StatusCode, "%s: %s", c.name, text)
		require.Equal(t, "no-store", w.Header.Get("Cache-Control"), c.name)
		require.Equal(t, "nosniff", w.Header.Get("X-Content-Type-Options"), c.name)
		require.Equal(t, "no-referrer", w.Header.Get("Referrer-Policy"), c.name)
		policy := w.Header.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'", c.name)
		require.NotContains(t, policy, "unsafe", c.name)
		require.Empty(t, w.Header.Get("Access-Control-Allow-Origin"), c.name)
	}
}

// An address of all networks is asked for by numbers, or by the name that was given.
func TestHosts(t *testing.T) {
	p := medium(t)
	code := func(at net.Addr, given, host string) int {
		r := httptest.NewRequest(http.MethodGet, "/SECRET/page.css", nil)
		r.Host = host
		w := httptest.NewRecorder()
		serve.Handler(p, secret, serve.HostsOf(at, given)).ServeHTTP(w, r)
		return w.Code
	}
	all := &net.TCPAddr{IP: net.IPv4zero, Port: 8080}
	require.Equal(t, 200, code(all, "0.0.0.0", "192.168.1.7:8080"))
	require.Equal(t, 200, code(all, "0.0.0.0", "localhost:8080"))
	require.Equal(t, 421, code(all, "0.0.0.0", "evil.example:8080"))
	require.Equal(t, 421, code(all, "0.0.0.0", "192.168.1.7:80"))
	named := &net.TCPAddr{IP: net.IPv4(192, 168, 1, 7), Port: 80}
	require.Equal(t, 200, code(named, "Desk.example", "desk.example"), "browsers leave out port 80")
	require.Equal(t, 200, code(named, "desk.example", "192.168.1.7:80"))
	require.Equal(t, 421, code(named, "desk.example", "localhost"))
	require.Equal(t, 200, code(&net.TCPAddr{IP: net.IPv6loopback, Port: 8080}, "::1", "[::1]:8080"))
}

// The page and what is put into it keep to its policy: no script, style or source in
// the HTML itself.
func TestPageKeepsItsPolicy(t *testing.T) {
	s := server(t)
	_, page := ask(t, http.MethodGet, s.URL+"/SECRET/", "", nil)
	_, plan := ask(t, http.MethodPost, s.URL+"/SECRET/plan",
		`{"sets": [{"path": "peak.users", "value": "4k"}], "want": "details"}`, nil)
	var a serve.Answer
	require.NoError(t, json.Unmarshal([]byte(plan), &a))
	require.NotEmpty(t, a.Differs)
	for _, html := range []string{page, a.Bill, a.Differs, a.More} {
		for _, no := range []string{"<style", " style=", " onclick=", "http:", "https:", "<script>", "javascript:"} {
			require.NotContains(t, html, no)
		}
	}
	require.NotContains(t, a.Bill+a.Differs+a.More, "<script")
	_, script := ask(t, http.MethodGet, s.URL+"/SECRET/page.js", "", nil)
	require.NotContains(t, script, "http:")
	require.Equal(t, 1, strings.Count(script, "fetch("), "the page talks to one function")
}

// The server ends with its context, also while somebody is connected.
func TestRunEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serve.Run(ctx, l, serve.Handler(medium(t), secret, serve.HostsOf(l.Addr(), ""))) }()
	w, _ := ask(t, http.MethodGet, "http://"+l.Addr().String()+"/SECRET/", "", nil)
	require.Equal(t, 200, w.StatusCode)
	idle, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer idle.Close() //nolint:errcheck // the server has closed it
	cancel()
	select {
	case err := <-done:
		require.NoError(t, err)
	case <-time.After(10 * time.Second):
		t.Fatal("the server goes on")
	}
	require.NotEqual(t, serve.NewToken(), serve.NewToken())
	require.GreaterOrEqual(t, len(serve.NewToken()), 26)
}
