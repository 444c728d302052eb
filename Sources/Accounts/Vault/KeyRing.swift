import Crypto

/// The master keys: one seals, all open.
///
/// Text form, in the environment and in the key file: keys separated by commas, spaces or line ends, each `KEY` or
/// `ID:KEY`, where KEY is 32 bytes in base64 or hexadecimal. The first one seals. Lines that start with `#` are
/// comments. A key without an id gets one made from its hash, so the same key has the same id wherever it stands.
public struct KeyRing: Sendable {
    /// The id of the key that seals.
    public let currentID: String
    private let keys: [String: SymmetricKey]

    /// - Throws: `VaultError.badKey`, naming the key by its place or id.
    public init(_ text: Secret<String>) throws(VaultError) {
        try self.init(texts: [text])
    }

    /// A ring of the keys of several texts; the first key of the first text seals.
    init(texts: [Secret<String>]) throws(VaultError) {
        var keys: [String: SymmetricKey] = [:]
        var currentID: String?
        for (place, entry) in texts.flatMap({ Self.entries($0.exposed()) }).enumerated() {
            let (id, key) = try Self.key(entry, place: place + 1)
            if let known = keys[id], known != key { throw .badKey("two different master keys have the id \"\(id)\"") }
            keys[id] = key
            currentID = currentID ?? id
        }
        guard let currentID else { throw .badKey("there is no master key") }
        self.keys = keys
        self.currentID = currentID
    }

    /// The ids of all keys, sorted.
    public var ids: [String] { keys.keys.sorted() }

    func key(_ id: String) throws(VaultError) -> SymmetricKey {
        guard let key = keys[id] else { throw .missingKey(id) }
        return key
    }

    private static func entries(_ text: String) -> [Substring] {
        text.split(whereSeparator: \.isNewline)
            .filter { line in line.first { !$0.isWhitespace } != "#" }
            .flatMap { $0.split { $0 == "," || $0.isWhitespace } }
    }

    private static func key(_ entry: Substring, place: Int) throws(VaultError) -> (id: String, key: SymmetricKey) {
        let parts = entry.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts.count == 2 ? "\"\(parts[0])\"" : "number \(place)"
        let text = parts[parts.count - 1]
        let decoded = text.utf8.count == 64 ? Hex.bytes(text) : Base64URL.bytes(text)
        guard let decoded, decoded.count == 32 else {
            throw .badKey("master key \(name) must be 32 bytes in base64 or hexadecimal")
        }
        let id = parts.count == 2 ? parts[0] : fingerprint(decoded)
        guard isID(id) else {
            throw .badKey("the id of master key number \(place) must be 1 to 64 letters, digits, - or _")
        }
        return (id, SymmetricKey(data: decoded))
    }

    private static func isID(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    /// An id that shows nothing of the key.
    static func fingerprint(_ key: [UInt8]) -> String {
        "k" + Hex.text(SHA256.hash(data: Array("attache master key id\0".utf8) + key).prefix(6))
    }
}

extension KeyRing: CustomStringConvertible, CustomReflectable {
    public var description: String { "KeyRing(\(ids.joined(separator: ", ")))" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
