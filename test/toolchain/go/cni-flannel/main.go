// flannel is a stand-in for flannel's own CNI plugin, whose module the Go proxy does not serve.
//
// It does what that plugin is for: it reads the lease that flanneld leaves in /run/flannel/subnet.env, makes from it
// the configuration of another plugin (bridge, with host-local addresses) and has that plugin do the work. Only Linux,
// only leases with an IPv4 range.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Versions of the CNI specification that this plugin and bridge 1.9.1 both speak.
var supported = []string{"0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"}

// Error codes of the CNI specification.
const (
	codeBadEnvironment = 4
	codeIO             = 5
	codeBadContent     = 6
	codeBadConfig      = 7
	codeTryAgain       = 11
)

// failure is an error as the CNI specification wants it on standard output.
type failure struct {
	CNIVersion string `json:"cniVersion"`
	Code       int    `json:"code"`
	Msg        string `json:"msg"`
	Details    string `json:"details,omitempty"`
}

func (f *failure) Error() string { return f.Msg }

func fail(code int, format string, args ...any) error {
	return &failure{Code: code, Msg: fmt.Sprintf(format, args...)}
}

func main() {
	err := run(os.Getenv("CNI_COMMAND"))
	if err == nil {
		return
	}
	var delegated *exec.ExitError
	if errors.As(err, &delegated) {
		os.Exit(max(1, delegated.ExitCode())) // the plugin has already printed its own error
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{Code: codeIO, Msg: err.Error()}
	}
	f.CNIVersion = "1.0.0"
	json.NewEncoder(os.Stdout).Encode(f)
	os.Exit(1)
}

func run(command string) error {
	if command == "VERSION" {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"cniVersion": "1.1.0", "supportedVersions": supported})
	}
	stdin, err := io.ReadAll(os.Stdin)
	if err != nil {
		return fail(codeIO, "reading the network configuration: %v", err)
	}
	conf := config{SubnetFile: "/run/flannel/subnet.env", DataDir: "/var/lib/cni/flannel"}
	if err := json.Unmarshal(stdin, &conf); err != nil {
		return fail(codeBadContent, "the network configuration is not JSON: %v", err)
	}
	id := os.Getenv("CNI_CONTAINERID")
	if id == "" && command != "STATUS" && command != "GC" {
		return fail(codeBadEnvironment, "CNI_CONTAINERID is not set")
	}
	saved := filepath.Join(conf.DataDir, filepath.Base(id))
	switch command {
	case "ADD":
		return add(conf, saved)
	case "DEL":
		return del(saved)
	case "CHECK":
		return check(conf, saved)
	case "STATUS":
		_, err := readLease(conf.SubnetFile)
		return err
	case "GC":
		return nil // bridge and host-local are told of each deletion; nothing of ours outlives one
	}
	return fail(codeBadEnvironment, "CNI_COMMAND is %q: ADD, DEL, CHECK, STATUS, GC or VERSION is known", command)
}

func add(conf config, saved string) error {
	lease, err := readLease(conf.SubnetFile)
	if err != nil {
		return err
	}
	delegate, err := conf.delegate(lease)
	if err != nil {
		return err
	}
	// DEL must undo what was done even after the lease has changed, so what was asked for is kept.
	if err := os.MkdirAll(conf.DataDir, 0o700); err != nil {
		return fail(codeIO, "making %s: %v", conf.DataDir, err)
	}
	text, err := json.Marshal(delegate)
	if err != nil {
		return err
	}
	if err := os.WriteFile(saved, text, 0o600); err != nil {
		return fail(codeIO, "keeping the configuration for the deletion: %v", err)
	}
	return execute(delegate["type"].(string), text)
}

func del(saved string) error {
	text, err := os.ReadFile(saved)
	if errors.Is(err, os.ErrNotExist) {
		return nil // already deleted, or never added: a deletion may be repeated
	}
	if err != nil {
		return fail(codeIO, "reading what was kept at the addition: %v", err)
	}
	kind, err := typeOf(text)
	if err != nil {
		return err
	}
	if err := execute(kind, text); err != nil {
		return err // the file stays, so that the next try can do it
	}
	return os.Remove(saved)
}

func check(conf config, saved string) error {
	text, err := os.ReadFile(saved)
	if err != nil {
		return fail(codeIO, "container was not added by this plugin: %v", err)
	}
	if conf.PrevResult == nil {
		return fail(codeBadConfig, "CHECK without prevResult")
	}
	var delegate map[string]any
	if err := json.Unmarshal(text, &delegate); err != nil {
		return fail(codeBadContent, "%s: %v", saved, err)
	}
	delegate["prevResult"] = conf.PrevResult
	if text, err = json.Marshal(delegate); err != nil {
		return err
	}
	return execute(delegate["type"].(string), text)
}

func typeOf(text []byte) (string, error) {
	var delegate struct{ Type string }
	if err := json.Unmarshal(text, &delegate); err != nil || delegate.Type == "" {
		return "", fail(codeBadContent, "what was kept at the addition names no plugin: %s", text)
	}
	return delegate.Type, nil
}

// execute runs another plugin with our environment; its output is ours.
func execute(plugin string, stdin []byte) error {
	for _, folder := range strings.Split(os.Getenv("CNI_PATH"), ":") {
		path := filepath.Join(folder, plugin)
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			continue
		}
		command := exec.Command(path)
		command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(stdin), os.Stdout, os.Stderr
		return command.Run()
	}
	return fail(codeBadEnvironment, "plugin %q is in none of the folders of CNI_PATH %q", plugin, os.Getenv("CNI_PATH"))
}
