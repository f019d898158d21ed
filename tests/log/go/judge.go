// Judge reads a published log with Go's own note and tlog packages and says whether it holds together.
//
//	judge check LOG KEYS [EVIDENCE]   LOG: folder or http(s) address that has checkpoint and tile/…
//	                                  KEYS: file with one verifier key a line, the log's own first
//	                                  EVIDENCE: folder with *.tlog-proof and *.consistency
//	judge sign KEY                    signs standard input as Go does
//
// It prints one line and exits with 0 when everything is proved, with 1 and the reason when anything is not.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	var err error
	switch {
	case len(os.Args) >= 4 && os.Args[1] == "check":
		err = check(os.Args[2], os.Args[3], os.Args[4:])
	case len(os.Args) == 3 && os.Args[1] == "sign":
		err = sign(os.Args[2])
	default:
		err = fmt.Errorf("usage: judge check LOG KEYS [EVIDENCE] | judge sign KEY")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func sign(key string) error {
	signer, err := note.NewSigner(key)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(signed)
	return err
}

func check(log, keys string, evidence []string) error {
	known, err := readKeys(keys)
	if err != nil {
		return err
	}
	signed, err := fetch(log, "checkpoint")
	if err != nil {
		return err
	}
	tree, signatures, err := open(signed, known)
	if err != nil {
		return err
	}
	entries, err := readEntries(log, tree)
	if err != nil {
		return err
	}
	proofs, consistencies := 0, 0
	for _, folder := range evidence {
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			return err
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if strings.HasSuffix(file, ".tlog-proof") {
				proofs++
				err = checkRecord(data, known, entries)
			} else {
				consistencies++
				err = checkTree(data, tree)
			}
			if err != nil {
				return fmt.Errorf("%s: %v", filepath.Base(file), err)
			}
		}
	}
	fmt.Printf("size %d signatures %d entries %d proofs %d consistencies %d\n",
		tree.N, signatures, len(entries), proofs, consistencies)
	return nil
}

// open opens a checkpoint that must carry the signature of the first key.
func open(signed []byte, known []note.Verifier) (tlog.Tree, int, error) {
	n, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	if n.Sigs[0].Name != known[0].Name() {
		return tlog.Tree{}, 0, fmt.Errorf("the log's own signature is missing")
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != known[0].Name() || lines[3] != "" {
		return tlog.Tree{}, 0, fmt.Errorf("malformed checkpoint %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, 0, fmt.Errorf("malformed size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, len(n.Sigs), err
}

// readEntries reads all entries and proves each of them through tiles that Go has proved against the root.
func readEntries(log string, tree tlog.Tree) ([][]byte, error) {
	var entries [][]byte
	for n := int64(0); n*256 < tree.N; n++ {
		width := tree.N - n*256
		if width > 256 {
			width = 256
		}
		tile := tlog.Tile{H: 8, L: 0, N: n, W: int(width)}
		data, err := fetch(log, strings.Replace(path(tile), "tile/0/", "tile/entries/", 1))
		if err != nil {
			return nil, err
		}
		for count := int64(0); count < width; count++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("bundle %d is cut", n)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:end])
			data = data[end:]
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("bundle %d is too long", n)
		}
	}
	reader := tlog.TileHashReader(tree, &folder{log})
	indexes := make([]int64, len(entries))
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(wanted []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(wanted))
		for i, index := range wanted {
			found[i] = stored[index]
		}
		return found, nil
	})
	for i, entry := range entries {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
		more, err := tlog.StoredHashes(int64(i), entry, own)
		if err != nil {
			return nil, err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(tree.N, own)
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, fmt.Errorf("the entries do not give the signed root")
	}
	proved, err := reader.ReadHashes(indexes)
	if err != nil {
		return nil, err
	}
	for i, entry := range entries {
		if proved[i] != tlog.RecordHash(entry) {
			return nil, fmt.Errorf("entry %d is not that of the tiles", i)
		}
	}
	return entries, nil
}

func checkRecord(data []byte, known []note.Verifier, entries [][]byte) error {
	split := bytes.Index(data, []byte("\n\n"))
	if split < 0 {
		return fmt.Errorf("no blank line")
	}
	lines := strings.Split(string(data[:split]), "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("no proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil || index < 0 || index >= int64(len(entries)) {
		return fmt.Errorf("no entry %q", lines[1])
	}
	tree, _, err := open(data[split+2:], known)
	if err != nil {
		return err
	}
	hashes, err := parseHashes(lines[2:])
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(hashes), tree.N, tree.Hash, index, tlog.RecordHash(entries[index]))
}

func checkTree(data []byte, tree tlog.Tree) error {
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if len(lines) < 2 {
		return fmt.Errorf("no consistency proof")
	}
	old, err := strconv.ParseInt(lines[0], 10, 64)
	if err != nil {
		return err
	}
	hashes, err := parseHashes(lines[1:])
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(hashes[1:]), tree.N, tree.Hash, old, hashes[0])
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// folder reads tiles under the paths of C2SP, which have no height, where Go's have.
type folder struct{ log string }

func (f *folder) Height() int { return 8 }

func (f *folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f *folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := fetch(f.log, path(tile))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}

func fetch(log, path string) ([]byte, error) {
	if !strings.HasPrefix(log, "http://") && !strings.HasPrefix(log, "https://") {
		return os.ReadFile(filepath.Join(log, filepath.FromSlash(path)))
	}
	answer, err := http.Get(log + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, 32<<20))
}

func readKeys(file string) ([]note.Verifier, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var known []note.Verifier
	for _, line := range strings.Fields(string(data)) {
		verifier, err := note.NewVerifier(line)
		if err != nil {
			verifier, err = newCosigner(line)
		}
		if err != nil {
			return nil, err
		}
		known = append(known, verifier)
	}
	return known, nil
}

// cosigner verifies the timestamped cosignatures of c2sp.org/tlog-cosignature, which Go's package does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("malformed key")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 33 || raw[0] != 4 {
		return nil, fmt.Errorf("%s is no cosigner's key", parts[0])
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	hash := binary.BigEndian.Uint32(sum[:4])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, fmt.Errorf("the id of %s does not fit", parts[0])
	}
	return &cosigner{parts[0], hash, raw[1:]}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 72 {
		return false
	}
	time := binary.BigEndian.Uint64(signature[:8])
	message := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), text...)
	return ed25519.Verify(c.key, message, signature[8:])
}
