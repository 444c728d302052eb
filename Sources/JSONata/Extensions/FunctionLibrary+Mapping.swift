/// Hash functions that a host lends to the library, which brings none of its own.
public struct Hashing: Sendable {
    /// The digest of `bytes`; nil for an algorithm that is not offered. Names are `MD5`, `SHA-1`, `SHA-256`, `SHA-384`
    /// and `SHA-512`.
    public var digest: @Sendable (_ algorithm: String, _ bytes: [UInt8]) -> [UInt8]?
    /// The HMAC (RFC 2104) of `bytes` under `key`; nil for an algorithm that is not offered.
    public var authenticate: @Sendable (_ algorithm: String, _ key: [UInt8], _ bytes: [UInt8]) -> [UInt8]?

    public init(
        digest: @escaping @Sendable (_ algorithm: String, _ bytes: [UInt8]) -> [UInt8]?,
        authenticate: @escaping @Sendable (_ algorithm: String, _ key: [UInt8], _ bytes: [UInt8]) -> [UInt8]?
    ) {
        self.digest = digest
        self.authenticate = authenticate
    }
}

extension FunctionLibrary {
    /// The functions of the language, some of them made more lenient, and those that mappings use besides; `docs/mapping-functions.md`.
    public static let mapping = FunctionLibrary.mapping(hashing: nil)

    /// The same, with `$digest` and `$sign`, which without `hashing` say that they are not available.
    public static func mapping(hashing: Hashing?) -> FunctionLibrary {
        FunctionLibrary.standard.adding(
            Extensions.replaced + Extensions.collections + Extensions.objects + Extensions.values + Extensions.text + Extensions.addresses
                + Extensions.files + Extensions.graphs + Extensions.dates + Extensions.contacts + Extensions.documents
                + Extensions.hashes(hashing) + Extensions.leftOut
        )
    }
}

/// The functions beyond the language, by topic.
enum Extensions {}
