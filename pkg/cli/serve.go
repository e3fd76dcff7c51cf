package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/serve"
)

const serveLong = `Open a page on this machine on which the inputs of a profile have sliders and
fields, and the bill, its charts and the difference to the profile follow at once.
Without PROFILE it is that of medium.

The address is printed; --open starts the browser too. It holds a token that is new
with every start: who does not know it is refused. What stands behind # in the
address are the inputs that were changed, so that it is a link to them as long as the
program runs. The page shows the command that gives the same, and saves the changed
profile where the browser saves files: the program itself writes nothing, and reads
no file but the profile and what it names, once, at the start.

Only this machine can reach the page. --listen gives it another address, such as
0.0.0.0 for all networks: then anybody who learns the address can use it, and nothing
is encrypted.

Ctrl-C ends it, with exit code 130 as everywhere.`

const serveExample = `  headroom serve medium
  headroom serve ./shop.yaml --open
  headroom serve ./shop.yaml --purchase reserved-1y`

// Where a page is served unless it is said otherwise: on this machine only, at a port
// that is free.
const (
	loopback    = "127.0.0.1"
	servedFirst = "medium"
)

type serveOptions struct {
	listen, environment string
	port                int
	open                bool
}

func newServeCmd(a *app) *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use: "serve [PROFILE]", Short: "A page to move inputs and see the bill at once",
		Long: serveLong, Example: serveExample, Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return a.completeProfiles(cmd, args, word)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return runServe(cmd.Context(), a, o, append(args, servedFirst)[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", loopback, "address of this machine to listen at; 0.0.0.0 for all its networks")
	f.IntVar(&o.port, "port", 0, "port to listen at; 0 for any that is free")
	f.BoolVar(&o.open, "open", false, "open the page in the browser")
	f.StringVar(&o.environment, "environment", "", "environment of the profile instead of production")
	a.addSettings(cmd, planSettings()...)
	a.complete(cmd, "listen",
		cobra.FixedCompletions([]string{loopback, "::1", "0.0.0.0"}, cobra.ShellCompDirectiveNoFileComp))
	a.complete(cmd, "port", cobra.NoFileCompletions)
	return cmd
}

func runServe(ctx context.Context, a *app, o serveOptions, name string) error {
	if o.port < 0 || o.port > 65535 {
		return usagef("--port %d is not a port from 0 to 65535", o.port)
	}
	page, err := a.page(o, name)
	if err != nil {
		return err
	}
	a.files.Seal()
	defer roomy()()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(o.listen, strconv.Itoa(o.port)))
	if err != nil {
		return notListening(o, err)
	}
	defer l.Close() //nolint:errcheck // it may be closed already
	at := l.Addr().(*net.TCPAddr)
	if !at.IP.IsLoopback() {
		fmt.Fprintf(a.errOut, "headroom: warning: %s is not of this machine alone: whoever learns the address below "+
			"can use the page, and nothing is encrypted\n", o.listen)
	}
	token := serve.NewToken()
	host := o.listen
	if at.IP.IsUnspecified() {
		host = loopback // from here; others put the machine's address in its place
	}
	url := "http://" + net.JoinHostPort(host, strconv.Itoa(at.Port)) + "/" + token + "/"
	if _, err := fmt.Fprintln(a.out, url); err != nil {
		return err
	}
	fmt.Fprintln(a.errOut, "Ctrl-C ends it.")
	if o.open {
		a.openBrowser(ctx, url)
	}
	return serve.Run(ctx, l, serve.Handler(page, token, serve.HostsOf(at, o.listen)))
}

// notListening says why nothing listens at an address.
func notListening(o serveOptions, err error) error {
	var system *net.OpError
	if errors.As(err, &system) {
		err = system.Err
	}
	return hinted{fmt.Errorf("nothing can listen at %s, port %d: %w", o.listen, o.port, err),
		"Choose another --port, or leave it out for one that is free; --listen takes an address of this machine."}
}

// page reads all that the page needs.
func (a *app) page(o serveOptions, name string) (*serve.Page, error) {
	opts, err := a.planOptions()
	if err != nil {
		return nil, err
	}
	opts.Environment = o.environment
	if name, err = a.inFolder(name, ""); err != nil {
		return nil, err
	}
	s, err := a.system(name, opts)
	if err != nil {
		return nil, err
	}
	out := serve.Options{Model: s, Name: name, Flags: a.planFlags(o), Fixed: a.fixedInputs(), Shown: a.files.Shown}
	newest := a.cat.Newest()
	for _, v := range slices.Backward(a.cat.Vintages()) {
		out.Vintages = append(out.Vintages, v.Name)
		if v.Name == newest {
			out.Regions = v.Regions
		}
	}
	types, err := a.cat.NodeTypes()
	if err != nil {
		return nil, err
	}
	for i := range types {
		out.Types = append(out.Types, types[i].Name)
	}
	return serve.New(out)
}

// planFlags are the flags of the line that change a plan: whoever copies the command of
// the page gets them too.
func (a *app) planFlags(o serveOptions) []string {
	var out []string
	for _, s := range settingList() {
		if s.bill && strings.HasPrefix(a.settings.origin[s.key], "flag ") {
			out = append(out, "--"+s.flag(), a.settings.text(s.key))
		}
	}
	if o.environment != "" {
		out = append(out, "--environment", o.environment)
	}
	return out
}

// fixedInputs are the inputs that a setting takes the place of, with where that is from.
func (a *app) fixedInputs() map[string]string {
	out := map[string]string{}
	for key, path := range map[string]string{"prices": "prices.vintage", "regions": serve.RegionsPath,
		"hours_per_month": "hours_per_month", "scope": "prices.scope", "purchase": "purchase.option"} {
		if a.settings.text(key) != "" {
			out[path] = strings.TrimPrefix(a.settings.origin[key], "flag ")
		}
	}
	return out
}

// openBrowser starts the program of the system that opens addresses. The page is there
// without it too.
func (a *app) openBrowser(ctx context.Context, url string) {
	words := []string{"xdg-open"}
	switch runtime.GOOS {
	case "darwin":
		words = []string{"open"}
	case "windows":
		words = []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), words[0], append(words[1:], url)...)
	if err := cmd.Start(); err != nil {
		fmt.Fprintf(a.errOut, "headroom: no browser was opened (%v): open the address above\n", reason(err))
		return
	}
	go func() { _ = cmd.Wait() }() // it ends when it likes
}
