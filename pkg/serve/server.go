package serve

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"errors"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"headroom/pkg/report"
)

//go:embed page
var pageFiles embed.FS

// policy lets the page load its own script and styles and ask its own server, and
// nothing else (https://www.w3.org/TR/CSP3): a text that got out of its place could do
// nothing.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Bounds of requests and connections. Inputs are far smaller, and a plan of the largest
// profile takes a second.
const (
	maxBody      = 256 << 10
	maxHeader    = 16 << 10
	readTimeout  = 10 * time.Second
	writeTimeout = 2 * time.Minute
	idleTimeout  = 2 * time.Minute
	// ending is how long requests that run may take when the server ends.
	ending = 500 * time.Millisecond
)

// NewToken makes the part of the address that nobody guesses, of 128 bits or more.
func NewToken() string { return rand.Text() }

// Handler serves a page below /TOKEN/ to whoever names the token, and asks for it by one
// of the hosts. All else is refused with a sentence on what to do.
func Handler(p *Page, token string, hosts Hosts) http.Handler {
	mux := http.NewServeMux()
	for name, kind := range map[string]string{"index.html": "text/html", "page.css": "text/css",
		"page.js": "text/javascript"} {
		at := "/" + name
		if name == "index.html" {
			at = "/{$}"
		}
		data, err := pageFiles.ReadFile("page/" + name)
		mux.HandleFunc("GET "+at, func(w http.ResponseWriter, _ *http.Request) { asset(w, kind, data, err) })
	}
	mux.HandleFunc("GET /report.css", func(w http.ResponseWriter, _ *http.Request) {
		asset(w, "text/css", []byte(report.Style()), nil)
	})
	mux.HandleFunc("POST /plan", p.servePlan)
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer") // the address holds the token
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !hosts.has(r.Host) {
			http.Error(w, "This name is not one of the page's: open the address that headroom serve has printed.",
				http.StatusMisdirectedRequest)
			return
		}
		given, rest, below := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			http.Error(w, "The token in this address is not that of the program that runs: open the address that "+
				"headroom serve has printed last. What follows # in the old one may be put behind it.",
				http.StatusForbidden)
			return
		}
		if !below {
			http.Redirect(w, r, "/"+token+"/", http.StatusPermanentRedirect)
			return
		}
		inner := r.Clone(r.Context())
		inner.URL.Path, inner.URL.RawPath = "/"+rest, ""
		guarded.ServeHTTP(w, inner)
	})
}

func asset(w http.ResponseWriter, kind string, data []byte, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	_, _ = w.Write(data) // who does not wait for it gets nothing
}

// servePlan is the function of the page: a Request in, an Answer out, both JSON.
func (p *Page) servePlan(w http.ResponseWriter, r *http.Request) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "send application/json", http.StatusUnsupportedMediaType)
		return
	}
	var q Request
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(&q)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("something follows the request")
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "not a request: "+err.Error(), http.StatusBadRequest)
		return
	}
	a, err := p.Answer(r.Context(), q)
	if r.Context().Err() != nil {
		return // nobody waits for it any more
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false) // the HTML in it is never a part of a page's own text
	_ = out.Encode(a)        // who does not wait for it gets nothing
}

// Hosts are the names, with ports, by which a page may be asked for. Another name that
// leads here may be that of somebody else's page, in a browser that takes this server for
// a part of it (DNS rebinding).
type Hosts struct {
	names map[string]bool
	port  string
	any   bool // any address in numbers, which no name can have been bound to
}

// HostsOf are the names of a listener: its address, localhost on this machine, and the
// name that the user gave.
func HostsOf(at net.Addr, given string) Hosts {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return Hosts{}
	}
	h := Hosts{names: map[string]bool{}, port: port}
	ip := net.ParseIP(host)
	h.any = ip != nil && ip.IsUnspecified()
	names := []string{host, given}
	if ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		names = append(names, "localhost")
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		at := net.JoinHostPort(strings.ToLower(name), port)
		h.names[at] = true
		h.names[strings.TrimSuffix(at, ":80")] = true // browsers leave out the port of HTTP
	}
	return h
}

func (h Hosts) has(host string) bool {
	if h.names[strings.ToLower(host)] {
		return true
	}
	name, port, err := net.SplitHostPort(host)
	return err == nil && h.any && port == h.port && net.ParseIP(name) != nil
}

// Run serves until the context ends, and then for a moment what runs.
func Run(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{Handler: h, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0),
		BaseContext: func(net.Listener) context.Context { return ctx }}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), ending)
	defer cancel()
	if s.Shutdown(last) != nil {
		return s.Close()
	}
	return nil
}
