import Crypto
import Encodings

/// Reads the texts of master keys into a ring, in place: no copy of a key is left behind.
struct KeyReader {
    private var keys: [String: SymmetricKey] = [:]
    private var currentID: String?
    private var count = 0

    /// - Throws: `VaultError.badKey`, naming the key by its place or id.
    mutating func read(_ text: Secret<String>) throws(VaultError) {
        var text = text.exposed()
        try text.withUTF8 { text in
            Result { () throws(VaultError) in try read(text) }
        }.get()
    }

    /// As above, of UTF-8.
    mutating func read(_ text: UnsafeBufferPointer<UInt8>) throws(VaultError) {
        for line in text.split(whereSeparator: { Self.lineEnds.contains($0) }) {
            if line.first(where: { !Self.blanks.contains($0) }) == UInt8(ascii: "#") { continue }
            for entry in line.split(whereSeparator: { $0 == UInt8(ascii: ",") || Self.blanks.contains($0) }) {
                try add(entry)
            }
        }
    }

    /// - Throws: `VaultError.badKey` where no text held a key.
    func ring() throws(VaultError) -> KeyRing {
        guard let currentID else { throw .badKey("there is no master key") }
        return KeyRing(keys, currentID: currentID)
    }

    private static let lineEnds = "\n\r".utf8
    private static let blanks = " \t\u{B}\u{C}".utf8

    private mutating func add(_ entry: Slice<UnsafeBufferPointer<UInt8>>) throws(VaultError) {
        count += 1
        let parts = entry.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        var given: String?
        if parts.count == 2 {
            // Whoever has put id and key the wrong way round must not read the key in an error.
            if var mistaken = Self.decoded(parts[0]) {
                Wiping.wipe(&mistaken)
                throw .badKey("the id of master key number \(count) is a key: write ID:KEY")
            }
            given = String(decoding: parts[0], as: UTF8.self)
        }
        guard var bytes = Self.decoded(parts[parts.count - 1]) else {
            let name = given.map { "\"\($0)\"" } ?? "number \(count)"
            throw .badKey("master key \(name) must be 32 bytes in base64 or hexadecimal")
        }
        defer { Wiping.wipe(&bytes) }
        let id = given ?? KeyRing.fingerprint(bytes)
        guard Self.isID(id) else {
            throw .badKey("the id of master key number \(count) must be 1 to 64 letters, digits, - or _")
        }
        // It wipes its own memory at its end.
        let key = SymmetricKey(data: bytes)
        if let known = keys[id], known != key { throw .badKey("two different master keys have the id \"\(id)\"") }
        keys[id] = key
        currentID = currentID ?? id
    }

    /// Nil where it is no text of 32 bytes.
    private static func decoded(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        guard var bytes = text.count == 64 ? Hex.bytes(text) : Base64URL.bytes(text) else { return nil }
        if bytes.count == 32 { return bytes }
        Wiping.wipe(&bytes)
        return nil
    }

    private static func isID(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
